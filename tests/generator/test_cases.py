"""One folder of `tests/cases` per rule of the generator: a small description, and what must come of it.

A folder holds `openapi.yaml` or `openapi.json`; with a `provider.yaml`, and perhaps an `overlay.yaml`, it is read as a
provider's folder. One whose name begins with `lost-` is read as `client` reads it, the others strictly. Its folder
`expected` holds

- `problems.txt`: everything that is reported, as it is printed. Without this file nothing may be reported;
- `models.py.txt`, `client.py.txt`, `webhooks.py.txt`, `groups.<name>.py.txt`: the formatted modules, where the case is
  about them. None, when there are errors. Of a client what follows from the description: the constants, what the
  constructor takes, the groups and the methods.

After a deliberate change of the generator, `UPDATE_CASES=1 pytest tests/generator/test_cases.py` writes the expected
files anew (for a case without any, all of them: delete those that say nothing about its rule). Such a run always fails,
so that nobody takes it for a test; read the difference, and run the tests again without it.
"""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from generator.document.problems import Problems
from generator.output.formatting import formatted
from generator.project.packages import provider_package, single_package
from generator.render.package import client_files
from tests.commands import generator
from tests.generator.expectations import PROBLEMS, ROOT, cases, compare, expected, known_problems, printed, time_limit

CASES = cases("cases")
MODULES = ("models.py", "client.py", "webhooks.py")

TESTED_ELSEWHERE = {
    "accept-again": "../diff/test_accepting.py",
    "accept-ambiguous": "../diff/test_accepting.py",
    "accept-by-hand": "../diff/test_accepting.py",
    "accept-unknown": "../diff/test_accepting.py",
    "accepted-shape": "../diff/test_accepted.py",
    "bad-pattern": "test_selection.py",
    "bad-template": "../render/test_own_templates.py",
    "unmatched-pattern": "test_selection.py",
    "package-options": "../project/test_own_options.py",
    "bad-name": "test_client_command.py",
    "bad-root": "../repair/test_root.py",
    "groups-changed": "../diff/test_groups.py",
    "missing-spec": "test_command_line.py",
    "nothing-left": "../repair/test_losses.py",
    "no-specs": "test_command_line.py",
    "no-such-provider": "../diff/test_inputs.py",
    "not-utf-8": "../document/test_document.py",
    "folder-exists": "../drafting/test_new_command.py",
    "no-call": "../drafting/cases/no-call/expected/problems.txt",
    "release-date": "../releasing/test_command_line.py",
    "release-installed": "../releasing/test_versions.py",
    "release-kind": "../releasing/test_releases.py",
    "release-repeated": "../releasing/test_releases.py",
    "release-undecided": "../releasing/test_releases.py",
    "release-unread": "../releasing/test_releases.py",
    "release-version": "../releasing/test_releases.py",
    "versions-shape": "../project/test_releases.py",
    "report-file": "../diff/test_written_reports.py",
    "rule-shape": "../diff/test_rules.py",
    "too-expensive": "test_hostile_documents.py",
    "too-deep": "../document/test_document.py",
    "unknown-rule": "../diff/test_accepted.py",
    "unused-acceptance": "../diff/test_accepted.py",
    "too-large": "../document/test_document.py",
    "unreadable-file": "../document/test_document.py",
    "second-reading": "../upstream/test_second_reading.py",
    "no-mapping": "../normalization/test_edited_specs.py",
    "busy": "../output/test_one_run_at_a_time.py",
    "foreign-directory": "../output/test_foreign_files.py",
    "invalid-code": "../output/test_formatting.py",
    "path-clash": "../output/test_writing.py",
    "unsafe-path": "../output/test_writing.py",
    "ambiguous-operation": "../vendor/test_slice.py",
    "contradiction": "../vendor/test_merge.py",
    "no-pages": "../vendor/test_pages.py",
    "not-fetched": "../vendor/test_fetching.py",
    "not-writable": "../vendor/test_slice.py",
    "other-file": "../vendor/test_slice.py",
    "page-cut-off": "../vendor/test_pages.py",
    "page-not-read": "../vendor/test_pages.py",
    "record-by-hand": "../vendor/test_vendor_command.py",
}
"""Problems that no small description shows, and the file beside this one that does."""


@pytest.fixture(autouse=True)
def _no_description_keeps_the_generator_busy_for_ever() -> Iterator[None]:
    with time_limit():
        yield


@dataclass(frozen=True)
class Outcome:
    """What the generator makes of a case: the printed problems, and the text of each module it would write."""

    problems: str
    files: dict[str, str]


def outcome(case: Path) -> Outcome:
    """Run a case; names of files in its problems are relative to its folder."""
    problems = Problems()
    here = Path.cwd()
    os.chdir(case)
    try:
        if Path("provider.yaml").exists():
            package = provider_package(case, ".", problems)
        else:
            problems.strict = not case.name.startswith("lost-")
            package = single_package(next(Path().glob("openapi.*")), f"{case.name.replace('.', '-')}-client", problems)
    finally:
        os.chdir(here)
    report = printed(problems, "./")
    if problems.errors:
        return Outcome(report, {})
    assert package is not None
    return Outcome(report, client_files(package))


def modules(result: Outcome) -> dict[str, str]:
    """The formatted modules of an outcome by their file names."""
    files = formatted(result.files)
    texts = {path.rpartition("/")[2]: text for path, text in files.items() if path.endswith(MODULES)}
    groups = {path.rpartition("/")[2]: text for path, text in files.items() if re.search("/groups/[^_]", path)}
    shown = {f"groups.{name}": essence(text) for name, text in groups.items()}
    return {**texts, **shown, "client.py": essence(texts["client.py"])}


def essence(client: str) -> str:
    """A client's constants, its constructor's own arguments, and its methods, as they stand in the module.

    What every client has is left out: the imports, the common arguments, the asynchronous twin, the raw responses.
    """
    body = ast.parse(client).body
    (public,) = (
        n for n in body if isinstance(n, ast.ClassDef) and re.fullmatch("(?!Async)[^_].*(Client|Group)", n.name)
    )
    nodes: list[ast.stmt] = [node for node in body if isinstance(node, ast.Assign | ast.AnnAssign)]
    nodes += [node for node in public.body if isinstance(node, ast.FunctionDef) and node.name != "raw"]
    segments = [ast.get_source_segment(client, node, padded=True) or "" for node in nodes]
    return "\n\n".join(re.sub(r"\n {12}timeout: .*", "", text, flags=re.DOTALL) for text in segments) + "\n"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_case_gives_what_it_expects(case: Path) -> None:
    result = outcome(case)
    texts = modules(result) if result.files else {}
    compare(case, result.problems, {f"{name}.txt": text for name, text in (dict.fromkeys(MODULES, "") | texts).items()})


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_case_expects_something(case: Path) -> None:
    names = {path.name for path in (case / "expected").iterdir()}
    assert names
    names = {name for name in names if not re.fullmatch(r"groups\.\w+\.py\.txt", name)}
    assert names <= {PROBLEMS, *(f"{module}.txt" for module in MODULES)}


def test_an_error_and_a_module_are_never_expected_together() -> None:
    refused = [case for case in CASES if ": error[" in _expected_problems(case)]
    assert refused
    assert [case.name for case in refused if list((case / "expected").glob("*.py.txt"))] == []


def test_every_problem_that_the_generator_knows_is_shown_by_a_case_or_tested_elsewhere() -> None:
    shown = "\n".join(map(_expected_problems, [*CASES, *cases("normalization/cases")]))
    missing = {id for id in known_problems() if f"[{id}]: " not in shown} - TESTED_ELSEWHERE.keys()
    assert missing == set()


def test_what_is_tested_elsewhere_is_known_and_is_tested_there() -> None:
    assert TESTED_ELSEWHERE.keys() <= known_problems()
    for id, file in TESTED_ELSEWHERE.items():
        assert id in (Path(__file__).parent / file).read_text(encoding="utf-8"), (id, file)


def _expected_problems(case: Path) -> str:
    return expected(case, PROBLEMS) or ""


def test_every_package_that_a_case_gives_imports_and_its_models_are_taken_by_msgspec(tmp_path: Path) -> None:
    accepted = [case for case in CASES if ": error[" not in _expected_problems(case)]
    names = []
    for case in accepted:
        for path, text in outcome(case).files.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text, encoding="utf-8")
            if path.endswith("/__init__.py") and "/groups/" not in path:
                names.append(str(Path(path).parent).replace("/", ":"))
    assert len(names) == len(accepted)
    program = """
import importlib, inspect, sys
import msgspec

for name in sys.argv[1:]:
    folder, _, module = name.partition(":")
    sys.path.insert(0, folder)
    try:
        importlib.import_module(module)
        models = importlib.import_module(module + ".models")
        for _, value in inspect.getmembers(models, inspect.isclass):
            if value.__module__ == models.__name__:
                msgspec.json.Decoder(value)
    except Exception as error:
        print(module, type(error).__name__, error)
"""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "generated" / "workflow-client-core")}
    run = subprocess.run(
        [sys.executable, "-c", program, *names],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.stdout, run.stderr, run.returncode) == ("", "", 0)


@pytest.mark.parametrize("name", ["reference-dangling", "document-with-duplicate-keys", "document-that-is-no-yaml"])
def test_the_command_line_refuses_a_case_with_errors_and_writes_nothing(name: str, tmp_path: Path) -> None:
    case = ROOT / "tests" / "cases" / name
    run = generator("client", "openapi.yaml", "--name", "x-client", "--out", str(tmp_path), "--strict", cwd=case)
    lines = _expected_problems(case)
    number = lines.count(": error[")
    report = "".join(line for line in run.err.splitlines(True) if not line.startswith("    overlay: "))
    summary = f"{lines}{number} problem{'' if number == 1 else 's'}; nothing was written.\n"
    _, separator, after = report.partition(summary)
    assert separator
    assert after.startswith("Correct the document with --overlay FILE") or (after == "" and report == run.err)
    assert (run.status, run.out, list(tmp_path.iterdir())) == (1, "", [])
