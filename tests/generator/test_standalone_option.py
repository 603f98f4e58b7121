"""The core inside of a package is a decision: made once, kept, taken back, and respected by `diff`."""

from __future__ import annotations

import tomllib
from pathlib import Path

from generator.document.loading import parse
from generator.document.problems import Problems
from generator.ir.provider import read_provider
from tests.generator.command_line import CORE, SPEC, client, command, contents, names

RENAMED = SPEC.replace("getThing", "fetchThing")
INSIDE = "things_client/_vendor/workflow_client_core/__init__.py"


def section(package: Path) -> dict[str, object]:
    """What has been decided about a package."""
    tools: dict[str, dict[str, object]] = tomllib.loads((package / "pyproject.toml").read_text())["tool"]
    return tools["workflow-client-generator"]


def test_it_is_decided_once_and_can_be_taken_back(spec: Path) -> None:
    package = spec.parent / "out" / "things-client"
    run = client(spec, "--standalone")
    assert (run.status, run.err) == (0, "")
    assert run.out.splitlines()[-1] == "Install it: pip install out/things-client"
    assert section(package) == {"groups": False, "standalone": True}
    before = contents(package)
    assert INSIDE in before
    assert f"{len(before)} as before." in client(spec).out
    assert contents(package) == before
    run = client(spec, "--no-standalone")
    assert run.out.splitlines()[-1].startswith("Install it beside the core: pip install ")
    assert section(package) == {"groups": False, "standalone": False}
    assert names(package / "things_client") == {"__init__.py", "client.py", "models.py", "py.typed"}


def test_the_core_is_written_beside_clients_that_share_it(spec: Path) -> None:
    assert command("core", "--out", "out", cwd=spec.parent).status == 0
    assert client(spec).out.splitlines()[-1] == f"Install it beside the core: pip install out/{CORE} out/things-client"
    run = command("client", spec.name, "--name", "pots-client", "--out", ".", cwd=spec.parent / "out")
    assert run.status == 1  # there is no such document
    (spec.parent / "out" / spec.name).write_text(SPEC)
    run = command("client", spec.name, "--name", "pots-client", "--out", ".", cwd=spec.parent / "out")
    assert run.out.splitlines()[-1] == f"Install it beside the core: pip install ./{CORE} ./pots-client"


def test_a_decision_that_is_neither_is_a_problem(spec: Path) -> None:
    client(spec, "--standalone")
    project = spec.parent / "out/things-client/pyproject.toml"
    project.write_text(project.read_text().replace("standalone = true", "standalone = 'yes'"))
    run = client(spec)
    assert run.status == 1
    assert "error[package-options]: `standalone` must be true or false" in run.err


def test_diff_respects_it_and_says_the_same(spec: Path) -> None:
    (spec.parent / "new.yaml").write_text(RENAMED)
    reports = []
    for option in ("--standalone", "--no-standalone"):
        client(spec, option)
        run = command("diff", spec.name, "new.yaml", "--package", "out/things-client", cwd=spec.parent)
        assert (run.status, run.err) == (1, "")
        reports.append(run.out)
    assert reports[0] == reports[1]
    assert "get_thing" in reports[0]


def test_the_packages_of_providers_share_the_core(tmp_path: Path) -> None:
    spec = tmp_path / "openapi.yaml"
    spec.write_text(SPEC)
    problems = Problems()
    read_provider(parse("source: {}\nstandalone: true\n", "specs/x/provider.yaml"), spec, "X", problems)
    assert (
        "specs/x/provider.yaml:2: error[provider-shape]: the packages of providers share the core, "
        "with workflow-runs too\n"
        "    hint: take `standalone` out; the command `client` has it"
    ) in [str(problem) for problem in problems]
