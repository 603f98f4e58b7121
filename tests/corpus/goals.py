"""The goals for a corpus, and those that a run missed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.corpus.run import Result
from tests.corpus.untyped import LOST_BY_GENERATOR

OPERATIONS = 0.998
"""The share of operations that must be generated, importable and callable."""


@dataclass(frozen=True)
class Totals:
    """Sums over all documents."""

    documents: int
    packages: int
    operations: int
    generated: int
    importable: int
    callable: int
    values: int
    lost: int
    answers: int
    untyped: int


def totals(results: Iterable[Result]) -> Totals:
    """The sums of all documents."""
    own = list(results)
    return Totals(
        documents=len(own),
        packages=sum(r.generated for r in own),
        operations=sum(r.operations for r in own),
        generated=sum(r.made for r in own),
        importable=sum(r.importable for r in own),
        callable=sum(r.callable for r in own),
        values=sum(r.findings["values"] for r in own),
        lost=sum(len(r.findings["lost"]) for r in own),
        answers=sum(r.findings["answers"] for r in own),
        untyped=sum(len(r.findings["untyped"]) for r in own),
    )


def missed(results: Sequence[Result]) -> list[str]:
    """Each goal that was missed, as a sentence."""
    sums = totals(results)
    sentences = [] if results else ["there is no document to judge"]
    for state, number in (
        ("generated", sums.generated),
        ("importable", sums.importable),
        ("callable", sums.callable),
    ):
        if number < OPERATIONS * sums.operations:
            sentences.append(f"{_share(number, sums.operations)} of the operations are {state}, not {OPERATIONS:.1%}")
    sentences += _each(results, "no package was made of", lambda r: not r.generated)
    sentences += _each(results, "the package cannot be imported of", lambda r: r.generated and not r.imports)
    sentences += _each(results, "mypy --strict finds errors in the package of", lambda r: bool(r.mypy_errors))
    sentences += _each(results, "a second run does not write the same bytes of", lambda r: r.identical is False)
    sentences += _each(results, "operations are left out without a word of", lambda r: bool(r.silent))
    sentences += _each(
        results, "values do not survive a round trip through the package of", lambda r: bool(r.findings["lost"])
    )
    sentences += _each(results, "methods have no operation in the package of", lambda r: bool(r.findings["replaced"]))
    sentences += _each(results, "answers have a type in the document, and none in the package of", lost_types)
    return sentences


def lost_types(result: Result) -> list[Any]:
    """The answers without a type that have one in the document."""
    return [untyped for untyped in result.findings["untyped"] if untyped["reason"] == LOST_BY_GENERATOR]


def _each(results: Iterable[Result], sentence: str, misses: object) -> list[str]:
    assert callable(misses)
    names = [result.name for result in results if misses(result)]
    return [f"{sentence} {', '.join(names)}"] if names else []


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole} ({part / whole:.2%})" if whole else "0 of 0"
