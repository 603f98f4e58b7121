"""Rules, findings and changes, made in a line."""

from __future__ import annotations

from typing import Any

from generator.diff.finding import Change, Finding
from generator.diff.notice import Notice
from generator.diff.rules import Rule
from generator.document.problems import Source
from generator.document.tree import Object


def rule(id: str, **facts: Any) -> Rule:
    given = {"layer": "wire", "direction": "none", "severity": "breaking", "bump": "none", "notice": "It changed."}
    return Rule(id=id, title="T", why="W", witness=Object(), source=Source(f"{id}.yaml"), **{**given, **facts})


def finding(rule: str = "a", **facts: Any) -> Finding:
    given = {"operation": "GET /things", "place": "answer 200", "before": "text", "after": "integer"}
    sources = {"old": Source("old.yaml", "/old", 1), "new": Source("new.yaml", "/new", 2)}
    return Finding(rule, **{**given, **sources, **facts})


def change(**facts: Any) -> Change:
    given = {"rule": "a", "layer": "wire", "severity": "breaking", "bump": "none", "package": "things-client"}
    texts = dict.fromkeys(("operation", "place", "pointer", "before", "after"), "")
    return Change(**{**given, **texts, "notice": Notice(), "old": None, "new": None, **facts})
