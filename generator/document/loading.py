"""YAML and JSON files -> documents.

Scalars follow the core schema of YAML 1.2 (https://yaml.org/spec/1.2.2/#103-core-schema), of which JSON is a part:
`no`, `on` and dates stay text. Mapping keys are always the text as written, so an unquoted `200:` is "200".
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from ..steps import allow_steps_for
from .pointer import escape
from .problems import Problem, Problems, ProblemsFound, Source, abridged
from .scalars import is_spelled_by_value, resolve_scalar
from .tree import Array, Mark, Object

MAX_DEPTH = 120
"""Levels of nesting: real API descriptions stay under 60, and every later stage recurses."""
MAX_NODES = 3_000_000
"""Values after expansion of aliases: a few lines of YAML can mean billions of them."""
MAX_SIZE = 64_000_000
"""Bytes of a file: the biggest published descriptions have 35 million, which take ten seconds and 500 MB to load."""
_LISTED = 5
"""Keys of a mapping that a message names; more are counted."""
MAX_POINTERS = 500_000_000
"""Characters of the pointers of all mappings and lists: long keys around many values multiply."""
_texts: ContextVar[dict[str, str]] = ContextVar("texts")


@contextmanager
def texts_collected() -> Iterator[dict[str, str]]:
    """Collect the text of each file that is read inside the block, by the file's name in problems."""
    texts: dict[str, str] = {}
    token = _texts.set(texts)
    try:
        yield texts
    finally:
        _texts.reset(token)


def load(path: Path, file: str | None = None, problems: Problems | None = None) -> Object:
    """Read a YAML or JSON file whose root is a mapping; `file` is its name in problems. Raises ProblemsFound.

    `problems` takes the losses; without it every mistake is an error.
    """
    file = file or str(path)
    root = load_value(path, file, problems)
    if not isinstance(root, Object):
        raise _error("not-a-mapping", Source(file, "", 1), "the document's root is not a mapping")
    return root


def load_value(path: Path, file: str, problems: Problems | None = None) -> Any:
    """Read a YAML or JSON file, whatever its root is; `problems` takes the losses. Raises ProblemsFound."""
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_SIZE + 1)
    except OSError as error:
        raise _error("unreadable-file", Source(file), f"cannot read the file: {error.strerror}") from error
    text = decoded(content, file)
    _texts.get({})[file] = text
    return parse(text, file, problems)


def decoded(content: bytes, file: str) -> str:
    """The text of a file. Raises ProblemsFound where it has more than MAX_SIZE bytes, or is not UTF-8."""
    if len(content) > MAX_SIZE:
        raise _error("too-large", Source(file), f"the file has more than {MAX_SIZE:,} bytes")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"the file is not UTF-8: byte {error.start} cannot be decoded"
        raise _error("not-utf-8", Source(file), message, "save the file as UTF-8") from error


def parse(text: str, file: str, problems: Problems | None = None) -> Any:
    """Parse YAML or JSON text; `problems` takes the losses. Raises ProblemsFound."""
    is_json = text.lstrip().startswith(("{", "["))
    if is_json:
        text = _join_surrogates(text).translate(_ESCAPED)
    own = Problems() if problems is None else problems.of_part()
    root = _build(text, file, own)
    if is_json and any(problem.id == "invalid-yaml" for problem in own):
        again = own.of_part()
        root = _build(_with_explicit_keys(text), file, again)
        own = again
    own.stop_on_errors()
    if problems is not None:
        problems += own
    return root


def _build(text: str, file: str, problems: Problems) -> Any:
    """The value that the text means; where it is not YAML, that is added to `problems`."""
    builder = _Builder(file, problems)
    try:
        for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        problems.error("invalid-yaml", Source(file, "", line), f"not valid YAML or JSON: {error.problem or error}")
    except yaml.YAMLError as error:
        problems.error("invalid-yaml", Source(file), f"not valid YAML or JSON: {str(error).splitlines()[0]}")
    allow_steps_for(builder.values)
    return builder.root


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
    """Builds the tree from the parser's events: without recursion, so that nesting cannot exhaust the stack."""

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
                raise _error("several-documents", self._at(line), "the file contains several YAML documents")

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
        if len(self.stack) >= MAX_DEPTH:
            raise _error("too-deep", self._at(line), f"the document is nested more than {MAX_DEPTH} levels deep")
        if self._expects_key():
            raise _error("key-not-text", self._at(line), "a key of a mapping must be text, not a mapping or a list")
        self._count(1, line)
        source = self._source(line)
        length = len(self._token()) + 1 + self.stack[-1].pointer_length if self.stack else 0
        self.pointer_lengths += length
        if self.pointer_lengths > MAX_POINTERS:
            raise _error("too-large", source, "the keys around this value are too long, and contain too many values")
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
            raise _error("unknown-alias", self._at(line), message)
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
        if self.values > MAX_NODES:
            message = f"the document expands to more than {MAX_NODES:,} values"
            raise _error("too-large", self._at(line), message, "check its anchors and aliases")

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
# JSON's strings hold these as they are; YAML takes them for line ends, or refuses them.
_ESCAPED = {code: f"\\u{code:04x}" for code in (*range(0x7F, 0xA0), 0x2028, 0x2029, 0xFFFE, 0xFFFF)}
_LONGEST_KEY = 1_000
_PAIR = re.compile(r"(?<!\\)((?:\\\\)*)\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")


def _join_surrogates(text: str) -> str:
    """JSON may write one character as two escapes (RFC 8259, section 7); YAML's parser knows single ones only."""

    def join(match: re.Match[str]) -> str:
        high, low = int(match[2], 16), int(match[3], 16)
        return match[1] + chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))

    return _PAIR.sub(join, text)


_KEY = re.compile(r'("(?:[^"\\]|\\.)*+")(\s*+:)?+', re.DOTALL)


def _with_explicit_keys(text: str) -> str:
    """JSON text in which `?` marks the keys that YAML refuses without it (its section 7.4.2): those of more than 1,024
    characters, and those whose colon is on another line."""

    def mark(match: re.Match[str]) -> str:
        is_refused = match[2] and (len(match[0]) > _LONGEST_KEY or "\n" in match[2] or "\r" in match[2])
        return f"? {match[1]} {match[2].lstrip(' ')}" if is_refused else match[0]

    return _KEY.sub(mark, text)


def _error(id: str, where: Source, message: str, hint: str = "") -> ProblemsFound:
    return ProblemsFound([Problem(id, where, message, hint)])
