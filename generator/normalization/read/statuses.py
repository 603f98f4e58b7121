"""Status tables: the words of a provider onto RunStatus and RunResult, covered exactly both ways."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ...document.field_reader import name_hint
from ...document.problems import Source
from ...document.tree import Array, Object
from ...ir.model import Enum, EnumValue
from ...ir.types import alternatives
from ...python.annotations import is_constant
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
        """The table whose pointers lead from `model`; None when one of them leads to no word, which is reported."""
        reader = self.context.reader
        reader.check_keys(table, _KEYS)
        is_single = not isinstance(table.get("at"), Array)
        paths = self._paths(table, model, is_single=is_single)
        rows = [*self._rows(reader.mapping(table, "words"), "documented", is_single=is_single)]
        reasons: dict[str, str] = {}
        bases: tuple[Basis, ...] = ("beyond_spec", "inferred")
        for basis in bases:
            if basis in table:
                section = reader.mapping(table, basis)
                reader.check_keys(section, {"because", "words"})
                reasons[basis] = reader.text(section, "because")
                rows += self._rows(reader.mapping(section, "words"), basis, is_single=is_single)
        self._check_repeated(rows)
        if not paths:
            return None
        enums = [self.context.models.enum_of(path.type) for path in paths]
        self._check_open(table, paths[0], enums[0])
        if enums[0]:
            rows = [self._with_enum_values(row, enums) for row in rows]
            second_enum = enums[1] if len(enums) == 2 else None
            self._check_covered(table.where("words"), rows, paths[0], enums[0], second_enum)
        return StatusTable(paths, tuple(row for row in rows if row.status), table.source, reasons)

    def _paths(self, table: Object, model: str, *, is_single: bool) -> tuple[FieldPath, ...]:
        """Where the pointers of a table lead; () when one of them leads to no word, which is reported."""
        context = self.context
        paths = [context.path(table, "at", model)] if is_single else context.paths(table, "at", model)
        if len(paths) > 2:
            context.reader.error(table.where("at"), "`at` names more than two pointers")
        for path in paths:
            if path and not self._is_word(path):
                message = f"{path.pointer} does not contain text, so it cannot be a status word"
                context.error("converter-mismatch", path.source, message, "", path.described_at, subject=path.pointer)
        words = tuple(path for path in paths if path and self._is_word(path))
        return words if len(words) == len(paths) else ()

    def _is_word(self, path: FieldPath) -> bool:
        models = self.context.models
        return all(models.enum_of(t) or value_type(t, models.enums) == "text" for t in alternatives(path.type))

    def _check_open(self, table: Object, path: FieldPath, enum: Enum | None) -> None:
        """Report a table that is not `open` where the spec lists no words, or `open` where it does."""
        is_open = self.context.reader.flag(table, "open")
        if enum and is_open:
            message = f"`open: true` means that the spec lists no words, but it lists those of {path.pointer}"
            hint = "remove `open`, and map every word"
            self.context.error("status-open", table.where("open"), message, hint, path.described_at)
        elif not enum and not is_open:
            message = f"the spec does not list the words of {path.pointer}"
            hint = "if it never did, write `open: true`; if it did once, find out why they were removed"
            self.context.error("status-open", path.source, message, hint, path.described_at)

    def _rows(self, table: Object, basis: Basis, *, is_single: bool) -> Iterator[StatusRow]:
        """The rows of a table of words; `is_single`: there is one pointer, and so one word in a row."""
        for word in table:
            target, source = table[word], table.where(word)
            if not isinstance(target, Object):
                yield self._row((word,), target, source, basis)
            elif is_single:
                self.context.reader.error(source, f"{word!r} maps to a table, but `at` names one pointer only")
                yield StatusRow((word,), "", "", basis, source)
            else:
                for second in target:
                    yield self._row((word, second), target[second], target.where(second), basis)

    def _row(self, words: tuple[str, ...], target: object, source: Source, basis: Basis) -> StatusRow:
        """A row; without a status when its target is wrong, which is reported."""
        context, unified, shown = self.context, self.context.unified, f"{_shown(words)} is mapped to {target!r}"
        status, slash, result = target.partition("/") if isinstance(target, str) else ("", "", "")
        results = {str(value.value): value.name for value in unified.enums[RESULT].values}
        is_final, see = status in unified.terminal, unified.enums[STATUS].source
        if not isinstance(target, str):
            message, hint = f"{_shown(words)} is mapped to something that is not text", "write STATUS, or STATUS/result"
            context.reader.error(source, message, hint)
        elif status not in unified.members(STATUS):
            hint = name_hint(status, [*unified.members(STATUS)])
            context.error("unknown-status", source, f"{shown}, but {status!r} is not a {STATUS}", hint, see)
        elif slash and result not in results:
            message, hint = f"{shown}, but {result!r} is not a {RESULT}", name_hint(result, sorted(results))
            context.error("unknown-status", source, message, hint, unified.enums[RESULT].source)
        elif status == UNKNOWN:
            hint = "leave out an undocumented word; map a documented one to what it means"
            context.error("unknown-status", source, f"{shown}, which is for words that are not mapped", hint, see)
        elif is_final and not slash:
            hint = f"write {status}/ and a result: {', '.join(results)}"
            context.error("status-result", source, f"{shown}, which is final, without a result", hint, see)
        elif slash and not is_final:
            message = f"{shown}: it cannot have a result, as it is not final"
            context.error("status-result", source, message, f"write {status}", see)
        else:
            return StatusRow(words, status, results.get(result, ""), basis, source)
        return StatusRow(words, "", "", basis, source)

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
                message = f"{row.word!r} is mapped, but the spec does not list it"
                self.context.error("stale-status", row.source, message, hint, enum.source)
            return row
        if row.basis != "documented":
            message, see = f"{row.word!r} is under {row.basis}, but the spec lists it", known[-1][1].source
            self.context.error("undocumented-status", row.source, message, "move it to `words`", see)
        if any(is_constant(enum) or not isinstance(value.value, str) for enum, value in known):
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
                message = f"{row.word!r} is mapped twice"
                self.context.error("repeated-status", row.source, message, "keep one of them", earlier.source)
            exactly.setdefault(row.words, row)
            folded.setdefault(key, row)


def _value(enum: Enum, word: str) -> EnumValue | None:
    return next((value for value in enum.values if str(value.value) == word), None)


def _shown(words: tuple[str, ...]) -> str:
    return repr("/".join(words))
