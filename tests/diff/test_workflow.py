"""The workflow of the README: it is one that GitHub runs, its commands exist, and they do what it says."""

from __future__ import annotations

import base64
import gzip
import json
import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.diff.repositories import commit, write_provider
from tests.diff.test_command_line import BREAKING, ROOT, command

README = (ROOT / "README.md").read_text(encoding="utf-8")
(TEXT,) = re.findall(r"```yaml\n(name: API review\n.*?)```", README, re.DOTALL)
WORKFLOW: dict[Any, Any] = yaml.safe_load(TEXT)
JOBS: dict[str, dict[str, Any]] = WORKFLOW["jobs"]
GH = """\
#!/bin/sh
{ printf '%s\\n' "$@"; echo --; } >> calls
case "$*" in *--paginate*) printf '%s' "$COMMENTS" ;; esac
"""
"""A `gh` that writes down how it is called, and knows the ids of comments."""

needs_programs = pytest.mark.skipif(
    not all(map(shutil.which, ("make", "bash", "git", "gzip", "base64"))), reason="needs what a runner of GitHub has"
)


def script(job: str, name: str) -> str:
    (found,) = (step["run"] for step in JOBS[job]["steps"] if step.get("name") == name)
    assert isinstance(found, str)
    return found


def test_it_runs_for_pull_requests_and_no_code_of_them_beside_a_token_that_writes() -> None:
    triggers = WORKFLOW[True]  # YAML 1.1, which GitHub does not read, takes `on` for a boolean
    assert triggers == {"pull_request": {"paths": ["specs/**"]}}
    assert WORKFLOW["permissions"] == {}
    assert JOBS["compare"]["permissions"] == {"contents": "read"}
    assert JOBS["compare"]["steps"][0]["with"] == {"fetch-depth": 2, "persist-credentials": False}
    assert JOBS["report"]["permissions"] == {"pull-requests": "write", "security-events": "write"}
    runs = [step for step in JOBS["report"]["steps"] if "checkout" in step.get("uses", "") or "make" in str(step)]
    assert runs == []
    assert JOBS["report"]["needs"] == "compare"


def test_no_script_has_a_text_of_the_pull_request_in_it() -> None:
    for job in JOBS.values():
        for step in job["steps"]:
            assert "${{" not in step.get("run", "")


def test_every_action_has_a_version() -> None:
    uses = [step["uses"] for job in JOBS.values() for step in job["steps"] if "uses" in step]
    assert [action for action in uses if not re.fullmatch(r"actions/[a-z-]+@v[0-9]+", action)] == []
    assert all(("run" in step) != ("uses" in step) for job in JOBS.values() for step in job["steps"])


@needs_programs
def test_its_comparison_writes_all_that_later_steps_read_and_fails_with_diff(tmp_path: Path) -> None:
    write_provider(tmp_path / "specs/things")
    commit(tmp_path)
    write_provider(tmp_path / "specs/things", BREAKING)
    commit(tmp_path)
    summary = tmp_path / "summary.md"
    dry_run = script("compare", "Compare with the base").replace("make ", "make --dry-run --no-print-directory ", 1)
    dry = subprocess.run(
        ["bash", "-e", "-c", dry_run],
        cwd=ROOT, env={**os.environ, "GITHUB_STEP_SUMMARY": str(summary)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    python, _, module, *arguments = shlex.split(dry.stdout.splitlines()[-1])
    assert (python, module) == (".venv/bin/python", "generator")
    run = command(*arguments, cwd=tmp_path)
    assert (run.status, run.err) == (1, "")
    assert run.out.splitlines()[1].startswith("::error file=specs/things/openapi.yaml,line=19,title=breaking%3A ")
    written = {path.name: path.read_text() for path in (tmp_path / "build/review").iterdir()}
    assert written.keys() == {"comment.md", "review.html", "review.sarif"}
    assert written["comment.md"] == summary.read_text()
    assert json.loads(written["review.sarif"])["version"] == "2.1.0"
    assert JOBS["compare"]["steps"][-1]["with"]["path"] == "build/review"


def run_step(name: str, folder: Path, **environment: str) -> list[list[str]]:
    """The arguments of each call of `gh` that a step of the second job makes in a folder."""
    (folder / "bin").mkdir()
    (folder / "bin/gh").write_text(GH)
    (folder / "bin/gh").chmod(0o755)
    own = {"GITHUB_REPOSITORY": "garden/apis", "NUMBER": "7", "GITHUB_SHA": "0a1b", "GITHUB_REF": "refs/pull/7/merge"}
    path = f"{folder / 'bin'}:{os.environ['PATH']}"
    subprocess.run(
        ["bash", "-e", "-c", script("report", name)],
        cwd=folder, env={**os.environ, **own, **environment, "PATH": path}, check=True,
    )  # fmt: skip
    return [call.strip("\n").split("\n") for call in (folder / "calls").read_text().split("--\n")[:-1]]


@needs_programs
@pytest.mark.parametrize(
    ("comments", "expected"),
    [
        ("", ["api", "--silent", "repos/garden/apis/issues/7/comments"]),
        ("12\n34\n", ["api", "--silent", "--method", "PATCH", "repos/garden/apis/issues/comments/12"]),
    ],
    ids=["the first", "again"],
)
def test_one_comment_is_made_and_kept_up_to_date(comments: str, expected: list[str], tmp_path: Path) -> None:
    (tmp_path / "comment.md").write_text("## Something to decide\n\nIt costs $5 & `more`.\n")
    _, call = run_step("Comment, or update the comment", tmp_path, COMMENTS=comments)
    assert call == [*expected, "--field", "body=@body.md"]
    assert (tmp_path / "body.md").read_text() == f"<!-- api-review -->\n\n{(tmp_path / 'comment.md').read_text()}"


@needs_programs
def test_alerts_are_uploaded_for_the_merge(tmp_path: Path) -> None:
    (tmp_path / "review.sarif").write_text("{}\n")
    (call,) = run_step("Show it as alerts of code scanning", tmp_path)
    assert call[:3] == ["api", "--silent", "repos/garden/apis/code-scanning/sarifs"]
    fields = dict(field.split("=", 1) for field in call[4::2])
    assert fields.keys() == {"sarif", "commit_sha", "ref"}
    assert (fields["commit_sha"], fields["ref"]) == ("0a1b", "refs/pull/7/merge")
    assert gzip.decompress(base64.b64decode((tmp_path / fields["sarif"].removeprefix("@")).read_bytes())) == b"{}\n"
