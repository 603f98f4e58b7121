"""A third-party provider package, written to a folder and imported from there as if it were installed.

Its product tells a status by two words, needs two parts beside the run's identifier, and can be asked on behalf of a
workspace, which nobody has to name.
"""

from __future__ import annotations

from pathlib import Path

PROVIDER = """
from workflow_runs import Capabilities, Provider, RefForm, RunStatus

PROVIDER = Provider(
    name="acme",
    title="Acme",
    distribution="acme-runs",
    ref=RefForm(path=("owner", "repo", "run_id"), query=("workspace",)),
    globals=(("workspace", "workspace", "ACME_WORKSPACE"),),
    credentials=(("api_key", "ACME_API_KEY"),),
    adapter="acme_adapter",
    capabilities=Capabilities(
        provider="acme",
        present=("provider", "id", "status", "status_basis", "result", "raw_status", "started_at", "pending", "issues"),
        absent={"inputs": "It does not tell."},
        statuses=tuple(RunStatus),
    ),
    requires=("acme_client",),
)
"""

CLIENT = """
from msgspec import UNSET, Struct, UnsetType
import workflow_client_core as core

API = core.Api(
    distribution="acme-client",
    version="1",
    server="https://acme.example",
    credentials=(core.Credential("Key", "api_key", "ACME_API_KEY", "header", "X-Key"),),
    globals=(core.Global("workspace", "ACME_WORKSPACE"),),
    security=((("Key",),),),
)


class Run(Struct):
    phase: str | UnsetType = UNSET
    verdict: str | None | UnsetType = UNSET
    error: str | UnsetType = UNSET


GET = core.Operation(
    name="get_run",
    method="GET",
    path="/repos/{owner}/{repo}/runs/{id}",
    parameters=(
        core.Parameter("owner", "owner", "path"),
        core.Parameter("repo", "repo", "path"),
        core.Parameter("id", "id", "path"),
        core.Parameter("workspace", "X-Workspace", "header", from_client=True),
    ),
    security=(("Key",),),
    responses={"200": core.Content("application/json", Run)},
)


class AcmeClient(core.Client):
    def __init__(self, *, api_key=None, workspace=None, **options):
        super().__init__(API, {"api_key": api_key, "workspace": workspace}, **options)


class AsyncAcmeClient(core.AsyncClient):
    def __init__(self, *, api_key=None, workspace=None, **options):
        super().__init__(API, {"api_key": api_key, "workspace": workspace}, **options)
"""

ADAPTER = """
from datetime import datetime, timedelta, timezone

from workflow_runs import (
    Adapter, PendingInput, ProviderError, RunResult, RunStatus, Statuses, StatusBasis, RunFields
)
from acme_client import GET, AcmeClient, AsyncAcmeClient, Run

STATUSES = Statuses(
    documented={
        "active": (RunStatus.RUNNING, None),
        ("over", "fine"): (RunStatus.SUCCEEDED, RunResult.SUCCESS),
        ("over", "late"): (RunStatus.FAILED, RunResult.TIMEOUT),
        ("over", "stopped"): (RunStatus.CANCELLED, None),
    }
)
HERE = timezone(timedelta(hours=2))


def normalize(native, ref, notes):
    state = STATUSES.read(("/phase", "/verdict"), notes, native.phase, native.verdict)
    # What the layer has to put right: the provider's name, an empty identifier, results and ends of runs that have
    # none, times that are not in UTC, or in no zone.
    return RunFields(
        provider="somebody",
        id="",
        ref=ref,
        status=state.status,
        status_basis=state.basis,
        result=state.result if state.status is not RunStatus.RUNNING else RunResult.ERROR,
        raw_status=state.raw_status,
        created_at=datetime(2024, 5, 1, 12),
        started_at=datetime(2024, 5, 1, 12, tzinfo=HERE),
        finished_at=datetime(2024, 5, 1, 13, tzinfo=HERE),
        pending=PendingInput(presented_at=datetime(9999, 12, 31, tzinfo=HERE), timeout=timedelta(days=2)),
    )


def unwrap(native, data, ref, notes):
    if native.error:
        raise ProviderError(f"{ref.provider} says {native.error}", provider=ref.provider, ref=ref, code=native.error)


def values(ref):
    return {"owner": ref.parts["owner"], "repo": ref.parts["repo"], "id": ref.run_id}


def fetch(client, ref):
    return client._call_raw(GET, values(ref))


async def fetch_async(client, ref):
    return await client._call_raw(GET, values(ref))


ADAPTER = Adapter(
    model=Run,
    client=AcmeClient,
    async_client=AsyncAcmeClient,
    fetch=fetch,
    fetch_async=fetch_async,
    normalize=normalize,
    unwrap=unwrap,
)
"""

MODULES = {"acme_runs": PROVIDER, "acme_client": CLIENT, "acme_adapter": ADAPTER}


def install(folder: Path, entry_points: str, modules: dict[str, str] = MODULES, name: str = "acme_runs") -> None:
    """Write a distribution to `folder`, with these lines in its group of entry points."""
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name.replace('_', '-')}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[workflow_runs.providers]\n{entry_points}\n")
    for module, text in modules.items():
        (folder / f"{module}.py").write_text(text)
