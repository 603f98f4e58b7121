"""A tree -> YAML text that people can read: block style, keys in their order, scalars spelled as they were.

What is text stays text for every reader, also of YAML 1.1: `no`, `12:30` and `2026-01-01` are quoted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..document.scalars import as_written, resolve_scalar
from ..document.tree import Array, Object

_WIDTH = 100
"""Characters of a line of folded text, with its indent."""
_NARROWEST = 40
_LONGEST_KEY = 1_000
"""Characters of a key that stands before its colon without a `?`: YAML allows 1,024."""
_LOOKS_LIKE_A_NUMBER = re.compile(r"[-+]?0[box][0-9a-fA-F_]+|(?![0-9]+(?:\.[0-9]+){2,}$)[-+.0-9][-+.:_0-9eEtTzZ ]*")
_NOT_TEXT_IN_1_1 = re.compile(r"(?i:y|n|yes|no|on|off)|<<|=")
_NOT_PLAIN = re.compile(r"[-?:,\[\]{}#&*!|>'\"%@` ]|.*(: | #|[: ]$)")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def yaml_text(value: Object) -> str:
    """The document as YAML, which is read as the same tree again, lines apart."""
    return "".join(f"{line}\n" for line in _block(value, 0))


def _block(value: Object | Array, indent: int) -> Iterator[str]:
    """The lines of a mapping or list that is not empty, and of one that is: the mapping of a document."""
    if not value:
        yield " " * indent + ("{}" if isinstance(value, Object) else "[]")
    elif isinstance(value, Object):
        for key in value:
            yield from _entry(value, key, indent)
    else:
        for index, item in enumerate(value):
            yield from _item(item, value.mark(index).spelling, indent)


def _entry(mapping: Object, key: str, indent: int) -> Iterator[str]:
    value, start = mapping[key], " " * indent
    text = scalar_text(key)
    if len(text) > _LONGEST_KEY:
        yield f"{start}? {text}"
        text = ""
    if isinstance(value, (Object, Array)) and value:
        yield f"{start}{text}:"
        yield from _block(value, indent + 2)
    else:
        first, *rest = _scalar_lines(value, mapping.mark(key).spelling, indent + 2)
        yield f"{start}{text}: {first}"
        yield from rest


def _item(item: Any, spelling: str, indent: int) -> Iterator[str]:
    if isinstance(item, (Object, Array)) and item:
        first, *rest = _block(item, indent + 2)
        yield f"{' ' * indent}- {first[indent + 2 :]}"
    else:
        first, *rest = _scalar_lines(item, spelling, indent + 2)
        yield f"{' ' * indent}- {first}"
    yield from rest


def _scalar_lines(value: Any, spelling: str, indent: int) -> Iterator[str]:
    """The first line of a value, without an indent, and any more of it."""
    if isinstance(value, (Object, Array)):
        yield "{}" if isinstance(value, Object) else "[]"
    elif not isinstance(value, str):
        text = as_written(value, spelling)
        yield "null" if text is None else text
    elif "\n" in value and _can_be_literal(value):
        body = value.rstrip("\n")
        ends = len(value) - len(body)
        yield "|" + ("-" if not ends else "" if ends == 1 else "+")
        yield from (" " * indent + line if line else "" for line in body.split("\n"))
        yield from [""] * (ends - 1)
    elif len(value) > _WIDTH - indent and _can_be_folded(value):
        yield ">-"
        yield from (" " * indent + line for line in _folded(value, max(_WIDTH - indent, _NARROWEST)))
    else:
        yield scalar_text(value)


def _can_be_literal(text: str) -> bool:
    """Whether each line of a text can stand as it is: none is only space, nor begins with what looks like an indent."""
    lines = text.rstrip("\n").split("\n")
    return (
        lines[0][:1] not in ("", " ")
        and all(line.strip(" \t") and line[0] != "\t" for line in lines if line)
        and all(map(_is_printed, text))
    )


def _can_be_folded(text: str) -> bool:
    return text.isprintable() and " " in text and "  " not in text and text == text.strip()


def _is_printed(character: str) -> bool:
    return character.isprintable() or character in "\n\t\u00a0"


def _folded(text: str, width: int) -> Iterator[str]:
    line = ""
    for word in text.split(" "):
        if line and len(line) + 1 + len(word) > width:
            yield line
            line = word
        else:
            line = f"{line} {word}" if line else word
    yield line


def scalar_text(text: str) -> str:
    """A text as a scalar on one line: plain, or quoted where it would be read as something else."""
    if text.isprintable() and not _NOT_PLAIN.match(text) and _is_read_as_text(text):
        return text
    if all(map(str.isprintable, text)):
        return "'" + text.replace("'", "''") + "'"
    return '"' + "".join(_escaped(character) for character in text) + '"'


def _is_read_as_text(text: str) -> bool:
    if not text or _LOOKS_LIKE_A_NUMBER.fullmatch(text) or _NOT_TEXT_IN_1_1.fullmatch(text):
        return False
    try:
        return isinstance(resolve_scalar(text), str)
    except ValueError:
        return False


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    code = ord(character)
    if character.isprintable():
        return character
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
