"""The attacks `determinism` and `wheels` notice other bytes, and write documents in other ways that mean the same."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest

from tests.torture.subject import Broken
from tests.torture.subjects import determinism, wheels


def test_only_keywords_change_their_order() -> None:
    schema = {"type": "object", "title": "B", "properties": {"type": {"a": 1}, "b": {}}, "default": {"z": 1, "a": 2}}
    document = {"paths": {"/b": {"post": {"tags": [], "summary": ""}, "get": {}}, "/a": {}}, "x": schema}
    texts = set()
    for seed in range(50):
        again = determinism._reordered(document, Random(seed))
        assert again == document
        assert list(again["paths"]) == ["/b", "/a"]
        assert list(again["paths"]["/b"]) == ["post", "get"]
        assert list(again["x"]["properties"]) == ["type", "b"]
        assert list(again["x"]["default"]) == ["z", "a"]
        texts.add(json.dumps(again))
    assert len(texts) > 20


def test_other_bytes_are_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = determinism.draw(Random(0))
    assert isinstance(case, dict)
    case["newest_python"] = False
    monkeypatch.setattr(determinism, "_expected", lambda document: {"a": b"1", "b": b"1"})
    monkeypatch.setattr(determinism, "_generated", lambda *arguments: {"a": b"1", "b": b"2"})
    with pytest.raises(Broken, match=r"other bytes: \['b'\]"):
        determinism.attack(case, tmp_path)


def test_another_wheel_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = wheels.draw(Random(0))
    monkeypatch.setattr(wheels, "_expected", lambda package: ("name.whl", "digest"))
    with pytest.raises(Broken, match="another wheel"):
        wheels.attack(case, tmp_path)
