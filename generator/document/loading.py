"""YAML and JSON files -> documents.

Scalars follow the core schema of YAML 1.2 (https://yaml.org/spec/1.2.2/#103-core-schema), of which JSON is a part:
`no`, `on` and dates stay text. Mapping keys are always the text as written, so an unquoted `200:` is "200".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from ..steps import allow_steps_for
from .problems import Problems, Source, refusal
from .reading.json_text import read_json
from .reading.yaml_text import read_yaml
from .tree import Object

MAX_SIZE = 64_000_000
"""Bytes of a file: the biggest published descriptions have 35 million, which take ten seconds and 500 MB to load."""
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
        raise refusal("not-a-mapping", Source(file, "", 1), "the document's root is not a mapping")
    return root


def load_value(path: Path, file: str, problems: Problems | None = None) -> Any:
    """Read a YAML or JSON file, whatever its root is; `problems` takes the losses. Raises ProblemsFound."""
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_SIZE + 1)
    except OSError as error:
        raise refusal("unreadable-file", Source(file), f"cannot read the file: {error.strerror}") from error
    text = decoded(content, file)
    _texts.get({})[file] = text
    return parse(text, file, problems)


def decoded(content: bytes, file: str) -> str:
    """The text of a file. Raises ProblemsFound where it has more than MAX_SIZE bytes, or is not UTF-8."""
    if len(content) > MAX_SIZE:
        raise refusal("too-large", Source(file), f"the file has more than {MAX_SIZE:,} bytes")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"the file is not UTF-8: byte {error.start} cannot be decoded"
        raise refusal("not-utf-8", Source(file), message, "save the file as UTF-8") from error


def parse(text: str, file: str, problems: Problems | None = None) -> Any:
    """Parse YAML or JSON text; `problems` takes the losses. Raises ProblemsFound."""
    is_json = text.lstrip().startswith(("{", "["))
    if is_json and (read := read_json(text, file)) is not None:
        root, values = read
        allow_steps_for(values)
        return root
    if is_json:
        text = _join_surrogates(text).translate(_ESCAPED)
    own = Problems() if problems is None else problems.of_part()
    root = _read_yaml(text, file, own)
    if is_json and any(problem.id == "invalid-yaml" for problem in own):
        again = own.of_part()
        root = _read_yaml(_with_explicit_keys(text), file, again)
        own = again
    own.stop_on_errors()
    if problems is not None:
        problems += own
    return root


def _read_yaml(text: str, file: str, problems: Problems) -> Any:
    root, values = read_yaml(text, file, problems)
    allow_steps_for(values)
    return root


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
