"""Lines of YAML that people edit: with a comment where it fits, and quotes where YAML needs them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..escaping import one_line
from ..interpreter.fast_dataclasses import dataclass
from ..vendor.yaml_text import scalar_text

_WIDTH = 120
_ENDS_IN_BRACKETS = re.compile(r"[,\[\]{}]|^[?:-]")
"""What ends a plain scalar, or begins something else, in braces and brackets."""
_COMMENT = 90
"""Characters of a comment from the spec; the rest is left out."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line, indented as it will be, and a comment behind or above it."""

    text: str
    comment: str = ""


def yaml(lines: Iterable[Line]) -> str:
    """The lines as text."""
    shown = []
    for line in lines:
        comment = f"# {line.comment}" if line.comment else ""
        if comment and line.text and len(line.text) + 2 + len(comment) > _WIDTH:
            indent = len(line.text) - len(line.text.lstrip(" "))
            shown += [" " * indent + comment, line.text]
        else:
            shown.append(line.text + ("" if not line.text.strip() else "  " if comment else "") + comment)
    return "".join(f"{line}\n" for line in shown)


def comment(text: str) -> str:
    """What the spec says, as a short comment: the first sentence of a description."""
    sentence = " ".join(re.split(r"(?<=[.!?])\s|\n\s*\n", text.strip())[0].split())
    sentence = sentence if len(sentence) <= _COMMENT else f"{sentence[: _COMMENT - 3].rstrip()}..."
    return one_line(sentence)


def scalar(value: Any) -> str:
    """A scalar as YAML, which is read as the same text or number, also in braces and brackets."""
    if not isinstance(value, str):
        return json.dumps(value)
    text = scalar_text(value)
    return f"'{value}'" if text == value and _ENDS_IN_BRACKETS.search(value) else text


def key(text: str) -> str:
    """A key as YAML: a number is text there, as keys are always read as they are written."""
    return text if re.fullmatch("[0-9]+", text) else scalar(text)


def flow(value: Any) -> str:
    """A value on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key(name)}: {flow(inner)}" for name, inner in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(map(flow, value)) + "]"
    return scalar(value)


def listed(start: str, values: Sequence[str]) -> list[Line]:
    """A list of texts behind the beginning of a line, on as many lines as it needs."""
    lines, indent = [f"{start}["], " " * (len(start) - len(start.lstrip(" -")) + 2)
    for index, value in enumerate(values):
        text = scalar(value) + ("]" if index == len(values) - 1 else ",")
        if len(lines[-1]) + 1 + len(text) > _WIDTH:
            lines.append(indent + text)
        else:
            lines[-1] += text if lines[-1].endswith("[") else f" {text}"
    return [Line(line) for line in lines]
