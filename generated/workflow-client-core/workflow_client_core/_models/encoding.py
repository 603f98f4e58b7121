"""Encoding models as JSON."""

from __future__ import annotations

from typing import Any

import msgspec

from .additional import WIRE, any_declared


def encode(value: object) -> bytes:
    """A model, or any other value that JSON and msgspec know, as JSON in UTF-8, without what is `UNSET`.

    Raises:
        TypeError: it holds something that JSON cannot express.
        ValueError: it holds text that UTF-8 cannot encode (half a surrogate pair).
    """
    data = _ENCODER.encode(value)
    if _WIRE not in data:
        return data
    from .spread import spread

    plain = msgspec.json.decode(data)
    spread(value, plain)
    return msgspec.json.encode(plain)


def plain_json(value: object) -> Any:
    """The same as plain Python values.

    Raises:
        TypeError: it holds something that JSON cannot express.
    """
    plain = msgspec.to_builtins(value, str_keys=True, enc_hook=in_json)
    if any_declared():
        from .spread import spread

        spread(value, plain)
    return plain


def in_json(value: Any) -> object:
    """msgspec's `enc_hook`: our own types have a method for what they are in JSON."""
    convert = getattr(value, "_to_json", None)
    if convert is None:
        raise TypeError(f"a value of {type(value).__name__} cannot be encoded as JSON")
    return convert()


_WIRE = WIRE.encode()
_ENCODER = msgspec.json.Encoder(enc_hook=in_json)
