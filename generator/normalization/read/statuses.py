"""Status tables: the words of a provider onto RunStatus and RunResult, covered exactly both ways."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ...document.field_reader import FieldReader, name_hint
from ...document.problems import Source
from ...document.tree import Array, Object
from ...ir.model import Enum, EnumValue
from ...ir.types import Ref, Type, alternatives
from ..converters import kind
from ..mapping import Basis, FieldPath, StatusRow, StatusTable
from ..unified import RESULT, STATUS, UNKNOWN, UnifiedModel
from .response_models import ResponseModels

_KEYS = {"at", "open", "words", "beyond_spec", "inferred"}


@dataclass(frozen=True)
class StatusReader:
    """Reads the tables of one mapping."""

    answers: ResponseModels
    unified: UnifiedModel
    facts: FieldReader

    def read(self, value: Object, model: str) -> StatusTable | None:
        """The table whose places are told from `model`; None when there is none, which is reported."""
        self.facts.check_keys(value, _KEYS)
        paths = self._paths(value, model)
        if not paths:
            return None
        enums = [self._enum(path) for path in paths]
        is_open = self._open(value, paths, enums)
        words = list(self._rows(self.facts.mapping(value, "words"), "documented", paths))
        because = {}
        for basis in ("beyond_spec", "inferred"):
            if basis in value:
                table = self.facts.mapping(value, basis)
                self.facts.check_keys(table, {"because", "words"})
                because[basis] = self.facts.text(table, "because")
                words += self._rows(self.facts.mapping(table, "words"), basis, paths)
        if not is_open:
            words = [self._with_members(word, enums) for word in words]
            self._check_covered(value, words, paths, enums)
        self._check_repeated(words)
        return StatusTable(paths, tuple(word for word in words if word.status), value.source, because)

    def _paths(self, value: Object, model: str) -> tuple[FieldPath, ...]:
        several = isinstance(value.get("at"), Array)
        found = self.facts.texts(value, "at", required=True) if several else []
        if not several and (pointer := self.facts.text(value, "at")):
            found = [(pointer, value.where("at"))]
        if len(found) > 2:
            self.facts.problems.error(self.facts.id, value.where("at"), "`at` names more than two places")
        paths = [self.answers.path(pointer, model, place) for pointer, place in found]
        for path in paths:
            if path and not _is_word(path.type, self.answers.enums):
                message = f"{path.pointer} holds no text, and no word for a status therefore ({path.described})"
                self.facts.problems.error("converter-mismatch", path.source, message)
                return ()
        return tuple(path for path in paths if path) if all(paths) else ()

    def _enum(self, path: FieldPath) -> Enum | None:
        return self.answers.enums.get(path.type.name) if isinstance(path.type, Ref) else None

    def _open(self, value: Object, paths: tuple[FieldPath, ...], enums: list[Enum | None]) -> bool:
        is_open = self.facts.flag(value, "open")
        listed = enums[0] is not None
        first = paths[0]
        if listed and is_open:
            message = f"`open` says that no words are documented, but {first.pointer} has a list ({first.described})"
            self.facts.problems.error("status-open", value.where("open"), message, "remove `open`, and map every word")
        elif not listed and not is_open:
            message = f"the spec does not list the words of {first.pointer} ({first.described})"
            hint = "if that is so, say `open: true`; if it did once, the spec has lost them"
            self.facts.problems.error("status-open", first.source, message, hint)
        return not listed

    def _rows(self, table: Object, basis: Basis, paths: tuple[FieldPath, ...]) -> Iterator[StatusRow]:
        for key in table:
            inner = table[key]
            if not isinstance(inner, Object):
                yield self._row((key,), inner, table.where(key), basis)
            elif len(paths) == 1:
                message = f"{key!r} maps to a table, but `at` names one place only"
                self.facts.problems.error(self.facts.id, table.where(key), message)
                yield StatusRow((key,), "", "", basis, table.where(key))
            else:
                for second in inner:
                    yield self._row((key, second), inner[second], inner.where(second), basis)

    def _row(self, words: tuple[str, ...], target: object, place: Source, basis: Basis) -> StatusRow:
        """A row; without a status where its target is wrong, which is reported."""
        shown, error = _shown(words), self.facts.problems.error
        nothing = StatusRow(words, "", "", basis, place)
        if not isinstance(target, str):
            hint = "write STATUS, or STATUS/result"
            error(self.facts.id, place, f"{shown} is mapped to something that is not text", hint)
            return nothing
        status, slash, result = target.partition("/")
        enums = self.unified.enums
        results = {str(member.value): member.name for member in enums[RESULT].values}
        is_status = status in {member.name for member in enums[STATUS].values}
        final = status in self.unified.terminal
        message = f"{shown} is mapped to {target!r}"
        statuses = f"({enums[STATUS].source})"
        if not is_status or (slash and result not in results):
            wrong, enum = (result, enums[RESULT]) if is_status else (status, enums[STATUS])
            hint = name_hint(wrong, sorted(results) if is_status else [member.name for member in enum.values])
            message = f"{message}, but {wrong!r} is no {enum.name} ({enum.source})"
            error("unknown-status", place, message, hint)
        elif status == UNKNOWN:
            message = f"{message}, which is for words that are not mapped {statuses}"
            error("unknown-status", place, message, "leave an undocumented word out; say what a documented one means")
        elif final and not slash:
            hint = f"write {status}/ and a result: {', '.join(results)}"
            error("status-result", place, f"{message}, which is final, without a result {statuses}", hint)
        elif slash and not final:
            error("status-result", place, f"{message}: no result, for it is not final {statuses}", f"write {status}")
        else:
            return StatusRow(words, status, results.get(result, ""), basis, place)
        return nothing

    def _with_members(self, word: StatusRow, enums: list[Enum | None]) -> StatusRow:
        """The documented words as members of the client's enums; words beyond the spec are checked not to be among
        them."""
        pairs = [(enum, text, _member(enum, text)) for text, enum in zip(word.words, enums, strict=False) if enum]
        members = [(enum, member) for enum, _, member in pairs if member]
        shown, error = _shown(word.words), self.facts.problems.error
        if len(members) < len(pairs):
            if word.basis == "documented":
                enum, text = next((enum, text) for enum, text, member in pairs if not member)
                message = f"{shown} is mapped, but the spec does not list it ({enum.source})"
                known = name_hint(text, [str(member.value) for member in enum.values])
                error("stale-status", word.source, message, f"remove it, or put it under beyond_spec; {known}")
            return word
        if word.basis != "documented":
            message = f"{shown} is under {word.basis}, but the spec lists it ({members[-1][1].source})"
            error("undocumented-status", word.source, message, "move it to `words`")
        if not all(isinstance(member.value, str) for _, member in members):
            return word
        return replace(word, members=tuple(f"{enum.name}.{member.name}" for enum, member in members))

    def _check_covered(
        self, value: Object, words: list[StatusRow], paths: tuple[FieldPath, ...], enums: list[Enum | None]
    ) -> None:
        seen = {word.words for word in words}
        place = value.where("words")
        for member in enums[0].values if enums[0] else ():
            first = str(member.value)
            rows = [row for row in seen if row[0] == first]
            if not rows:
                hint = f"add it under `words`: {first}: STATUS, or STATUS/result"
                message = f"{first!r} of {paths[0].pointer} has no {STATUS} ({member.source})"
                self.facts.problems.error("unmapped-status", place, message, hint)
            elif len(enums) == 2 and enums[1] and (first,) not in seen:
                for second in enums[1].values:
                    if (first, str(second.value)) not in seen:
                        hint = f"add it under `words`, in the table of {first}"
                        message = f"{_shown((first, str(second.value)))} has no {STATUS} ({second.source})"
                        self.facts.problems.error("unmapped-status", place, message, hint)

    def _check_repeated(self, words: list[StatusRow]) -> None:
        exactly: dict[tuple[str, ...], StatusRow] = {}
        folded: dict[tuple[str, ...], StatusRow] = {}
        for word in words:
            # What is inferred is matched whatever its capitals are.
            key = tuple(text.casefold() for text in word.words)
            other = exactly.get(word.words) or (folded.get(key) if word.basis == "inferred" else None)
            if other:
                message = f"{_shown(word.words)} is mapped twice (also at {other.source})"
                self.facts.problems.error("repeated-status", word.source, message, "keep one of them")
            exactly.setdefault(word.words, word)
            folded.setdefault(key, word)


def _is_word(type_: Type, enums: dict[str, Enum]) -> bool:
    return all(
        (isinstance(member, Ref) and member.name in enums) or kind(member, enums) == "text"
        for member in alternatives(type_)
    )


def _member(enum: Enum | None, text: str) -> EnumValue | None:
    return next((m for m in enum.values if str(m.value) == text), None) if enum else None


def _shown(words: tuple[str, ...]) -> str:
    return repr("/".join(words))
