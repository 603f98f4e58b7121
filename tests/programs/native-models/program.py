"""The provider's own model of a run, and what its errors tell, as type checkers see them."""

from workflow_client_dify import models
from workflow_runs import NoRun, ProviderError, RateLimited, RunRef, WorkflowRun, WrongRun


def native(run: WorkflowRun) -> None:
    detail: models.WorkflowRunDetailResponse = run.native_as(models.WorkflowRunDetailResponse)
    text: str = run.native_as(models.WorkflowRunDetailResponse)  # error
    print(detail.elapsed)  # error
    request_id: str | None = run.response.request_id if run.response else None
    print(detail.elapsed_time, text, request_id)


def wait(error: ProviderError) -> float:
    status: int | None = error.status
    wrong: int = error.status  # error
    request_id: str | None = error.request_id
    attempts: int = error.attempts
    ref: RunRef = error.ref
    print(status, wrong, request_id, attempts, ref)
    if isinstance(error, WrongRun | NoRun):
        run: WorkflowRun = error.run
        print(run.id)
    if isinstance(error, RateLimited):
        seconds: float = error.retry_after  # error
        print(seconds)
    return (error.retry_after or 0.0) if error.transient else 0.0
