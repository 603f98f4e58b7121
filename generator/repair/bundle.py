"""What references lead to gets a name in `components`: parts of other files, and schemas in odd places of this one.

References are text until everything is mended: `refer` records them, `settle` gives their targets names, in an order
that does not depend on where they stand, and writes the references anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..document.pointer import escape
from ..document.problems import Problems
from ..document.tree import Array, Object
from .fields import SCHEMA, SECTIONS
from .files import Files
from .pointers import Tokens, anchors, follow, name_of, pointer_to, reach, tokens_of, words_for

_Part = tuple[Path, Tokens, str]
"""A part of another file: the file, where it stands there, and its kind."""
MendPart = Callable[[Object, Any, str, Any], Any]
"""Mends a value of a kind that stands in a file with this root, at this place."""


@dataclass
class Targets:
    """The references of one document."""

    problems: Problems
    files: Files | None
    mend: MendPart
    _roots: dict[int, Path] = field(default_factory=dict)
    _local: list[tuple[Object, str]] = field(default_factory=list)
    _elsewhere: dict[_Part, list[Object]] = field(default_factory=dict)
    _parts: dict[_Part, Any] = field(default_factory=dict)
    _sections: dict[int, _Part] = field(default_factory=dict)

    def refer(self, value: Object, kind: str, root: Object) -> None:
        """Record a reference: `value` holds it, at a place for `kind`, in the file with this root."""
        ref = value["$ref"]
        if not isinstance(ref, str):
            return
        base = self._roots.get(id(root)) or (self.files.path if self.files else None)
        name, _, fragment = ref.partition("#")
        if self.files is None or base is None or (not name and base == self.files.path):
            self._local.append((value, kind))
            return
        path = self.files.find(base, name) if name else base
        if isinstance(path, str):
            if self._is_bare(ref, root):
                value["$ref"] = f"#/components/schemas/{escape(ref)}"
                message = f"$ref: {ref!r} is read as {value['$ref']}"
                self.problems.warning("mended", value.where("$ref"), message)
                self._local.append((value, kind))
                return
            hint = "bundle the files into one document, or replace the reference by an overlay action"
            self.problems.error("external-reference", value.where("$ref"), f"{ref} is not read: {path}", hint)
            value["$ref"] = ""
        elif path == self.files.path:
            value["$ref"] = f"#{fragment}"
            self._local.append((value, kind))
        else:
            self._elsewhere.setdefault((path, tokens_of(fragment), kind), []).append(value)

    def whole(self, value: Object, kind: str, root: Object) -> Object | None:
        """A section that stands in a file of its own (`paths: {$ref: paths.yaml}`), mended."""
        ref, where = value["$ref"], value.where("$ref")
        base = self._roots.get(id(root)) or (self.files.path if self.files else None)
        name, _, fragment = ref.partition("#")
        path = self.files.find(base, name) if self.files and base and name else "it leads into this document"
        if isinstance(path, str):
            self.problems.error("external-reference", where, f"{ref} is not read: {path}")
            return None
        other = self._root(path)
        found = follow(other, tokens_of(fragment)) if other is not None else None
        if not isinstance(found, Object) or "$ref" in found:
            self.problems.error("dangling-reference", where, f"{ref} does not exist, or is no mapping")
            return None
        assert other is not None
        parts = ((k, self.mend(other, v, kind, found.where(k))) for k, v in found.items() if not k.startswith("x-"))
        section = found.derive((k, v) for k, v in parts if v is not None)
        for name, part in section.items():
            key = (path, (*tokens_of(fragment), name), kind)
            if "$ref" not in part:
                self._sections[id(part)] = key
                self._parts[key] = part
        return section

    def settle(self, document: Object) -> Object:
        """The mended document with everything that is referred to in its `components`."""
        document = self._bundled(document)
        odd: dict[Tokens, list[Object]] = {}
        by_anchor = any(value["$ref"][:1] == "#" and value["$ref"][1:2] != "/" for value, _ in self._local)
        known = dict(anchors(document)) if by_anchor else {}
        for value, kind in self._local:
            tokens = self._inside(document, value, kind, known)
            if tokens is not None and not _is_plain(document, tokens, kind):
                odd.setdefault(tokens, []).append(value)
        taken = {name.lower() for name in _section(document, "schemas")}
        for tokens in sorted(odd):
            document = self._named(document, tokens, odd[tokens], taken)
        return document

    def _bundled(self, document: Object) -> Object:
        while pending := [key for key in self._elsewhere if key not in self._parts]:
            for path, tokens, kind in pending:
                other = self._root(path)
                found = follow(other, tokens) if other is not None else None
                place = found.source if isinstance(found, (Object, Array)) else None
                part = None
                if other is not None and found is not None:
                    part = self.mend(other, found, kind, place or other.source)
                self._parts[path, tokens, kind] = part
        names = self._components(document)
        wanted = {key: name_of(key[0], key[1]) for key in self._elsewhere if key not in names}
        for key in sorted(wanted, key=lambda key: (key[2], str(key[0]), key[1])):
            path, tokens, kind = key
            if self._parts[key] is None or kind not in SECTIONS:
                for value in self._elsewhere[key]:
                    self._dangling(value)
                continue
            taken = {other.lower() for other in _section(document, SECTIONS[kind])}
            taken |= {names[other].lower() for other in names if other[2] == kind}
            name, rivals = wanted[key], [k for k in wanted if k[2] == kind and wanted[k].lower() == wanted[key].lower()]
            whole = [k for k in rivals if not k[1]]  # a whole file has the best claim to its own name
            if name.lower() in taken or (rivals != [key] and whole != [key]):
                name = _free(f"{path.stem if tokens else path.parent.name} {name}", taken)
            names[key] = name
        for key, name in names.items():
            section = SECTIONS[key[2]]
            document = _with_parts(document, section, [(name, self._parts[key])])
            for value in self._elsewhere.get(key, ()):
                value["$ref"] = f"#/components/{section}/{escape(name)}"
        return document

    def _components(self, document: Object) -> dict[_Part, str]:
        """The parts of other files that components of the document are; those have their names already."""
        held = {id(value): key for key, values in self._elsewhere.items() for value in values}
        names: dict[_Part, str] = {}
        for kind, section in SECTIONS.items():
            for name, value in _section(document, section).items():
                key = held.get(id(value)) or self._sections.get(id(value))
                if key and key[2] == kind and key not in names and self._parts.get(key) is not None:
                    names[key] = name
        return names

    def _root(self, path: Path) -> Object | None:
        assert self.files is not None
        root = self.files.read(path, self.problems)
        if root is not None:
            self._roots[id(root)] = path
        return root

    def _inside(self, document: Object, value: Object, kind: str, known: Mapping[str, Tokens]) -> Tokens | None:
        """Where in the document a reference leads, with small slips in it mended; None when it leads nowhere."""
        ref, where = value["$ref"], value.where("$ref")
        if not ref:
            return None  # reported before
        if not ref.startswith("#"):
            if not self._is_bare(ref, document):
                hint = "bundle the files into one document, or replace the reference by an overlay action"
                self.problems.error("external-reference", where, f"{ref} is outside this document", hint)
                value["$ref"] = ""
                return None
            meant = ("components", "schemas", ref)
            self.problems.warning("mended", where, f"$ref: {ref!r} is read as {pointer_to(meant)}")
            value["$ref"] = pointer_to(meant)
            return meant
        spellings = (ref,) if ref == ref.strip() else (ref, ref.strip())
        for tokens in (t for spelling in spellings for t in _candidates(spelling[1:], value, known, kind)):
            if reach(document, tokens) is not None:
                if pointer_to(tokens) != ref:
                    if not _same(ref, tokens):
                        self.problems.warning("mended", where, f"$ref: {ref!r} is read as {pointer_to(tokens)}")
                    value["$ref"] = pointer_to(tokens)
                return tokens
        self._dangling(value)
        return None

    def _named(self, document: Object, tokens: Tokens, references: list[Object], taken: set[str]) -> Object:
        reached = reach(document, tokens)
        assert reached is not None
        holder, key, target = reached
        if not isinstance(target, Object):
            for value in references:
                self.problems.error("dangling-reference", value.where("$ref"), f"{value['$ref']} is no schema")
                value["$ref"] = ""
            return document
        schemas = _section(document, "schemas")
        if holder is schemas:
            name = key
        else:
            name = _free(words_for(document, tokens), taken)
            taken.add(name.lower())
            document = _with_parts(document, "schemas", [(name, target)])
            replaced = Object([("$ref", pointer_to(("components", "schemas", name)))], target.source)
            if isinstance(holder, Array):
                holder[int(key)] = replaced
            else:
                holder[key] = replaced
        for value in references:
            value["$ref"] = pointer_to(("components", "schemas", name))
        return document

    def _dangling(self, value: Object) -> None:
        if value["$ref"]:
            self.problems.error("dangling-reference", value.where("$ref"), f"{value['$ref']} does not exist")
        value["$ref"] = ""

    def _is_bare(self, ref: str, root: Object) -> bool:
        return ref in _section(root, "schemas")


def _same(ref: str, tokens: Tokens) -> bool:
    """Whether only the spelling differs: percent-encoding (RFC 6901, section 6), or an anchor's name."""
    return not ref.startswith("#/") or tokens_of(ref[1:]) == tokens


def _candidates(fragment: str, value: Object, known: Mapping[str, Tokens], kind: str) -> Iterable[Tokens]:
    """What a reference may mean, the likeliest first: as written, decoded, then by what authors mean by it."""
    if fragment.startswith("/"):
        yield tuple(token.replace("~1", "/").replace("~0", "~") for token in fragment.split("/")[1:])
    tokens = tokens_of(fragment)
    if fragment.startswith("/"):
        yield tokens
    elif fragment:
        if fragment in known:
            yield known[fragment]
        if "/" in fragment:  # `#components/schemas/Pet`
            yield tokens_of(f"/{fragment}")
    if kind == SCHEMA and len(tokens) == 2 and tokens[0] in ("definitions", "$defs"):
        here = tokens_of(value.source.pointer)
        for end in range(len(here), 0, -1):
            yield (*here[:end], *tokens)
        yield ("components", "schemas", tokens[1])


def _is_plain(document: Object, tokens: Tokens, kind: str) -> bool:
    if kind != SCHEMA:
        return True  # whatever is not a schema is put in place of the reference later on
    return len(tokens) == 3 and tokens[:2] == ("components", "schemas") and tokens[2] in _section(document, "schemas")


def _section(document: Object, section: str) -> Object:
    components = document.get("components")
    found = components.get(section) if isinstance(components, Object) else None
    return found if isinstance(found, Object) else Object()


def _with_parts(document: Object, section: str, parts: list[tuple[str, Any]]) -> Object:
    """The document with more components; what holds them is changed in place where it is there."""
    components = document.get("components")
    if not isinstance(components, Object):
        components = Object(source=document.source)
        document = document.derive([*document.without("components").items(), ("components", components)])
    if not isinstance(components.get(section), Object):
        components[section] = Object(source=components.source)
    components[section].update(parts)
    return document


def _free(name: str, taken: Set[str]) -> str:
    """The name, or the name with the next free number; `taken` are names in lower case."""
    free, number = name, 1
    while free.lower() in taken:
        number += 1
        free = f"{name} {number}"
    return free
