"""What a caller notices of a change: a sentence that knows which of its pieces are code or texts of a spec."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter


@dataclass(frozen=True, slots=True)
class Quote:
    """Code, or a text of a spec, in a sentence; formats show it as such."""

    text: str
    in_backticks: bool = False
    """Whether it stands between backticks in plain text."""

    def __str__(self) -> str:
        return f"`{self.text}`" if self.in_backticks else self.text


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence in pieces: prose, which is ours, and quotes."""

    pieces: tuple[str | Quote, ...] = ()

    def __str__(self) -> str:
        return "".join(map(str, self.pieces))


def fill(template: str, sides: Mapping[str, str], quotes: Mapping[str, str]) -> Notice:
    """The notice that a rule's template makes; it can name `sides`, which are prose, and `quotes`, texts of a spec."""
    pieces: list[str | Quote] = []
    for number, part in enumerate(template.split("`")):
        if number % 2:  # it stands between backticks
            pieces.append(Quote(part.format(**quotes), in_backticks=True))
            continue
        for prose, name, _, _ in Formatter().parse(part):
            pieces += [prose] if prose else []
            if name and name in sides:
                side = sides[name]
                pieces.append(side if pieces else side[0].upper() + side[1:])
            elif name:
                pieces.append(Quote(quotes[name]) if quotes[name] else "nothing")
    return Notice(tuple(pieces))
