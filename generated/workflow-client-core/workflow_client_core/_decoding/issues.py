"""What is said about values that cannot be read, without a text that may be secret."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from msgspec import Raw

from .._errors import Issue
from .raw_json import NO_NUMBERS, TEXT, json_type_of

_LONGEST_EXCERPT = 20

_NO_NUMBERS = {number.decode(): name.decode() for name, number in NO_NUMBERS.items()}
_SENSITIVE = re.compile("token|secret|passw|passphrase|pwd|key|auth|credential|cookie|session|signature|bearer|jwt")
"""What names of credentials contain; folding the case of a name first is quicker than having the pattern ignore it."""


def issue_at(path: Sequence[str], expected: str, raw: Raw | None, conceal: Callable[[str], str]) -> Issue:
    """The issue with the value `raw` at a path of names and indexes; None: there is no value."""
    found = "nothing"
    if raw is not None:
        found = _excerpt(raw, conceal, quote=_SENSITIVE.search("/".join(path).casefold()) is None)
    return Issue(pointer_to(path, conceal), expected, found)


def pointer_to(path: Sequence[str], conceal: Callable[[str], str]) -> str:
    """`path` as a JSON Pointer (RFC 6901, 3). The keys of maps are the server's: they too can hold a secret."""
    return "".join(["/" + conceal(key).replace("~", "~0").replace("/", "~1") for key in path])


def sentence(issue: Issue) -> str:
    """An issue as a part of a message."""
    position = f"at {issue.pointer}, " if issue.pointer else ""
    return f"{position}expected {issue.expected}, found {issue.found}"


def _excerpt(raw: Raw, conceal: Callable[[str], str], *, quote: bool) -> str:
    """A value in a message: its JSON type, and, where it may be quoted, its first characters."""
    json_type = json_type_of(raw)
    if json_type == "true or false":
        return bytes(raw).decode()
    if json_type not in ("text", "number") or not quote:
        return json_type
    # Masked as a whole, then shortened: the beginning of a secret is secret too.
    text = TEXT.decode(raw) if json_type == "text" else bytes(raw).decode()
    if text in _NO_NUMBERS:
        return _NO_NUMBERS[text]
    text = conceal(text)
    if len(text) > _LONGEST_EXCERPT:
        text = f"{text[:_LONGEST_EXCERPT]}..."
    return f"text {text!r}" if json_type == "text" else f"number {text}"
