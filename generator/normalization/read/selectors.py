"""Selectors: a pointer to a value, or a table that chooses an item of a list and has a pointer in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from ...document.problems import Source
from ...document.tree import Array, Object
from ...ir.types import Type, alternatives
from .. import spellings
from ..converters import value_type
from ..mapping import ChosenItem, Condition, Constant, FieldPath, Items
from .context import Context

SELECTOR_KEYS = {"at", "in", "where", "take", "nothing"}
"""The keys of a selector that is a table."""
NO_WORD = "contains neither text, an integer nor a truth value"
"""Why a value is not a word, after its pointer."""
WORD_TYPES = {"text", "word", "integer", "boolean"}
"""The value types whose values can be words."""


def read_selectors(holder: Object, key: str, model: str, context: Context) -> list[FieldPath | None]:
    """The paths of the selectors in the list at `key`, from `model`; None for each that leads nowhere."""
    values = context.reader.sequence(holder, key)
    if not values and holder.get(key) in (None, []):
        context.reader.error(holder.where(key), f"`{key}` is {'empty' if key in holder else 'missing'}")
    return [read_selector(value, values.where(index), key, model, context) for index, value in enumerate(values)]


def read_selector(value: object, source: Source, key: str, model: str, context: Context) -> FieldPath | None:
    """The path that a pointer or a table selects, from `model`; None when it leads nowhere, which is reported.

    `key` is where the value stands. A table that has `present` instead of `at` asks only whether there is a value.
    """
    if isinstance(value, Object):
        presence = "present" in value
        context.reader.check_keys(value, (SELECTOR_KEYS - {"at"}) | {"present"} if presence else SELECTOR_KEYS)
        path = selector_of_table(value, "present" if presence else "at", model, context)
        return replace(path, presence=presence) if path else None
    if isinstance(value, str) and value.strip():
        return context.models.path(value, model, source)
    context.reader.error(source, f"`{key}` has neither a pointer nor a table", "write /pointer, or {at: /pointer}")
    return None


def selector_of_table(table: Object, key: str, model: str, context: Context) -> FieldPath | None:
    """The path that a table selects by the pointer at `key`, and by `in`, `where`, `take` and `nothing`."""
    item = None
    if "in" in table:
        item = _chosen_item(table, model, context)
        path = context.path(table, key, item.model) if item else None
    else:
        for extra in ("where", "take"):
            if extra in table:
                message = f"`{extra}` chooses an item of a list, which `in` names"
                hint = f"write in: /LIST, and the pointers from its item: {{in: /LIST, {extra}: ..., {key}: /POINTER}}"
                context.reader.error(table.where(extra), message, hint)
        path = context.path(table, key, model)
    nothing = read_nothing(table, context)
    if path is None:
        return None
    path = replace(path, pointer=(item.path.pointer if item else "") + path.pointer, item=item)
    return with_nothing(path, nothing, context)


def _chosen_item(table: Object, model: str, context: Context) -> ChosenItem | None:
    """The item that `in`, `where` and `take` choose; None when there is no such list, which is reported."""
    path = context.path(table, "in", model)
    items = read_items(path, context, is_one_list=True) if path else None
    take = table.get("take", "first")
    if take not in ("first", "last"):
        context.reader.error(table.where("take"), f"`take` is {take!r}", "write first or last")
    if path is None or items is None:
        return None
    return ChosenItem(path, items.model, tuple(_conditions(table, items.model, context)), take == "last")


def _conditions(table: Object, model: str, context: Context) -> Iterator[Condition]:
    """The entries of `where`."""
    if isinstance(written := table.get("where"), (str, Array)):
        texts = written.replace("=", " ").split() if isinstance(written, str) else [*map(str, written)]
        pointer, word = (*texts, "", "")[:2]
        hint = f"write where: {{{spellings.pointer(pointer) or '/POINTER'}: {word or 'WORD'}}}"
        context.reader.error(table.where("where"), "`where` is not a mapping", hint)
        return
    where = context.reader.mapping(table, "where")
    for pointer in where:
        path = context.models.path(pointer, model, where.where(pointer))
        words = words_at(where, pointer, context)
        if path is None or not words:
            continue
        if is_word(path.type, context):
            _check_listed(path, words, context)
            yield Condition(path, tuple(word for word, _ in words))
        else:
            message = f"{path.pointer} {NO_WORD}, so it cannot be a condition"
            context.error("converter-mismatch", path.source, message, "", path.described_at, subject=path.pointer)


def _check_listed(path: FieldPath, words: list[tuple[str, Source]], context: Context) -> None:
    listed = listed_words(path.type, context)
    for word, source in words if listed else ():
        if word not in listed:
            message = f"{word!r} is named, but the spec does not list it for {path.pointer}"
            context.unknown("stale-status", source, message, word, listed, lister(path, context))


def words_at(holder: Object, key: str, context: Context, *, required: bool = True) -> list[tuple[str, Source]]:
    """The word at `key`, or those of a list there: text, integers or truth values, as text.

    `required`: at least one.
    """
    value = holder.get(key)
    if value in (None, []):
        if required:
            defect = "is empty" if key in holder else "is missing"
            context.reader.error(holder.where(key), f"`{key}` {defect}")
        return []
    if isinstance(value, Array):
        items = [(word_of(item), value.where(index)) for index, item in enumerate(value)]
    else:
        items = [(word_of(value), holder.where(key))]
    words = [(word, source) for word, source in items if word is not None]
    if len(words) < len(items):
        message = f"`{key}` has neither a word nor a list of words"
        nested = next(iter(value.values()), None) if isinstance(value, Object) else None
        hint = f"write {key}: {nested if isinstance(nested, str) else 'WORD'}"
        context.reader.error(holder.where(key), message, f"{hint}; a word is text, an integer, true or false")
    return words


def word_of(value: object) -> str | None:
    """A scalar of YAML as the word that `Statuses` reads; None for anything else."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, (str, int)) else None


def is_word(type_: Type, context: Context) -> bool:
    """Whether all values of a type can be words."""
    return all(value_type(member, context.models.enums) in WORD_TYPES for member in alternatives(type_))


def listed_words(type_: Type, context: Context) -> tuple[str, ...]:
    """The words that the spec lists for a type; () where it lists none."""
    if enum := context.models.enum_of(type_):
        return tuple(str(value.value) for value in enum.values)
    return ("true", "false") if value_type(type_, context.models.enums) == "boolean" else ()


def lister(path: FieldPath, context: Context, word: str = "") -> Source:
    """Where the spec lists a word, or the words at a path."""
    enum = context.models.enum_of(path.type)
    if enum is None:
        return path.described_at
    return next((value.source for value in enum.values if str(value.value) == word), enum.source)


def read_items(path: FieldPath, context: Context, *, is_one_list: bool = False) -> Items | None:
    """The objects at the end of a path through lists and maps; None when there are others, which is reported.

    `is_one_list`: through one list only.
    """
    items = context.models.items(path)
    if items and (items.kinds == ("list",) or not is_one_list):
        return items
    what = "a list of objects" if is_one_list else "a list or a map of objects"
    message = f"{path.pointer} is not {what} with properties, and nothing else"
    hint = "leave the list absent and the pointer raw_only, or correct the spec"
    context.error("converter-mismatch", path.source, message, hint, path.described_at, subject=path.pointer)
    return None


def read_nothing(table: Object, context: Context) -> tuple[tuple[Constant, Source], ...]:
    """The values of `nothing`, each with its source: one constant, or a list of them."""
    value = table.get("nothing")
    items = [(value, table.where("nothing"))] if "nothing" in table else []
    if isinstance(value, Array):
        items = [(item, value.where(index)) for index, item in enumerate(value)]
    constants = tuple((item, source) for item, source in items if isinstance(item, (str, int, float)))
    if "nothing" in table and (not constants or len(constants) < len(items)):
        message = "`nothing` has neither a constant nor a list of constants"
        context.reader.error(table.where("nothing"), message, "such as 0, or ['', unknown]")
    return constants


def with_nothing(path: FieldPath, constants: tuple[tuple[Constant, Source], ...], context: Context) -> FieldPath:
    """The path with values that mean that there is none; those that the spec excludes are reported."""
    types = {value_type(member, context.models.enums) for member in alternatives(path.type)}
    for constant, source in constants:
        if not types & {*_types_of(constant)}:
            message = (
                f"{constant!r} is never the value at {path.pointer}, which is of type {' or '.join(sorted(types))}"
            )
            context.error("converter-mismatch", source, message, "", path.described_at, subject=repr(constant))
    return replace(path, nothing=tuple(constant for constant, _ in constants))


def _types_of(constant: Constant) -> Iterator[str]:
    """The value types of which a constant can be a value."""
    yield "any"
    if isinstance(constant, str):
        yield from ("text", "word")
        with suppress(ValueError):
            datetime.fromisoformat(constant)
            yield "time"
    else:
        yield from ("boolean",) if isinstance(constant, bool) else ("integer", "number")
