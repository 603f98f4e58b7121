"""The report as SARIF 2.1.0, the Static Analysis Results Interchange Format, for GitHub's code scanning and editors.

A cause is a result. Code scanning takes 25,000 results in 10 MB, so the worst come first.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from ... import VERSION
from ...document.problems import Problem, Source
from ..causes.cause import Cause
from ..finding import BUMPS, Severity
from ..rules import Rule, load_rules
from .explain import explain, witness_lines
from .model import Report, counted, felt_in, summary, visible
from .repository_paths import in_repository, new_place

ROOM = 9_000_000
"""Characters of all results; the rest of the 10 MB is for what describes their rules."""
MOST_RESULTS = 25_000
_RELATED = 20
"""Places at which a cause is felt, and operations, that a result lists."""
_LEVELS: dict[Severity, str] = {"breaking": "error", "attention": "warning", "safe": "note", "docs": "note"}
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_NEW_ROOT = "%SRCROOT%"
_OLD_ROOT = "%OLDROOT%"
_ROOTS = {
    _NEW_ROOT: {"description": {"text": "The root of the repository."}},
    _OLD_ROOT: {"description": {"text": "The root of the repository in the old version."}},
}
_Json = dict[str, Any]


def sarif(report: Report, *, everything: bool = False) -> str:
    """The report as SARIF: for the same report the same bytes, all of them ASCII, so that nothing in it acts.

    What needs no decision is counted; with `everything` it has results, too.
    """
    causes = [*report.decisions, *(cause for cause in report.accepted if cause.severity in ("breaking", "attention"))]
    if everything:
        listed = set(map(id, causes))
        causes += [cause for cause in report.causes if id(cause) not in listed]
    rules = load_rules() if causes else {}
    ids = sorted({cause.rule for cause in causes})
    indexes = {id: index for index, id in enumerate(ids)}
    results = _what_fits(_result(cause, indexes[cause.rule], report) for cause in causes)
    run = {
        "tool": {"driver": _driver(ids, rules)},
        "automationDetails": {"id": "diff/"},
        "originalUriBaseIds": _ROOTS,
        "invocations": [_invocation(report, causes, len(results))],
        "results": results,
        "properties": {
            "old": visible(report.old),
            "new": visible(report.new),
            "verdict": visible(report.verdict, 1_000),
            "bump": {visible(bump.package): bump.level for bump in report.bumps},
        },
    }
    document = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    # As in the report for programs: escaped by JSON's own means, no text is a command of a runner.
    return json.dumps(document, indent=1).replace("##", "#\\u0023") + "\n"


def _what_fits(results: Iterable[_Json]) -> list[_Json]:
    """As many of the results as code scanning takes, from the first."""
    fitting, room = list[_Json](), ROOM
    for result in results:
        text = json.dumps(result, indent=1)
        room -= len(text) + 4 * text.count("\n") + 6  # as deep as it is in the document
        if room < 0 or len(fitting) == MOST_RESULTS:
            break
        fitting.append(result)
    return fitting


def _driver(ids: Sequence[str], rules: Mapping[str, Rule]) -> _Json:
    return {
        "name": "workflow-client-generator diff",
        "version": VERSION,
        "rules": [_descriptor(rules[id]) if id in rules else {"id": visible(id)} for id in ids],
    }


def _descriptor(rule: Rule) -> _Json:
    witness = "\n".join(witness_lines(rule))
    markdown = f"{rule.why}\n\nWitness, executed by the tests:\n\n````text\n{witness}\n````"
    return {
        "id": rule.id,
        "name": "".join(word.capitalize() for word in rule.id.split("-")),
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.why},
        "help": {"text": explain(rule), "markdown": markdown},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"tags": [rule.layer, rule.severity], "problem.severity": _problem_severity(rule.severity)},
    }


def _problem_severity(severity: Severity) -> str:
    """What code scanning sorts alerts by."""
    level = _LEVELS[severity]
    return "recommendation" if level == "note" else level


def _invocation(report: Report, causes: Sequence[Cause], shown: int) -> _Json:
    notes = list[str]()
    if left_out := len(causes) - shown:
        notes.append(f"{counted(left_out, 'result')} of {len(causes):,} left out: code scanning takes no more.")
    if unlisted := len(report.causes) - len(causes):
        notes.append(f"{counted(unlisted, 'change')} without a result: nothing to decide. --all lists them.")
    notifications = [{"level": "note", "message": _message(note)} for note in notes]
    return {
        "executionSuccessful": not report.errors,
        "toolExecutionNotifications": [*map(_notification, report.warnings), *notifications],
    }


def _notification(problem: Problem) -> _Json:
    return {
        "level": problem.severity,
        "descriptor": {"id": visible(problem.id)},
        "message": _message(_sentences(visible(problem.message, 1_000), visible(problem.hint, 1_000))),
        "locations": [_location(problem.source, _NEW_ROOT)],
    }


def _result(cause: Cause, rule_index: int, report: Report) -> _Json:
    operations, hint = felt_in(cause), visible(cause.hint, 1_000)
    notice = visible(str(cause.notice), 1_000)
    rest = (f"Noticed {operations}" if operations else "", f"Hint: {hint}" if hint else "")
    result: _Json = {
        "ruleId": visible(cause.rule),
        "ruleIndex": rule_index,
        "level": _LEVELS[cause.severity],
        "message": _message(_sentences(summary(cause), notice, *rest)),
        "locations": [_where(cause, report)],
        "partialFingerprints": {
            "cause/v1": cause.fingerprint,
            # Code scanning tells alerts apart by this one. Of a line, it would be the same for all causes in the line.
            "primaryLocationLineHash": f"{cause.fingerprint}:1",
        },
        "properties": _properties(cause),
    }
    if related := _related(cause):
        result["relatedLocations"] = related
    if cause.accepted:
        justification = visible(cause.accepted, 1_000)
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": justification}]
    return result


def _properties(cause: Cause) -> _Json:
    return {
        "severity": cause.severity,
        "layer": cause.lead.layer,
        "layers": list(cause.layers),
        "package": visible(cause.lead.package),
        "packages": [visible(package) for package in cause.packages],
        "bump": min((change.bump for change in cause.changes), key=BUMPS.index),
        "subject": visible(cause.subject),
        "before": visible(cause.before),
        "after": visible(cause.after),
        "operationCount": len(cause.operations),
        "operations": [visible(operation) for operation in cause.operations[:_RELATED]],
    }


def _where(cause: Cause, report: Report) -> _Json:
    """Where the new version has it; else its former file, or the new version as such: code scanning asks for a file."""
    former = cause.old.file if cause.old and cause.old.file != report.old else report.new
    location = _location(new_place(cause) or Source(former), _NEW_ROOT)
    if cause.pointer:
        location["logicalLocations"] = [{"fullyQualifiedName": visible(cause.pointer, 1_000)}]
    return location


def _related(cause: Cause) -> list[_Json]:
    """The old place, then the other places at which it is felt."""
    new = new_place(cause)
    places = {new: ""} if new else {}
    related = list[_Json]()
    if cause.old:
        related.append({**_location(cause.old, _OLD_ROOT), "message": _message(f"Before: {visible(str(cause.old))}")})
    for change in cause.changes:
        if change.new and change.new not in places:
            places[change.new] = " ".join(filter(None, (visible(change.operation), visible(change.place))))
    felt = [(source, place) for source, place in places.items() if place][:_RELATED]
    related += [{**_location(source, _NEW_ROOT), "message": _message(place)} for source, place in felt]
    return [{"id": number, **location} for number, location in enumerate(related, 1)]


def _location(source: Source, root: str) -> _Json:
    """A line of a file, or the whole of it: then the first line, as code scanning asks for one."""
    if path := in_repository(source.file):
        artifact = {"uri": _uri(path), "uriBaseId": root}
    else:
        name = PurePath(source.file).as_posix()
        artifact = {"uri": f"file://{_uri(name)}" if name.startswith("/") else _uri(name)}
    return {"physicalLocation": {"artifactLocation": artifact, "region": {"startLine": source.line or 1}}}


def _uri(path: str) -> str:
    return quote(path.encode("utf-8", "replace"))


def _message(text: str) -> _Json:
    """Plain text in which nothing is a placeholder or a link."""
    return {"text": text.replace("{", "{{").replace("}", "}}").replace("](", "] (")}


def _sentences(*texts: str) -> str:
    """The texts, each as a sentence."""
    return " ".join(text if text.endswith((".", "!", "?")) else f"{text}." for text in texts if text)
