"""`to_row`: flat rows with the same columns for every provider, which Arrow and SQL take."""

from __future__ import annotations

import json
import sqlite3
import sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, get_type_hints

import pyarrow  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from workflow_runs import (
    ROW_COLUMNS,
    PendingInput,
    PendingResponse,
    RunRef,
    RunRow,
    RunStatus,
    RunStep,
    RunTrigger,
    TriggerKind,
    Usage,
    WorkflowRun,
    arrow_schema,
    normalize,
)

from tests.runs.made_runs import run_fields, runs
from tests.runs.payloads import RUNS
from tests.runs.promises import REFS

PAYLOAD = b'{"id": "1", "status": "succeeded", "outputs": {"a": [1]}, "created_at": 1714564800, "elapsed_time": 1.5}'
EXTREMES = [
    {"usage": Usage(tokens=tokens, credits=Decimal(credits))}
    for tokens, credits in ((10**30, "1E+4299"), (2**63 - 1, "1E-4300"), (-(2**63), "123456789012345678901234567890.5"))
] + [
    {"created_at": moment.replace(tzinfo=UTC), "elapsed": duration}
    for moment, duration in ((datetime.min, timedelta()), (datetime.max, timedelta.max))
]
"""Values that tables have no type for, or only just."""


def mixed(count: int) -> list[WorkflowRun]:
    """Runs of all providers, as they are in `tests/payloads`, and with values that tables find difficult."""
    some = [case.run() for case in RUNS] + [WorkflowRun(**run_fields(**fields)) for fields in EXTREMES]
    return (some * (count // len(some) + 1))[:count]


def test_a_row_has_plain_values_and_json() -> None:
    run = normalize("dify", PAYLOAD, ref="dify:1?account=sales")
    row = run.to_row()
    assert {name: value for name, value in row.items() if value is not None} == {
        "schema": "workflow-run/1",
        "provider": "dify",
        "id": "1",
        "ref": "dify:1?account=sales",
        "status": "succeeded",
        "status_basis": "documented",
        "result": "success",
        "raw_status": "succeeded",
        "tags": "[]",
        "created_at": datetime(2024, 5, 1, 12, tzinfo=UTC),
        "elapsed_seconds": 1.5,
        "outputs": '{"a":[1]}',
        "steps": "[]",
        "issues": "[]",
    }
    assert type(row["status"]) is str
    assert row["ref"] is not None
    assert RunRef.parse(row["ref"]) == run.ref


def test_objects_have_columns_of_their_own() -> None:
    presented_at = datetime(2026, 11, 28, tzinfo=UTC)
    row = WorkflowRun(
        **run_fields(
            RunStatus.WAITING_FOR_INPUT,
            parent_id="0",
            parent=RunRef("dify", "0"),
            tags=("a", "b"),
            trigger=RunTrigger(TriggerKind.API, "by hand"),
            usage=Usage(tokens=7, credits=Decimal("2.50")),
            steps=(RunStep(status=RunStatus.RUNNING, input={"a": None}),),
            pending=PendingInput(
                presented_at=presented_at,
                timeout=timedelta(minutes=1),
                responses=(PendingResponse("yes", "Yes"),),
                config={},
            ),
        )
    ).to_row()
    assert (row["parent"], row["tags"], row["steps"]) == (
        "dify:0",
        '["a","b"]',
        '[{"status":"running","input":{"a":null}}]',
    )
    assert (row["trigger_kind"], row["trigger_text"]) == ("api", "by hand")
    assert (row["usage_tokens"], row["usage_steps"], row["usage_credits"]) == (7, None, "2.50")
    assert (row["pending_timeout_seconds"], row["pending_deadline"]) == (60.0, None)
    assert (row["pending_responses"], row["pending_config"]) == ('[{"type":"yes","label":"Yes"}]', "{}")


def test_the_columns_are_listed_once_and_are_those_of_all_rows() -> None:
    hints = get_type_hints(RunRow)
    assert [*hints] == [*ROW_COLUMNS]
    for name, type_ in ROW_COLUMNS.items():
        assert hints[name] in (type_, type_ | None)
    with pytest.raises(TypeError):
        ROW_COLUMNS["more"] = str  # type: ignore[index]


@given(runs())
def test_every_run_has_a_row_of_these_columns_and_types(run: WorkflowRun) -> None:
    row: dict[str, Any] = {**run.to_row()}
    assert [*row] == [*ROW_COLUMNS]
    for name, value in row.items():
        assert value is None or type(value) is ROW_COLUMNS[name]
    written = json.loads(run.to_json())
    for name in ("tags", "steps", "issues"):
        assert json.loads(row[name]) == written.get(name, [])
    for name in ("inputs", "outputs", "metadata"):
        assert row[name] is None or json.loads(row[name]) == written[name]


def test_values_that_no_table_holds_are_none_or_text() -> None:
    rows = [WorkflowRun(**run_fields(**fields)).to_row() for fields in EXTREMES]
    assert [row["usage_tokens"] for row in rows[:3]] == [None, 2**63 - 1, -(2**63)]
    assert [row["usage_credits"] for row in rows[:3]] == ["1E+4299", "1E-4300", "123456789012345678901234567890.5"]
    assert rows[3]["created_at"] == datetime.min.replace(tzinfo=UTC)
    assert rows[4]["elapsed_seconds"] == timedelta.max.total_seconds()


def test_a_run_of_a_provider_that_is_not_known_here_has_a_row_without_its_reference() -> None:
    row = WorkflowRun(**run_fields(provider="tomorrow", ref=RunRef("tomorrow", "1"))).to_row()
    assert (row["provider"], row["id"], row["ref"]) == ("tomorrow", "5b1f", None)
    row = WorkflowRun(**run_fields(provider="copyai", ref=RunRef("copyai", "1"))).to_row()  # without its workflow_id
    assert row["ref"] is None


def test_arrow_takes_rows_of_all_providers() -> None:
    some = mixed(1_000)
    assert {run.provider for run in some} == {*REFS}
    rows = [run.to_row() for run in some]
    table = pyarrow.Table.from_pylist(rows, schema=arrow_schema())
    assert table.num_rows == 1_000
    assert table.schema.names == [*ROW_COLUMNS]
    assert table.to_pylist() == rows


def test_sql_takes_rows_of_all_providers() -> None:
    rows = [run.to_row() for run in mixed(1_000)]
    names = ", ".join(f'"{name}"' for name in ROW_COLUMNS)
    marks = ", ".join("?" * len(ROW_COLUMNS))
    sqlite3.register_adapter(datetime, lambda moment: moment.isoformat(" "))  # the default one is deprecated
    with sqlite3.connect(":memory:") as connection:
        connection.execute(f"create table runs ({names})")
        connection.executemany(f"insert into runs values ({marks})", [tuple(row.values()) for row in rows])
        read = connection.execute("select ref, usage_credits, outputs, created_at from runs").fetchall()
    connection.close()
    assert read == [
        (row["ref"], row["usage_credits"], row["outputs"], row["created_at"] and row["created_at"].isoformat(" "))
        for row in rows
    ]


def test_without_pyarrow_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ImportError) as caught:
        arrow_schema()
    assert str(caught.value) == "arrow_schema() needs pyarrow, which is not installed: pip install pyarrow"
