"""Annotations as sets of alternatives, and which of them hold all that others hold."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

MODELS = "_models."
"""Stands before the names of generated classes, so that one called `str` is not taken for text."""
Relation = Literal["same", "widened", "narrowed", "declared", "other"]


@dataclass(frozen=True, slots=True, order=True)
class Kind:
    """One alternative of an annotation: `str`, `_models.Run`, or `list` with what it holds."""

    name: str
    holds: tuple[Annotation, ...] = ()

    def __str__(self) -> str:
        inner = ", ".join(map(str, self.holds))
        return self.name.rpartition(".")[2].lstrip("_") + (f"[{inner}]" if inner else "")


@dataclass(frozen=True, slots=True, order=True)
class Annotation:
    """The alternatives, in one order whatever the document's is, None last."""

    kinds: tuple[Kind, ...]

    def __str__(self) -> str:
        return " | ".join(map(str, self.kinds))

    @property
    def nullable(self) -> bool:
        return NONE in self.kinds

    def without_none(self) -> Annotation:
        return Annotation(tuple(kind for kind in self.kinds if kind != NONE))

    def renamed(self, names: Mapping[str, str]) -> Annotation:
        """The annotation with other names; those that `names` does not hold stay."""
        return _ordered(
            Kind(names.get(kind.name, kind.name), tuple(part.renamed(names) for part in kind.holds))
            for kind in self.kinds
        )

    def spelled_out(self, aliases: Mapping[str, Annotation], above: frozenset[str] = frozenset()) -> Annotation:
        """The annotation with what names stand for in their place; one that stands for itself stays in it."""
        return _ordered(
            inner
            for kind in self.kinds
            for inner in (
                aliases[kind.name].spelled_out(aliases, above | {kind.name}).kinds
                if kind.name in aliases and kind.name not in above
                else (Kind(kind.name, tuple(part.spelled_out(aliases, above) for part in kind.holds)),)
            )
        )

    def names(self) -> Iterator[str]:
        """The names in it, at any depth."""
        for kind in self.kinds:
            yield kind.name
            for part in kind.holds:
                yield from part.names()


NONE = Kind("None")
ANY = Kind("Any")


_TOKENS = re.compile(r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|[][|,]|[^][|,'"]+""")
"""A name, a literal, or one of the signs between them."""


@cache
def read(text: str) -> Annotation:
    """The alternatives of an annotation, as the generated code has it: names, brackets and bars.

    `ast` reads no more than some hundred alternatives: it nests them.
    """
    return _read(deque(_TOKENS.findall(text)))


def _read(tokens: deque[str]) -> Annotation:
    """Takes all tokens up to the comma or the bracket that ends the annotation."""
    kinds, name, holds = list[Kind](), "", list[Annotation]()
    while tokens and tokens[0] not in (",", "]"):
        match tokens.popleft():
            case "|":
                kinds.append(Kind(name, tuple(holds)))
                name, holds = "", []
            case "[":
                holds.append(_read(tokens))
                while tokens.popleft() == ",":
                    holds.append(_read(tokens))
            case word:
                name += word.strip()
    return _ordered([*kinds, Kind(name, tuple(holds))])


def _ordered(kinds: Iterable[Kind]) -> Annotation:
    return Annotation(tuple(sorted(set(kinds), key=lambda kind: (kind == NONE, kind))))


# What a type checker takes for another type, and what is one in JSON too: `bool` is an `int` for the former alone. A
# datetime is a date for it as well, although comparing the two fails.
_BASES: dict[str, tuple[str, ...]] = {"int": ("float",)}


def relation(old: Annotation, new: Annotation, enums: Mapping[str, str]) -> Relation:
    """What became of an annotation; `enums` are the bases of enums by name.

    "declared": it held any value, and now some only. "same" too where both hold the same in other words.
    """
    wider, narrower = fits(old, new, enums), fits(new, old, enums)
    if wider and narrower:
        return "same"
    if wider:
        return "widened"
    if narrower:
        return "narrowed" if fits(new, old, enums, any_=False) else "declared"
    return "other"


def fits(inner: Annotation, outer: Annotation, enums: Mapping[str, str], *, any_: bool = True) -> bool:
    """Whether all that `inner` allows is allowed by `outer`; with `any_`, Any allows all."""
    return all(any(_fits(one, other, enums, any_) for other in outer.kinds) for one in inner.kinds)


def _fits(one: Kind, other: Kind, enums: Mapping[str, str], any_: bool) -> bool:
    if other == ANY:
        return any_ or one == ANY
    if other.name in _BASES.get(one.name, ()) or other.name == enums.get(one.name):
        return True
    pairs = zip(one.holds, other.holds, strict=False)
    return one.name == other.name and all(fits(a, b, enums, any_=any_) for a, b in pairs)
