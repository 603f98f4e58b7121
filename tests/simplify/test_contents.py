"""Rules pass over what does not concern them: with and without that, a document is simplified to the same."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest

from generator.document import schemas
from generator.document.loading import load
from generator.document.problems import Problems, ProblemsFound
from generator.document.tree import Array, Object
from generator.repair import repair, resolve
from generator.repair.resolve import resolve_references
from generator.simplify import simplify
from generator.upstream.naming import naming

CASES = sorted(Path(__file__).parents[1].glob("cases/*/openapi.*"))
MODULES = (
    "all_of",
    "components",
    "discriminators",
    "enums",
    "null",
    "restrictions.record",
    "subtypes",
    "types",
    "unions",
)


def simplified(path: Path) -> tuple[object, list[str], Object | None]:
    """All of a simplified document with the places of its values, what was reported, and the resolved document."""
    problems, resolved = Problems(strict=False), None
    try:
        resolved = resolve_references(repair(load(path, "f.yaml", problems), problems), problems)
        return with_places(simplify(resolved, naming(), problems)), [*map(str, problems)], resolved
    except ProblemsFound as error:
        return None, [*map(str, error.problems)], resolved


def with_places(value: Any) -> object:
    """A value with the places of its keys and items, in their order."""
    if isinstance(value, Object):
        return [(key, repr(value.where(key)), with_places(child)) for key, child in value.items()]
    if isinstance(value, Array):
        return [(repr(value.where(index)), with_places(child)) for index, child in enumerate(value)]
    return value


def copied(value: Any) -> Any:
    """A copy for which nothing is remembered."""
    if isinstance(value, Object):
        return Object((key, copied(child)) for key, child in value.items())
    return Array(map(copied, value)) if isinstance(value, Array) else value


def remembered(value: Any) -> list[Object | Array]:
    """The mappings and lists inside of a value whose contents are remembered."""
    children = value.values() if isinstance(value, Object) else value if isinstance(value, Array) else ()
    inside = [each for child in children for each in remembered(child)]
    return [*inside, value] if isinstance(value, (Object, Array)) and value.contents is not None else inside


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.parent.name)
def test_what_a_rule_passes_over_it_would_not_change(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    passed_over = simplified(path)

    def rewrite_all(document: Object, rule: schemas.Rule, _: object = ()) -> Object:
        return schemas.rewrite_document(document, rule)

    for module in (resolve, *(importlib.import_module(f"generator.simplify.{name}") for name in MODULES)):
        monkeypatch.setattr(module, "rewrite_document", rewrite_all)
    assert simplified(path)[:2] == passed_over[:2]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.parent.name)
def test_what_is_remembered_of_contents_stays_true(path: Path) -> None:
    resolved = simplified(path)[2]
    for value in remembered(resolved):
        assert value.contents == schemas.contents_of(copied(value))
