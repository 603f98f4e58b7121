"""Tables of words in Python's terms: those of statuses, and those of other unified fields."""

from __future__ import annotations

import re

from ...ir.types import Scalar
from ...python.quoting import Code, literal, name
from ..mapping import ABSENT, FieldPath, Mapping, StatusRow, StatusTable
from .expressions import Imports, Scope, word_table

_INTEGER = re.compile("0|-?[1-9][0-9]{0,17}")


def state_lines(target: str, table: StatusTable, scope: Scope) -> tuple[Code, ...]:
    """The lines that read a status."""
    if not table.paths:
        imports, (row,) = scope.imports, table.rows
        state, basis = imports.use("_reading.statuses", "State"), imports.model("StatusBasis")
        return (Code(f"state = {state}({_meaning(row, imports)}, None, {basis}.DOCUMENTED)"),)
    comma = "," if len(table.paths) == 1 else ""
    pointers, statuses = ", ".join(map(scope.pointer, table.paths)) + comma, table_name(target)
    return (
        Code(f"words = ({scope.leaves(table.paths)}{comma})"),
        Code(f"state = {statuses}.known(words) or {statuses}.read(({pointers}), notes, *words)"),
    )


def table_name(target: str) -> Code:
    """The constant that holds the status table of a unified field: `STATUSES`, `STEPS_STATUSES`."""
    *parents, _ = target.upper().split(".")
    return name("_".join([*parents, "STATUSES"]))


def table_rows(table: StatusTable, imports: Imports) -> list[tuple[Code, list[tuple[Code, Code]]]]:
    """The rows of a status table by their basis: what stands before the colon and behind it."""
    rows: dict[str, list[tuple[Code, Code]]] = {}
    for row in table.rows:
        values = row.enum_values or (None,) * len(row.words)
        keys = [_status_key(*of_word) for of_word in zip(row.words, values, table.paths, strict=False)]
        meaning = f"({_meaning(row, imports)})"
        key = keys[0] if len(keys) == 1 else f"({', '.join(keys)})"
        rows.setdefault(row.basis, []).append((Code(key), Code(meaning)))
    return [(name(basis), entries) for basis, entries in rows.items()]


def _meaning(row: StatusRow, imports: Imports) -> str:
    """The status and the result of a row."""
    result = f"{imports.model('RunResult')}.{name(row.result)}" if row.result else "None"
    return f"{imports.model('RunStatus')}.{name(row.status)}, {result}"


def _status_key(word: str, enum_value: tuple[str, str] | None, path: FieldPath) -> str:
    """A word at a path in a status table, as it is there: a value of an enum, an integer, text; None for no value."""
    if enum_value:
        enum, member = enum_value
        return f"models.{name(enum)}.{name(member)}"
    is_integer = isinstance(path.type, Scalar) and path.type.primitive == "int" and not path.presence
    return literal(int(word)) if is_integer and _INTEGER.fullmatch(word) else _word_key(word)


def _word_key(word: str) -> str:
    """A word in a table: None for no value."""
    return "None" if word == ABSENT else literal(word)


def word_tables(mapping: Mapping, imports: Imports) -> list[tuple[Code, list[tuple[Code, Code]], Code]]:
    """The tables of words for unified fields: their names, what stands before each colon and behind it, the others."""
    fields = [("", field) for field in mapping.fields]
    fields += [(item.target, field) for item in mapping.lists for field in item.fields]
    tables = []
    for target, field in fields:
        if words := field.words:
            imports.use("_reading.words", "Words")
            enum = imports.model(words.enum)
            rows = [(Code(_word_key(word)), Code(f"{enum}.{name(member)}")) for word, member in words.meanings]
            others = Code(f"{enum}.{name(words.others)}" if words.others else "")
            tables.append((word_table(field.target, target), rows, others))
    return tables
