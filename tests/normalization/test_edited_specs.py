"""What `generate` does with an edited folder of providers: all mistakes at once, and nothing half-written."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from generator.project.files import input_digests
from tests.commands import Run, generator
from tests.normalization.edited_specs import edit, place, problems_of


def generate(specs: Path) -> Run:
    return generator("generate", "--specs", "specs", "--out", "generated", cwd=specs.parent)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_mistakes_in_several_mappings_are_reported_at_once_and_nothing_is_written(specs: Path) -> None:
    assert generate(specs).status == 0
    before = contents(specs.parent / "generated")
    edit(specs, "juo/normalization.yaml", "    running: RUNNING\n", "")
    edit(specs, "juo/normalization.yaml", "at: /runId", "at: /runID")
    edit(specs, "dify/normalization.yaml", "/created_at, as: epoch_seconds_or_rfc822", "/created_at, as: seconds")
    edit(specs, "tamtam/normalization.yaml", "RUNNING: RUNNING", "RUNNING: Running")
    run = generate(specs)
    assert (run.status, run.out) == (1, "")
    assert re.findall(r"^specs/(\w+)/normalization\.yaml:\d+: error\[([\w-]+)\]", run.err, re.MULTILINE) == [
        ("dify", "converter-mismatch"),
        ("juo", "unmapped-status"),
        ("juo", "unknown-pointer"),
        ("juo", "unmapped-property"),
        ("tamtam", "unknown-status"),
    ]
    assert run.err.endswith("5 problems; nothing was written.\n")
    assert contents(specs.parent / "generated") == before


def test_a_status_that_a_spec_adds_stops_the_run_before_anything_is_written(specs: Path) -> None:
    edit(specs, "anon/openapi.yaml", "            - IN_PROGRESS\n", "            - IN_PROGRESS\n            - PAUSED\n")
    run = generate(specs)
    assert (run.status, run.out) == (1, "")
    assert run.err == (
        f"{place(specs, 'anon/normalization.yaml', '  words:')}: error[unmapped-status]: 'PAUSED' of /status has no"
        f" RunStatus ({place(specs, 'anon/openapi.yaml', '- PAUSED')})\n"
        "    hint: add it under `words`: PAUSED: STATUS, or STATUS/result\n"
        "1 problem; nothing was written.\n"
    )
    assert not (specs.parent / "generated").exists()


def test_a_folder_without_a_unified_model_gets_that_of_the_generator(specs: Path) -> None:
    before = input_digests(specs)
    (specs / "workflow-run.yaml").unlink()
    assert problems_of(specs, "dify", "juo") == []
    assert input_digests(specs) == before


def test_a_provider_without_a_mapping_is_warned_of(specs: Path) -> None:
    (specs / "juo" / "normalization.yaml").unlink()
    assert [str(problem) for problem in problems_of(specs, "dify", "juo")] == [
        "specs/juo: warning[no-mapping]: this provider has no normalization.yaml, so WorkflowRun does not cover it"
    ]


RESERVED = "self super others timeout retry base-urls transport allowed-base-urls all otel providers for"


@pytest.mark.parametrize("name", RESERVED.split())
def test_a_provider_s_name_clashes_with_nothing_in_workflow_runs(name: str, specs: Path) -> None:
    (specs / "dify").rename(specs / name)
    (problem,) = problems_of(specs, name)
    assert str(problem) == (
        f"specs/{name}: error[bad-name]: {name!r} cannot be the name of a provider:"
        f" workflow-runs already uses the name {name.replace('-', '_')!r}\n    hint: rename the folder"
    )


@pytest.mark.parametrize(
    ("provider", "second_provider", "client"),
    [("a1", "a-1", "A1Client"), ("shop", "async-shop", "AsyncShopClient")],
)
def test_the_clients_of_two_providers_have_different_names(
    provider: str, second_provider: str, client: str, specs: Path
) -> None:
    shutil.copytree(specs / "dify", specs / provider)
    shutil.copytree(specs / "dify", specs / second_provider)
    (problem,) = problems_of(specs, provider, second_provider)
    assert problem.id == "bad-name"
    reason = f"its class {client} has the same name as that of specs/{provider}"
    assert problem.message == f"{second_provider!r} cannot be the name of a provider: {reason}"
