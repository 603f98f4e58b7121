"""Texts from outside, for messages: short, and on one line."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote

_MOST = 10
_LONGEST = 200
_LONGEST_QUOTE = 60
_UNRESERVED = re.compile("[A-Za-z0-9._~-]*")
"""What stands for itself in URLs (RFC 3986, 2.3)."""
_PERCENT_ENCODED = {code: quote(chr(code), safe="") for code in range(128)}


def brief(text: str) -> str:
    """The beginning of a text, without line ends and other control characters."""
    line = "".join(character if character.isprintable() else " " for character in text[: _LONGEST + 1])
    return line if len(text) <= _LONGEST else f"{line[:_LONGEST]}..."


def quoted(text: str) -> str:
    """The beginning of a text in quotes, with escapes for all that cannot be printed."""
    return repr(text) if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]!r}..."


def listed(names: Iterable[str]) -> str:
    """The first of these names, with commas between them, and how many more there are; "none" where there are none."""
    shown = [brief(name) for name in names]
    more = f" and {len(shown) - _MOST} more" if len(shown) > _MOST else ""
    return ", ".join(shown[:_MOST]) + more or "none"


def escaped(key: str) -> str:
    """A key as a part of a JSON Pointer (RFC 6901)."""
    return key.replace("~", "~0").replace("/", "~1")


def percent_encoded(text: str) -> str:
    """A text as a part of a URL (RFC 3986, 2.1)."""
    if _UNRESERVED.fullmatch(text):
        return text
    # `quote` encodes each character by a call.
    return text.translate(_PERCENT_ENCODED) if text.isascii() else quote(text, safe="")
