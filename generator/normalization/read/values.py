"""Values of a response for a unified field: their converters or words, and what stands in when there is nothing."""

from __future__ import annotations

from collections.abc import Iterator

from ...document.field_reader import name_hint
from ...document.tree import Array, Object
from ...interpreter.fast_dataclasses import dataclass
from ...ir.model import Field
from ...ir.types import Ref, alternatives
from .. import spellings
from ..converters import CONVERTERS, Converter, fits, implied, value_type
from ..mapping import ABSENT, Default, FieldMapping, FieldPath, RefPart, WordTable
from .context import Context
from .selectors import NO_WORD, is_word, listed_words, lister


@dataclass(frozen=True)
class ValueReader:
    """Reads the rest of the entry of one unified field, whose pointers have been followed."""

    context: Context
    entry: Object
    target: str
    field: Field
    paths: tuple[FieldPath, ...]

    def read(self, parts: tuple[RefPart, ...]) -> FieldMapping | None:
        """The mapping of the field; None when some path has neither a converter nor words, which is reported."""
        names, words = self._names(), None
        enum = self.field.type.name if isinstance(self.field.type, Ref) else ""
        if "words" in self.entry and enum in self.context.unified.enums:
            words = _read_words(self.entry, self.target, enum, self.paths, self.context)
            converters: tuple[tuple[Converter, ...], ...] = ()
        else:
            self._check_wordless()
            converters = tuple(self._converters(names)) if names is not None else ()
        default, agree = self._default(parts), self._agree()
        if words is None and len(converters) < len(self.paths):
            return None
        source, name = self.entry.source, ", then ".join(names or ())
        return FieldMapping(self.target, self.field, self.paths, name, converters, source, default, agree, words)

    def _check_wordless(self) -> None:
        for key in ("words", "others"):
            if key in self.entry:
                hint = "`as` names a converter" if key == "words" else "add `words`"
                message = f"`{key}` is for a field with a list of words, which {self.target} is not"
                if key == "others" and self._field_type == "word":
                    message = "`others` is for the words that `words` does not have"
                self.context.reader.error(self.entry.where(key), message, hint, self.field.source)

    @property
    def _field_type(self) -> str:
        return value_type(self.field.type, self.context.unified.enums, unified=True)

    def _names(self) -> tuple[str, ...] | None:
        """The converter that `as` names, or several of a list, one after the other; None if one is unknown."""
        if isinstance(self.entry.get("as"), Array):
            names = self.context.reader.texts(self.entry, "as", required=True)
        else:
            text = self.context.reader.text(self.entry, "as", required=False)
            names = [(text, self.entry.where("as"))] if text else []
        unknown = [(name, source) for name, source in names if name not in CONVERTERS]
        for name, source in unknown:
            path = self.paths[0]
            message = f"there is no converter {name!r} for {path.pointer}"
            several = spellings.converters(name)
            hint = f"write as: [{', '.join(several)}]" if len(several) > 1 else name_hint(name, self._fitting(path))
            self.context.error("unknown-converter", source, message, hint, path.described_at, subject=name)
        return None if unknown else tuple(name for name, _ in names)

    def _fitting(self, path: FieldPath) -> list[str]:
        """The converters that a path can have; all of them if there is none."""
        types = [value_type(member, self.context.models.enums) for member in alternatives(path.type)]
        fitting = [n for n, c in CONVERTERS.items() if c.gives == self._field_type and c.accepts(types)]
        return fitting or [*CONVERTERS]

    def _converters(self, names: tuple[str, ...]) -> Iterator[tuple[Converter, ...]]:
        """The converters of each path that they fit; the other paths are reported."""
        for path in self.paths:
            types = [value_type(member, self.context.models.enums) for member in alternatives(path.type)]
            implicit = implied(types, self._field_type)
            converters = [CONVERTERS[name] for name in names] or ([implicit] if implicit else [])
            if converters and fits(converters, types, self._field_type):
                yield tuple(converters)
            else:
                self._mismatch(", then ".join(names), path, types)

    def _mismatch(self, name: str, path: FieldPath, types: list[str]) -> None:
        given, wanted = " or ".join(types), self._field_type
        fitting = [n for n, c in CONVERTERS.items() if c.gives == wanted and c.accepts(types)]
        if name and (converter := implied(types, wanted)) and converter.accepts(types):
            hint = "leave out `as`"
        elif wanted == "word":
            hint = "write what the words mean: words: {...}"
        elif fitting:
            hint = f"write as: {' or '.join(fitting)}"
        else:
            hint = "no converter does that: leave the field absent and the pointer raw_only, or correct the spec"
        through = f" through {name!r}" if name else ""
        message = f"{path.pointer} is of type {given}, which cannot become {wanted}, the type of {self.target}{through}"
        if wanted == "word":
            message = f"the values at {path.pointer} are not the words of {self.target}"
        source, see = self.entry.where("as") if name else path.source, (path.described_at, self.field.source)
        self.context.error("converter-mismatch", source, message, hint, *see, subject=f"{path.pointer} {given}")

    def _agree(self) -> bool:
        """Whether the values at all paths have to agree."""
        agree = self.context.reader.flag(self.entry, "agree")
        if agree and len(self.entry.get("first", ())) < 2:
            self.context.reader.error(self.entry.where("agree"), "`agree` is for several pointers under `first`")
        return agree

    def _default(self, parts: tuple[RefPart, ...]) -> Default | None:
        """What stands in for an absent value: a part that every reference has, or a constant of the field's type."""
        value, wanted = self.entry.get("missing"), self._field_type
        certain = [part.name for part in parts if part.location == "path"]
        if value is None:
            self._check_optional()
        elif isinstance(value, Object):
            self.context.reader.check_keys(value, {"value"})
            constant = value.get("value")
            if (isinstance(constant, str) and wanted == "text") or (type(constant) is int and wanted == "integer"):
                return Default(constant=constant)
            self._wrong_default(f"{constant!r} is not the {wanted} that {self.target} needs")
        elif value in certain and wanted == "text":
            return Default(part=value)
        else:
            what = f"text, not {wanted}" if value in certain else "not a part that every reference has"
            hint = f"{name_hint(str(value), certain)}; a constant is written missing: {{value: {value!r}}}"
            self._wrong_default(f"{value!r} is {what}; {self.target} needs it", hint)
        return None

    def _check_optional(self) -> None:
        if self.field.required:
            pointers = " or ".join(path.pointer for path in self.paths)
            message = f"{self.target} is required, but a response may come without {pointers}"
            hint, see = "name what to use instead, such as missing: run_id", [path.described_at for path in self.paths]
            self.context.error("missing-default", self.entry.source, message, hint, self.field.source, *see)

    def _wrong_default(self, message: str, hint: str = "") -> None:
        self.context.error("default-mismatch", self.entry.where("missing"), message, hint, self.field.source)


def _read_words(entry: Object, target: str, enum: str, paths: tuple[FieldPath, ...], context: Context) -> WordTable:
    """The tables `words` and `others` of the entry of a unified field; every listed word at `paths` needs a meaning.

    Mistakes are reported.
    """
    if "as" in entry:
        context.reader.error(entry.where("as"), "either `as` or `words` is needed", "words need no converter")
    values = {str(value.value): value.name for value in context.unified.enums[enum].values}
    listed = [word for path in paths for word in listed_words(path.type, context)]
    if not isinstance(words := entry.get("words"), Object):
        texts = [word for word in words if isinstance(word, str)] if isinstance(words, Array) else []
        example = spellings.placeholders(texts or listed or ["WORD"], "WORD")
        hint = f"write words: {example}; a WORD is one of {', '.join(values)}"
        context.reader.error(entry.where("words"), "`words` is not a mapping", hint)
        return WordTable(enum, (), "")
    table, see = context.reader.mapping(entry, "words"), context.unified.enums[enum].source
    meanings = []
    for word, value in table.items():
        if not isinstance(value, str) or value not in values:
            message = f"{word!r} is mapped to {value!r}, which is not a word of {target}"
            near = spellings.reversed_words(value, listed, word) if word in values else ""
            hint = f"it is the other way round: write {near}" if near else name_hint(str(value), [*values])
            value = value[0] if isinstance(value, Array) and len(value) == 1 and not near else value
            if str(value).lower() in values:
                hint = f"write {word}: {str(value).lower()}"
            elif not isinstance(value, str) and not near:
                hint = f"write {word}: and one of {', '.join(values)}"
            context.error("unknown-status", table.where(word), message, hint, see, subject=str(value))
        else:
            meanings.append((word, values[value]))
    others = context.reader.text(entry, "others", required=False)
    if others and others not in values:
        message = f"other words are mapped to {others!r}, which is not a word of {target}"
        context.unknown("unknown-status", entry.where("others"), message, others, values, see)
    for path in paths:
        _check_covered(table, path, is_open=bool(others), context=context)
    _check_listed(table, paths, context)
    return WordTable(enum, tuple(meanings), values.get(others, ""))


def _check_covered(table: Object, path: FieldPath, *, is_open: bool, context: Context) -> None:
    """Report listed words that are not in the table, and a path to no words."""
    if not is_word(path.type, context):
        message, see = f"{path.pointer} {NO_WORD}, so it has no words", path.described_at
        context.error("converter-mismatch", path.source, message, "", see, subject=path.pointer)
    for word in listed_words(path.type, context) if not is_open else ():
        if word not in table:
            message, hint = f"{word!r} of {path.pointer} has no meaning", "add it under `words`, or write `others`"
            context.error("unmapped-status", table.source, message, hint, lister(path, context, word), subject=word)


def _check_listed(table: Object, paths: tuple[FieldPath, ...], context: Context) -> None:
    """Report words that the spec lists at none of the paths; where it lists none at one of them, any can be sent."""
    lists = [listed_words(path.type, context) for path in paths]
    listed = [word for words in lists for word in words]
    for word in table if all(lists) else ():
        if word not in listed and word != ABSENT and not spellings.reversed_words(table[word], listed, word):
            message, see = f"{word!r} is mapped, but the spec does not list it", lister(paths[-1], context)
            context.unknown("stale-status", table.where(word), message, word, listed, see)
