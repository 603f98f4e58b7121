"""How parameters, and the fields of forms, are written: the styles of OpenAPI 3.1, section 4.8.12.

The section's table of examples says how single values, lists and objects look. Where it says nothing, and servers
have found ways of their own, this is what is written:

- what is nested in a list or an object is JSON text; only an exploded object repeats the pair of a list in it;
- `deepObject` writes `a[b][c]=1` for objects in objects, and `a[b][0]=1` for lists in them;
- `spaceDelimited` and `pipeDelimited` with `explode` are what `form` is; a single value is it in every style;
- an exploded list or object in a cookie is several cookies (as the style `cookie` of OpenAPI 3.2);
- a list or an object with nothing in it is left out (RFC 6570, 2.3), unless the document allows an empty value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, cast
from urllib.parse import quote

from .._api import Parameter
from .._text import is_header_value
from .values import free_text, is_absent, json_text, shape, text

Quote = Callable[[str], str]
Pairs = list[tuple[str, str]]

# RFC 6265, 4.1.1, cookie-octet; "%" is left out because we escape with it.
_COOKIE_SAFE = "!#$&'()*+-./:<=>?@[]^_`{|}~"
# RFC 3986, 3.4, and reserved; without what ends a query or a value, or stands for a blank.
_RESERVED = ":/?@!$'()*,;="
_DELIMITERS = {"spaceDelimited": " ", "pipeDelimited": "|"}


def in_path(parameter: Parameter, value: object) -> str:
    """A value as (a part of) a segment of a path, percent-encoded (RFC 3986, 2.1).

    Raises:
        ValueError: it is absent, empty, `.` or `..`: the request would reach another path.
        TypeError: it is of a kind that has no text.
    """
    name = parameter.name
    shaped = None if is_absent(value) else _content(parameter, value)
    written = "" if shaped is None or _is_empty(shaped) else _segment(parameter, shaped)
    if written in ("", ".", ".."):
        raise ValueError(f"{name} cannot be {value!r}: it would change the path of the request")
    return written


def in_query(parameter: Parameter, value: object) -> list[str]:
    """The `key=value` pairs of a query parameter, percent-encoded.

    Raises:
        ValueError, TypeError: a value has no text, or holds a control character.
    """
    shaped = _content(parameter, value)
    if _is_empty(shaped) and parameter.allow_empty:
        return [f"{quote(parameter.wire, safe='')}="]
    # Between the items of a list a comma is no part of one.
    reserved = _RESERVED if parameter.explode else _RESERVED.replace(",", "")
    safe = reserved if parameter.reserved else ""
    found = pairs(
        parameter.name,
        parameter.wire,
        shaped,
        style=parameter.style,
        explode=parameter.explode,
        quoted=lambda text: quote(text, safe=safe),
        written=text,
    )
    return [f"{quote(key, safe='')}={value}" for key, value in found]


def in_header(parameter: Parameter, value: object) -> str | None:
    """A value as the value of a header; None: there is nothing to send.

    Raises:
        ValueError: it is not printable ASCII, or has blanks at an end.
        TypeError: it is of a kind that has no text.
    """
    shaped = _content(parameter, value)
    if _is_empty(shaped):
        return None
    written = _joined(parameter.name, shaped, explode=parameter.explode, delimiter=",", quoted=str)
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

    shaped = _content(parameter, value)
    explode = parameter.explode
    found = pairs(parameter.name, parameter.wire, shaped, style="form", explode=explode, quoted=quoted, written=text)
    own = isinstance(shaped, dict) and explode  # its keys are names of cookies
    return [f"{quote(key, safe='') if own else key}={value}" for key, value in found]


def pairs(
    name: str,
    wire: str,
    shaped: object,
    *,
    style: str,
    explode: bool,
    quoted: Quote,
    written: Callable[[str, object], str] = free_text,
) -> Pairs:
    """Keys and values of a query parameter or of a field of a form, in the styles that these may have.

    Args:
        name: what messages call it.
        wire: its key.
        shaped: what `shape` gives.
        style: `form`, `spaceDelimited`, `pipeDelimited` or `deepObject`; anything else is `form`.
        explode: whether the members of a list or an object have pairs of their own.
        quoted: escapes the text of a value; keys are as they are.
        written: the text of a single value.
    """
    if style == "deepObject" and isinstance(shaped, list | dict):
        return [(key, quoted(written(name, one))) for key, one in _deep(wire, cast(object, shaped))]
    if isinstance(shaped, list):
        texts = [quoted(written(name, one)) for one in cast("list[object]", shaped)]
        if not explode and texts:
            texts = [_delimiter(style, quoted).join(texts)]
        return [(wire, one) for one in texts]
    if isinstance(shaped, dict):
        members = cast("dict[object, object]", shaped)
        if explode:
            return [
                (written(name, key), quoted(written(name, one)))
                for key, value in members.items()
                for one in _repeated(value)
            ]
        texts = [quoted(written(name, one)) for member in members.items() for one in member]
        return [(wire, _delimiter(style, quoted).join(texts))] if texts else []
    return [(wire, quoted(written(name, shaped)))]


def _is_empty(shaped: Any) -> bool:
    return isinstance(shaped, list | dict) and not shaped


def _content(parameter: Parameter, value: object) -> object:
    """What a style writes; of a parameter with `content`, its text."""
    kind = parameter.media_type
    if not kind:
        return shape(value)
    if kind.endswith("json") or not isinstance(value, str):
        # In a header other characters have no place as they are.
        return json_text(parameter.name, value, ascii_only=parameter.location == "header")
    return value


def _segment(parameter: Parameter, shaped: object) -> str:
    """The styles of paths: `simple`, `label`, `matrix`."""
    name, explode = parameter.name, parameter.explode

    def quoted(text: str) -> str:
        return quote(text, safe="")

    if parameter.style == "label":
        return "." + _joined(name, shaped, explode=explode, delimiter="." if explode else ",", quoted=quoted)
    if parameter.style != "matrix":
        return _joined(name, shaped, explode=explode, delimiter=",", quoted=quoted)
    found = pairs(name, parameter.wire, shaped, style="form", explode=explode, quoted=quoted, written=text)
    return "".join(f";{quoted(key)}={value}" if value else f";{quoted(key)}" for key, value in found)


def _joined(name: str, shaped: object, *, explode: bool, delimiter: str, quoted: Quote) -> str:
    if isinstance(shaped, dict):
        members = [
            [quoted(text(name, one)) for one in member] for member in cast("dict[object, object]", shaped).items()
        ]
        return delimiter.join(("=" if explode else delimiter).join(member) for member in members)
    items = cast("list[object]", shaped) if isinstance(shaped, list) else [shaped]
    return delimiter.join(quoted(text(name, one)) for one in items)


def _deep(key: str, value: object) -> Iterator[tuple[str, object]]:
    shaped = shape(value)
    if isinstance(shaped, dict):
        for inner, member in cast("dict[object, object]", shaped).items():
            yield from _deep(f"{key}[{free_text(key, inner)}]", member)
    elif isinstance(shaped, list):
        for index, member in enumerate(cast("list[object]", shaped)):
            yield from _deep(f"{key}[{index}]", member)
    else:
        yield key, shaped


def _repeated(value: object) -> list[object]:
    shaped = shape(value)
    return cast("list[object]", shaped) if isinstance(shaped, list) else [value]


def _delimiter(style: str, quoted: Quote) -> str:
    return quoted(_DELIMITERS[style]) if style in _DELIMITERS else ","
