"""YAML and JSON files -> documents.

Scalars follow the core schema of YAML 1.2 (https://yaml.org/spec/1.2.2/#103-core-schema), of which JSON is a part:
`no`, `on` and dates stay text. Mapping keys are always the text as written, so an unquoted `200:` is "200".
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from .pointer import escape
from .problems import Problem, Problems, ProblemsFound, Source
from .tree import Array, Mark, Object

MAX_DEPTH = 120
"""Levels of nesting: real API descriptions stay under 60, and every later stage recurses."""
MAX_NODES = 3_000_000
"""Values after expansion of aliases: a few lines of YAML can mean billions of them."""


MAX_SIZE = 64_000_000
"""Bytes of a file: the biggest published descriptions have 35 million, which take ten seconds and 500 MB to load."""
MAX_POINTERS = 500_000_000
"""Characters of the places of all mappings and lists: long keys around many values multiply."""


def load(path: Path, file: str | None = None) -> Object:
    """Read a YAML or JSON file whose root is a mapping; `file` is its name in problems. Raises ProblemsFound."""
    file = file or str(path)
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_SIZE + 1)
        if len(content) > MAX_SIZE:
            raise _found("too-large", Source(file), f"the file has more than {MAX_SIZE:,} bytes")
        text = content.decode("utf-8-sig")
    except OSError as error:
        raise _found("unreadable-file", Source(file), f"cannot read the file: {error.strerror}") from error
    except UnicodeDecodeError as error:
        message = f"not UTF-8: byte {error.start} cannot be decoded"
        raise _found("not-utf-8", Source(file), message, "save the file as UTF-8") from error
    root = parse(text, file)
    if not isinstance(root, Object):
        raise _found("not-a-mapping", Source(file, "", 1), "the document's root is not a mapping")
    return root


def parse(text: str, file: str) -> Any:
    """Parse YAML or JSON text. Raises ProblemsFound."""
    if text.lstrip().startswith(("{", "[")):
        text = _join_surrogates(text).translate(_ESCAPED)
    problems = Problems()
    builder = _Builder(file, problems)
    try:
        for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        problems.error("invalid-yaml", Source(file, "", line), f"not valid YAML or JSON: {error.problem or error}")
    except yaml.YAMLError as error:
        problems.error("invalid-yaml", Source(file), f"not valid YAML or JSON: {str(error).splitlines()[0]}")
    problems.stop_on_errors()
    return builder.root


class _Builder:
    """Builds the tree from the parser's events: without recursion, so that nesting cannot exhaust the stack."""

    def __init__(self, file: str, problems: Problems) -> None:
        self.file, self.problems = file, problems
        self.mark = Mark(file, 1)
        self.words: dict[str, str] = {}
        self.root: Any = None
        self.documents = self.nodes = self.pointers = 0
        self.stack: list[Object | Array] = []
        self.keys: list[str | None] = []  # beside stack: the key that waits for its value
        self.merges: list[bool] = []  # beside stack: whether it has a merge key
        self.lengths: list[int] = []  # beside stack: characters of its pointer
        self.begun: list[int] = []  # beside stack: nodes counted when the collection began
        self.anchors: dict[str, tuple[Any, int]] = {}
        self.open_anchors: list[str | None] = []

    def take(self, event: yaml.Event) -> None:
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.ScalarEvent):
            self._count(1, line)
            if self.stack and isinstance(self.stack[-1], Object) and self.keys[-1] is None:
                self._key(event.value, line)
                self.merges[-1] |= event.value == "<<" and bool(event.implicit[0])  # a quoted one is a key like others
            else:
                value = self._scalar(event, line)
                if isinstance(value, str):
                    value = self._word(value)
                if event.anchor:
                    self.anchors[event.anchor] = (value, 1)
                self._add(value, line)
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            self._open(event, line)
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self._close()
        elif isinstance(event, yaml.AliasEvent):
            self._alias(str(event.anchor), line)
        elif isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                raise _found("several-documents", Source(self.file, "", line), "the file holds several YAML documents")

    def _open(self, event: yaml.MappingStartEvent | yaml.SequenceStartEvent, line: int) -> None:
        if len(self.stack) >= MAX_DEPTH:
            raise _found("too-deep", Source(self.file, "", line), f"nested more than {MAX_DEPTH} levels deep")
        if self.stack and isinstance(self.stack[-1], Object) and self.keys[-1] is None:
            raise _found("key-not-text", Source(self.file, "", line), "a mapping's key is a collection, not text")
        self._count(1, line)
        source = self._place(line)
        self.lengths.append(len(self._token()) + 1 + self.lengths[-1] if self.stack else 0)
        self.pointers += self.lengths[-1]
        if self.pointers > MAX_POINTERS:
            raise _found("too-large", source, "the keys around this value are too long, and hold too many values")
        value = Object(source=source) if isinstance(event, yaml.MappingStartEvent) else Array(source=source)
        self._add(value, line)
        self.stack.append(value)
        self.keys.append(None)
        self.merges.append(False)
        self.begun.append(self.nodes)
        self.open_anchors.append(event.anchor)

    def _close(self) -> None:
        value = self.stack.pop()
        self.keys.pop()
        self.lengths.pop()
        size = self.nodes - self.begun.pop() + 1
        anchor = self.open_anchors.pop()
        if self.merges.pop() and isinstance(value, Object):
            self._merge(value)
        if anchor:
            self.anchors[anchor] = (value, size)

    def _alias(self, anchor: str, line: int) -> None:
        if anchor not in self.anchors:
            message = f"the alias *{anchor} stands before or inside its own anchor"
            raise _found("unknown-alias", Source(self.file, "", line), message)
        value, size = self.anchors[anchor]
        self._count(size, line)
        if self.stack and isinstance(self.stack[-1], Object) and self.keys[-1] is None:
            self._key(str(value), line)
        else:
            self._add(value, line)

    def _count(self, nodes: int, line: int) -> None:
        self.nodes += nodes
        if self.nodes > MAX_NODES:
            message = f"the document means more than {MAX_NODES:,} values"
            raise _found("too-large", Source(self.file, "", line), message, "check its anchors and aliases")

    def _token(self) -> str:
        parent = self.stack[-1]
        return str(len(parent)) if isinstance(parent, Array) else escape(self.keys[-1])

    def _place(self, line: int) -> Source:
        """Where the next value stands."""
        if not self.stack:
            return Source(self.file, "", line)
        return self.stack[-1].source.child(self._token(), (self.file, line))

    def _marked(self, line: int) -> Mark:
        """The place of a key or item, one object for all of a line: minified JSON has one line."""
        if self.mark.line != line:
            self.mark = Mark(self.file, line)
        return self.mark

    def _word(self, text: str) -> str:
        """One object for equal texts: keys, types and references repeat all over a large document."""
        return self.words.setdefault(text, text)

    def _key(self, key: str, line: int) -> None:
        parent = self.stack[-1]
        assert isinstance(parent, Object)
        key = self._word(key)
        if key in parent:
            hint = f"it stands in line {parent.marks[key].line} as well; keep one of the two"
            self.problems.error("duplicate-key", Source(self.file, "", line), f"the key {key!r} stands twice", hint)
        self.keys[-1] = key
        parent.marks[key] = self._marked(line)

    def _add(self, value: Any, line: int) -> None:
        if not self.stack:
            self.root = value
            return
        parent = self.stack[-1]
        if isinstance(parent, Object):
            key = self.keys[-1]
            assert key is not None
            parent[key] = value
            self.keys[-1] = None
        else:
            parent.append(value)
            parent.marks.append(self._marked(line))

    def _merge(self, value: Object) -> None:
        """YAML 1.1's merge key, which 1.2 dropped and real documents use: keys of its own win, then earlier sources."""
        place = value.where("<<")
        merged = value.pop("<<")
        for other in merged if isinstance(merged, list) else [merged]:
            if not isinstance(other, Object):
                self.problems.error("bad-merge-key", place, "the merge key '<<' takes mappings only")
                continue
            for key, item in other.items():
                if key not in value:
                    value[key] = item
                    value.marks[key] = other.marks[key]

    def _scalar(self, event: yaml.ScalarEvent, line: int) -> Any:
        tag, text = event.tag, str(event.value)
        if tag in ("tag:yaml.org,2002:str", "!") or (tag is None and not event.implicit[0]):
            return text
        if tag not in (None, *(f"tag:yaml.org,2002:{kind}" for kind in ("null", "bool", "int", "float"))):
            self.problems.error("unknown-tag", self._place(line), f"the YAML tag {tag} is not JSON")
            return text
        try:
            return resolve(text)
        except ValueError:
            hint = "quote it if it is meant as text"
            self.problems.error("bad-number", self._place(line), f"the number {text[:40]!r} has no JSON form", hint)
            return text


_INTEGER = re.compile(r"[-+]?[0-9]+")
_RADIX = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_WORDS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False} | dict.fromkeys(
    ("", "~", "null", "Null", "NULL")
)


def resolve(text: str) -> Any:
    """A plain scalar by YAML 1.2's core schema. Raises ValueError for numbers that JSON cannot hold."""
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _RADIX.fullmatch(text):
        return int(text, 0)
    if _NOT_FINITE.fullmatch(text):
        raise ValueError(text)
    if _FLOAT.fullmatch(text):
        value = float(text)
        if value in (float("inf"), float("-inf")):
            raise ValueError(text)
        return value
    return text


# JSON's strings hold these as they are; YAML takes them for line ends, or refuses them.
_ESCAPED = {code: f"\\u{code:04x}" for code in (*range(0x7F, 0xA0), 0x2028, 0x2029, 0xFFFE, 0xFFFF)}
_PAIR = re.compile(r"(?<!\\)((?:\\\\)*)\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")


def _join_surrogates(text: str) -> str:
    """JSON may write one character as two escapes (RFC 8259, section 7); YAML's parser knows single ones only."""

    def join(match: re.Match[str]) -> str:
        high, low = int(match[2], 16), int(match[3], 16)
        return match[1] + chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))

    return _PAIR.sub(join, text)


def _found(id: str, where: Source, message: str, hint: str = "") -> ProblemsFound:
    return ProblemsFound([Problem(id, where, message, hint)])
