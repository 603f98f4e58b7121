"""The references of a document, recorded while its objects are repaired: `bundle.py` then rewrites them.

A reference is recorded as the mapping that holds `$ref`, whose text then changes in place: nothing has read it before.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from ..document.lookup import Address, Keys, Lookup, Target
from ..document.pointer import reference_to, split_fragment
from ..document.problems import Problem, Problems, ProblemsFound, Source
from ..document.tree import Array, Object
from .fields import INSTEAD, SCHEMA, shape_at

MAX_VALUES = 3_000_000
"""Values that replace references, all together; the biggest published documents have some 100,000."""
MAX_REPAIRED = 500_000
"""Values that replace references where OpenAPI allows none: each is repaired anew."""


class Part(NamedTuple):
    """A value that becomes a component: its address, and the type of object for which references take it."""

    path: Path | None
    keys: Keys
    type: str


@dataclass(slots=True)
class Limit:
    """Counts the values that replace references: a short document can mean billions of them."""

    maximum: int
    count: int = 0
    sizes: dict[int, int] = field(default_factory=dict)
    """The number of values in an object, by its identity."""

    def add(self, value: Any, source: Source) -> None:
        """Count the values in `value`. Raises ProblemsFound when all together are too many."""
        if id(value) not in self.sizes:
            self.sizes[id(value)] = _size(value)
        self.count += self.sizes[id(value)]
        if self.count > self.maximum:
            message = f"references to parameters, responses and the like expand to more than {self.maximum:,} values"
            hint = "name the schemas in them under components.schemas, and refer to those"
            line = Source(source.file, "", source.line)  # no single operation is to blame
            raise ProblemsFound([Problem("too-large", line, message, hint)])


def _size(value: Any) -> int:
    size, waiting = 0, [value]
    while waiting:
        child = waiting.pop()
        size += 1
        if isinstance(child, (Object, Array)):
            waiting += child.values() if isinstance(child, Object) else child
    return size


@dataclass(slots=True)
class References:
    """The references of one document, and the parts of other files to which they lead."""

    problems: Problems
    lookup: Lookup
    recorded: list[tuple[Object, str]] = field(default_factory=list)
    """References, and the types of object that they stand for."""
    mapping_values: list[tuple[Object, str, Object]] = field(default_factory=list)
    """The mappings of discriminators, their keys, and their values as references."""
    replaced: dict[Address, Keys] = field(default_factory=dict)
    """The addresses of values that replace references, and the keys in the document where each of them first does."""
    _being_replaced: list[Address] = field(default_factory=list)
    _limit: Limit = field(default_factory=lambda: Limit(MAX_REPAIRED))

    def record(self, holder: Object, type_: str) -> None:
        """Record that `holder` refers to an object of a type."""
        if not isinstance(holder["$ref"], str):
            return
        if not holder["$ref"].strip():
            self.report_dangling(holder, INSTEAD.get(type_, ""))
            return
        self.recorded.append((holder, type_))

    def record_mapping_value(self, mapping: Object, key: str, holder: Object) -> None:
        """Record a value of a discriminator's mapping, given as a reference in `holder`, if it leads to a schema."""
        keys = self.keys_of_named_schema(holder)
        if keys is not None:
            mapping[key] = reference_to(*keys)
        elif "/" in holder["$ref"] or "." in holder["$ref"] or "#" in holder["$ref"]:
            target = self.lookup.locate(holder)
            if isinstance(target, Target) and isinstance(target.value, Object) and _may_be_schema(target.address):
                self.recorded.append((holder, SCHEMA))
                self.mapping_values.append((mapping, key, holder))

    @contextmanager
    def replacement(self, holder: Object, instead: str, *, is_mistake: bool = True) -> Iterator[Any]:
        """Give a block what replaces a reference; None where that cannot be read, which is reported.

        `instead` says what is read then. A replacement where OpenAPI allows no reference `is_mistake`. While the block
        repairs the value, a reference in it that leads back to it is circular.
        """
        target, source = self.lookup.locate(holder), holder.where("$ref")
        if isinstance(target, str):
            self.report_unreadable(holder.derive(holder), target, instead)
            yield None
        elif target.address in self._being_replaced or self.lookup.address_of(holder).is_inside(target.address):
            message = f"{holder['$ref']} refers to itself"
            self.problems.loss("circular-reference", source, message, instead)
            yield None
        else:
            message = "OpenAPI allows no reference here; what it leads to is read in its place"
            if is_mistake:
                self.problems.warning("mended", source, message, "write it out, or refer to a whole object")
            keys = self.keys_in_document(self.lookup.address_of(holder))
            if keys is not None:
                self.replaced.setdefault(target.address, keys)
            self._limit.add(target.value, source)
            self._being_replaced.append(target.address)
            try:
                yield _with_siblings(holder, target.value)
            finally:
                self._being_replaced.pop()

    def keys_in_document(self, address: Address) -> Keys | None:
        """The keys in the document of the value at an address; None for one that stands in another file alone."""
        if address.path is None:
            return address.keys
        for length in range(len(address.keys), -1, -1):
            start = self.replaced.get(Address(address.path, address.keys[:length]))
            if start is not None:
                return (*start, *address.keys[length:])
        return None

    def part_at(self, holder: Object, type_: str) -> Part | None:
        """The part to which a reference leads: a value in another file, or one where OpenAPI has no fields.

        None where it leads to another value of the document, to which it is rewritten, or nowhere, which is reported.
        """
        reference, target = holder["$ref"], self.lookup.end_of_chain(holder)
        if isinstance(target, str):
            self._reinterpret(holder, target, INSTEAD.get(type_, ""))
            return None
        keys = self.keys_in_document(target.address)
        if keys is None or shape_at(keys) is None or self.lookup.target_at(Address(None, keys)) is None:
            return Part(*target.address, type_)
        if not reference.startswith("#") or keys != split_fragment(reference[1:].strip()):
            holder["$ref"] = reference_to(*keys)
        return None

    def report_dangling(self, holder: Object, instead: str, message: str = "") -> None:
        """Report a reference that leads nowhere, and what is read `instead`; later stages pass over it."""
        missing = f"{holder['$ref']} does not exist" if holder["$ref"].strip() else "the reference is empty"
        self.problems.loss("dangling-reference", holder.where("$ref"), message or missing, instead)
        holder["$ref"] = ""

    def report_unreadable(self, holder: Object, reason: str, instead: str) -> None:
        """Report a reference to a file that is not read, or to nothing in it, and what is read `instead`."""
        if not reason:
            self.report_dangling(holder, instead)
            return
        hint = "bundle the files into one document, or replace the reference by an overlay action"
        if "leads out of" in reason:
            hint = f"--root DIR allows references up to a wider folder; or {hint}"
        message = f"{holder['$ref']} is not read: {reason}"
        self.problems.loss("external-reference", holder.where("$ref"), message, instead, hint)
        holder["$ref"] = ""

    def _reinterpret(self, holder: Object, reason: str, instead: str) -> None:
        """Rewrite a reference that leads nowhere as written to one in the document, if it can mean that; else report
        what is read `instead`."""
        name, _, fragment = holder["$ref"].partition("#")
        keys = self.keys_of_named_schema(holder)
        if keys is not None:
            message = f"$ref: {holder['$ref']!r} is read as {reference_to(*keys)}"
            self.problems.warning("mended", holder.where("$ref"), message)
            holder["$ref"] = reference_to(*keys)
        elif reason or self.lookup.target_file(holder) is not None:
            self.report_unreadable(holder, reason, instead)
        elif name:
            holder["$ref"] = f"#{fragment}"

    def keys_of_named_schema(self, holder: Object) -> Keys | None:
        """The keys of the schema that a reference names without a path; None where it is not such a name."""
        name, path = holder["$ref"], self.lookup.file_of(holder)
        if name not in section_of(self.lookup.root(path), "schemas"):
            return None
        return self.keys_in_document(Address(path, ("components", "schemas", name)))


def _may_be_schema(address: Address) -> bool:
    """Whether the value at an address may be a schema: in the document it must not be another object of OpenAPI."""
    return address.path is not None or shape_at(address.keys) in (SCHEMA, None)


def _with_siblings(holder: Object, target: Any) -> Any:
    """A value with the keys that stand beside the reference to it, which take precedence."""
    if not isinstance(target, Object) or len(holder) == 1:
        return target
    marks = {key: mark for key, mark in holder.marks.items() if key != "$ref"}  # a chain goes on in the target's file
    return Object({**target, **holder.without("$ref")}, target.source, target.marks | marks)


def section_of(document: Any, section: str) -> Object:
    """A section of `components`; an empty one when there is none."""
    components = document.get("components") if isinstance(document, Object) else None
    values = components.get(section) if isinstance(components, Object) else None
    return values if isinstance(values, Object) else Object()
