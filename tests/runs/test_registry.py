"""Providers of this package, providers of third-party packages, and providers whose client is not installed."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import workflow_runs
from workflow_runs import (
    Capabilities,
    InvalidRef,
    Provider,
    ProviderError,
    RefForm,
    RunIssue,
    RunRef,
    RunResult,
    RunStatus,
    UnknownProvider,
    capabilities,
    normalize,
    providers,
)
from workflow_runs._providers.lookup import find

from tests.clients.providers import GENERATED
from tests.runs.promises import REFS
from tests.runs.third_party import MODULES, PROVIDER, install

OWN = tuple(sorted(REFS))
Install = Callable[..., None]


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Installs a third-party package for the time of a test."""
    before = set(sys.modules)

    def installed(entry_points: str = "acme = acme_runs:PROVIDER", **arguments: object) -> None:
        install(tmp_path, entry_points, **arguments)  # type: ignore[arg-type]
        if str(tmp_path) not in sys.path:
            monkeypatch.syspath_prepend(tmp_path)

    yield installed
    for name in {*sys.modules} - before:
        if name.startswith("acme"):
            del sys.modules[name]


def test_the_providers_of_this_package() -> None:
    assert providers() == OWN
    for name in OWN:
        provider = find(name)
        assert provider.name == provider.extra == name
        assert provider.distribution == f"workflow-client-{name}"
        assert provider.requires == (f"workflow_client_{name}",)
        assert provider.capabilities is capabilities(name)


def test_what_a_provider_can_tell() -> None:
    can = capabilities("dify")
    assert isinstance(can, Capabilities)
    assert can.provider == "dify"
    assert {"provider", "id", "status", "usage.tokens"} <= {*can.present}
    assert RunStatus.UNKNOWN in can.statuses
    assert all(can.absent.values())
    assert can.absent.keys().isdisjoint(can.present)


@pytest.mark.parametrize("name", ["nobody", "", "Dify", "dify ", "../dify", "x" * 10_000, "\n"])
def test_a_provider_that_nobody_knows(name: str) -> None:
    shown = repr(name) if len(name) <= 60 else f"{'x' * 60!r}..."
    for use in (find, capabilities):
        with pytest.raises(UnknownProvider) as caught:
            use(name)
        assert str(caught.value) == f"there is no provider {shown}; there are: {', '.join(OWN)}"


def test_somebody_else_adds_a_provider(installed: Install) -> None:
    installed()
    assert providers() == (*OWN, "acme")
    assert "acme_runs" not in sys.modules, "a name is not a reason to import anything"
    assert capabilities("acme").present[-1] == "issues"
    assert not {"acme_client", "acme_adapter"} & sys.modules.keys()
    ref = RunRef.parse("acme:me/stuff/7?workspace=w")
    assert ref == RunRef("acme", "7", {"owner": "me", "repo": "stuff", "workspace": "w"})
    assert str(ref) == "acme:me/stuff/7?workspace=w"
    with pytest.raises(InvalidRef, match=re.escape("expected acme:{owner}/{repo}/{run_id}?workspace={workspace}")):
        RunRef.parse("acme:7")


def test_what_holds_for_all_runs_holds_for_those_of_somebody_else(installed: Install) -> None:
    installed()
    run = normalize("acme", b'{"phase": "active"}', ref="acme:me/stuff/7")
    assert (run.provider, run.id, run.status, run.result) == ("acme", "7", RunStatus.RUNNING, None)
    assert (run.created_at, run.started_at, run.finished_at) == (None, datetime(2024, 5, 1, 10, tzinfo=UTC), None)
    assert run.started_at is not None
    assert run.started_at.tzinfo is UTC
    assert run.pending is not None
    assert run.pending.deadline is None
    assert run.issues == (
        RunIssue("", "no zone: a time without a zone could be any instant"),
        RunIssue("", "out of range: the deadline would be outside of the years 1 to 9999"),
    )
    late = normalize("acme", b'{"phase": "over", "verdict": "late"}', ref="acme:me/stuff/7")
    assert (late.status, late.result, late.raw_status) == (RunStatus.FAILED, RunResult.TIMEOUT, "over/late")
    assert late.finished_at == datetime(2024, 5, 1, 11, tzinfo=UTC)
    stopped = normalize("acme", b'{"phase": "over", "verdict": "stopped"}', ref="acme:me/stuff/7")
    assert (stopped.status, stopped.result) == (RunStatus.CANCELLED, RunResult.CANCELLATION)


def test_an_answer_without_a_run_is_refused_by_its_adapter(installed: Install) -> None:
    installed()
    with pytest.raises(ProviderError, match=r"^acme says E7$") as caught:
        normalize("acme", b'{"error": "E7"}', ref="acme:me/stuff/7")
    assert (caught.value.code, caught.value.__cause__) == ("E7", None)


def test_the_providers_of_this_package_stay_what_they_are(installed: Install) -> None:
    installed("dify = acme_runs:PROVIDER")
    assert providers() == OWN
    assert find("dify").distribution == "workflow-client-dify"


@pytest.mark.parametrize(
    ("entry_points", "text", "message"),
    [
        ("acme = acme_missing:PROVIDER", "", "cannot be loaded: No module named 'acme_missing'"),
        ("acme = acme_runs:OTHER", PROVIDER, "cannot be loaded: module 'acme_runs' has no attribute 'OTHER'"),
        ("acme = acme_runs:PROVIDER", "1 / 0", "cannot be loaded: division by zero"),
        ("acme = acme_runs:PROVIDER", "PROVIDER = 7", "is of the type int, not workflow_runs.Provider"),
        ("acme = acme_runs", PROVIDER, "is of the type module, not workflow_runs.Provider"),
        ("other = acme_runs:PROVIDER", PROVIDER, "has another name: acme"),
    ],
)
def test_an_offer_that_cannot_be_used(installed: Install, entry_points: str, text: str, message: str) -> None:
    installed(entry_points, modules={"acme_runs": text})
    name, _, value = entry_points.partition(" = ")
    with pytest.raises(UnknownProvider) as caught:
        find(name)
    assert str(caught.value) == f"the provider {name} of acme-runs ({value}) {message}"
    assert normalize("dify", b"{}", ref="dify:1").provider == "dify", "the others can be used"


def test_two_offers_of_the_same_name(installed: Install) -> None:
    installed()
    installed("acme = other_runs:PROVIDER", name="other_runs", modules={})
    with pytest.raises(UnknownProvider) as caught:
        find("acme")
    message, _, origins = str(caught.value).partition(": ")
    assert message == "several packages offer a provider acme"
    assert sorted(origins.split(", ")) == ["acme-runs (acme_runs:PROVIDER)", "other-runs (other_runs:PROVIDER)"]


def test_an_adapter_that_is_none(installed: Install) -> None:
    installed(modules={**MODULES, "acme_adapter": "ADAPTER = 7"})
    with pytest.raises(UnknownProvider, match=r"ADAPTER is of the type int, not workflow_runs\.Adapter"):
        normalize("acme", b"{}", ref="acme:me/stuff/7")


def test_the_client_of_somebody_else_is_not_installed(installed: Install) -> None:
    installed(modules={name: text for name, text in MODULES.items() if name != "acme_client"})
    assert capabilities("acme").provider == "acme"
    with pytest.raises(workflow_runs.ClientNotInstalled) as caught:
        normalize("acme", b"{}", ref="acme:me/stuff/7")
    assert str(caught.value) == "the client of acme is not installed; install it with: pip install 'acme-runs'"
    assert caught.value.name == "acme_client"


def test_a_module_that_an_adapter_lacks_is_not_the_client(installed: Install) -> None:
    installed(modules={**MODULES, "acme_adapter": "import acme_helper"})
    with pytest.raises(ModuleNotFoundError, match="acme_helper") as caught:
        normalize("acme", b"{}", ref="acme:me/stuff/7")
    assert not isinstance(caught.value, workflow_runs.WorkflowRunError)


def test_a_missing_client_names_the_extra() -> None:
    script = """
import workflow_runs
print(workflow_runs.providers(), workflow_runs.capabilities("dify").provider, workflow_runs.RunRef.parse("dify:1"))
runs = workflow_runs.Runs()
for use in (lambda: runs.get("dify:1"), lambda: workflow_runs.normalize("dify", b"{}", ref="dify:1")):
    try:
        use()
    except workflow_runs.ClientNotInstalled as error:
        print(error, error.name)
"""
    path = ":".join(str(GENERATED / name) for name in ("workflow-client-core", "workflow-runs"))
    done = subprocess.run(
        [sys.executable, "-c", script], env={"PYTHONPATH": path}, capture_output=True, text=True, timeout=60, check=True
    )
    command = "pip install --no-index --find-links DIST 'workflow-runs[dify]' (DIST has the wheels)"
    refusal = f"the client of dify is not installed; install it with: {command}"
    assert done.stdout.splitlines() == [f"{OWN} dify dify:1", *[f"{refusal} workflow_client_dify"] * 2]


@pytest.mark.parametrize(
    ("path", "query"),
    [
        (("owner",), ()),
        (("run_id", "run_id"), ()),
        (("run_id",), ("tenant", "tenant")),
        (("tenant", "run_id"), ("tenant",)),
        (("run_id",), ("base_url",)),
        (("account", "run_id"), ()),
        (("run_id", "Owner"), ()),
        (("run_id", ""), ()),
        (("run_id", "a/b"), ()),
    ],
)
def test_forms_that_no_reference_can_have(path: tuple[str, ...], query: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="a RefForm needs run_id in its path, and names in lower case"):
        RefForm(path, query)


@pytest.mark.parametrize("name", ["", "Acme", "a-b", "a b", "1a", "a:b", "_a"])
def test_names_that_no_provider_can_have(name: str) -> None:
    with pytest.raises(ValueError, match=re.escape(f"a provider cannot be named {name!r}: lower-case letters")):
        Provider(name=name, title="", distribution="", adapter="", capabilities=capabilities("dify"))
