"""How much of what `new` drafts for our providers agrees with what people wrote: a file of `agreement` for each.

`UPDATE_CASES=1` writes the files anew. What a draft says without `?` has to agree in any case.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from generator.document.loading import load, parse
from generator.document.problems import Problems
from generator.drafting.folder import drafted_folder
from generator.normalization.unified import UnifiedModel
from generator.project.mappings import unified_model
from tests.generator.expectations import ROOT, UPDATE

SPECS = ROOT / "specs"
AGREEMENT = Path(__file__).parent / "agreement"
PROVIDERS = sorted(path.parent.name for path in SPECS.glob("*/normalization.yaml"))


@pytest.fixture(scope="module")
def unified() -> UnifiedModel:
    return unified_model(SPECS / "workflow-run.yaml", "workflow-run.yaml")


@dataclass(frozen=True)
class Statement:
    """A value of a mapping, and whether it is marked as a guess."""

    value: Any
    is_guess: bool

    @property
    def candidates(self) -> list[Any]:
        return self.value if isinstance(self.value, list) and self.is_guess else [self.value]


@pytest.mark.parametrize("provider", PROVIDERS)
def test_the_draft_agrees_with_what_people_wrote(provider: str, unified: UnifiedModel) -> None:
    folder = SPECS / provider
    problems = Problems()
    draft = drafted_folder(provider, [str(folder / "openapi.yaml")], (), unified, date(2026, 11, 29), problems)
    assert draft is not None, [str(problem) for problem in problems]
    drafted = {name: parse(draft.files[name].decode(), name) for name in ("normalization.yaml", "provider.yaml")}
    written = {name: load(folder / name) for name in drafted}
    facts = dict(entries(drafted)), dict(entries(written))
    wrong = [
        name
        for name, statement in facts[0].items()
        if name in facts[1] and not statement.is_guess and differs(name, *facts)
    ]
    assert wrong == []
    file = AGREEMENT / f"{provider}.txt"
    if UPDATE:
        file.write_text(report(*facts), "utf-8")
    assert not file.exists() or report(*facts) == file.read_text("utf-8")


def entries(files: dict[str, Any]) -> Iterator[tuple[str, Statement]]:
    """What the files of a provider say, by name: `started_at`, `word done`, `argument ApiKeyAuth`."""
    mapping = plain(files["normalization.yaml"])
    for name in ("ref", "parameters"):
        yield name, mapping[name]
    yield from table(mapping["status"].value, "")
    yield from fields(mapping["fields"].value, "")
    for target, statement in plain(mapping["lists"].value if "lists" in mapping else {}).items():
        inside = plain(statement.value)
        yield target, Statement(inside["each"].value, statement.is_guess)
        yield from table(inside["status"].value, f"{target}.") if "status" in inside else ()
        yield from fields(inside["fields"].value, f"{target}.")
    if "envelope" in mapping:
        inside = plain(mapping["envelope"].value)
        yield "envelope", Statement([inside["at"].value, inside["status"].value], mapping["envelope"].is_guess)
    for scheme, entry in files["provider.yaml"].get("credentials", {}).items():
        yield f"argument {scheme}", plain(entry)["argument"]


def table(status: Any, prefix: str) -> Iterator[tuple[str, Statement]]:
    statement = plain(status)
    yield f"{prefix}status", Statement(statement["at"].value, statement["at"].is_guess)
    yield from words(statement["words"].value if "words" in statement else {}, f"{prefix}word ")


def words(table: Any, prefix: str) -> Iterator[tuple[str, Statement]]:
    for word, meaning in table.items():
        if isinstance(meaning, dict):
            yield from words(meaning, f"{prefix}{word}/")
        else:
            yield prefix + word, Statement(meaning.rstrip("?"), meaning.endswith("?"))


def fields(table: Any, prefix: str) -> Iterator[tuple[str, Statement]]:
    for target, statement in plain(table).items():
        yield prefix + target, statement


def plain(table: Any) -> dict[str, Statement]:
    return {name.removesuffix("?"): Statement(value, name.endswith("?")) for name, value in table.items()}


def places(value: Any) -> Any:
    """The pointers of an entry of a field: what else it says a person adds."""
    if isinstance(value, dict):
        return next(
            ([*value[key]] if key == "first" else value[key] for key in ("each", "in", "at", "first") if key in value),
            value,
        )
    return value


def differs(name: str, drafted: dict[str, Statement], written: dict[str, Statement]) -> bool:
    right = places(written[name].value)
    right = right if isinstance(right, list) else [right]
    candidates = [places(value) for value in drafted[name].candidates]
    if name == "parameters":
        decided = {wire: part for wire, part in drafted[name].value.items() if part != "?"}
        return not decided.items() <= written[name].value.items()
    if name in ("status", "steps.status"):  # a person can find that it takes further places
        return in_a_list(drafted[name].value) != in_a_list(written[name].value)[: len(in_a_list(drafted[name].value))]
    if name == "envelope":
        return bool(drafted[name].value != written[name].value)
    return not any(value in right for value in candidates)


def in_a_list(value: Any) -> list[Any]:
    return [*value] if isinstance(value, list) else [value]


def report(drafted: dict[str, Statement], written: dict[str, Statement]) -> str:
    agreeing = [name for name in written if name in drafted and not differs(name, drafted, written)]
    differing = [name for name in written if name in drafted and name not in agreeing]
    certain = [name for name in agreeing if not drafted[name].is_guess]
    lines = [
        f"{len(agreeing)} of {len(written)} agree, {len(certain)} of them certain",
        *(f"differs: {name}: {shown(drafted[name])}, not {shown(written[name])}" for name in differing),
        *(f"missing: {name}: {shown(written[name])}" for name in written if name not in drafted),
        *(f"not written: {name}: {shown(drafted[name])}" for name in drafted if name not in written),
    ]
    return "\n".join(lines) + "\n"


def shown(statement: Statement) -> str:
    candidates = map(places, statement.candidates)
    return " or ".join(
        str(value if not isinstance(value, list) else ", ".join(map(str, value))) for value in candidates
    )
