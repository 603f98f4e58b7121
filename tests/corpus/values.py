"""Comparing values: JSON with JSON, and JSON with the fields of a form, a query or a multipart body."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from email.parser import BytesParser
from typing import Any
from urllib.parse import parse_qsl, unquote

Pairs = Sequence[tuple[str, str | bytes]]


def difference(sent: Any, received: Any, pointer: str = "") -> str:
    """The first place where two JSON values differ; "" when they are equal."""
    place = pointer or "the root"
    if isinstance(sent, dict) and isinstance(received, dict):
        if lost := [name for name in sent if name not in received]:
            return f"{pointer}/{lost[0]} is lost"
        if added := [name for name in received if name not in sent]:
            return f"{pointer}/{added[0]} is added"
        return next(filter(None, (difference(sent[n], received[n], f"{pointer}/{n}") for n in sent)), "")
    if isinstance(sent, list) and isinstance(received, list):
        if len(sent) != len(received):
            return f"{place} has {len(received)} items, not {len(sent)}"
        items = enumerate(zip(sent, received, strict=True))
        return next(filter(None, (difference(*both, f"{pointer}/{i}") for i, both in items)), "")
    if sent == received and isinstance(sent, bool) == isinstance(received, bool):
        return ""
    return f"{place} is {received!r:.60}, not {sent!r:.60}"


def query_pairs(query: str) -> Pairs:
    """Names and values of a query, or of a form's body."""
    return [(unquote(key), value) for key, value in parse_qsl(query.replace("+", "%20"), keep_blank_values=True)]


def multipart_pairs(content_type: str, body: bytes) -> Sequence[tuple[str, bytes]]:
    """Names and contents of the parts of a multipart body."""
    message = BytesParser().parsebytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
    parts = message.get_payload() if message.is_multipart() else ()
    named = [(part.get_param("name", "", "content-disposition"), part.get_payload(decode=True)) for part in parts]  # type: ignore[union-attr]
    return [(unquote(str(name)), content if isinstance(content, bytes) else b"") for name, content in named]


def fields_difference(sent: Mapping[str, Any], pairs: Pairs, styles: Mapping[str, str]) -> str:
    """The first of the fields that is not among the pairs with its value; "" when all are.

    `styles`: those of fields that have one (OpenAPI 3.1, section 4.8.12.2); of the others any will do.
    """
    texts = [(name, text.decode("utf-8", "replace") if isinstance(text, bytes) else text) for name, text in pairs]
    for name, value in sent.items():
        leaves = list(_leaves(value))
        own = [(key, text) for key, text in texts if key == name or key.startswith((f"{name}[", f"{name}."))]
        style = styles.get(name)
        if leaves and not (
            _is_written(value, leaves, name, own, style) or (style == "form" and _is_spread(value, texts))
        ):
            return f"/{name} is sent as {own!r:.100}, not {value!r:.60}"
    return ""


def without_spread(pairs: Pairs, objects: Sequence[Mapping[str, Any]]) -> Pairs:
    """The pairs apart from those that the properties of exploded objects are written as."""
    rest = list(pairs)
    for name, child in ((name, child) for value in objects for name, child in value.items()):
        for _, text in _leaves(child):
            if (name, text) in rest:
                rest.remove((name, text))
    return rest


def _leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """The scalars in a value as texts, with the names of properties that lead to them."""
    if isinstance(value, dict):
        for name, child in value.items():
            yield from _leaves(child, (*path, name))
    elif isinstance(value, list):
        for child in value:
            yield from _leaves(child, path)
    elif value is not None:
        yield path, value if isinstance(value, str) else json.dumps(value)


def _is_written(
    value: Any, leaves: Sequence[tuple[tuple[str, ...], str]], name: str, own: Pairs, style: str | None
) -> bool:
    written = [str(text) for _, text in own]
    if not own:
        return False
    if style != "deepObject" and [_json(text) for text in written] in (
        [value],
        value,
    ):  # as JSON, whole or item by item
        return True
    if style != "deepObject" and len(own) == 1 and isinstance(value, (list, dict)):
        text = written[0]
        pieces = [t for path, t in leaves for t in ((*path[-1:], t) if isinstance(value, dict) else (t,))]
        if any(_split(text, delimiter) == pieces for delimiter in (",", " ", "|")):
            return True
    names = [tuple(n for n in re.split(r"[\[\].]+", key[len(name) :]) if n and not n.isdigit()) for key, _ in own]
    return list(zip(names, written, strict=True)) == [(path, text) for path, text in leaves]


def _split(text: str, delimiter: str) -> list[str]:
    return [unquote(piece) for piece in text.split(delimiter)]


def _is_spread(value: Any, pairs: Sequence[tuple[str, str]]) -> bool:
    """Whether the properties of an object are fields of their own, as by `explode`."""
    if not isinstance(value, dict):
        return False
    for name, child in value.items():
        texts = [text for key, text in pairs if key == name]
        if not {text for _, text in _leaves(child)} <= {*texts} and [_json(t) for t in texts] not in ([child], child):
            return False
    return True


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
