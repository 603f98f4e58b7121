"""A class is called renamed where it has enough in common with another one beside what many classes have."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator.diff.python.api import compare
from tests.diff.rules import documents

TEXT, INTEGER = {"type": "string"}, {"type": "integer"}


def ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def record(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def event(**data: Any) -> dict[str, Any]:
    return record(event=TEXT, bed=TEXT, at=TEXT, data=record(**data))


def answering(answer: Any, **schemas: Any) -> dict[str, Any]:
    return {"answer": answer, "document": {"components": {"schemas": schemas}}}


def one_of(**schemas: Any) -> dict[str, Any]:
    return answering({"oneOf": [ref(name) for name in schemas], "discriminator": {"propertyName": "event"}}, **schemas)


STARTED = {"Started": event(input=TEXT)}
AUDIT = {"id": TEXT, "kind": TEXT, "created_at": TEXT}
CASES: dict[str, tuple[dict[str, Any], dict[str, Any], list[str]]] = {
    "a variant is replaced by an unrelated one": (
        one_of(**STARTED, Watered=event(liters=INTEGER)),
        one_of(**STARTED, Pruned=event(twigs=INTEGER, deep=TEXT)),
        [
            "python-alias-changed GetThingResponse: Started | Watered -> Pruned | Started",
            "python-class-added Pruned:  -> Pruned",
            "python-class-added PrunedData:  -> PrunedData",
            "python-class-removed Watered: Watered -> ",
            "python-class-removed WateredData: WateredData -> ",
        ],
    ),
    "a variant is renamed, and so is the class of its attribute": (
        one_of(**STARTED, Watered=event(liters=INTEGER)),
        one_of(**STARTED, Soaked=event(liters=INTEGER)),
        [
            "python-class-renamed Watered: Watered -> Soaked",
            "python-class-renamed WateredData: WateredData -> SoakedData",
        ],
    ),
    "two variants are renamed at once, and one is new": (
        one_of(**STARTED, Watered=event(liters=INTEGER), Pruned=event(twigs=INTEGER)),
        one_of(**STARTED, Cut=event(twigs=INTEGER), Soaked=event(liters=INTEGER), Sown=event(seeds=INTEGER)),
        [
            "python-alias-widened GetThingResponse: Cut | Soaked | Started -> Cut | Soaked | Sown | Started",
            "python-class-added Sown:  -> Sown",
            "python-class-added SownData:  -> SownData",
            "python-class-renamed Pruned: Pruned -> Cut",
            "python-class-renamed PrunedData: PrunedData -> CutData",
            "python-class-renamed Watered: Watered -> Soaked",
            "python-class-renamed WateredData: WateredData -> SoakedData",
        ],
    ),
    "what a method returns is something else with an id": (
        answering(ref("Rose"), Rose=record(**AUDIT, thorns=INTEGER)),
        answering(ref("Fern"), Fern=record(**AUDIT, fronds=INTEGER)),
        [
            "python-class-added Fern:  -> Fern",
            "python-class-removed Rose: Rose -> ",
            "python-return-type-changed ThingsClient.get_thing: Rose -> Fern",
        ],
    ),
    "what a method returns is renamed": (
        answering(ref("Rose"), Rose=record(**AUDIT, thorns=INTEGER)),
        answering(ref("Dogrose"), Dogrose=record(**AUDIT, thorns=INTEGER)),
        ["python-class-renamed Rose: Rose -> Dogrose"],
    ),
    "a class that has an id alone is renamed": (
        answering(ref("Rose"), Rose=record(id=TEXT)),
        answering(ref("Dogrose"), Dogrose=record(id=TEXT)),
        ["python-class-renamed Rose: Rose -> Dogrose"],
    ),
}


@pytest.mark.parametrize(("before", "after", "expected"), CASES.values(), ids=CASES.keys())
def test_a_rename_needs_evidence(before: Any, after: Any, expected: list[str], tmp_path: Path) -> None:
    old, new = documents.read(before, tmp_path / "old"), documents.read(after, tmp_path / "new")
    findings = sorted(f"{f.rule} {f.place}: {f.before} -> {f.after}" for f in compare(old, new))
    assert findings == expected
