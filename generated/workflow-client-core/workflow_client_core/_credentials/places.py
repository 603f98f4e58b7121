"""Where short credentials stand in a text: they may be words, so that not all their occurrences can be masked."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote

LONG = 8
"""Texts of as many characters are no words of a message by chance, and are masked wherever they stand."""

_LETTER_AND_DIGIT = re.compile(r"(?s)(?=.{3})(?=.*[A-Za-z])(?=.*[0-9])")
_QUOTE = r"""b?\\*["']"""
_BEFORE_NAME = r"(?:(?<![\w-]) | (?<=%[0-9A-F]{2}) | (?<=%25[0-9A-F]{2}))"
_QUOTED = rf"""\\*["'] \s* [:=,] \s* [\[(]? (?:{_QUOTE})?"""
"""What stands between a name in quotes and its value."""


def places_of(texts: Iterable[str], name: str, scheme: str, *, in_header: bool) -> re.Pattern[str]:
    """A pattern for short texts at the places where credentials stand; its group `before` stays as it is.

    These are, for the name of a header, parameter or cookie: `name=text`, `name: text` and `(b'name', b'text')`, also
    where they are quoted, escaped, or in JSON; `scheme text`, `scheme` being that of a header, if it has any;
    `user:text@`, in a URL; and what an error of h11 quotes of a header. A text of letters and digits, such as
    `hunter2`, is not a word, and is matched wherever it stands alone.
    """
    longest_first = sorted(texts, key=len, reverse=True)
    text = rf"(?:{_any_of(longest_first)})(?!\w)"
    mixed = _any_of(filter(_LETTER_AND_DIGIT.match, longest_first))
    start = rf"{_BEFORE_NAME} (?i:{re.escape(name)}|{re.escape(quote(name, safe=''))})"
    scheme = rf"(?i:{re.escape(scheme)})\ +" if scheme else "(?!)"
    # `name: text` is a header; elsewhere it may be a sentence that goes on.
    end = "" if in_header else r"[.,;)]? (?:\s*$ | [\r\n])"
    return re.compile(
        rf"""
        (?P<before>
          {start} (?: = | %(?:25)?3[AD] | {_QUOTED} | \s*:\s* (?= (?:{scheme})? {text} {end})) (?:{scheme})?
        | (?<!\w) (?:{scheme} | Illegal\ header\ value\ {_QUOTE})
        ) {text}
        | (?<=[:/]) {text} (?=@)
        | (?<!\w) (?:{mixed}) (?!\w)
        """,
        re.VERBOSE,
    )


def _any_of(texts: Iterable[str]) -> str:
    return "|".join(map(re.escape, texts)) or "(?!)"
