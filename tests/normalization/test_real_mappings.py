"""Each check of mappings, applied to those of this repository: an edit of a mapping or a spec makes it fail."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.normalization.edited_specs import SPECS, edit, place, problems_of


@dataclass(frozen=True)
class Mistake:
    """In `file` below specs/, `old` becomes `new`; that is the problem `id`, reported at the end of the text `at` of
    the provider's mapping, with the place of the text `spec` in `spec_file`."""

    id: str
    file: str
    old: str
    new: str
    at: str
    spec: str
    hint: str
    spec_file: str = ""


MISTAKES = [
    # The call
    Mistake(
        id="unknown-operation",
        file="juo/normalization.yaml",
        old="operation: getWorkflowRun",
        new="operation: getWorkflowRuns",
        at="operation: getWorkflowRuns",
        spec="openapi: 3.",
        hint="did you mean getWorkflowRun?",
    ),
    Mistake(
        id="unusable-answer",
        file="anon/openapi.yaml",
        old="      responses:\n",
        new="      responses:\n        '204':\n          description: There is none.\n",
        at="operation: getWorkflowRun",
        spec="    get:\n",
        hint="only such a response can be mapped; correct the spec",
    ),
    Mistake(
        id="unfilled-parameter",
        file="copyai/openapi.yaml",
        old="        - name: run_id\n          in: path\n",
        new="        - name: page\n          in: query\n          required: true\n          schema: {type: integer}\n"
        "        - name: run_id\n          in: path\n",
        at="parameters:",
        spec="        - name: page",
        hint="add it under `parameters`: page: and a part of the reference",
    ),
    Mistake(
        id="unknown-parameter",
        file="dify/normalization.yaml",
        old="  workflow_run_id: run_id",
        new="  workflow_id: run_id",
        at="  workflow_id: run_id",
        spec="    get:\n",
        hint="did you mean workflow_run_id?",
    ),
    Mistake(
        id="unknown-part",
        file="juo/normalization.yaml",
        old="  X-Tenant-ID: tenant\n",
        new="",
        at="ref: ",
        spec="    get:\n",
        hint="name it under `parameters`, or remove it from the form",
    ),
    Mistake(
        id="unknown-credential",
        file="juo/normalization.yaml",
        old="[DelegatedToken, AccessToken]",
        new="[DelegatedToken, AccessToken, ApiKey]",
        at="credentials: ",
        spec="    get:\n",
        hint="there are: AccessToken, DelegatedToken",
    ),
    Mistake(
        id="unlisted-credential",
        file="tamtam/normalization.yaml",
        old="[apikeyAuth, bearerAuth]",
        new="[apikeyAuth]",
        at="credentials: ",
        spec="    get:\n",
        hint="add it, or correct the spec",
    ),
    # Pointers, converters, defaults
    Mistake(
        id="unknown-pointer",
        file="dify/openapi.yaml",
        old="        total_tokens:",
        new="        tokens_in_total:",
        at="  usage.tokens: ",
        spec="    WorkflowRunDetailResponse:\n",
        hint="there are: created_at, elapsed_time, error, finished_at, id, inputs, outputs, status, tokens_in_total,"
        " total_steps, workflow_id",
    ),
    Mistake(
        id="converter-mismatch",
        file="dify/openapi.yaml",
        old="        elapsed_time:\n          type: number\n          format: float",
        new="        elapsed_time:\n          type: string",
        at="  elapsed: ",
        spec="        elapsed_time:",
        hint="write as: iso_duration",
    ),
    Mistake(
        id="converter-mismatch",
        file="dify/normalization.yaml",
        old="created_at: {at: /created_at, as: epoch_seconds_or_rfc822}",
        new="created_at: {at: /created_at, as: epoch_seconds}",
        at="  created_at: ",
        spec="      created_at:",
        spec_file="dify/overlay.yaml",
        hint="write as: epoch_seconds_or_rfc822",
    ),
    Mistake(
        id="converter-mismatch",
        file="juo/normalization.yaml",
        old="workflow_version: {at: /workflowVersion, as: text}",
        new="workflow_version: /workflowVersion",
        at="  workflow_version: ",
        spec="        workflowVersion:",
        hint="write as: text",
    ),
    Mistake(
        id="unknown-converter",
        file="dify/normalization.yaml",
        old="at: /inputs, as: json_text",
        new="at: /inputs, as: json_texts",
        at="  inputs: ",
        spec="    update:\n      inputs:",
        spec_file="dify/overlay.yaml",
        hint="did you mean json_text?",
    ),
    Mistake(
        id="missing-default",
        file="anon/normalization.yaml",
        old="{at: /id, missing: run_id}",
        new="/id",
        at="fields:\n  id: ",
        spec="      properties:\n        id:",
        hint="name what to use instead, such as missing: run_id",
    ),
    Mistake(
        id="default-mismatch",
        file="copyai/normalization.yaml",
        old="{at: /data/workflowId, missing: workflow_id}",
        new="{at: /data/workflowId, missing: workflow}",
        at="  workflow_id: {",
        spec="        workflow_id:",
        spec_file="workflow-run.yaml",
        hint="did you mean workflow_id?; a constant is written missing: {value: ",
    ),
    # Statuses
    Mistake(
        id="unmapped-status",
        file="juo/openapi.yaml",
        old="            - waiting_interaction\n",
        new="            - waiting_interaction\n            - paused\n",
        at="  words:",
        spec="            - paused",
        hint="add it under `words`: paused: STATUS, or STATUS/result",
    ),
    Mistake(
        id="stale-status",
        file="dify/openapi.yaml",
        old="            - stopped\n",
        new="",
        at="    stopped: ",
        spec="        status:\n",
        hint="remove it, or put it under beyond_spec; there are: failed, running, succeeded",
    ),
    Mistake(
        id="undocumented-status",
        file="dify/openapi.yaml",
        old="            - stopped\n",
        new="            - stopped\n            - paused\n",
        at="      paused: ",
        spec="            - paused",
        hint="move it to `words`",
    ),
    Mistake(
        id="status-result",
        file="anon/normalization.yaml",
        old="FAILED: FAILED/failure",
        new="FAILED: FAILED",
        at="    FAILED: FAILED",
        spec="    RunStatus:\n",
        spec_file="workflow-run.yaml",
        hint="write FAILED/ and a result: failure, error, timeout",
    ),
    Mistake(
        id="status-result",
        file="copyai/normalization.yaml",
        old="RETRYING: RUNNING",
        new="RETRYING: RUNNING/failure",
        at="    RETRYING: ",
        spec="    RunStatus:\n",
        spec_file="workflow-run.yaml",
        hint="write RUNNING",
    ),
    Mistake(
        id="unknown-status",
        file="anon/normalization.yaml",
        old="AWAITING_USER_INPUT: WAITING_FOR_INPUT",
        new="AWAITING_USER_INPUT: WAITING_FOR_INPUTS",
        at="    AWAITING_USER_INPUT: ",
        spec="    RunStatus:\n",
        spec_file="workflow-run.yaml",
        hint="did you mean WAITING_FOR_INPUT?",
    ),
    Mistake(
        id="status-open",
        file="tamtam/normalization.yaml",
        old="  open: true\n",
        new="",
        at="  at: ",
        spec="        Status:",
        hint="if it never did, write `open: true`; if it did once, find out why they were removed",
    ),
    Mistake(
        id="repeated-status",
        file="tamtam/normalization.yaml",
        old="    words: usual\n",
        new="    words:\n      QUEUED: PENDING\n      queued: PENDING\n",
        at="      queued: ",
        spec="      QUEUED: ",
        spec_file="tamtam/normalization.yaml",
        hint="keep one of them",
    ),
    # Everything is accounted for
    Mistake(
        id="unmapped-property",
        file="anon/openapi.yaml",
        old="        jobRunId:\n",
        new="        reason:\n          type: string\n        jobRunId:\n",
        at="raw_only:",
        spec="        reason:",
        hint="map it under `fields`, or list it under `raw_only` with the reason: at: [/reason]",
    ),
    Mistake(
        id="stale-raw-only",
        file="juo/normalization.yaml",
        old="[/invalidatedResources]",
        new="[/invalidatedResource]",
        at="  - at: [/invalidatedResource]",
        spec="    WorkflowRunState:\n",
        hint="did you mean /invalidatedResources?",
    ),
    Mistake(
        id="unmapped-field",
        file="workflow-run.yaml",
        old="        current_step:\n",
        new="        priority:\n          type: integer\n        current_step:\n",
        at="absent:",
        spec="        priority:",
        spec_file="workflow-run.yaml",
        hint="map it under `fields`, or list it under `absent` with the reason: fields: [priority]",
    ),
    Mistake(
        id="stale-absent",
        file="workflow-run.yaml",
        old="        revision:\n          type: string\n"
        "          description: The revision of the run itself, where the provider counts its changes.\n",
        new="",
        at="absent:\n  - fields: ",
        spec="    WorkflowRun:\n",
        spec_file="workflow-run.yaml",
        hint="there are: ",
    ),
    Mistake(
        id="unknown-field",
        file="dify/normalization.yaml",
        old="  elapsed: {",
        new="  duration: {",
        at="  duration: {",
        spec="    WorkflowRun:\n",
        spec_file="workflow-run.yaml",
        hint="there are: ",
    ),
    Mistake(
        id="filled-field",
        file="anon/normalization.yaml",
        old="  current_step: /currentStateName\n",
        new="  raw_status: /currentStateName\n",
        at="  raw_status: ",
        spec="        raw_status:",
        spec_file="workflow-run.yaml",
        hint="it follows from the table under `status`",
    ),
]


def test_the_mappings_have_no_problems_as_they_are() -> None:
    names = sorted(path.parent.name for path in SPECS.glob("*/normalization.yaml"))
    assert problems_of(SPECS, *names) == []


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda m: f"{m.id} in {m.file}")
def test_a_mistake_is_caught_at_its_line_and_that_of_the_other_side(mistake: Mistake, specs: Path) -> None:
    provider = mistake.file.partition("/")[0] if "/" in mistake.file else "anon"
    edit(specs, mistake.file, mistake.old, mistake.new)
    where = place(specs, f"{provider}/normalization.yaml", mistake.at)
    spec_source = place(specs, mistake.spec_file or f"{provider}/openapi.yaml", mistake.spec)
    problems = [p for p in problems_of(specs, provider) if p.id == mistake.id and str(p.source) == where]
    assert [p for p in problems if spec_source in map(str, p.see) and mistake.hint in p.hint], problems


def test_a_mistake_in_an_envelope_is_caught_at_its_line_and_that_of_the_spec(specs: Path) -> None:
    edit(
        specs, "copyai/openapi.yaml", "          enum:\n            - success\n", "          enum:\n            - ok\n"
    )
    stale, unmapped = (p for p in problems_of(specs, "copyai") if "'success'" in p.message or "'ok'" in p.message)
    assert (unmapped.id, stale.id) == ("stale-status", "unmapped-status")


def test_a_reason_that_is_blank_is_none(specs: Path) -> None:
    edit(specs, "anon/normalization.yaml", "because: An internal identifier of the product.", "because: ' '")
    (problem,) = problems_of(specs, "anon")
    assert str(problem) == (
        f"{place(specs, 'anon/normalization.yaml', 'because:')}: error[mapping-shape]: `because` is empty\n"
        "    hint: write because: REASON"
    )


@pytest.mark.parametrize(
    "form",
    [
        "{run_id}/",
        "/{run_id}",
        "runs/{run_id}",
        "{run_id}{tenant}",
        "{run_id}?{tenant}",
        "{run_id}?shop={tenant}",
        "{run_id}?",
        "{run_id}?tenant={tenant}&tenant={tenant}",
        "{tenant}/{tenant}/{run_id}",
        "{tenant}?run_id={run_id}",
        "{tenant}",
        "{Run_id}",
        "{run_id!r}",
        "{run_id:>3}",
        "{run_id",
        "{run_id}?base_url={base_url}",
        "{account}/{run_id}",
        "{provider}/{run_id}",
        "",
    ],
)
def test_what_is_not_a_form_of_a_reference_is_refused(form: str, specs: Path) -> None:
    edit(specs, "juo/normalization.yaml", "'{run_id}?tenant={tenant}'", repr(form))
    (problem,) = problems_of(specs, "juo")
    assert problem.id == ("ref-form" if form else "mapping-shape")
    assert str(problem.source) == place(specs, "juo/normalization.yaml", "ref: ")
