"""PROVIDERS.md: what the mappings say, for people who choose, call or compare providers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ...ir.types import ListOf, Ref
from ...python.quoting import Code, cell
from ..capabilities import Capabilities
from ..mapping import FieldMapping, Mapping, StatusTable
from ..unified import ROOT, UnifiedModel

_MARKS = {"documented": "", "beyond_spec": " \u2020", "inferred": " \u2021"}
"""Behind a word, by its basis: a dagger, a double dagger."""


@dataclass(frozen=True, slots=True)
class Row:
    """A word of a provider in a table of statuses."""

    word: str
    status: str
    result: str
    basis: str

    @property
    def outcome(self) -> str:
        """Status and result."""
        return f"{self.status} / {self.result}" if self.result else self.status


def page(mappings: list[tuple[Mapping, Capabilities]], unified: UnifiedModel) -> dict[str, Any]:
    """What the template of the page prints."""
    return {
        "providers": [_provider(mapping, found) for mapping, found in mappings],
        "outcomes": _outcomes([mapping for mapping, _ in mappings], unified),
        "matrix": _matrix([found for _, found in mappings], unified),
    }


def _provider(mapping: Mapping, found: Capabilities) -> dict[str, Any]:
    api = mapping.package.api
    used = {name for choice in mapping.operation.security for name in choice}
    return {
        "mapping": mapping,
        "api": api,
        "operation": mapping.operation,
        "server": mapping.operation.servers[0].default_url if mapping.operation.servers else "",
        "form": f"{mapping.provider}:{mapping.form}",
        "schemes": [scheme for scheme in api.schemes if scheme.name in used],
        "globals": api.globals,
        "rows": rows(mapping.statuses),
        "diagram": _diagram(mapping.statuses),
        "fields": list(_fields(mapping)),
        "flags": mapping.flags,
        "absent": found.absent,
        "raw_only": mapping.raw_only,
        "reasons": [
            (basis.replace("_", " "), because)
            for table in (mapping.statuses, *(each.statuses for each in mapping.lists if each.statuses))
            for basis, because in table.because.items()
        ],
        "differences": mapping.differences,
    }


def rows(statuses: StatusTable) -> list[Row]:
    """The rows of a status table."""
    return [
        Row("/".join(word.words), word.status, word.result.lower(), word.basis.replace("_", " "))
        for word in statuses.words
    ]


def _diagram(statuses: StatusTable) -> list[dict[str, Any]]:
    """The arrows of a diagram: from a word to a status, over the result."""
    return [
        {"node": Code(f"w{at}"), "word": row.word, "status": row.status, "result": row.result}
        for at, row in enumerate(rows(statuses))
    ]


def _fields(mapping: Mapping) -> Iterator[dict[str, Any]]:
    """What fills each unified field."""
    yield _status(mapping.statuses, "", "", "the words above")
    yield from (_value(value, "") for value in mapping.values)
    for each in mapping.lists:
        prefix, at = f"{each.target}.", each.path.pointer
        if each.statuses:
            words = "; ".join(f"{row.word}: {row.outcome}" for row in rows(each.statuses))
            same = rows(each.statuses) == rows(mapping.statuses)
            yield _status(each.statuses, prefix, at, "the words above" if same else words)
        yield from (_value(value, prefix, at) for value in each.values)


def _status(statuses: StatusTable, prefix: str, at: str, words: str) -> dict[str, Any]:
    pointers = Code(" and ".join(cell(at + path.pointer) for path in statuses.paths))
    return {"target": f"{prefix}status", "pointers": pointers, "notes": words}


def _value(value: FieldMapping, prefix: str, at: str = "") -> dict[str, Any]:
    notes = []
    if value.converter:
        notes.append(value.converter.replace("_", " "))
    if value.missing is not None:
        default = value.missing.part or str(value.missing.value)
        notes.append(f"missing: {default}" + (" of the reference" if value.missing.part else ""))
    if value.agree:
        notes.append("an issue where they disagree")
    pointers = Code(", else ".join(cell(at + path.pointer) for path in value.paths))
    return {"target": prefix + value.target, "pointers": pointers, "notes": "; ".join(notes)}


def _outcomes(mappings: list[Mapping], unified: UnifiedModel) -> list[tuple[str, list[Code]]]:
    """For each status and result that some word leads to: the words of every provider."""
    results = {str(m.name): str(m.value) for m in unified.enums["RunResult"].values}
    found = []
    for status in (m.name for m in unified.enums["RunStatus"].values):
        for result in ("", *results):
            cells = [
                Code(
                    ", ".join(
                        cell("/".join(word.words)) + _MARKS[word.basis]
                        for word in mapping.statuses.words
                        if (word.status, word.result) == (status, result)
                    )
                )
                for mapping in mappings
            ]
            if any(cells):
                found.append((f"{status} / {results[result]}" if result else status, cells))
    return found


def _matrix(found: list[Capabilities], unified: UnifiedModel) -> list[tuple[str, list[Code]]]:
    """Every unified field that some provider tells apart, and for each provider whether it can be present."""
    present = [set(item.present) for item in found]
    told = set().union(*present, *({name for name, _ in item.absent} for item in found))
    return [
        (name, [Code("yes" if name in names else "") for names in present])
        for name in _names(unified, ROOT, "")
        if name in told
    ]


def _names(unified: UnifiedModel, model: str, prefix: str) -> Iterator[str]:
    """Every unified field, what is in an object or a list behind it."""
    for field in unified.models[model].fields:
        yield prefix + field.name
        inner = field.type.item if isinstance(field.type, ListOf) else field.type
        if isinstance(inner, Ref) and inner.name in unified.models:
            yield from _names(unified, inner.name, f"{prefix}{field.name}.")
