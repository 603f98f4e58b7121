"""New entries in the text of an accepted.yaml: appended, so that comments, order and style of the others stay."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ...document.loading import parse
from ...document.problems import Problem, ProblemsFound, Source
from ...document.tree import Array
from ...escaping import one_line
from ...interpreter.fast_dataclasses import dataclass
from ...output.rewriting import Rewritten

_BOM = "\ufeff"
_ENTRY = re.compile(r"^( *)-(?= |\t|\r?$)", re.MULTILINE)
_EMPTY_LIST = re.compile(r"^\[[ \t]*\][ \t]*(?=#|\r?$)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry that is added: what it accepts, why, and in a comment what that is in words."""

    rule: str
    fingerprint: str
    reason: str
    comment: str

    @property
    def value(self) -> dict[str, str]:
        """What the file has to say when it is read again."""
        return {"rule": self.rule, "fingerprint": self.fingerprint, "reason": self.reason}

    @property
    def line(self) -> str:
        """The entry as a mapping on a line; only the text that a person wrote needs double quotes."""
        reason = json.dumps(self.reason, ensure_ascii=not self.reason.isprintable())
        return f"{{rule: {self.rule}, fingerprint: '{self.fingerprint}', reason: {reason}}}"


def appended(path: Path, file: str, entries: Sequence[Entry]) -> Rewritten:
    """The file at `path`, called `file` in problems, with more entries at its end; it need not exist.

    Raises ProblemsFound where they cannot be appended, and OSError.
    """
    text = path.read_bytes().decode() if path.exists() else ""
    mark = _BOM if text.startswith(_BOM) else ""
    return Rewritten(path, mark + with_entries(text.removeprefix(_BOM), file, entries))


def with_entries(text: str, file: str, entries: Sequence[Entry]) -> str:
    """A text of an accepted.yaml with more entries. Raises ProblemsFound where its form cannot be extended."""
    expected = [*_values(text, file), *(entry.value for entry in entries)]
    for extended in (_with_lines(text, entries), *_in_brackets(text, entries)):
        try:
            if _values(extended, file) == expected:
                return extended
        except ProblemsFound:
            continue  # another form, then
    message = "nothing can be appended to a file of this form"
    hint = f"add to it yourself: {', '.join(f'- {entry.line}' for entry in entries)}"
    raise ProblemsFound([Problem("accept-by-hand", Source(file), message, hint)])


def _with_lines(text: str, entries: Sequence[Entry]) -> str:
    """The text with a line for each entry, indented as the first one, below a comment that says what it is."""
    end = "\r\n" if "\r\n" in text else "\n"
    text = _EMPTY_LIST.sub("", text, count=1)
    if not text.strip():
        text = ""
    elif not text.endswith("\n"):
        text += end
    first = _ENTRY.search(text)
    indent = first[1] if first else ""
    lines = [line for entry in entries for line in (f"# {one_line(entry.comment)}", f"- {entry.line}")]
    return text + "".join(f"{indent}{line}{end}" for line in lines)


def _in_brackets(text: str, entries: Sequence[Entry]) -> Iterator[str]:
    """The text with the entries before its last bracket, as YAML in brackets and JSON need them."""
    before, bracket, after = text.rpartition("]")
    if bracket:
        items = before.rstrip()
        space = before[len(items) :]
        indent = f"{space.rstrip(' ')}  " if "\n" in space else " "
        lines = [json.dumps(entry.value, ensure_ascii=not entry.reason.isprintable()) for entry in entries]
        comma = "" if items.endswith(("[", ",")) else ","
        yield f"{items}{comma}{indent}{f',{indent}'.join(lines)}{space}{bracket}{after}"


def _values(text: str, file: str) -> list[Any]:
    value = parse(text, file)
    return [*value] if isinstance(value, Array) else []
