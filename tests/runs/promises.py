"""What holds for every run, whatever its provider and whatever the response."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import jsonschema
import msgspec
import workflow_runs
from msgspec import Struct
from msgspec.structs import asdict
from workflow_runs import TERMINAL, RunStatus, StatusBasis, WorkflowRun

REFS = {
    "airflow": "airflow:dag-of-the-reference/run-of-the-reference",
    "anon": "anon:run-of-the-reference",
    "copyai": "copyai:workflow-of-the-reference/run-of-the-reference",
    "databricks": "databricks:455644833",
    "dbt": "dbt:1234/34929305",
    "dify": "dify:run-of-the-reference",
    "github": "github:octo-org/octo-repo/30433642",
    "juo": "juo:run-of-the-reference?tenant=shop",
    "n8n": "n8n:1000",
    "prefect": "prefect:run-of-the-reference",
    "tamtam": "tamtam:run-of-the-reference",
}
"""A reference to a run of each provider."""

PROBLEMS = (
    "missing",
    "unreadable",
    "out of range",
    "no zone",
    "not JSON",
    "not an object",
    "not a number",
    "disagreement",
    "unknown word",
    "another run",
    "no run here",
)
"""All problems that an issue can name, before the colon."""

SCHEMA = jsonschema.Draft202012Validator(
    workflow_runs.json_schema(), format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
)


def check_promises(run: WorkflowRun, payload: bytes, schema: jsonschema.Draft202012Validator | None = SCHEMA) -> None:
    """Check that a run made from `payload` keeps what is promised of all runs.

    Its JSON is checked by the schema, if one is given.
    """
    _check_json(run, schema)
    _check_times(run)
    _check_issues(run)
    assert WorkflowRun(**asdict(run)) == run, "what an adapter makes is as if it were checked like all others"
    assert type(run.issues) is tuple
    assert run.raw == payload
    assert run.native is not None or run.issues, "only what could not be read is a reason to lack it"
    assert run.id
    can = workflow_runs.capabilities(run.provider)
    there = set(present(run))
    assert there <= set(can.present)
    assert there.isdisjoint(can.absent)
    assert run.status in can.statuses
    assert (run.status is RunStatus.UNKNOWN) == (run.status_basis is StatusBasis.UNKNOWN)
    assert (run.result is not None) == (run.status in TERMINAL) == run.is_terminal
    assert run.finished_at is None or run.is_terminal


def _check_json(run: WorkflowRun, schema: jsonschema.Draft202012Validator | None) -> None:
    text = run.to_json()
    assert text == msgspec.json.encode(run)
    if schema is not None:
        assert [error.message for error in schema.iter_errors(msgspec.json.decode(text))] == []
    again = WorkflowRun.from_json(text)
    assert again == run
    assert again.to_json() == text


def _check_times(run: WorkflowRun) -> None:
    for value in leaves(run):
        if isinstance(value, datetime):
            assert value.utcoffset() == timedelta(), "aware, and in UTC"
        if isinstance(value, timedelta):
            assert value >= timedelta()
    if run.pending and run.pending.deadline:
        assert run.pending.presented_at
        assert run.pending.timeout is not None
        assert run.pending.deadline - run.pending.presented_at == run.pending.timeout


def _check_issues(run: WorkflowRun) -> None:
    for issue in run.issues:
        problem, colon, detail = issue.problem.partition(": ")
        assert problem in PROBLEMS
        assert (colon, bool(detail)) == (": ", True)
        assert issue.pointer == "" or issue.pointer.startswith("/")
    assert len(set(run.issues)) == len(run.issues)


def problems_of(run: WorkflowRun) -> set[str]:
    """The problems of a run's issues, without the details after the colon."""
    return {issue.problem.partition(":")[0] for issue in run.issues}


def present(value: Struct, within: str = "") -> Iterator[str]:
    """Dotted names of the unified fields that have a value: `usage`, `usage.tokens`, `steps.id`."""
    for field in msgspec.structs.fields(value):
        attribute = getattr(value, field.name)
        if attribute is None or attribute == ():
            continue
        name = f"{within}{field.encode_name}"
        if name not in ("issues", "ref", "parent"):
            for item in attribute if isinstance(attribute, tuple) else (attribute,):
                if isinstance(item, Struct):
                    yield from present(item, f"{name}.")
        yield name


def leaves(value: object) -> Iterator[object]:
    """All values of the unified model in a run; a free-form value counts as a single value."""
    if isinstance(value, Struct):
        for name in value.__struct_fields__:
            yield from leaves(getattr(value, name))
    elif isinstance(value, tuple):
        for item in value:
            yield from leaves(item)
    else:
        yield value
