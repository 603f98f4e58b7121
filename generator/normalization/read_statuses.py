"""Status tables: the words of a provider onto RunStatus and RunResult, covered exactly both ways."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from generator.document import Array, Object
from generator.facts import Facts, among
from generator.ir import Enum, Ref, Scalar, Type, alternatives
from generator.normalization.mapping import Basis, Path, Statuses, Unified, Word
from generator.normalization.pointers import Answers
from generator.normalization.unified import RESULT, STATUS
from generator.problems import Source

_KEYS = {"at", "open", "words", "beyond_spec", "inferred"}


@dataclass(frozen=True)
class StatusReader:
    """Reads the tables of one mapping."""

    answers: Answers
    unified: Unified
    facts: Facts

    def read(self, value: Object, model: str) -> Statuses | None:
        """The table whose places are told from `model`; None when there is none, which is reported."""
        self.facts.known(value, _KEYS)
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
                self.facts.known(table, {"because", "words"})
                because[basis] = self.facts.text(table, "because")
                words += self._rows(self.facts.mapping(table, "words"), basis, paths)
        if not is_open:
            words = [self._with_members(word, enums) for word in words]
            self._check_covered(value, words, paths, enums)
        self._check_repeated(words)
        return Statuses(paths, tuple(words), is_open, value.source, because)

    def _paths(self, value: Object, model: str) -> tuple[Path, ...]:
        at = value.get("at")
        found = (
            self.facts.texts(value, "at")
            if isinstance(at, Array)
            else [(self.facts.text(value, "at"), value.where("at"))]
        )
        if len(found) > 2:
            self.facts.problems.error(self.facts.id, value.where("at"), "`at` names more than two places")
        paths = [self.answers.path(pointer, model, place) for pointer, place in found if pointer]
        for path in paths:
            if path is not None and not _is_word(path.type, self.answers.enums):
                message = f"{path.pointer} holds no text, and no word for a status therefore ({path.described})"
                self.facts.problems.error("converter-mismatch", path.source, message)
                return ()
        return tuple(path for path in paths if path) if all(paths) else ()

    def _enum(self, path: Path) -> Enum | None:
        return self.answers.enums.get(path.type.name) if isinstance(path.type, Ref) else None

    def _open(self, value: Object, paths: tuple[Path, ...], enums: list[Enum | None]) -> bool:
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

    def _rows(self, table: Object, basis: Basis, paths: tuple[Path, ...]) -> Iterator[Word]:
        for key in table:
            inner = table[key]
            if isinstance(inner, Object):
                if len(paths) == 1:
                    message = f"{key!r} maps to a table, but `at` names one place only"
                    self.facts.problems.error(self.facts.id, table.where(key), message)
                    continue
                for second in inner:
                    yield from self._row((key, second), inner[second], inner.where(second), basis)
            else:
                yield from self._row((key,), inner, table.where(key), basis)

    def _row(self, words: tuple[str, ...], target: object, place: Source, basis: Basis) -> Iterator[Word]:
        status, slash, result = target.partition("/") if isinstance(target, str) else ("", "", "")
        shown = "/".join(words)
        statuses = {m.name for m in self.unified.enums[STATUS].members}
        results = {str(m.value) for m in self.unified.enums[RESULT].members}
        error = self.facts.problems.error
        if status not in statuses or (slash and result not in results):
            wrong, known = (status or str(target), statuses) if status not in statuses else (result, results)
            message = (
                f"{shown!r} is mapped to {target!r}, but {wrong!r} is no {STATUS if known is statuses else RESULT}"
            )
            hint = f"{among(wrong, sorted(known))}; write STATUS, or STATUS/result"
            error("unknown-status", place, f"{message} ({self.unified.enums[STATUS].source})", hint)
        elif (status in self.unified.terminal) != bool(slash):
            final = status in self.unified.terminal
            message = f"{shown!r} is mapped to {target}, " + (
                "which is final, without a result" if final else "which is not final, with a result"
            )
            hint = f"write {status}/success or another result" if final else f"write {status}"
            error("status-result", place, f"{message} ({self.unified.enums[STATUS].source})", hint)
        elif status == "UNKNOWN":
            message = f"{shown!r} is mapped to UNKNOWN, which is for words that are not mapped"
            error("unknown-status", place, f"{message} ({self.unified.enums[STATUS].source})", "leave it out")
        else:
            yield Word(words, status, result.upper(), basis, place)

    def _with_members(self, word: Word, enums: list[Enum | None]) -> Word:
        """The documented words as members of the client's enums; words beyond the spec are checked not to be among
        them."""
        found = []
        for text, enum in zip(word.words, enums, strict=False):
            member = next((m for m in enum.members if str(m.value) == text), None) if enum else None
            if member is not None and enum is not None:
                found.append(f"{enum.name}.{member.name}")
        documented = len(found) == len(word.words) or (bool(found) and enums[len(word.words) - 1] is None)
        if word.basis == "documented" and not documented:
            known = [str(m.value) for enum in enums if enum for m in enum.members]
            where = next(enum.source for enum in enums if enum)
            message = f"{'/'.join(word.words)!r} is mapped, but the spec does not list it ({where})"
            hint = f"remove it, or put it under beyond_spec; {among(word.words[-1], known)}"
            self.facts.problems.error("stale-status", word.source, message, hint)
        elif word.basis != "documented" and documented:
            member_place = next(m.source for enum in enums if enum for m in enum.members if str(m.value) in word.words)
            message = f"{'/'.join(word.words)!r} is under {word.basis}, but the spec lists it ({member_place})"
            self.facts.problems.error("undocumented-status", word.source, message, "move it to `words`")
        return Word(word.words, word.status, word.result, word.basis, word.source, tuple(found) if documented else ())

    def _check_covered(
        self, value: Object, words: list[Word], paths: tuple[Path, ...], enums: list[Enum | None]
    ) -> None:
        seen = {word.words for word in words}
        place = value.where("words")
        for member in enums[0].members if enums[0] else ():
            rows = [row for row in seen if row[0] == str(member.value)]
            if not rows:
                hint = f"add it under `words`: {member.value}: STATUS, or STATUS/result"
                message = f"{member.value!r} of {paths[0].pointer} has no {STATUS} ({member.source})"
                self.facts.problems.error("unmapped-status", place, message, hint)
            elif len(enums) == 2 and enums[1] and (str(member.value),) not in seen:
                for second in enums[1].members:
                    if (str(member.value), str(second.value)) not in seen:
                        hint = f"add it under `words`, in the table of {member.value}"
                        message = f"'{member.value}/{second.value}' has no {STATUS} ({second.source})"
                        self.facts.problems.error("unmapped-status", place, message, hint)

    def _check_repeated(self, words: list[Word]) -> None:
        seen: dict[tuple[str, ...], Word] = {}
        for word in words:
            # What is inferred is matched whatever its capitals are.
            key = tuple(text.casefold() for text in word.words) if word.basis == "inferred" else word.words
            other = seen.setdefault(key, word)
            if other is not word:
                message = f"{'/'.join(word.words)!r} is mapped twice (also {other.source})"
                self.facts.problems.error("repeated-status", word.source, message, "keep one of them")


def _is_word(type_: Type, enums: dict[str, Enum]) -> bool:
    return all(
        (isinstance(member, Scalar) and member.kind == "str" and member.format not in ("date", "date-time"))
        or (isinstance(member, Ref) and member.name in enums)
        for member in alternatives(type_)
    )
