"""The options of a package that exists: the section `[tool.workflow-client-generator]` of its pyproject.toml.

The section is input, though it stands in a generated file: it stays when the package is generated again, with its
comments, unless an option of the command line decides otherwise; then it is printed anew.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..document.field_reader import FieldReader
from ..document.problems import Problems, Source
from ..document.tree import Array, Mark, Object
from ..options import OPTION_KEYS, UNDECIDED, Options, read_options
from ..output.section import FILE, NAMES, SECTION, split

_ID = "package-options"
_HEADER = re.compile(rf"\s*\[\[?\s*({NAMES})\s*\]")
_ENTRY = re.compile(rf"\s*({NAMES})\s*=")

Keys = tuple[str, ...]


def read_own_options(package: Path, file: str, problems: Problems) -> Options:
    """The options in the pyproject.toml of the folder `package`, called `file` in problems; none where it has none."""
    path = package / FILE
    if not path.is_file():
        return UNDECIDED
    try:
        text = path.read_bytes().decode()
        value = tomllib.loads(text)
    except ValueError as error:
        line = re.search(r"\(at line ([0-9]+)", str(error))
        hint = "correct it, or remove it: the options are then the defaults"
        problems.error(_ID, Source(file, line=int(line[1]) if line else 0), f"this is not TOML: {error}", hint)
        return UNDECIDED
    reader = FieldReader(_ID, problems)
    tables = _located(value, (), _lines(text), Source(file))
    table = reader.mapping(reader.mapping(tables, "tool"), SECTION)
    reader.check_keys(table, {*OPTION_KEYS})
    return read_options(table, reader)


def own_distribution(package: Path) -> str | None:
    """The name of the distribution, by the pyproject.toml of the folder `package`; None where it has none."""
    path = package / FILE
    try:
        project = tomllib.loads(path.read_bytes().decode()).get("project") if path.is_file() else None
    except ValueError:
        return None  # which `read_own_options` reports
    name = project.get("name") if isinstance(project, dict) else None
    return name if isinstance(name, str) else None


def with_own_section(text: str, package: Path) -> str:
    """The text of a new pyproject.toml, with the section as it stands in the old one, where both say the same."""
    path = package / FILE
    old = split(path.read_bytes())[1] if path.is_file() else b""
    rest, new = split(text.encode())
    if not old or not new:
        return text
    with_old_section = rest + old
    try:
        same = tomllib.loads(with_old_section.decode()) == tomllib.loads(text)
    except ValueError:
        return text
    return with_old_section.decode() if same else text


def _located(value: Any, keys: Keys, lines: Mapping[Keys, int], source: Source) -> Any:
    """A value of TOML as one that knows its lines, where `lines` does."""
    if isinstance(value, dict):
        marks = {key: Mark(source.file, lines.get((*keys, key), source.line)) for key in value}
        items = {k: _located(v, (*keys, k), lines, source.child(k, marks[k])) for k, v in value.items()}
        return Object(items, source, marks)
    if isinstance(value, list):
        return Array((_located(v, keys, lines, source) for v in value), source)
    return value


def _lines(text: str) -> dict[Keys, int]:
    """The line of each table and entry of a TOML text, by the keys that lead there."""
    lines: dict[Keys, int] = {}
    table: Keys = ()
    for number, line in enumerate(text.split("\n"), 1):
        if header := _HEADER.match(line):
            table = _keys(header[1])
            _note(lines, table, number)
        elif entry := _ENTRY.match(line):
            _note(lines, (*table, *_keys(entry[1])), number)
    return lines


def _note(lines: dict[Keys, int], keys: Keys, number: int) -> None:
    for end in range(1, len(keys) + 1):
        lines.setdefault(keys[:end], number)


def _keys(text: str) -> Keys:
    """The keys of a dotted key; none where it is not one, as in a text of several lines."""
    try:
        value: Any = tomllib.loads(f"{text} = 0")
    except ValueError:
        return ()
    keys = []
    while isinstance(value, dict):
        (key,) = value
        keys.append(key)
        value = value[key]
    return tuple(keys)
