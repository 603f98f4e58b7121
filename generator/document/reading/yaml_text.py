"""YAML text -> a value, from the events of a parser: without recursion, so that nesting cannot exhaust the stack."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any

import yaml

from ..pointer import escape
from ..problems import Problems, Source, abridged, refusal
from ..scalars import is_spelled_by_value, resolve_scalar
from ..tree import Array, Mark, Object
from . import limits

_LISTED = 5
"""Keys of a mapping that a message names; more are counted."""


def read_yaml(text: str, file: str, problems: Problems) -> tuple[Any, int]:
    """The value that the text means, and how many values are in it.

    Where the text is not YAML, that is added to `problems`.
    """
    builder = _Builder(file, problems)
    try:
        for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        problems.error("invalid-yaml", Source(file, "", line), f"not valid YAML or JSON: {error.problem or error}")
    except yaml.YAMLError as error:
        problems.error("invalid-yaml", Source(file), f"not valid YAML or JSON: {str(error).splitlines()[0]}")
    return builder.root, builder.values


@dataclass(slots=True)
class _Open:
    """A mapping or list that is being read."""

    value: Object | Array
    anchor: str | None
    pointer_length: int
    values_before: int
    """The number of values before it."""
    key: str | None = None
    """The key that waits for its value."""
    has_merge_key: bool = False

    @property
    def expects_key(self) -> bool:
        return isinstance(self.value, Object) and self.key is None


class _Builder:
    """Builds the tree from the parser's events."""

    def __init__(self, file: str, problems: Problems) -> None:
        self.file, self.problems = file, problems
        self.mark = Mark(file, 1)
        self.root: Any = None
        self.documents = self.values = self.pointer_lengths = 0
        self.stack: list[_Open] = []
        self.anchors: dict[str, tuple[Any, int, str]] = {}
        """The value of each anchor, the number of values in it, and the spelling of a scalar as in `Mark`."""

    def take(self, event: yaml.Event) -> None:
        """Process the next event."""
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.ScalarEvent):
            self._take_scalar(event, line)
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            self._begin(event, line)
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self._end()
        elif isinstance(event, yaml.AliasEvent):
            self._take_alias(str(event.anchor), line)
        elif isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                raise refusal("several-documents", self._at(line), "the file contains several YAML documents")

    def _take_scalar(self, event: yaml.ScalarEvent, line: int) -> None:
        self._count(1, line)
        if self._expects_key():
            self._add_key(event.value, line)
            if event.value == "<<" and event.implicit[0]:  # a quoted one is a key like others
                self.stack[-1].has_merge_key = True
            return
        value = self._scalar(event, line)
        if isinstance(value, str):
            value = sys.intern(value)  # types and references repeat all over a large document
        spelling = "" if is_spelled_by_value(event.value, value) else event.value
        if event.anchor:
            self.anchors[event.anchor] = (value, 1, spelling)
        self._add(value, line, spelling)

    def _begin(self, event: yaml.MappingStartEvent | yaml.SequenceStartEvent, line: int) -> None:
        if len(self.stack) >= limits.MAX_DEPTH:
            message = f"the document is nested more than {limits.MAX_DEPTH} levels deep"
            raise refusal("too-deep", self._at(line), message)
        if self._expects_key():
            raise refusal("key-not-text", self._at(line), "a key of a mapping must be text, not a mapping or a list")
        self._count(1, line)
        source = self._source(line)
        length = len(self._token()) + 1 + self.stack[-1].pointer_length if self.stack else 0
        self.pointer_lengths += length
        if self.pointer_lengths > limits.MAX_POINTERS:
            raise refusal("too-large", source, "the keys around this value are too long, and contain too many values")
        value = Object(source=source) if isinstance(event, yaml.MappingStartEvent) else Array(source=source)
        self._add(value, line)
        self.stack.append(_Open(value, event.anchor, length, self.values))

    def _end(self) -> None:
        ended = self.stack.pop()
        if ended.has_merge_key and isinstance(ended.value, Object):
            self._merge(ended.value)
        if ended.anchor:
            self.anchors[ended.anchor] = (ended.value, self.values - ended.values_before + 1, "")

    def _take_alias(self, anchor: str, line: int) -> None:
        if anchor not in self.anchors:
            message = f"the alias *{anchor} is before or inside its own anchor"
            raise refusal("unknown-alias", self._at(line), message)
        value, size, spelling = self.anchors[anchor]
        self._count(size, line)
        if self._expects_key():
            self._add_key(spelling or str(value), line)
        else:
            self._add(value, line, spelling)

    def _expects_key(self) -> bool:
        return bool(self.stack) and self.stack[-1].expects_key

    def _count(self, values: int, line: int) -> None:
        self.values += values
        if self.values > limits.MAX_NODES:
            message = f"the document expands to more than {limits.MAX_NODES:,} values"
            raise refusal("too-large", self._at(line), message, "check its anchors and aliases")

    def _at(self, line: int) -> Source:
        return Source(self.file, "", line)

    def _source(self, line: int) -> Source:
        """The source of the next value."""
        return self.stack[-1].value.source.child(self._token(), (self.file, line)) if self.stack else self._at(line)

    def _token(self) -> str:
        """The reference token of the next value."""
        parent = self.stack[-1]
        return str(len(parent.value)) if isinstance(parent.value, Array) else escape(parent.key)

    def _mark(self, line: int) -> Mark:
        """The mark of a key or item, one object for all of a line: minified JSON has one line."""
        if self.mark.line != line:
            self.mark = Mark(self.file, line)
        return self.mark

    def _add_key(self, key: str, line: int) -> None:
        parent = self.stack[-1]
        mapping = parent.value
        assert isinstance(mapping, Object)
        key = sys.intern(key)
        if key in mapping:
            self._report_duplicate(key, mapping, line)
        parent.key = key
        mapping.marks[key] = self._mark(line)

    def _add(self, value: Any, line: int, spelling: str = "") -> None:
        if not self.stack:
            self.root = value
            return
        parent = self.stack[-1]
        if isinstance(parent.value, Object):
            assert parent.key is not None
            parent.value[parent.key] = value
            if spelling:
                parent.value.marks[parent.key] = parent.value.mark(parent.key)._replace(spelling=spelling)
            parent.key = None
        else:
            parent.value.append(value)
            parent.value.marks.append(Mark(self.file, line, spelling) if spelling else self._mark(line))

    def _report_duplicate(self, key: str, mapping: Object, line: int) -> None:
        first, value = mapping.marks[key].line, mapping[key]
        source = mapping.source.child(escape(key), (self.file, line))
        inside = f", with {abridged(value, _LISTED)}" if isinstance(value, Object) and value else ""
        message, hint = f"the mapping has the key {key!r} twice", f"it is also on line {first}; keep one of the two"
        instead = f"this one counts, and the one on line {first}{inside} is not read"
        self.problems.loss("duplicate-key", source, message, instead, hint)

    def _merge(self, mapping: Object) -> None:
        """Apply YAML 1.1's merge key, which 1.2 dropped and documents use: a mapping's own keys win, then the first."""
        source = mapping.where("<<")
        merged = mapping.pop("<<")
        for addition in merged if isinstance(merged, list) else [merged]:
            if not isinstance(addition, Object):
                message = "the value of the merge key '<<' must be a mapping or a list of mappings"
                self.problems.loss("bad-merge-key", source, message, "it is left out")
                continue
            for key, value in addition.items():
                if key not in mapping:
                    mapping[key] = value
                    mapping.marks[key] = addition.marks[key]

    def _scalar(self, event: yaml.ScalarEvent, line: int) -> Any:
        tag, text = event.tag, str(event.value)
        if tag in ("tag:yaml.org,2002:str", "!") or (tag is None and not event.implicit[0]):
            return text
        if tag not in _JSON_TAGS:
            message = f"the YAML tag {tag} has no JSON equivalent"
            self.problems.loss("unknown-tag", self._source(line), message, "the value is read as text")
            return text
        try:
            return resolve_scalar(text)
        except ValueError:
            message, hint = f"the number {text[:40]!r} cannot be written in JSON", "quote it if it is meant as text"
            self.problems.loss("bad-number", self._source(line), message, "it is read as text", hint)
            return text


_JSON_TAGS = (None, *(f"tag:yaml.org,2002:{name}" for name in ("null", "bool", "int", "float")))
