"""What a corpus must reach, and what of it a run missed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tests.corpus.run import Result

OPERATIONS, UNTYPED = 0.998, 0.02
"""Shares: of operations that are generated, importable and callable (at least); of untyped answers (at most)."""


@dataclass(frozen=True)
class Totals:
    """Sums over the documents whose calls are judged."""

    documents: int
    packages: int
    operations: int
    generated: int
    importable: int
    callable: int
    answers: int
    untyped: int


def counted(results: Iterable[Result]) -> list[Result]:
    """The documents that the goals are about."""
    return [result for result in results if not result.is_apart]


def totals(results: Iterable[Result]) -> Totals:
    """The sums of the documents that the goals are about."""
    own = counted(results)
    return Totals(
        documents=len(own),
        packages=sum(r.generated for r in own),
        operations=sum(r.operations for r in own),
        generated=sum(r.made for r in own),
        importable=sum(r.importable for r in own),
        callable=sum(r.callable for r in own),
        answers=sum(r.findings["answers"] for r in own),
        untyped=sum(len(r.findings["untyped"]) for r in own),
    )


def missed(results: Sequence[Result]) -> list[str]:
    """Each goal that was missed, as a sentence."""
    own, sums = counted(results), totals(results)
    found = [] if own else ["there is no document to judge"]
    for word, number in (
        ("generated", sums.generated),
        ("importable", sums.importable),
        ("callable", sums.callable),
    ):
        if number < OPERATIONS * sums.operations:
            found.append(f"{_share(number, sums.operations)} of the operations are {word}, not {OPERATIONS:.1%}")
    found += _each(own, "no package was made of", lambda r: not r.generated)
    found += _each(own, "the package cannot be imported of", lambda r: r.generated and not r.imports)
    found += _each(own, "mypy --strict finds errors in the package of", lambda r: bool(r.mypy_errors))
    found += _each(own, "a second run does not write the same bytes of", lambda r: r.identical is False)
    found += _each(own, "operations are left out without a word of", lambda r: bool(r.silent))
    found += _each(own, "valid answers are not read whole by the package of", lambda r: bool(r.findings["misread"]))
    found += _each(own, "something is replaced by another in the package of", lambda r: bool(r.findings["replaced"]))
    if sums.untyped > UNTYPED * sums.answers:
        found.append(
            f"{_share(sums.untyped, sums.answers)} of the answers' bodies are untyped, more than {UNTYPED:.0%}"
        )
    return found


def _each(results: Iterable[Result], what: str, is_so: object) -> list[str]:
    assert callable(is_so)
    names = [result.name for result in results if is_so(result)]
    return [f"{what} {', '.join(names)}"] if names else []


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole} ({part / whole:.2%})" if whole else "0 of 0"
