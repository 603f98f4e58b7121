"""What a reference leads to, also in other files, as these have it.

A reference is relative to the file in which it stands (RFC 3986, section 5.1); the source of `$ref` says which one that
is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, TypeGuard

from .files import Files
from .pointer import split, split_fragment, step
from .problems import Problems
from .tree import Array, Object

Keys = tuple[str, ...]
"""The keys of a JSON Pointer, unescaped."""
CHAIN = 20
"""References that can lead to one another."""


class Place(NamedTuple):
    """A place in a file; the path None stands for the document's own file."""

    path: Path | None
    keys: Keys


class Target(NamedTuple):
    """What a reference leads to: a place, and the value there."""

    place: Place
    value: Any


@dataclass(slots=True)
class Lookup:
    """Finds what references lead to, in a document and in the files around it."""

    document: Object
    files: Files | None
    problems: Problems
    _sections: Mapping[str, str] = field(default_factory=dict)
    """Root fields of the document that became sections of its components, and what these are called."""
    _convert: Callable[[Any], Any] | None = None
    """Converts the values of other files."""
    _converted: dict[Path, Any] = field(default_factory=dict)
    _walked: dict[Place, Target | None] = field(default_factory=dict)
    _anchors: dict[Path | None, Mapping[str, Keys]] = field(default_factory=dict)

    def read_swagger(self, document: Object, sections: Mapping[str, str], convert: Callable[[Any], Any]) -> None:
        """Look up references in a document of Swagger 2.0 with the keywords of OpenAPI 3, and convert other files.

        `sections` are the root fields that become sections of `components`.
        """
        self._sections, self._convert = sections, convert
        components = {name: document[key] for key, name in sections.items() if key in document}
        self.use(document.derive({**document, "components": Object(components, document.source)}))

    def use(self, document: Object) -> None:
        """Look up references in another version of the document."""
        self.document = document
        self._walked.clear()

    def locate(self, holder: Object) -> Target | str:
        """What a reference leads to; text where that is nothing: why its file is not read, or ""."""
        name, _, fragment = holder["$ref"].strip().partition("#")
        path = self.target_file(holder)
        if isinstance(path, str):
            return path
        target = self._at(path, fragment)
        if target is None and path is not None and not name:
            target = self._at(None, fragment)
            if target is not None:
                message = "this file does not have what the reference leads to; read as that of the main document"
                self.problems.warning("mended", holder.where("$ref"), message, "name the document's file before the #")
        return "" if target is None else target

    def follow(self, holder: Any) -> Any:
        """The value at the end of a chain of references; what is not a reference, or leads nowhere, is its own end."""
        value = holder
        for _ in range(CHAIN):
            target = self.locate(value) if is_reference(value) else ""
            if isinstance(target, str):
                return value
            value = target.value
        return holder

    def end_of_chain(self, holder: Object) -> Target | str:
        """What a reference leads to, as `locate`; in other files a reference alone leads on."""
        target = self.locate(holder)
        for _ in range(CHAIN):
            if isinstance(target, str) or target.place.path is None or not is_reference(target.value):
                break
            further = self.locate(target.value) if len(target.value) == 1 else ""
            if isinstance(further, str):
                break
            target = further
        return target

    def at(self, place: Place) -> Target | None:
        """The value of a place; None when there is none. References on the way are followed, also to other files."""
        if place not in self._walked:
            self._walked[place] = None  # a chain that comes back to this place leads nowhere
            self._walked[place] = self._walk(place)
        return self._walked[place]

    def place_of(self, holder: Object) -> Place:
        """The place of a reference itself."""
        return Place(self.file_of(holder), split(holder.where("$ref").pointer)[:-1])

    def file_of(self, holder: Object) -> Path | None:
        """The file in which a reference stands; overlays belong to the document."""
        return self._document_as_none(self.files.path_of(holder.mark("$ref").file)) if self.files else None

    def target_file(self, holder: Object) -> Path | str | None:
        """The file in which a reference leads somewhere; text says why it is not read."""
        name, base = holder["$ref"].strip().partition("#")[0], self.file_of(holder)
        if not name:
            return base
        if self.files is None:
            return "it is outside this document"
        path = self.files.find(base or self.files.path, name)
        return path if isinstance(path, str) else self._document_as_none(path)

    def root(self, path: Path | None) -> Any:
        """The value in a file; None when it cannot be read, which is reported."""
        if path is None:
            return self.document
        assert self.files is not None
        root = self.files.read(path, self.problems)
        if self._convert is None:
            return root
        if path not in self._converted:
            self._converted[path] = self._convert(root)
        return self._converted[path]

    def name_of_file(self, path: Path | None) -> str:
        """The name of a file as seen from the document's folder; "" for the document's own."""
        return "" if path is None or self.files is None else self.files.relative(path)

    def _document_as_none(self, path: Path) -> Path | None:
        return None if self.files is None or path == self.files.path else path

    def _at(self, path: Path | None, fragment: str) -> Target | None:
        """What a fragment means in a file."""
        if path not in self._anchors and fragment[:1] not in ("", "/"):
            self._anchors[path] = dict(anchors_in(self.root(path)))
        for keys in meanings(fragment, self._anchors.get(path, {})):
            if path is None and keys and keys[0] in self._sections:
                keys = ("components", self._sections[keys[0]], *keys[1:])
            target = self.at(Place(path, keys))
            if target is not None:
                return target
        return None

    def _walk(self, place: Place) -> Target | None:
        here, value = Place(place.path, ()), self.root(place.path)
        for key in place.keys:
            try:
                child = step(value, key)
            except LookupError:
                holder = self.locate(value) if is_reference(value) else ""
                target = "" if isinstance(holder, str) else self.at(Place(holder.place.path, (*holder.place.keys, key)))
                if not isinstance(target, Target):
                    return None
                here, value = target
            else:
                here, value = Place(here.path, (*here.keys, key)), child
        return None if value is None else Target(here, value)


def is_reference(value: Any) -> TypeGuard[Object]:
    """Whether a value is a mapping with the text `$ref`."""
    return isinstance(value, Object) and isinstance(value.get("$ref"), str)


def meanings(fragment: str, anchors: Mapping[str, Keys]) -> Iterator[Keys]:
    """What a fragment may mean, the likeliest first: as written, decoded, or with a slash too few or too many."""
    if not fragment.startswith("/"):
        if fragment in anchors:
            yield anchors[fragment]
        yield split_fragment(f"/{fragment}") if fragment else ()
        return
    as_written, decoded = split(fragment), split_fragment(fragment)
    yield as_written
    if decoded != as_written:
        yield decoded
    if fragment == "/":
        yield ()


def anchors_in(value: object, keys: Keys = ()) -> Iterator[tuple[str, Keys]]:
    """The anchors of JSON Schema 2020-12 (section 8.2.2) in a document, and their keys."""
    if isinstance(value, Object):
        if isinstance(value.get("$anchor"), str):
            yield value["$anchor"], keys
        for key, child in value.items():
            yield from anchors_in(child, (*keys, key))
    elif isinstance(value, Array):
        for index, child in enumerate(value):
            yield from anchors_in(child, (*keys, str(index)))
