"""Encoding models as JSON."""

from __future__ import annotations

from typing import Any

import msgspec


def encode(value: object) -> bytes:
    """A model, or any other value that JSON and msgspec know, as JSON in UTF-8, without what is `UNSET`.

    Raises:
        TypeError: it holds something that has no form in JSON.
        ValueError: it holds text that UTF-8 cannot encode (half a surrogate pair).
    """
    return _ENCODER.encode(value)


def in_json(value: Any) -> object:
    """msgspec's `enc_hook`: our own types say themselves what they are in JSON."""
    convert = getattr(value, "_to_json", None)
    if convert is None:
        raise TypeError(f"a value of {type(value).__name__} cannot be encoded as JSON")
    return convert()


_ENCODER = msgspec.json.Encoder(enc_hook=in_json)
