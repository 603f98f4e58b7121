"""What the judge notices of a package: each test spoils one line of a good one."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from tests.commands import generator
from tests.corpus.document import specs
from tests.corpus.probe import Findings, findings
from tests.corpus.run import ROOT
from tests.type_checking import mypy

SPECS = specs(ROOT / "tests" / "corpus" / "specs")
_NUMBERS = count()

Judge = Callable[..., Findings]


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a package for each document."""
    out = tmp_path_factory.mktemp("packages")
    for name, spec in SPECS.items():
        run = generator("client", str(spec), "--name", f"{name}-client", "--out", str(out), cwd=ROOT)
        assert run.status == 0, run.err
    return out


@pytest.fixture
def judge(packages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Judge:
    """What is found in the package for a document, in whose code texts are replaced by others."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def judged(spec: str, *replaced: tuple[str, str]) -> Findings:
        name = f"{spec}_client_{next(_NUMBERS)}"
        shutil.copytree(packages / f"{spec}-client" / f"{spec}_client", tmp_path / name)
        for old, new in replaced:
            files = [file for file in (tmp_path / name).glob("*.py") if old in file.read_text(encoding="utf-8")]
            assert files, old
            for file in files:
                file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
        return findings(SPECS[spec], name)

    return judged


def test_good_packages_pass_mypy(packages: Path, tmp_path: Path) -> None:
    folders = [packages / f"{name}-client" for name in SPECS]
    modules = [folder / folder.name.replace("-", "_") for folder in folders]
    checked = mypy(*modules, cwd=tmp_path, path=[*folders, ROOT / "generated" / "workflow-client-core"])
    assert checked.stdout.startswith("Success: no issues found"), checked.stdout + checked.stderr


def reasons(found: Findings) -> list[str]:
    """Everything that went wrong, in one line each."""
    calls = [f"{name}: {why}" for name, why in found.failed.items()]
    return calls + [f"{name}: {why}" for name, whys in found.lost.items() for why in whys]


@pytest.mark.parametrize("spec", SPECS)
def test_a_good_package_has_no_findings(judge: Judge, spec: str) -> None:
    found = judge(spec)
    assert reasons(found) == []
    assert (found.import_error, found.missing, found.replaced, found.untyped) == ("", [], [], [])
    assert found.values >= 3


VARIED = [
    ("    lives: int | UnsetType = UNSET\n", "", "GET /pets/{id}: received 200 application/json: /lives is lost"),
    ("    lives: int", "    live: int", "POST /pets: sent: the body: /lives is lost"),
    ("    lives: int", "    lives: bool", "GET /pets/{id}: received 200 application/json: /lives: expected true or fa"),
    ("    of: str | UnsetType = UNSET", "    of: str", "POST /pictures: refused: the body as multipart/form-data: "),
    ('"cat": "Cat"', '"cat": "Dog"', "GET /pets/{id}: received 200 application/json: /lives is lost"),
    ('wire="tags"', 'wire="tag"', "POST /pets: Wrong: there is no argument for the query parameter tags"),
    (', style="deepObject"', "", "POST /pets: sent: the query: /filter is sent as [('filter', 'name,tea')], "),
    ('"expand[0]", loc', '"expand", loc', "GET /pets: Wrong: there is no argument for the query parameter expand[0]"),
    ('urlencoded", encode="form"', 'urlencoded"', "POST /pets: sent: the body: /name is sent as [], not 'tea'"),
    ('Body("text/plain"', 'Body("text/html"', "POST /chat: sent: the body is sent as text/html, which is none of tex"),
    ('Body("application/json")', 'Body("text/json")', "POST /pets: ValueError: content_type cannot be 'application/j"),
    ('"404": _core', '"405": _core', "GET /pets/{id}: received 404 application/problem+json: the root is None"),
    ('"200": _core.Content("application/json", _models.Word)', '"204": None', "POST /chat: received 200 application/j"),
    ('"application/problem+json", dict[str, Any]', '"text/plain", str, decode="text"', "POST /pets: received 500 app"),
    ('decode="bytes"', 'decode="text"', "GET /pictures: received 200 image/png: not read: 200 OK from GET https:"),
    ('decode="events"', 'decode="lines"', "POST /chat: received 200 text/event-stream: not read: 200 OK from POST"),
    (
        "return await self._call(\n            _HAS_PET",
        "return (lambda *_, **__: {})(\n            _HAS_PET",
        "HEAD /pets/{id}: Wrong: 0 requests were sent",
    ),
    ("https://api.example.com", "https://example.com", "GET /pets/{id}: Wrong: sent to https://example.com, not to ht"),
    ('method="HEAD"', 'method="TRACE"', ""),
]


@pytest.mark.parametrize(("old", "new", "reason"), VARIED)
def test_a_spoiled_line_is_noticed(judge: Judge, old: str, new: str, reason: str) -> None:
    found = judge("varied", (old, new))
    assert any(found_reason.startswith(reason) for found_reason in reasons(found)) == bool(reason), reasons(found)
    assert reason or (found.missing, len(found.replaced)) == (["HEAD /pets/{id}"], 1)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("    sown: ", "    planted: ", "PUT /beds/{bed}: sent: the body: /sown is lost"),
        ("    name: str | None", "    name: str", "GET /beds/{bed}: received 200 application/json: /next/name: expec"),
    ],
)
def test_operations_of_swagger_are_called(judge: Judge, old: str, new: str, reason: str) -> None:
    found = reasons(judge("older", (old, new)))
    assert any(found_reason.startswith(reason) for found_reason in found), found


def test_a_package_that_cannot_be_imported(judge: Judge) -> None:
    assert judge("old", ("from __future__ import annotations", "raise ImportError('no tea')")).import_error == (
        "ImportError: no tea"
    )


def test_an_untyped_response_has_its_cause(judge: Judge) -> None:
    (untyped,) = judge(
        "old", ('"application/json", _models.Cup', '"application/json", __import__("typing").Any')
    ).untyped
    assert (untyped.operation, untyped.status) == ("GET /cups/{size}", "200")
    assert untyped.reason == "the document has a type, the package has none"
