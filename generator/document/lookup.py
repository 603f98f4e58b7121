"""Finding what references lead to, in the document and in other files, before anything is bundled.

A reference is relative to the file in which it stands (RFC 3986, section 5.1); the source of `$ref` names that.
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
MAX_CHAIN = 20
"""How many references in a row are followed."""


class Address(NamedTuple):
    """The path of a file, None for the document's own, and the keys to a value in it."""

    path: Path | None
    keys: Keys

    def is_inside(self, address: Address) -> bool:
        """Whether the value at another address contains the value at this one."""
        return self.path == address.path and self.keys[: len(address.keys)] == address.keys


class Target(NamedTuple):
    """What a reference leads to: an address, and the value there."""

    address: Address
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
    _walked: dict[Address, Target | None] = field(default_factory=dict)
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
        """The target of a reference; where it has none, the reason why its file is not read, or "" if the file is."""
        name, _, fragment = holder["$ref"].strip().partition("#")
        path = self.target_file(holder)
        if isinstance(path, str):
            return path
        target = self._find_fragment(path, fragment)
        if target is None and path is not None and not name:
            target = self._find_fragment(None, fragment)
            if target is not None:
                message = f"{holder['$ref']} does not exist in this file; read as that of the main document"
                self.problems.warning("mended", holder.where("$ref"), message, "name the document's file before the #")
        return "" if target is None else target

    def follow(self, holder: Any) -> Any:
        """The value at the end of a chain of references; what is not a reference, or leads nowhere, is its own end."""
        value = holder
        for _ in range(MAX_CHAIN):
            target = self.locate(value) if is_reference(value) else ""
            if isinstance(target, str):
                return value
            value = target.value
        return holder

    def end_of_chain(self, holder: Object) -> Target | str:
        """The target of a reference, as `locate`; of a bare reference in another file the target of that."""
        target = self.locate(holder)
        for _ in range(MAX_CHAIN):
            if isinstance(target, str) or target.address.path is None or not is_reference(target.value):
                break
            further = self.locate(target.value) if len(target.value) == 1 else ""
            if isinstance(further, str):
                break
            target = further
        return target

    def target_at(self, address: Address) -> Target | None:
        """The value at an address, and where it really stands: references on the way are followed. None if nowhere."""
        if address not in self._walked:
            self._walked[address] = None  # a chain that comes back to this address leads nowhere
            self._walked[address] = self._walk(address)
        return self._walked[address]

    def address_of(self, holder: Object) -> Address:
        """The address of a reference itself."""
        return Address(self.file_of(holder), split(holder.where("$ref").pointer)[:-1])

    def file_of(self, holder: Object) -> Path | None:
        """The file in which a reference stands, None for the document's own, to which its overlay belongs."""
        return self._document_as_none(self.files.path_of(holder.mark("$ref").file)) if self.files else None

    def target_file(self, holder: Object) -> Path | str | None:
        """The file that a reference names, None for the document's own; or the reason why it is not read."""
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

    def _find_fragment(self, path: Path | None, fragment: str) -> Target | None:
        """The target of a fragment in a file."""
        if path not in self._anchors and fragment[:1] not in ("", "/"):
            self._anchors[path] = dict(anchors_in(self.root(path)))
        for keys in possible_keys(fragment, self._anchors.get(path, {})):
            if path is None and keys and keys[0] in self._sections:
                keys = ("components", self._sections[keys[0]], *keys[1:])
            target = self.target_at(Address(path, keys))
            if target is not None:
                return target
        return None

    def _walk(self, address: Address) -> Target | None:
        here, value = Address(address.path, ()), self.root(address.path)
        for key in address.keys:
            try:
                child = step(value, key)
            except LookupError:
                referred = self.locate(value) if is_reference(value) else ""
                if isinstance(referred, str):
                    return None
                target = self.target_at(Address(referred.address.path, (*referred.address.keys, key)))
                if target is None:
                    return None
                here, value = target
            else:
                here, value = Address(here.path, (*here.keys, key)), child
        return None if value is None else Target(here, value)


def is_reference(value: Any) -> TypeGuard[Object]:
    """Whether a value is a reference: a mapping whose `$ref` is text."""
    return isinstance(value, Object) and isinstance(value.get("$ref"), str)


def possible_keys(fragment: str, anchors: Mapping[str, Keys]) -> Iterator[Keys]:
    """The keys that a fragment may stand for, the likeliest first: as written, decoded, a slash too few or too many."""
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
