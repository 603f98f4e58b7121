"""The references of a document, recorded while its objects are repaired: `bundle.py` then rewrites them.

A reference is recorded as the mapping that holds `$ref`, whose text then changes in place: nothing has read it before.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from ..document.files import Files
from ..document.pointer import find, reference_to, split_fragment
from ..document.problems import Problems
from ..document.tree import Object
from .components import section_of

Keys = tuple[str, ...]
"""The keys of a JSON Pointer, unescaped."""


class Part(NamedTuple):
    """A value of another file, and the type of object as which it is referred to."""

    path: Path
    keys: Keys
    type: str


@dataclass(frozen=True, slots=True)
class Section:
    """A mapping of another file; `root` is the whole of that file."""

    path: Path
    keys: Keys
    root: Object
    value: Object


@dataclass(frozen=True, slots=True)
class References:
    """The references of one document, and the parts of other files to which they lead."""

    problems: Problems
    files: Files | None
    local: list[tuple[Object, str]] = field(default_factory=list)
    """References to this document, and the types of object that they stand for."""
    external: dict[Part, list[Object]] = field(default_factory=dict)
    """References to other files."""
    parts: dict[Part, Any] = field(default_factory=dict)
    """The repaired parts of other files; None for one that is not there."""
    in_sections: dict[int, Part] = field(default_factory=dict)
    """By identity, the parts that came with a whole section, and so have names already."""
    _paths: dict[int, Path] = field(default_factory=dict)

    def record(self, holder: Object, type_: str, root: Object) -> None:
        """Record that `holder`, in the file with this root, refers to an object of a type."""
        reference = holder["$ref"]
        if not isinstance(reference, str):
            return
        name, _, fragment = reference.partition("#")
        path = self._find(root, name)
        if isinstance(path, Path):
            self.external.setdefault(Part(path, split_fragment(fragment), type_), []).append(holder)
            return
        if isinstance(path, str) and not self._read_as_name(holder, root):
            hint = "bundle the files into one document, or replace the reference by an overlay action"
            message = f"{reference} is not read: {path}"
            self.problems.error("external-reference", holder.where("$ref"), message, hint)
            holder["$ref"] = ""
            return
        if path is None and name:
            holder["$ref"] = f"#{fragment}"
        self.local.append((holder, type_))

    def section(self, holder: Object, root: Object) -> Section | None:
        """The mapping of another file to which `holder` refers; None when it cannot be read, which is reported."""
        reference, source = holder["$ref"], holder.where("$ref")
        name, _, fragment = reference.partition("#")
        path = self._find(root, name) if name else None
        if not isinstance(path, Path):
            message = f"{reference} is not read: {path or 'it leads into this document'}"
            self.problems.error("external-reference", source, message)
            return None
        file, keys = self.read(path), split_fragment(fragment)
        value = find(file, keys)
        if file is None or not isinstance(value, Object) or "$ref" in value:
            self.problems.error("dangling-reference", source, f"{reference} does not exist, or is not a mapping")
            return None
        return Section(path, keys, file, value)

    def record_section(self, section: Section, values: Object, type_: str) -> None:
        """Record the repaired values of a section: references to them then lead to this document."""
        for name, value in values.items():
            if isinstance(value, Object) and "$ref" not in value:
                part = Part(section.path, (*section.keys, name), type_)
                self.in_sections[id(value)] = part
                self.parts[part] = value

    def read(self, path: Path) -> Object | None:
        """The document in another file; None when it cannot be read, which is reported."""
        assert self.files is not None
        root = self.files.read(path, self.problems)
        if root is not None:
            self._paths[id(root)] = path
        return root

    def dangling(self, holder: Object) -> None:
        """Report a reference that leads nowhere; later stages pass over it."""
        self.problems.error("dangling-reference", holder.where("$ref"), f"{holder['$ref']} does not exist")
        holder["$ref"] = ""

    def _find(self, root: Object, name: str) -> Path | str | None:
        """The file that a reference in the file with this root names: None is the document; text says why it is not
        read."""
        if self.files is None:
            return "it is outside this document" if name else None
        base = self._paths.get(id(root), self.files.path)
        path = self.files.find(base, name) if name else base
        return None if path == self.files.path else path

    def _read_as_name(self, holder: Object, root: Object) -> bool:
        """Whether the reference is just the name of a schema; it then refers to that."""
        name = holder["$ref"]
        if name not in section_of(root, "schemas"):
            return False
        holder["$ref"] = reference_to("components", "schemas", name)
        message = f"$ref: {name!r} is read as {holder['$ref']}"
        self.problems.warning("mended", holder.where("$ref"), message)
        return True
