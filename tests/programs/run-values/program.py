"""What is in a run: words, typed outputs, rows."""

from datetime import datetime
from typing import TypedDict

from msgspec import Struct
from workflow_runs import (
    ROW_COLUMNS,
    RunRef,
    RunResult,
    RunRow,
    RunStatus,
    RunStep,
    StatusBasis,
    UnexpectedValue,
    WorkflowRun,
)


class Report(Struct):
    title: str


class Score(TypedDict):
    score: float


def typed(run: WorkflowRun) -> None:
    report: Report = run.outputs_as(Report)
    reports: list[Report] = run.outputs_as(list[Report])
    score: Score = run.inputs_as(Score, strict=False)
    number: int = run.outputs_as(Report)  # error
    either: Report | None = run.outputs_as(Report | None)
    print(report.title, report.titel, reports[0].title, score["score"], number, either)  # error
    run.outputs_as(Report, False)  # error


def rows(run: WorkflowRun) -> None:
    row: RunRow = run.to_row()
    created_at: datetime | None = row["created_at"]
    status: str = row["status"]
    tokens: int | None = row["usage_tokens"]
    result: RunResult = row["result"]  # error
    print(row["usage"], created_at, status, tokens, result)  # error
    columns: list[type] = [*ROW_COLUMNS.values()]
    ROW_COLUMNS["more"] = str  # error
    print(columns)


def words(run: WorkflowRun) -> str:
    match run.status:
        case RunStatus.SUCCEEDED | RunStatus.FAILED | RunStatus.CANCELLED:
            return "ended"
        case _:
            return run.status.value


def main() -> None:
    run = WorkflowRun(
        provider="dify",
        id="1",
        ref=RunRef("dify", "1"),
        status=RunStatus("later"),
        status_basis=StatusBasis.DOCUMENTED,
        outputs={"title": "March"},
        steps=(RunStep(status=RunStatus.RUNNING),),
    )
    assert words(run) == "later"
    assert run.outputs_as(Report).title == "March"
    pointer = ""
    try:
        run.outputs_as(dict[str, int])
    except UnexpectedValue as error:
        pointer = error.pointer
    assert pointer == "/title"


def refused(run: WorkflowRun) -> WorkflowRun:
    run.status = RunStatus.FAILED  # error
    return WorkflowRun("dify", "1")  # error
