"""The references of a document, recorded while its objects are repaired: `bundle.py` then rewrites them.

A reference is recorded as the mapping that holds `$ref`, whose text then changes in place: nothing has read it before.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from ..document.lookup import Keys, Lookup, Place, Target
from ..document.pointer import reference_to, split_fragment
from ..document.problems import Problem, Problems, ProblemsFound, Source
from ..document.tree import Array, Object
from .fields import INSTEAD, SCHEMA, shape_at

MAX_VALUES = 3_000_000
"""Values that replace references, all together; the biggest published documents have some 100,000."""
MAX_REPAIRED = 500_000
"""Values that replace references where OpenAPI allows none: each is repaired anew."""


class Part(NamedTuple):
    """A value that becomes a component: its place, and the type of object as which it is referred to."""

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
    replaced: dict[Place, Keys] = field(default_factory=dict)
    """Places whose values stand in the document in place of references, and where they stand there first."""
    _being_replaced: list[Place] = field(default_factory=list)
    _limit: Limit = field(default_factory=lambda: Limit(MAX_REPAIRED))

    def record(self, holder: Object, type_: str) -> None:
        """Record that `holder` refers to an object of a type."""
        if not isinstance(holder["$ref"], str):
            return
        if not holder["$ref"].strip():
            self.dangling(holder, INSTEAD.get(type_, ""))
            return
        self.recorded.append((holder, type_))

    def record_mapping_value(self, mapping: Object, key: str, holder: Object) -> None:
        """Record the value of a discriminator's mapping, as a reference, where it is one that leads to a schema."""
        keys = self.name_of_schema(holder)
        if keys is not None:
            mapping[key] = reference_to(*keys)
        elif "/" in holder["$ref"] or "." in holder["$ref"] or "#" in holder["$ref"]:
            target = self.lookup.locate(holder)
            if isinstance(target, Target) and isinstance(target.value, Object) and _may_be_schema(target.place):
                self.recorded.append((holder, SCHEMA))
                self.mapping_values.append((mapping, key, holder))

    @contextmanager
    def replacement(self, holder: Object, instead: str, *, is_mistake: bool = True) -> Iterator[Any]:
        """What replaces a reference, a mistake where OpenAPI allows none; None where there is nothing: an error.

        `instead` says what is read then.

        The block repairs it; what is referred to there in this way, again and again, is an error.
        """
        target, source = self.lookup.locate(holder), holder.where("$ref")
        if isinstance(target, str):
            self.unreadable(holder.derive(holder), target, instead)
            yield None
        elif target.place in self._being_replaced:
            message = f"{holder['$ref']} refers to itself"
            self.problems.loss("circular-reference", source, message, instead)
            yield None
        else:
            message = "OpenAPI allows no reference here; what it leads to is read in its place"
            if is_mistake:
                self.problems.warning("mended", source, message, "write it out, or refer to a whole object")
            keys = self.keys_in_document(self.lookup.place_of(holder))
            if keys is not None:
                self.replaced.setdefault(target.place, keys)
            self._limit.add(target.value, source)
            self._being_replaced.append(target.place)
            try:
                yield _with_siblings(holder, target.value)
            finally:
                self._being_replaced.pop()

    def keys_in_document(self, place: Place) -> Keys | None:
        """Where the value of a place stands in the document; None for one in another file."""
        if place.path is None:
            return place.keys
        for length in range(len(place.keys), -1, -1):
            start = self.replaced.get(Place(place.path, place.keys[:length]))
            if start is not None:
                return (*start, *place.keys[length:])
        return None

    def part(self, holder: Object, type_: str) -> Part | None:
        """The part to which a reference leads: a place in another file, or one where OpenAPI has no fields.

        None where it leads to another place of the document, or nowhere, which is reported.
        """
        reference, target = holder["$ref"], self.lookup.end_of_chain(holder)
        if isinstance(target, str):
            self._read_otherwise(holder, target, INSTEAD.get(type_, ""))
            return None
        keys = self.keys_in_document(target.place)
        if keys is None or shape_at(keys) is None or self.lookup.at(Place(None, keys)) is None:
            return Part(*target.place, type_)
        if not reference.startswith("#") or keys != split_fragment(reference[1:].strip()):
            holder["$ref"] = reference_to(*keys)
        return None

    def dangling(self, holder: Object, instead: str, message: str = "") -> None:
        """Report a reference that leads nowhere, and what is read `instead`; later stages pass over it."""
        missing = f"{holder['$ref']} does not exist" if holder["$ref"].strip() else "the reference is empty"
        self.problems.loss("dangling-reference", holder.where("$ref"), message or missing, instead)
        holder["$ref"] = ""

    def unreadable(self, holder: Object, why: str, instead: str) -> None:
        """Report a reference to a file that is not read, or to nothing in it, and what is read `instead`."""
        if not why:
            self.dangling(holder, instead)
            return
        hint = "bundle the files into one document, or replace the reference by an overlay action"
        if "leads out of" in why:
            hint = f"--root DIR allows references up to a wider folder; or {hint}"
        message = f"{holder['$ref']} is not read: {why}"
        self.problems.loss("external-reference", holder.where("$ref"), message, instead, hint)
        holder["$ref"] = ""

    def _read_otherwise(self, holder: Object, why: str, instead: str) -> None:
        """Make a reference, which leads nowhere as it is written, one to the document, if it can mean that; else report
        what is read `instead`."""
        name, _, fragment = holder["$ref"].partition("#")
        keys = self.name_of_schema(holder)
        if keys is not None:
            message = f"$ref: {holder['$ref']!r} is read as {reference_to(*keys)}"
            self.problems.warning("mended", holder.where("$ref"), message)
            holder["$ref"] = reference_to(*keys)
        elif why or self.lookup.target_file(holder) is not None:
            self.unreadable(holder, why, instead)
        elif name:
            holder["$ref"] = f"#{fragment}"

    def name_of_schema(self, holder: Object) -> Keys | None:
        """The keys of the schema of which a reference is just the name; None where it is none."""
        name, path = holder["$ref"], self.lookup.file_of(holder)
        if name not in section_of(self.lookup.root(path), "schemas"):
            return None
        return self.keys_in_document(Place(path, ("components", "schemas", name)))


def _may_be_schema(place: Place) -> bool:
    """Whether a place is one in another file, or one of the document that is not another object of OpenAPI."""
    return place.path is not None or shape_at(place.keys) in (SCHEMA, None)


def _with_siblings(holder: Object, target: Any) -> Any:
    """A value with the keys that stand beside the reference to it; these win."""
    if not isinstance(target, Object) or len(holder) == 1:
        return target
    return Object({**target, **holder.without("$ref")}, target.source, target.marks | holder.marks)


def section_of(document: Any, section: str) -> Object:
    """A section of `components`; an empty one when there is none."""
    components = document.get("components") if isinstance(document, Object) else None
    values = components.get(section) if isinstance(components, Object) else None
    return values if isinstance(values, Object) else Object()
