"""Status tables: the words of a provider onto RunStatus and RunResult, covered exactly both ways."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ...document.field_reader import name_hint
from ...document.problems import Source
from ...document.tree import Array, Object
from ...ir.model import Enum, EnumValue
from ...ir.types import Type, alternatives
from ..converters import value_type
from ..mapping import Basis, FieldPath, StatusRow, StatusTable
from ..unified import RESULT, STATUS, UNKNOWN
from .context import Context

_KEYS = {"at", "open", "words", "beyond_spec", "inferred"}


@dataclass(frozen=True)
class StatusTableReader:
    """Reads the status tables of one mapping."""

    context: Context

    def read(self, table: Object, model: str) -> StatusTable | None:
        """The table whose pointers lead from `model`; None when they lead to no words, which is reported."""
        reader = self.context.reader
        reader.check_keys(table, _KEYS)
        paths = self._paths(table, model)
        if not paths:
            return None
        enums = [self.context.models.enum_of(path.type) for path in paths]
        self._check_open(table, paths[0], enums[0])
        rows = [*self._rows(reader.mapping(table, "words"), "documented", paths)]
        reasons: dict[str, str] = {}
        bases: tuple[Basis, ...] = ("beyond_spec", "inferred")
        for basis in bases:
            if basis in table:
                section = reader.mapping(table, basis)
                reader.check_keys(section, {"because", "words"})
                reasons[basis] = reader.text(section, "because")
                rows += self._rows(reader.mapping(section, "words"), basis, paths)
        if enums[0]:
            rows = [self._with_enum_values(row, enums) for row in rows]
            second_enum = enums[1] if len(enums) == 2 else None
            self._check_covered(table.where("words"), rows, paths[0], enums[0], second_enum)
        self._check_repeated(rows)
        return StatusTable(paths, tuple(row for row in rows if row.status), table.source, reasons)

    def _paths(self, table: Object, model: str) -> tuple[FieldPath, ...]:
        context, source = self.context, table.where("at")
        if isinstance(table.get("at"), Array):
            pointers = context.reader.texts(table, "at", required=True)
        else:
            pointers = [(pointer, source)] if (pointer := context.reader.text(table, "at")) else []
        if len(pointers) > 2:
            context.shape_error(source, "`at` names more than two pointers")
        paths = context.paths(pointers, model)
        for path in paths:
            if not all(self._is_word(type_) for type_ in alternatives(path.type)):
                message = f"{path.pointer} holds no text, and so no word for a status"
                context.error("converter-mismatch", path.source, message, "", path.described_at)
                return ()
        return paths

    def _is_word(self, type_: Type) -> bool:
        return bool(self.context.models.enum_of(type_)) or value_type(type_, self.context.models.enums) == "text"

    def _check_open(self, table: Object, path: FieldPath, enum: Enum | None) -> None:
        """Report a table that is not `open` where the spec lists no words, or `open` where it does."""
        is_open = self.context.reader.flag(table, "open")
        if enum and is_open:
            message = f"`open` says that no words are documented, but {path.pointer} has a list"
            hint = "remove `open`, and map every word"
            self.context.error("status-open", table.where("open"), message, hint, path.described_at)
        elif not enum and not is_open:
            message = f"the spec does not list the words of {path.pointer}"
            hint = "if that is so, say `open: true`; if it did once, the spec has lost them"
            self.context.error("status-open", path.source, message, hint, path.described_at)

    def _rows(self, table: Object, basis: Basis, paths: tuple[FieldPath, ...]) -> Iterator[StatusRow]:
        for word in table:
            target, source = table[word], table.where(word)
            if not isinstance(target, Object):
                yield self._row((word,), target, source, basis)
            elif len(paths) == 1:
                self.context.shape_error(source, f"{word!r} maps to a table, but `at` names one pointer only")
                yield StatusRow((word,), "", "", basis, source)
            else:
                for second in target:
                    yield self._row((word, second), target[second], target.where(second), basis)

    def _row(self, words: tuple[str, ...], text: object, source: Source, basis: Basis) -> StatusRow:
        """A row; without a status when its target is wrong, which is reported."""
        if not isinstance(text, str):
            hint = "write STATUS, or STATUS/result"
            self.context.shape_error(source, f"{_shown(words)} is mapped to something that is not text", hint)
            return StatusRow(words, "", "", basis, source)
        status, slash, result = text.partition("/")
        target = _Target(words, text, source, status, result if slash else None)
        if not self._is_known(target) or not self._has_fitting_result(target):
            return StatusRow(words, "", "", basis, source)
        return StatusRow(words, status, self._results.get(result, ""), basis, source)

    @property
    def _results(self) -> dict[str, str]:
        """The values of RunResult -> its members."""
        return {str(value.value): value.name for value in self.context.unified.enums[RESULT].values}

    def _is_known(self, target: _Target) -> bool:
        """Report a status or a result that does not exist, or is not for mappings."""
        statuses = self.context.unified.members(STATUS)
        if target.status not in statuses:
            what = f", but {target.status!r} is not a {STATUS}"
            self._error("unknown-status", target, what, name_hint(target.status, [*statuses]))
        elif target.result is not None and target.result not in self._results:
            what, hint = f", but {target.result!r} is not a {RESULT}", name_hint(target.result, sorted(self._results))
            self._error("unknown-status", target, what, hint, RESULT)
        elif target.status == UNKNOWN:
            hint = "leave an undocumented word out; say what a documented one means"
            self._error("unknown-status", target, ", which is for words that are not mapped", hint)
        else:
            return True
        return False

    def _has_fitting_result(self, target: _Target) -> bool:
        """Report a final status without a result, and any other status with one."""
        is_final = target.status in self.context.unified.terminal
        if is_final and target.result is None:
            hint = f"write {target.status}/ and a result: {', '.join(self._results)}"
            self._error("status-result", target, ", which is final, without a result", hint)
        elif target.result is not None and not is_final:
            what = ": it cannot have a result, as it is not final"
            self._error("status-result", target, what, f"write {target.status}")
        else:
            return True
        return False

    def _error(self, id: str, target: _Target, what: str, hint: str, enum: str = STATUS) -> None:
        message, see = f"{_shown(target.words)} is mapped to {target.text!r}{what}", self.context.unified.enums[enum]
        self.context.error(id, target.source, message, hint, see.source, subject=target.text)

    def _with_enum_values(self, row: StatusRow, enums: list[Enum | None]) -> StatusRow:
        """The row with its documented words as values of the client's enums.

        Reports words that the spec does not list, and listed ones that are under another basis.
        """
        listed = [(enum, word, _value(enum, word)) for word, enum in zip(row.words, enums, strict=False) if enum]
        known = [(enum, value) for enum, _, value in listed if value]
        if len(known) < len(listed):
            if row.basis == "documented":
                enum, word = next((enum, word) for enum, word, value in listed if not value)
                hint = f"remove it, or put it under beyond_spec; {name_hint(word, [str(v.value) for v in enum.values])}"
                message = f"{_shown(row.words)} is mapped, but the spec does not list it"
                self.context.error("stale-status", row.source, message, hint, enum.source)
            return row
        if row.basis != "documented":
            message, see = f"{_shown(row.words)} is under {row.basis}, but the spec lists it", known[-1][1].source
            self.context.error("undocumented-status", row.source, message, "move it to `words`", see)
        if not all(isinstance(value.value, str) for _, value in known):
            return row
        return replace(row, enum_values=tuple((enum.name, value.name) for enum, value in known))

    def _check_covered(
        self, source: Source, rows: list[StatusRow], path: FieldPath, enum: Enum, second_enum: Enum | None
    ) -> None:
        """Report listed words without a row."""
        mapped = {row.words for row in rows}
        for value in enum.values:
            word = str(value.value)
            if not any(words[0] == word for words in mapped):
                hint = f"add it under `words`: {word}: STATUS, or STATUS/result"
                self._unmapped(source, f"{word!r} of {path.pointer} has no {STATUS}", hint, value, word)
            elif second_enum and (word,) not in mapped:
                for second in second_enum.values:
                    words = (word, str(second.value))
                    if words not in mapped:
                        hint = f"add it under `words`, in the table of {word}"
                        self._unmapped(source, f"{_shown(words)} has no {STATUS}", hint, second, "/".join(words))

    def _unmapped(self, source: Source, message: str, hint: str, value: EnumValue, subject: str) -> None:
        self.context.error("unmapped-status", source, message, hint, value.source, subject=subject)

    def _check_repeated(self, rows: list[StatusRow]) -> None:
        exactly: dict[tuple[str, ...], StatusRow] = {}
        folded: dict[tuple[str, ...], StatusRow] = {}
        for row in rows:
            # Inferred words are matched whatever their capitals are.
            key = tuple(word.casefold() for word in row.words)
            earlier = exactly.get(row.words) or (folded.get(key) if row.basis == "inferred" else None)
            if earlier:
                message = f"{_shown(row.words)} is mapped twice"
                self.context.error("repeated-status", row.source, message, "keep one of them", earlier.source)
            exactly.setdefault(row.words, row)
            folded.setdefault(key, row)


@dataclass(frozen=True, slots=True)
class _Target:
    """What words are mapped to: `status/result`, or a status alone."""

    words: tuple[str, ...]
    text: str
    source: Source
    status: str
    result: str | None


def _value(enum: Enum, word: str) -> EnumValue | None:
    return next((value for value in enum.values if str(value.value) == word), None)


def _shown(words: tuple[str, ...]) -> str:
    return repr("/".join(words))
