"""Expressions of an adapter: what they read from the provider's models, and what they import."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field
from typing import Any

from ...interpreter.fast_dataclasses import dataclass
from ...ir.model import Field
from ...ir.types import ListOf
from ...python.quoting import Code, literal, name
from ..converters import CONVERTERS, Converter
from ..mapping import BASE_URL, RUN_ID, ChosenItem, FieldMapping, FieldPath, Items, RefPart, UrlTemplate

CORE = "workflow_client_core"
_USABLE_SERVER = re.compile(r"https?://[A-Za-z0-9._~%!$&'()*+,;=:@/\[\]-]+")
"""An absolute URL (RFC 3986) without places for callers to fill, such as `<your-instance>`."""
_RESERVED = {"native", "ref", "notes", "state", "at", "key", "item", "models", "tuple"}
_RESERVED |= {"given", "plain", "utc", "texts", "first", "agreeing", "or_else", "unless", "unless_empty"}
_RESERVED |= {"presence", "present", "filled", "word", "words", "identifier", "is_present", "status_word"}
_RESERVED |= {"run_id", "parent_id", "other_run", "reference_to", "with_deadline"}
_RESERVED |= {converter.function for converter in CONVERTERS.values()}
_IDENTIFIERS = {"id", "workflow_id"}
"""The unified fields that say which run a response is about."""
_Object = tuple[ChosenItem | None, tuple[Field, ...]]
"""An object on the way to a value: the fields that lead there from the root, or from an item; without fields, the item
itself."""


@dataclass(frozen=True)
class Imports:
    """Collects what an adapter imports and which items it chooses, while its expressions are made."""

    names: dict[str, set[str]] = field(default_factory=dict)
    """By module of `workflow_runs`; and by that of the core."""
    chosen: dict[ChosenItem, Code] = field(default_factory=dict)
    """The names of the functions that say whether an item is the chosen one."""

    def use(self, module: str, imported: str) -> Code:
        """A name that is imported from a module."""
        self.names.setdefault(module, set()).add(imported)
        return name(imported)

    def value(self, function: str) -> Code:
        """A converter."""
        return self.use("_reading.values", function)

    def model(self, class_name: str) -> Code:
        """A class of the unified model."""
        return self.use("_form.models", class_name)

    def choice(self, item: ChosenItem) -> Code:
        """The function that says whether an item is the chosen one."""
        if item not in self.chosen:
            names = ["is_chosen_of", *(item_field.name for item_field in item.path.fields)]
            used = {function.removeprefix("_") for function in self.chosen.values()}
            self.chosen[item] = name(f"_{_free_name(names, used)}")
        return self.chosen[item]

    def lines(self) -> dict[str, Any]:
        """What the template prints: the names from the core, and for each module of `workflow_runs` those from it."""
        modules = {module: _listed(names) for module, names in sorted(self.names.items())}
        core = modules.pop(CORE, Code(""))
        return {"core_imports": core, "imports": [(Code(module), names) for module, names in modules.items()]}


def _listed(names: Iterable[str]) -> Code:
    """Names as isort has them: constants, classes, functions."""
    in_order = sorted(names, key=lambda n: (0 if n.isupper() else 1 if n[:1].isupper() else 2, n))
    return Code(", ".join(map(name, in_order)))


@dataclass(frozen=True)
class Scope:
    """A function of an adapter: the objects on the way to the values that it reads are its local names."""

    imports: Imports
    locals: dict[_Object, Code]
    target: str = ""
    """The unified list whose items the function makes, taking the pointer of its item as `at`; "" for a whole run."""
    root: str = "native"
    """The name of the object that it reads."""
    pointers: set[ChosenItem] = field(default_factory=set)
    """The items whose pointers are used."""

    @classmethod
    def of(
        cls,
        paths: Iterable[FieldPath],
        imports: Imports,
        *,
        target: str = "",
        root: str = "native",
        reserved: Iterable[str] = (),
    ) -> Scope:
        """The scope of a function that reads the values at `paths`; its own arguments may be `reserved` names."""
        locals_: dict[_Object, Code] = {}
        for path in paths:
            for object_ in _objects(path):
                if object_ not in locals_:
                    used = {*locals_.values(), *map(_pointer_name, locals_.values())}
                    locals_[object_] = _free_name(_names(*object_), {*_RESERVED, *reserved, *used})
        return cls(imports, locals_, target, root)

    def definitions(self) -> Iterator[Code]:
        """The lines that define the local names, outer objects first; to be called after all values are made."""
        for (item, fields), local in self.locals.items():
            if item and not fields:
                last = ", last=True" if item.is_last else ""
                arguments = f"{self.pointer(item.path)}, {self.leaf(item.path)}, {self.imports.choice(item)}{last}"
                pointer = _pointer_name(local) if item in self.pointers else "_"
                yield Code(f"{pointer}, {local} = notes.choose({arguments})")
            else:
                yield Code(f"{local} = {self.imports.value('given')}({self._attribute(item, fields)})")

    def leaf(self, path: FieldPath) -> str:
        """The value at a path, or None or UNSET; None for values that mean nothing."""
        leaf = self._attribute(path.item, path.fields)
        if path.nothing:
            leaf = f"{self.imports.value('unless')}({leaf}, {', '.join(map(literal, path.nothing))})"
        return f"{self.imports.value('presence')}({leaf})" if path.presence else leaf

    def leaves(self, paths: Iterable[FieldPath]) -> str:
        """The values at several paths, as arguments."""
        return ", ".join(map(self.leaf, paths))

    def _attribute(self, item: ChosenItem | None, fields: tuple[Field, ...]) -> str:
        attribute = name(fields[-1].name)
        if len(fields) == 1 and item is None:
            return f"{name(self.root)}.{attribute}"
        holder = self.locals[item, fields[:-1]]
        return f"{holder}.{attribute} if {holder} else None"

    def value(self, mapping: FieldMapping) -> str:
        """The value of a unified field."""
        if mapping.is_key:
            return "key"
        if mapping.template:
            return _url(mapping.template, self.imports)
        converters = mapping.converters or ((),) * len(mapping.paths)
        values = ", ".join(self._converted(mapping, *pair) for pair in zip(mapping.paths, converters, strict=True))
        if mapping.default and mapping.default.part and mapping.target in _IDENTIFIERS and not self.target:
            return self.identifier(mapping.default.part, mapping.paths, values)
        if mapping.agree:
            pointers = ", ".join(map(self.pointer, mapping.paths))
            values = f"{self.imports.value('agreeing')}(({pointers}), notes, {values})"
        elif len(mapping.paths) > 1:
            values = f"{self.imports.value('first')}({values})"
        if mapping.default is None:
            return f"{values} or ()" if isinstance(mapping.field.type, ListOf) and not mapping.each else values
        default = part(mapping.default.part) if mapping.default.part else literal(mapping.default.constant)
        return f"{self.imports.value('or_else')}({values}, {default})"

    def identifier(self, part_name: str, paths: Sequence[FieldPath], values: str) -> str:
        """What the response has at some paths of a part of the reference, with which it is compared."""
        pointers = ", ".join(map(self.pointer, paths))
        pointers += "," if len(paths) == 1 else ""
        function = self.imports.use("_reading.identifiers", "identifier")
        return f"{function}({part(part_name)}, ({pointers}), notes, {values})"

    def _converted(self, mapping: FieldMapping, path: FieldPath, converters: tuple[Converter, ...]) -> str:
        value = self.leaf(path)
        if mapping.words:
            return f"{word_table(mapping.target, self.target)}.read({value}, {self.pointer(path)}, notes)"
        for converter in converters:
            if converter.function != "given" or not path.nothing:
                notes = f", {self.pointer(path)}, notes" if converter.notes else ""
                value = f"{self.imports.value(converter.function)}({value}{notes})"
        return value

    def pointer(self, path: FieldPath) -> str:
        """The pointer to a value in the response."""
        pointer = literal(path.pointer_in_item)
        if path.item:
            self.pointers.add(path.item)
            return f"{_pointer_name(self.locals[path.item, ()])} + {pointer}"
        return f"at + {pointer}" if self.target else pointer

    def items(self, items: Items, call: str, *, with_key: bool = False) -> str:
        """What a function gives for each of several items; `call` is its call with the names `item`, `at` and `key`."""
        loops, pointer, value = [], self.pointer(items.path), self.leaf(items.path)
        for depth, kind in enumerate(items.kinds, 1):
            is_innermost = depth == len(items.kinds)
            at, item = ("at", "item") if is_innermost else (f"at_{depth}", f"item_{depth}")
            if kind == "list":
                loops.append(f"for {at}, {item} in notes.items({pointer}, {value})")
            else:
                key = "key" if with_key and "map" not in items.kinds[depth:] else "_"
                loops.append(f"for {at}, {key}, {item} in notes.entries({pointer}, {value})")
            pointer, value = at, item
        return f"{call} {' '.join(loops)}"


def _objects(path: FieldPath) -> Iterator[_Object]:
    """The objects on the way to a value, outer ones first."""
    if path.item:
        yield from _objects(path.item.path)
        yield path.item, ()
    yield from ((path.item, path.fields[:depth]) for depth in range(1, len(path.fields)))


def _names(item: ChosenItem | None, fields: tuple[Field, ...]) -> list[str]:
    """The names of which that of a local is made."""
    outer = [*(f.name for f in item.path.fields), "item"] if item else []
    return [*outer, *(f.name for f in fields)]


def _pointer_name(local: str) -> Code:
    """The local name that holds the pointer to a chosen item."""
    return name(f"{local}_at")


def _free_name(names: list[str], used: set[Any]) -> Code:
    local = "_".join(part.strip("_") for part in names)
    while local in used or keyword.iskeyword(local):
        local += "_"
    return name(local)


def part(part_name: str) -> str:
    """A part of the reference that is always there."""
    return "ref.run_id" if part_name == RUN_ID else f"ref.parts[{literal(part_name)}]"


def _url(template: UrlTemplate, imports: Imports) -> str:
    """The URL of a template; None where a part of the reference is missing that may be left out."""
    text = re.sub("{[^{}]*}", "{}", template.text.removeprefix(f"{{{BASE_URL}}}"))
    parts = [_possible_part(part) for part in template.parts if part.name != BASE_URL]
    server = f" or {literal(template.server)}" if _USABLE_SERVER.fullmatch(template.server) else ""
    base = [f"base=ref.base_url{server}"] if len(parts) < len(template.parts) else []
    return f"{imports.use('_refs.parts', 'url')}({', '.join([literal(text), *parts, *base])})"


def _possible_part(part_: RefPart) -> str:
    return part(part_.name) if part_.location == "path" else f"ref.parts.get({literal(part_.name)})"


def list_function(target: str) -> Code:
    """The name of the function that makes an item of a unified list."""
    return name(f"_{target.replace('.', '_')}")


def word_table(target: str, list_target: str = "") -> Code:
    """The constant that holds the words of a unified field: `TRIGGER_KIND_WORDS`."""
    names = [*list_target.split("."), *target.split(".")] if list_target else target.split(".")
    return name("_".join([*(n.upper() for n in names), "WORDS"]))
