"""Writing models as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import msgspec

from .writable import is_array, writable


def encode(value: object) -> bytes:
    """A model, or a list, dict or scalar, as JSON in UTF-8: what `decode` reads.

    Properties have their names in JSON, what is `UNSET` is left out, and `additional_properties` stand beside the
    declared ones (which win over an additional one of the same name). What an API sent comes back with equal values,
    apart from properties that its description does not mention; a date-time without a zone stays without one.

    msgspec's own functions for this leave `additional_properties` out, and refuse files.

    Raises:
        TypeError: it holds something that JSON cannot express, or a datetime where a date is documented.
        ValueError: it holds NaN or an infinity, or text that UTF-8 cannot encode (half a surrogate pair).
    """
    return write(value, "the value", aware=False)


def write(value: object, name: str, type_: Any = Any, *, aware: bool = True) -> bytes:
    """A value as JSON; see `writable` for the arguments.

    Raises:
        TypeError, ValueError: as `encode` does; a date-time without a zone is a ValueError if `aware`.
    """
    checked = writable(value, type_, name, aware=aware)
    refusal: TypeError | ValueError
    try:
        return _ENCODER.encode(checked)
    except UnicodeEncodeError:
        refusal = ValueError(f"{name} holds half of a surrogate pair, which has no place in UTF-8")
    except TypeError as error:
        refusal = TypeError(f"{name} cannot be written as JSON: {error}")
    raise refusal


def in_json(value: Any) -> object:
    """msgspec's `enc_hook`: what other mappings and sequences are in JSON; our own types have a method for it."""
    convert = getattr(value, "_to_json", None)
    if isinstance(value, Mapping):
        return dict(cast("Mapping[object, object]", value))
    if is_array(value):
        return list(value)
    if convert is None:
        raise TypeError(f"a value of {type(value).__name__} cannot be encoded as JSON")
    return convert()


_ENCODER = msgspec.json.Encoder(enc_hook=in_json)
