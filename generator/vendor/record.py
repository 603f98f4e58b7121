"""Where a document came from -> the `source` of provider.yaml, whose other lines stay as they are."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from ..document.loading import parse
from ..document.problems import Problem, ProblemsFound, Source
from ..document.tree import Array, Object
from ..resources import guide_name
from .fetching import is_url
from .vendored import Vendored
from .yaml_text import yaml_text

Fields = Mapping[str, str | bool | Sequence[str]]
"""The fields of `source`; an empty list is one that is not there."""
_BOM = "\ufeff"
_VALUE = re.compile(r"""(?P<value>"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|\S(?:(?! #).)*?)?(?P<comment>\s+#.*)?""")


def source_fields(vendored: Vendored, retrieved: str) -> Fields:
    """What `source` says of a document; `retrieved` is the day, as in 2026-11-29.

    Its `url` is there only if a source is one, and `transcribed` only where it is certain.
    """
    urls = [source for source in vendored.sources if is_url(source)]
    url: Fields = {"url": _one_or_all(urls)} if urls else {}
    as_published: Fields = {"transcribed": False} if vendored.is_as_published else {}
    return {
        **url,
        "retrieved": retrieved,
        "sha256": vendored.sha256,
        **as_published,
        "published_sha256": _one_or_all(vendored.published_sha256),
        "operations": vendored.operations,
    }


def _one_or_all(texts: Sequence[str]) -> str | Sequence[str]:
    return texts[0] if len(texts) == 1 else texts


def changed_fields(source: Object, fields: Fields) -> Fields:
    """Those of the fields that `source` has otherwise, or not at all."""
    return {key: value for key, value in fields.items() if source.get(key, []) != _as_read(value)}


def recorded(text: str, file: str, fields: Fields) -> str:
    """The text of a provider.yaml, called `file` in problems, with these fields of `source`.

    Comments stay, and so do order and spelling of what does not change. Raises ProblemsFound where `source` has a form
    in which its lines cannot be replaced.
    """
    mark, text = (_BOM, text[1:]) if text.startswith(_BOM) else ("", text)
    before = _document(text, file)
    changes = changed_fields(_source(before), fields)
    values = {key: _as_read(value) for key, value in {**_source(before), **fields}.items()}
    values = {key: value for key, value in values.items() if key.removesuffix("?") not in changes or key in changes}
    expected = {**before, "source": {key: value for key, value in values.items() if value != []}}
    with suppress(ProblemsFound, LookupError):  # another form, then
        for key, value in changes.items():
            text = _with_field(text, file, key, value)
        if _document(text, file) == expected:
            return mark + text
    message = "the fields of `source` cannot be written into a file of this form"
    hint = "write `source:`, and below it a line of its own for each of its fields, then run the command again"
    raise ProblemsFound([Problem("record-by-hand", before.where("source"), message, hint)])


def _as_read(value: Any) -> Any:
    return [*value] if isinstance(value, (list, tuple)) else value


def _document(text: str, file: str) -> Object:
    value = parse(text, file)
    if not isinstance(value, Object) or not isinstance(value.get("source"), Object):
        message, hint = "there is no mapping `source`", f"it says where the description came from: see {guide_name()}"
        raise ProblemsFound([Problem("provider-shape", Source(file), message, hint)])
    return value


def _source(document: Object) -> Object:
    source = document["source"]
    assert isinstance(source, Object)
    return source


def _with_field(text: str, file: str, key: str, value: str | bool | Sequence[str]) -> str:
    """The text with another value of one field of `source`, on the lines of the one before, or else at the end.

    The one before may be a guess, `transcribed?: false`: it is decided now.
    """
    end = "\r\n" if "\r\n" in text else "\n"
    lines = text.removesuffix(end).split(end)
    source = _source(_document(text, file))
    if not source:
        raise LookupError  # no line to write the field like
    start = source.mark(next(iter(source))).line - 1
    new = [f"{_indent(lines[start])}{line}" for line in _lines(key, value)]
    old = f"{key}?" if f"{key}?" in source else key
    if old in source:
        start = source.mark(old).line - 1
        comment = _VALUE.fullmatch(lines[start].partition(f"{old}:")[2].strip(" "))
        if new and comment and comment["comment"]:
            new[0] += comment["comment"]
    else:
        start = _end_of_value(lines, max(source.mark(name).line for name in source) - 1)
    stop = _end_of_value(lines, start) if old in source else start
    return end.join([*lines[:start], *new, *lines[stop:]]) + end


def _lines(key: str, value: str | bool | Sequence[str]) -> list[str]:
    if key == "retrieved":
        return [f"{key}: {value}"]  # a date: no reader takes it for anything else
    if isinstance(value, (str, bool)):
        return yaml_text(Object({key: value})).splitlines()
    return yaml_text(Object({key: Array(value)})).splitlines() if value else []


def _end_of_value(lines: Sequence[str], start: int) -> int:
    """The line behind a field's last one: more indented lines are its own, and items of a list with the same indent."""
    indent, stop = len(_indent(lines[start])), start + 1
    for number in range(start + 1, len(lines)):
        line = lines[number]
        inner = len(_indent(line))
        if line.strip() and not line.lstrip().startswith("#"):
            if inner < indent or (inner == indent and not line[inner:].startswith("- ")):
                break
            stop = number + 1
    return stop


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" "))]
