"""The generated clients: what is particular to each, and how to call any of them, sync or async."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, Literal, Protocol

from workflow_client_core import Retry

ROOT = Path(__file__).resolve().parents[2]
GENERATED = ROOT / "generated"

RUN_ID = "0b7e8a52-5d0c-4c6e-9a0f-3f1f5c3f9d11"
WORKFLOW_ID = "WCFG-84e56597"

Mode = Literal["sync", "async"]
MODES: tuple[Mode, ...] = ("sync", "async")


@dataclass(frozen=True, eq=False)
class Provider:
    """`arguments` are enough to make a client, `ids` to call its one method, which is a GET of `path`.

    `server` is "" where everybody has one of their own. `credential` is the header in which the first of `arguments` is
    sent, and what stands before it there.
    """

    name: str
    brand: str
    method: str
    server: str
    path: str
    accept: str
    arguments: Mapping[str, str]
    ids: tuple[object, ...] = (RUN_ID,)
    credential: tuple[str, str] = ("", "")
    keywords: tuple[str, ...] = ()
    """The names of arguments for `ids`, where the method takes none by position."""

    @property
    def folder(self) -> Path:
        return GENERATED / f"workflow-client-{self.name}"

    @property
    def package(self) -> ModuleType:
        return import_module(f"workflow_client_{self.name}")

    @property
    def models(self) -> Any:
        return import_module(f"workflow_client_{self.name}.models")

    def client_class(self, mode: Mode) -> Any:
        return getattr(self.package, f"{'Async' if mode == 'async' else ''}{self.brand}Client")

    def target(self, *ids: object) -> str:
        """The path of a request for identifiers that are already percent-encoded."""
        return self.path.format(*(ids or self.ids))

    def get(self, method: Callable[..., Any], *ids: object) -> Any:
        """What a method of the client returns for identifiers."""
        given = ids or self.ids
        return method(**dict(zip(self.keywords, given, strict=True))) if self.keywords else method(*given)


JUO = Provider(
    name="juo",
    brand="Juo",
    method="get_workflow_run",
    server="https://api.juo.io/customer/v1",
    path="/workflows/{}",
    accept="application/json",
    arguments={"tenant": "shop-1", "delegated_token": "secret-token"},
)
ANON = Provider(
    name="anon",
    brand="Anon",
    method="get_workflow_run",
    server="https://worker.anon.com/api/v2",
    path="/workflow-runs/{}",
    accept="application/json",
    arguments={"api_key": "secret-key"},
)
DIFY = Provider(
    name="dify",
    brand="Dify",
    method="get_workflow_run_detail",
    server="https://api.dify.ai/v1",
    path="/workflows/run/{}",
    accept="application/json",
    arguments={"api_key": "secret-key"},
)
TAMTAM = Provider(
    name="tamtam",
    brand="Tamtam",
    method="get_user_workflow_run",
    server="https://api.tamtam.ai/api",
    path="/v1/user-workflow-runs/{}",
    accept="application/json, application/problem+json",
    arguments={"api_key": "secret-key"},
)
COPYAI = Provider(
    name="copyai",
    brand="Copyai",
    method="get_workflow_run",
    server="https://api.copy.ai/api",
    path="/workflow/{}/run/{}",
    accept="application/json",
    arguments={"api_key": "secret-key"},
    ids=(WORKFLOW_ID, RUN_ID),
)
PROVIDERS = (JUO, ANON, DIFY, TAMTAM, COPYAI)
"""Five clients with every trait that the core has to know: what is tested of each of them holds for all."""
N8N = Provider(
    name="n8n",
    brand="N8N",
    method="get_execution",
    server="",
    path="/executions/{}",
    accept="application/json",
    arguments={"api_key": "secret-key"},
    ids=(1000,),
    credential=("x-n8n-api-key", ""),
)
AIRFLOW = Provider(
    name="airflow",
    brand="Airflow",
    method="get_dag_run",
    server="",
    path="/api/v2/dags/{}/dagRuns/{}",
    accept="application/json",
    arguments={"access_token": "secret-token"},
    ids=("etl.daily", "scheduled__2026-04-07T09:00:00-05:00"),
    credential=("authorization", "Bearer "),
)
PREFECT = Provider(
    name="prefect",
    brand="Prefect",
    method="read_flow_run",
    server="",
    path="/flow_runs/{}",
    accept="application/json",
    arguments={"api_key": "secret-key"},
    credential=("authorization", "Bearer "),
)
GITHUB = Provider(
    name="github",
    brand="Github",
    method="actions_get_workflow_run",
    server="https://api.github.com",
    path="/repos/{}/{}/actions/runs/{}",
    accept="application/json",
    arguments={"token": "secret-token"},
    ids=("octo-org", "octo-repo", 30433642),
    credential=("authorization", "Bearer "),
)
DBT = Provider(
    name="dbt",
    brand="Dbt",
    method="retrieve_run",
    server="https://cloud.getdbt.com",
    path="/api/v2/accounts/{}/runs/{}/",
    accept="application/json",
    arguments={"token": "secret-token"},
    ids=(1234, 34929305),
    credential=("authorization", "Bearer "),
)
DATABRICKS = Provider(
    name="databricks",
    brand="Databricks",
    method="jobs_runs_get",
    server="",
    path="/api/2.1/jobs/runs/get?run_id={}",
    accept="application/json",
    arguments={"token": "secret-token"},
    ids=(455644833,),
    keywords=("run_id",),
    credential=("authorization", "Bearer "),
)
ENGINES = (N8N, AIRFLOW, PREFECT, GITHUB, DBT, DATABRICKS)
"""The other ones, of which `test_engines.py` tests what is particular to each."""
EVERY = (*PROVIDERS, *ENGINES)


class Connect(Protocol):
    """`get = connect(JUO)`: a client of the loopback server; `get()` calls its one method, with the provider's own ids.

    `arguments` replace the provider's own, `settings` are the other constructor arguments.
    """

    def __call__(
        self, provider: Provider, *, arguments: Mapping[str, str] | None = None, **settings: Any
    ) -> Callable[..., Any]: ...


class Call(Protocol):
    """`call(JUO)`: the same for a single call: `connect(JUO)()`."""

    def __call__(
        self, provider: Provider, *ids: object, arguments: Mapping[str, str] | None = None, **settings: Any
    ) -> Any: ...


@contextmanager
def clients(mode: Mode, base_url: str) -> Iterator[Connect]:
    """Makes clients, and closes them at the end. Asynchronous ones share one event loop."""
    with ExitStack() as stack:
        runner = stack.enter_context(asyncio.Runner())

        def connect(
            provider: Provider, *, arguments: Mapping[str, str] | None = None, **settings: Any
        ) -> Callable[..., Any]:
            given = provider.arguments if arguments is None else arguments
            client = provider.client_class(mode)(
                **{"base_url": base_url, "retry": Retry(max_retries=0), **given, **settings}
            )
            method = getattr(client, provider.method)
            if mode == "sync":
                stack.callback(client.close)
                return lambda *ids: provider.get(method, *ids)
            stack.callback(lambda: runner.run(client.aclose()))
            return lambda *ids: runner.run(provider.get(method, *ids))

        yield connect
