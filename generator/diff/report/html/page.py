"""A report -> the page, as HTML in ASCII: what the template prints, and how it is printed."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from .... import PROGRAM
from ....document.problems import Source
from ....escaping import one_line, printable
from ....interpreter.fast_dataclasses import dataclass
from ....resources import page_folder
from ...finding import LAYERS, SEVERITIES, Change, Layer
from ...notice import Notice, Quote
from ...rules import load_rules
from ..model import TITLES, Report, added, transition, visible
from .broken_code import BrokenCode, broken_code
from .excerpts import Excerpt, Excerpts

if TYPE_CHECKING:
    from ...causes.cause import Cause

_DECISIONS = 10
"""Things to decide that the top of the page lists; all of them follow below."""
_OPEN = 12
"""Causes that are unfolded at first; of more, none is, so that a reader sees all of them."""
_ENTRIES, _PLACES, _OPERATIONS = 8, 3, 150
"""What a cause lists: sentences of a layer, places of a sentence, operations; more are counted."""
_WARNINGS = 3
"""Warnings that are shown at once; more are folded."""
_LONGEST = 1_000
"""Characters of a sentence."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What callers notice of a cause on a layer, in a sentence, and at which places."""

    notice: Notice
    places: tuple[str, ...]
    """Where that is, apart from what the sentence quotes."""


@dataclass(frozen=True, slots=True)
class Part:
    """The entries of a layer; of many, `more` are left out."""

    layer: Layer
    entries: tuple[Entry, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Card:
    """A cause as the page shows it. `operations` and `packages` are numbers, by which the script filters."""

    cause: Cause
    title: str
    """The title of its rule; "" where there is no such rule."""
    why: str
    parts: tuple[Part, ...]
    excerpt: Excerpt | None
    codes: tuple[BrokenCode, ...]
    operations: str
    packages: str

    @property
    def id(self) -> str:
        """What links lead to."""
        return f"cause-{self.cause.fingerprint}"


def html(report: Report) -> str:
    """The report as a page that needs nothing else."""
    text: str = _environment().get_template("page.html.jinja").render(_values(report)).lstrip()
    # Runners obey "##[command]" anywhere in a log; where the page is printed, it has none.
    return text.replace("##", "#&#35;").encode("ascii", "xmlcharrefreplace").decode("ascii")


def _values(report: Report) -> dict[str, Any]:
    """What the template prints."""
    style, script = ((page_folder() / name).read_text("ascii") for name in ("page.css", "page.js"))
    cards = _Cards(report)
    deciding = cards.of(report.decisions)
    return {
        "report": report,
        "program": PROGRAM,
        "state": "breaking" if report.breaking else "attention" if deciding else "calm",
        "policy": _policy(style, script),
        "style": style,
        "script": script,
        "deciding": deciding,
        "decisions": deciding[:_DECISIONS],
        "unfolded": len(deciding) <= _OPEN,
        "safe": cards.of(report.safe),
        "accepted": cards.of(report.accepted),
        "documentation": cards.of(report.documentation),
        "severities": _counted(SEVERITIES, [cause.severity for cause in report.causes]),
        "layers": _counted(LAYERS, [layer for cause in report.causes for layer in cause.layers]),
        "packages": [*cards.packages],
        "operations": [*cards.operations],
    }


class _Cards:
    """Makes the cards of a report. `operations` and `packages` have their numbers on the page."""

    def __init__(self, report: Report) -> None:
        self._calls, self._excerpts = report.calls, Excerpts(report.texts)
        operations = {operation for cause in report.causes for operation in cause.operations}
        self.operations = _numbered(sorted(operations, key=lambda name: (name.partition(" ")[2], name)))
        self.packages = _numbered(sorted({package for cause in report.causes for package in cause.packages}))

    def of(self, causes: Iterable[Cause]) -> list[Card]:
        """The cards of causes; what a person does not decide on is shown in brief."""
        return [self._card(cause) for cause in causes]

    def _card(self, cause: Cause) -> Card:
        rule = load_rules().get(cause.rule)
        return Card(
            cause=cause,
            title=rule.title if rule else "",
            why=rule.why if rule else "",
            parts=tuple(_parts(cause)) if cause.decides else (),
            excerpt=self._excerpts.excerpt(*_sources(cause)) if cause.decides else None,
            codes=broken_code(cause, self._calls) if cause.decides else (),
            operations=" ".join(str(self.operations[operation]) for operation in cause.operations),
            packages=" ".join(str(self.packages[package]) for package in cause.packages),
        )


def _sources(cause: Cause) -> tuple[Source | None, Source | None]:
    """Where both versions have what changed, as far as any change of the cause knows it."""
    old, new = cause.old, cause.new
    if old and new:
        return old, new
    pairs = ((change.old, change.new) for change in cause.changes if change.old and change.new)
    return next((pair for pair in pairs if old in pair or new in pair), (old, new))


def _numbered(names: Iterable[str]) -> dict[str, int]:
    return {name: number for number, name in enumerate(names)}


def _parts(cause: Cause) -> Iterator[Part]:
    for layer in cause.layers:
        by_sentence: dict[tuple[str, str], list[Change]] = {}
        for change in cause.changes:
            if change.layer == layer and change.severity != "docs":
                by_sentence.setdefault((change.rule, str(change.notice)), []).append(change)
        entries = [Entry(changes[0].notice, _places(changes)) for changes in by_sentence.values()]
        if entries:
            yield Part(layer, tuple(entries[:_ENTRIES]), max(0, len(entries) - _ENTRIES))


def _places(changes: Sequence[Change]) -> tuple[str, ...]:
    """The places that a sentence on the changes does not quote."""
    quoted = {piece.text for piece in changes[0].notice.pieces if isinstance(piece, Quote)}
    return tuple(dict.fromkeys(change.place for change in changes if change.place not in quoted))


def _counted(names: Sequence[str], present: Sequence[str]) -> list[tuple[str, int]]:
    counts = Counter(present)
    return [(name, counts[name]) for name in names if counts[name]]


def _policy(style: str, script: str) -> str:
    """What the browser allows the page (Content Security Policy 3): its own style and its own script."""
    allowed = f"style-src {_digest(style)}; script-src {_digest(script)}"
    return f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'"


def _digest(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@cache
def _environment() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(page_folder()),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "shown": visible,
        "sentence": lambda text: visible(text, _LONGEST),
        "line": one_line,
        "block": printable,
    }
    environment.globals |= {
        "pieces": _pieces,
        "became": lambda cause: transition(visible(cause.before), visible(cause.after), "\u2192", added=added(cause)),
        "layer_titles": TITLES,
        "most": {"places": _PLACES, "operations": _OPERATIONS, "warnings": _WARNINGS},
    }
    return environment


def _pieces(notice: Notice) -> list[tuple[bool, str]]:
    """The pieces of a sentence: whether each is a quote, and its text."""
    return [(isinstance(p, Quote), visible(p.text if isinstance(p, Quote) else p, _LONGEST)) for p in notice.pieces]
