"""Texts that are meant to leave their places in requests."""

from __future__ import annotations

from random import Random

from tests.torture.subject import Case

OTHER = "http://other.example"
"""Stands for the URL of another server, whose port is not known when a case is drawn."""
_PIECES = (
    *("a", "bed-1", "0", "..", ".", "/", "/", "//", "\\", "..\\", "../", "..;/", ";", ",", "|", "~", "*", "$", "!"),
    *("%", "%2F", "%2f..", "%2e%2e", "%00", "%0d%0a", "%zz", "%c0%af", "%E4", "%25", "?", "#", "&", "=", "+", " ", ":"),
    *("?a=b", "&key=k", "#part", "@", "@other.example", "//other.example", OTHER, "/\\other.example", ":80", "://"),
    *(
        "{bed}",
        "{}",
        "}{",
        '"',
        "'",
        "<",
        ">",
        "^",
        "`",
        "[",
        "]",
        "[0]",
        "\u00e9",
        "e\u0301",
        "\u65e5",
        "\U0001f600",
        "\u0131",
        "\uff0f",
    ),
    *("\uff0e", "\u2025", "\u01f0", "\u010d\u010a", "\u202e", "\u00a0", "\u00ad", "HTTP/1.1", "x" * 300),
)
_REFUSED = (
    *("\r\n", "\n", "\r", "\0", "\t", "\x0b", "\x1f", "\x7f", "\x85", "\u2028", "\ud800", "\udcff"),
    *("\r\nX-Evil: 1", " HTTP/1.1\r\nHost: other.example\r\n\r\n", "\r\n\r\nGET /evil HTTP/1.1\r\n\r\n", "\r\n--"),
)


def text(random: Random) -> str:
    """A text of a few pieces; sometimes with control characters, which are refused in most places."""
    pieces = random.choices(_PIECES, k=random.choice((1, 1, 2, 2, 3, 5)))
    if random.random() < 0.15:
        pieces.insert(random.randrange(len(pieces) + 1), random.choice(_REFUSED))
    return "" if random.random() < 0.02 else "".join(pieces)


def value(random: Random) -> Case:
    """A text, or a list or an object of texts, or something else that JSON has."""
    kind = random.random()
    if kind < 0.6:
        return text(random)
    if kind < 0.77:
        return [text(random) for _ in range(random.randrange(4))]
    if kind < 0.94:
        return {text(random): text(random) for _ in range(random.randrange(3))}
    odd: tuple[Case, ...] = (None, True, 0, -1, 1.5, 10**30, [[]], {"a": {"b": ["c"]}})
    return random.choice(odd)
