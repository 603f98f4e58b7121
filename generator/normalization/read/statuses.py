"""Status tables: the words of a provider onto RunStatus and RunResult, covered exactly both ways."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ...document.field_reader import name_hint
from ...document.problems import Source
from ...document.tree import Array, Object
from ...interpreter.fast_dataclasses import dataclass
from ...ir.types import without_null
from ...python.annotations import is_constant
from .. import spellings
from ..mapping import ABSENT, Basis, FieldPath, StatusRow, StatusTable, loosely
from ..unified import RESULT, STATUS, UNKNOWN
from ..usual_words import INFERRED, USUAL
from .context import Context
from .selectors import NO_WORD, is_word, listed_words, lister, read_selector, read_selectors

_KEYS = {"at", "open", "words", "beyond_spec", "inferred"}
_OTHERS = "others"
"""In a table within a table: every word that the table does not have, and none."""


@dataclass(frozen=True)
class StatusTableReader:
    """Reads the status tables of one mapping."""

    context: Context

    def read(self, table: Object, model: str) -> StatusTable | None:
        """The table whose pointers lead from `model`; None when one of them leads to no word, which is reported."""
        reader = self.context.reader
        reader.check_keys(table, _KEYS)
        named = table.get("at")
        depth = max(len(named), 1) if isinstance(named, Array) else 1
        paths = self._paths(table, model)
        rows = [*self._rows(reader.mapping(table, "words"), "documented", depth)]
        reasons: dict[str, str] = {}
        bases: tuple[Basis, ...] = ("beyond_spec", "inferred")
        for basis in bases:
            if basis in table:
                section = reader.mapping(table, basis)
                reader.check_keys(section, {"because", "words"})
                reasons[basis] = reader.text(section, "because")
                rows += self._rows(_usual(section, rows) or reader.mapping(section, "words"), basis, depth)
        self._check_repeated(rows)
        if not paths:
            return None
        lists = [self._listed(path) for path in paths]
        self._check_open(table, paths[0], is_listed=bool(lists[0]))
        rows = [self._with_enum_values(row, paths, lists) for row in rows]
        self._check_covered(table.where("words"), rows, paths, lists)
        certain = (row for row in rows if row.status and not (row.is_rest and row.status == UNKNOWN))
        return StatusTable(paths, tuple(certain), table.source, reasons)

    def constant(self, target: object, source: Source) -> StatusTable | None:
        """The table of an event that says by itself what the status is; None when it is wrong, which is reported."""
        row = self._row((), target, source, "documented")
        return StatusTable((), (row,), source, {}) if row.status else None

    def _paths(self, table: Object, model: str) -> tuple[FieldPath, ...]:
        """Where the selectors of a table lead; () when one of them leads to no word, which is reported."""
        context, at = self.context, table.get("at")
        if isinstance(at, Array) or at is None:
            paths = read_selectors(table, "at", model, context)
        else:
            paths = [read_selector(at, table.where("at"), "at", model, context)]
        words = tuple(path for path in paths if path and self._is_word(path))
        return words if len(words) == len(paths) else ()

    def _is_word(self, path: FieldPath) -> bool:
        """Whether words are at a path; if not, this is reported."""
        if not path.presence and ABSENT in listed_words(path.type, self.context):
            message = f"the spec lists {ABSENT!r} at {path.pointer}, which means here that there is no value"
            self.context.error(
                "status-open", path.source, message, "remove it from the list in an overlay", path.described_at
            )
        if path.presence or is_word(path.type, self.context):
            return True
        message = f"{path.pointer} {NO_WORD}, so it cannot be a status word"
        self.context.error("converter-mismatch", path.source, message, "", path.described_at, subject=path.pointer)
        return False

    def _listed(self, path: FieldPath) -> tuple[str, ...]:
        """The words that can be at a path, as far as the spec lists them; () where it does not."""
        return ("present", ABSENT) if path.presence else listed_words(path.type, self.context)

    def _check_open(self, table: Object, path: FieldPath, *, is_listed: bool) -> None:
        """Report a table that is not `open` where the spec lists no words, or `open` where it does."""
        is_open = self.context.reader.flag(table, "open")
        if is_listed and is_open:
            message = f"`open: true` means that the spec lists no words, but it lists those of {path.pointer}"
            hint = "remove `open`, and map every word"
            self.context.error("status-open", table.where("open"), message, hint, path.described_at)
        elif not is_listed and not is_open:
            message = f"the spec does not list the words of {path.pointer}"
            hint = "if it never did, write `open: true`; if it did once, find out why they were removed"
            self.context.error("status-open", path.source, message, hint, path.described_at)

    def _rows(self, table: Object, basis: Basis, depth: int, before: tuple[str, ...] = ()) -> Iterator[StatusRow]:
        """The rows of a table of words, which stand behind the words `before`; `depth`: the most words of a row."""
        for word in table:
            target, source, words = table[word], table.where(word), (*before, word)
            if word == _OTHERS and before and not isinstance(target, Object):
                yield replace(self._row(before, target, source, basis), is_rest=True)
                continue
            if word == _OTHERS and before:
                message, hint = (
                    "`others` leads to a table, and not to a status",
                    "write others: STATUS, or others: UNKNOWN",
                )
                self.context.reader.error(source, message, hint)
                yield StatusRow(before, "", "", basis, source, is_rest=True)
                continue
            is_meaning = isinstance(target, Object) and target.keys() == {"status", "result"}
            if not isinstance(target, Object) or is_meaning:
                yield self._row(words, target, source, basis)
            elif len(words) < depth:
                yield from self._rows(target, basis, depth, words)
            else:
                message = f"{word!r} maps to a table, but `at` names {_count(depth)} only"
                hint = (
                    self._near(words, target)
                    or f"write {word}: STATUS, or a list of pointers: at: [/POINTER, /POINTER]"
                )
                self.context.reader.error(source, message, hint)
                yield StatusRow(words, "", "", basis, source)

    def _near(self, words: tuple[str, ...], target: object) -> str:
        """What to write instead of a meaning that is spelled in another way; "" when that is not known."""
        enums, members = self.context.unified.enums, self.context.unified.members(STATUS)
        near = spellings.meaning(target, members, {str(value.value) for value in enums[RESULT].values})
        texts = [text for text in (target if isinstance(target, Array) else [target]) if isinstance(text, str)]
        if near:
            return f"write {words[-1] if words else 'status'}: {near}"
        if words and words[-1] in members and texts:
            return f"it is the other way round: write {spellings.reversed_words(texts, texts, words[-1])}"
        return ""

    def _row(self, words: tuple[str, ...], target: object, source: Source, basis: Basis) -> StatusRow:
        """A row; without a status when its target is wrong, which is reported."""
        context, unified, shown = self.context, self.context.unified, f"{_shown(words)} is mapped to {target!r}"
        status, slash, result = target.partition("/") if isinstance(target, str) else ("", "", "")
        results = {str(value.value): value.name for value in unified.enums[RESULT].values}
        is_final, see = status in unified.terminal, unified.enums[STATUS].source
        near = self._near(words, target)
        if not isinstance(target, str):
            message, hint = f"{_shown(words)} is mapped to something that is not text", "write STATUS, or STATUS/result"
            hint = f"write {words[-1]}: STATUS, or {words[-1]}: STATUS/result" if words else hint
            context.reader.error(source, message, near or hint)
        elif status not in unified.members(STATUS):
            hint = near or name_hint(status, [*unified.members(STATUS)])
            context.error("unknown-status", source, f"{shown}, but {status!r} is not a {STATUS}", hint, see)
        elif slash and result not in results:
            message, hint = f"{shown}, but {result!r} is not a {RESULT}", name_hint(result, sorted(results))
            context.error("unknown-status", source, message, near or hint, unified.enums[RESULT].source)
        elif status == UNKNOWN and basis != "documented":
            hint = "leave out a word that is not documented"
            context.error("unknown-status", source, f"{shown}, which is for words that are not mapped", hint, see)
        elif is_final and result not in (fitting := unified.results.get(status, (*results,))):
            defect = (
                f", but {result} is not a result of what is {status}" if slash else ", which is final, without a result"
            )
            hint = f"write {status}/ and a result: {', '.join(fitting)}"
            context.error("status-result", source, f"{shown}{defect}", hint, see)
        elif slash and not is_final:
            message = f"{shown}: it cannot have a result, as it is not final"
            context.error("status-result", source, message, f"write {status}", see)
        else:
            return StatusRow(words, status, results.get(result, ""), basis, source)
        return StatusRow(words, "", "", basis, source)

    def _with_enum_values(
        self, row: StatusRow, paths: tuple[FieldPath, ...], lists: list[tuple[str, ...]]
    ) -> StatusRow:
        """The row with its documented words as values of the client's enums.

        Reports words that the spec does not list, and listed ones that are under another basis.
        """
        given = [item for item in zip(row.words, paths, lists, strict=False) if item[0] != ABSENT]
        listed = [(word, path, words) for word, path, words in given if words]
        unknown = [item for item in listed if item[0] not in item[2]]
        if unknown:
            if row.basis == "documented":
                word, path, words = unknown[0]
                near = spellings.word(word, words, is_inner=len(row.words) > 1)
                hint = f"remove it, or put it under beyond_spec; {name_hint(word, [*words])}"
                if word == _OTHERS:
                    hint = "leave it out: a word that no table has is UNKNOWN"
                elif near and near != word:
                    hint = f"write {near}: {row.outcome or 'STATUS'}"
                message = f"{row.word!r} is mapped, but the spec does not list it"
                self.context.error("stale-status", row.source, message, hint, lister(path, self.context))
            return row
        if listed and len(listed) == len(given) and row.basis != "documented":
            word, path, _ = listed[-1]
            message, see = f"{row.word!r} is under {row.basis}, but the spec lists it", lister(path, self.context, word)
            self.context.error("undocumented-status", row.source, message, "move it to `words`", see)
        members = tuple(self._enum_value(path, word) for word, path in zip(row.words, paths, strict=False))
        return replace(row, enum_values=members)

    def _enum_value(self, path: FieldPath, word: str) -> tuple[str, str] | None:
        """The enum and the member for a word at a path; None where it is none of a class."""
        enum = None if path.presence else self.context.models.enum_of(path.type)
        if enum is None or is_constant(enum):
            return None
        return next(((enum.name, value.name) for value in enum.values if str(value.value) == word), None)

    def _check_covered(
        self,
        source: Source,
        rows: list[StatusRow],
        paths: tuple[FieldPath, ...],
        lists: list[tuple[str, ...]],
        before: tuple[str, ...] = (),
    ) -> None:
        """Report what can be behind the words `before`, and has no row: listed words, others of no list, and none."""
        depth = len(before)
        path, listed, beside = paths[depth], lists[depth], [row for row in rows if row.words[:depth] == before]
        named = dict.fromkeys(row.words[depth] for row in beside if row.basis == "documented")
        unlisted = [word for word in named if not listed or word == ABSENT]
        missing = [ABSENT] if before and listed and _can_be_absent(path) else []
        for word in dict.fromkeys([*listed, *unlisted, *missing]):
            words = (*before, word)
            if not any(row.words[: depth + 1] == words for row in beside):
                self._unmapped(words, beside[0].source if before else source, path)
            elif depth + 1 < len(paths) and not any(row.words == words for row in beside):
                self._check_covered(source, beside, paths, lists, words)
        if before and not listed:
            message = f"the spec does not list the words of {path.pointer} behind {_shown(before)}"
            hint = f"add `others` to the table of {before[-1]}: others: STATUS, or others: UNKNOWN"
            self.context.error("status-open", beside[0].source, message, hint, path.described_at)

    def _unmapped(self, words: tuple[str, ...], source: Source, path: FieldPath) -> None:
        """Report a word without a row, the last of `words`, which is at the end of a path."""
        *before, word = words
        where = f", in the table of {before[-1]}" if before else f": {word}: STATUS, or STATUS/result"
        what = _shown(words) if before else f"{word!r} of {path.pointer}"
        if before and word == ABSENT:
            where += f": {ABSENT}: STATUS, for no value at {path.pointer}"
        message, see = f"{what} has no {STATUS}", lister(path, self.context, word)
        subject = "/".join(words)
        self.context.error("unmapped-status", source, message, f"add it under `words`{where}", see, subject=subject)

    def _check_repeated(self, rows: list[StatusRow]) -> None:
        exactly: dict[tuple[str, ...], StatusRow] = {}
        folded: dict[tuple[str, ...], StatusRow] = {}
        for row in rows:
            key = loosely(row.words)
            earlier = exactly.get(row.words) or (folded.get(key) if row.basis == "inferred" else None)
            if earlier:
                message = f"{row.word!r} is mapped twice"
                self.context.error("repeated-status", row.source, message, "keep one of them", earlier.source)
            exactly.setdefault(row.words, row)
            folded.setdefault(key, row)


def _usual(section: Object, rows: list[StatusRow]) -> Object | None:
    """The usual words but for those that have a row, where a section asks for them."""
    if section.get("words") != USUAL:
        return None
    mapped = {loosely(row.words) for row in rows}
    words = {word: meaning for word, meaning in INFERRED.items() if loosely((word,)) not in mapped}
    return Object(words, section.where("words"), dict.fromkeys(words, section.mark("words")))


def _can_be_absent(path: FieldPath) -> bool:
    """Whether the spec allows that there is no value at a path."""
    return not path.presence and (
        path.item is not None
        or any(not field.required or without_null(field.type) != field.type for field in path.fields)
    )


def _shown(words: tuple[str, ...]) -> str:
    return repr("/".join(words)) if words else "the event"


def _count(pointers: int) -> str:
    return "one pointer" if pointers == 1 else f"{pointers} pointers"
