"""How parameters and the fields of forms are written: the styles of OpenAPI 3.1, section 4.8.12.

The section's table of examples says how single values, lists and objects look. Where it says nothing, and servers
go ways of their own, this is what is written:

- what is nested in a list or an object is JSON text; but an exploded object has a pair for each item of a list in it;
- `deepObject` writes `a[b][c]=1` for objects in objects, and `a[b][0]=1` for lists in them;
- `spaceDelimited` and `pipeDelimited` with `explode` are written as `form`, and a single value is so in every style;
- an exploded list or object in a cookie becomes several cookies (as in the style `cookie` of OpenAPI 3.2);
- a delimiter inside an item is escaped, or, where no escape tells it from a delimiter, refused;
- a list or an object with nothing in it is left out (RFC 6570, 2.3), unless the document allows an empty value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, cast
from urllib.parse import quote, unquote

from .._api import Parameter
from .._models.writable import writable
from .._text import is_header_value
from .values import free_text, is_absent, json_text, list_items, text, to_plain

Quote = Callable[[str], str]

# RFC 6265, 4.1.1, cookie-octet; "%" is left out because we escape with it.
_COOKIE_SAFE = "!#$&'()*+-./:<=>?@[]^_`{|}~"
# RFC 3986, 3.4, and reserved; without what ends a query or a value, or stands for a blank.
_RESERVED = ":/?@!$'()*,;="
_DELIMITERS = {"spaceDelimited": " ", "pipeDelimited": "|"}


def percent_encoded(text: str) -> str:
    """`text` without any reserved character (RFC 3986, 2.2)."""
    return quote(text, safe="")


def in_path(parameter: Parameter, value: object) -> str:
    """A value as (a part of) a segment of a path, percent-encoded (RFC 3986, 2.1).

    Raises:
        ValueError: it is absent, empty, `.` or `..`: the request would reach another path.
        TypeError: it is of a type that has no text.
    """
    name = parameter.name
    plain = None if is_absent(value) else _content(parameter, value)
    written = "" if plain is None or _is_empty(plain) else _segment(parameter, plain)
    if written in ("", ".", ".."):
        raise ValueError(f"{name} cannot be {value!r}: it would change the path of the request")
    return written


def in_query(parameter: Parameter, value: object) -> list[str]:
    """The `key=value` pairs of a query parameter, percent-encoded.

    Raises:
        ValueError, TypeError: a value has no text, or holds a control character.
    """
    plain = _content(parameter, value)
    if _is_empty(plain) and parameter.allow_empty:
        return [f"{percent_encoded(parameter.wire)}="]
    # In a list that is not exploded a comma separates items.
    reserved = _RESERVED if parameter.explode else _RESERVED.replace(",", "")
    safe = reserved if parameter.reserved else ""
    written = pairs(
        parameter.name,
        parameter.wire,
        plain,
        style=parameter.style,
        explode=parameter.explode,
        quoted=lambda text: quote(text, safe=safe),
        as_text=text,
    )
    return [f"{percent_encoded(key)}={value}" for key, value in written]


def in_header(parameter: Parameter, value: object) -> str | None:
    """A value as the value of a header; None: there is nothing to send.

    Raises:
        ValueError: it is not printable ASCII, or has blanks at an end.
        TypeError: it is of a type that has no text.
    """
    plain = _content(parameter, value)
    if _is_empty(plain):
        return None
    written = _joined(parameter.name, plain, explode=parameter.explode, delimiter=",", quoted=str)
    if not is_header_value(written):
        name = parameter.name
        raise ValueError(f"{name} cannot be sent in a header: it must be printable ASCII without blanks at its ends")
    return written


def in_cookies(parameter: Parameter, value: object) -> list[str]:
    """The `key=value` pairs of the Cookie header.

    Raises:
        ValueError, TypeError: a value has no text, or holds a control character.
    """

    def quoted(text: str) -> str:
        return quote(text, safe=_COOKIE_SAFE)

    plain = _content(parameter, value)
    explode = parameter.explode
    written = pairs(parameter.name, parameter.wire, plain, style="form", explode=explode, quoted=quoted, as_text=text)
    keys_are_names = isinstance(plain, dict) and explode
    return [f"{percent_encoded(key) if keys_are_names else key}={value}" for key, value in written]


def pairs(
    name: str,
    wire: str,
    plain: object,
    *,
    style: str,
    explode: bool,
    quoted: Quote,
    as_text: Callable[[str, object], str] = free_text,
) -> list[tuple[str, str]]:
    """Keys and values of a query parameter or of a field of a form, in the styles that these may have.

    Args:
        name: what messages call it.
        wire: its key.
        plain: what `to_plain` returns.
        style: `form`, `spaceDelimited`, `pipeDelimited` or `deepObject`; anything else is `form`.
        explode: whether the members of a list or an object have pairs of their own.
        quoted: escapes the text of a value; keys are as they are.
        as_text: writes a single value.
    """
    if style == "deepObject" and isinstance(plain, list | dict):
        return [(key, quoted(as_text(name, item))) for key, item in _deep(wire, cast(object, plain))]
    if isinstance(plain, list):
        texts = [quoted(as_text(name, item)) for item in cast("list[object]", plain)]
        if not explode and texts:
            texts = [_delimited(name, texts, _delimiter(style, quoted))]
        return [(wire, item) for item in texts]
    if isinstance(plain, dict):
        members = cast("dict[object, object]", plain)
        if explode:
            return [
                (as_text(name, key), quoted(as_text(name, item)))
                for key, value in members.items()
                for item in list_items(value)
            ]
        texts = [quoted(as_text(name, part)) for pair in members.items() for part in pair]
        return [(wire, _delimited(name, texts, _delimiter(style, quoted)))] if texts else []
    return [(wire, quoted(as_text(name, plain)))]


def _is_empty(plain: Any) -> bool:
    return isinstance(plain, list | dict) and not plain


def _content(parameter: Parameter, value: object) -> object:
    """What a style writes; of a parameter with `content`, its text."""
    media_type = parameter.media_type
    if not media_type and type(value) is str:
        return value  # nothing in it can be refused here, or has another form
    if not media_type:
        writable(value, parameter.type, parameter.name, aware=True)  # to refuse what cannot be sent
        return to_plain(value)
    if media_type.endswith("json") or not isinstance(value, str):
        # A header cannot carry other characters as they are.
        return json_text(parameter.name, value, parameter.type, ascii_only=parameter.location == "header")
    return value


def _segment(parameter: Parameter, plain: object) -> str:
    """The styles of paths: `simple`, `label`, `matrix`."""
    name, explode, quoted = parameter.name, parameter.explode, percent_encoded
    if parameter.style == "label":
        return "." + _joined(name, plain, explode=explode, delimiter="." if explode else ",", quoted=quoted)
    if parameter.style != "matrix":
        return _joined(name, plain, explode=explode, delimiter=",", quoted=quoted)
    written = pairs(name, parameter.wire, plain, style="form", explode=explode, quoted=quoted, as_text=text)
    return "".join(f";{quoted(key)}={value}" if value else f";{quoted(key)}" for key, value in written)


def _joined(name: str, plain: object, *, explode: bool, delimiter: str, quoted: Quote) -> str:
    if isinstance(plain, dict):
        members = [[quoted(text(name, part)) for part in pair] for pair in cast("dict[object, object]", plain).items()]
        parts = [part for member in members for part in member]
        _refuse_inside(name, parts, delimiter)
        if explode:
            _refuse_inside(name, parts[::2], "=")
            parts = ["=".join(member) for member in members]
        return delimiter.join(parts)
    if not isinstance(plain, list):
        return quoted(text(name, plain))
    return _delimited(name, [quoted(text(name, item)) for item in cast("list[object]", plain)], delimiter)


def _delimited(name: str, texts: list[str], delimiter: str) -> str:
    """Texts, which are escaped as far as they can be, with delimiters between them."""
    _refuse_inside(name, texts, delimiter)
    return delimiter.join(texts)


def _refuse_inside(name: str, texts: list[str], delimiter: str) -> None:
    """Raise a ValueError if a delimiter stands in one of the texts between which it is about to be put."""
    if any(delimiter in text for text in texts):
        raise ValueError(f"{name} cannot hold {unquote(delimiter)!r} inside an item: it stands between items")


def _deep(key: str, value: object) -> Iterator[tuple[str, object]]:
    plain = to_plain(value)
    if isinstance(plain, dict):
        for inner, member in cast("dict[object, object]", plain).items():
            name = free_text(key, inner)
            if "[" in name or "]" in name:
                raise ValueError(f"{key} cannot hold {name!r} as a name: brackets stand around names")
            yield from _deep(f"{key}[{name}]", member)
    elif isinstance(plain, list):
        for index, member in enumerate(cast("list[object]", plain)):
            yield from _deep(f"{key}[{index}]", member)
    else:
        yield key, plain


def _delimiter(style: str, quoted: Quote) -> str:
    return quoted(_DELIMITERS[style]) if style in _DELIMITERS else ","
