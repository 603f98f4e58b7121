"""`Runs` and `AsyncRuns`: their results, which clients they use, and which they close."""

from __future__ import annotations

import asyncio
import pickle
import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from msgspec.structs import replace
from workflow_client_dify import AsyncDifyClient, DifyClient, models
from workflow_client_juo import JuoClient
from workflow_runs import (
    AsyncRuns,
    InvalidRef,
    RunRef,
    Runs,
    UnknownProvider,
)

from tests.clients.providers import DIFY, JUO
from tests.loopback import Loopback
from tests.runs.faces import Face


def test_a_run_and_what_it_was_made_from(server: Loopback, face: Face) -> None:
    server.reply(200, {"id": "1", "status": "running", "total_steps": "x"})
    runs = face.runs(dify=face.client(DIFY, base_url=server.url))
    run = face.get(runs, "dify:1")
    assert run.ref == RunRef("dify", "1", base_url=server.url)
    same = face.get(runs, run.ref)
    assert same.observed_at is not None
    assert run.observed_at is not None
    assert run.observed_at <= same.observed_at
    assert replace(run, observed_at=same.observed_at) == same
    assert run.response is not None
    assert (run.response.status, run.response.headers["Content-Type"]) == (200, "application/json")
    assert pickle.loads(pickle.dumps(run)).response is None
    assert (run.provider, run.id, run.status, run.raw_status) == ("dify", "1", "running", "running")
    assert [issue.pointer for issue in run.issues] == ["/total_steps"]
    assert run.native == models.WorkflowRunDetailResponse(id="1", status=models.WorkflowRunDetailResponseStatus.RUNNING)
    assert run.raw == b'{"id":"1","status":"running","total_steps":"x"}'


def test_a_required_value_that_is_missing_costs_the_native_model_alone(server: Loopback, face: Face) -> None:
    server.reply(200, {"status": "completed"})
    run = face.get(face.runs(juo=face.client(JUO, base_url=server.url)), "juo:1")
    assert (run.id, run.status, run.native, run.raw) == ("1", "succeeded", None, b'{"status":"completed"}')
    assert {issue.problem.partition(":")[0] for issue in run.issues} == {"missing"}


def test_clients_that_were_given_stay_open(server: Loopback, face: Face) -> None:
    client = face.client(DIFY, base_url=server.url)
    runs = face.runs(dify=client)
    face.get(runs, "dify:1")
    for _ in range(2):
        face.close(runs)
    face.call(client, DIFY)
    assert len(server.requests) == 2


def test_clients_that_were_made_are_closed(server: Loopback, face: Face, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIFY_API_KEY", "secret")
    runs = face.runs(allowed_base_urls={"dify": [server.url]})
    face.get(runs, f"dify:1?base_url={server.url}")
    (client,) = runs._clients._made.values()
    face.close(runs)
    with pytest.raises(RuntimeError, match=f"this {type(client).__name__} is closed; make a new one"):
        face.call(client.with_options(base_url=server.url), DIFY)
    assert len(server.requests) == 1


def test_the_environment_names_the_server_of_a_client_that_is_made(
    server: Loopback, elsewhere: Loopback, face: Face, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIFY_API_KEY", "secret")
    monkeypatch.setenv("DIFY_BASE_URL", f"{server.url}/own/")
    runs = face.runs()
    for ref in ("dify:1", f"dify:1?base_url={server.url}/own"):
        assert face.get(runs, ref).id == "1"
    for url in ("https://api.dify.ai/v1", elsewhere.url):
        with pytest.raises(InvalidRef, match=f"asks for another server than the client's, {server.url}/own;"):
            face.get(runs, f"dify:1?base_url={url}")
    assert [request.target for request in server.requests] == ["/own/workflows/run/1"] * 2


def test_what_is_closed_cannot_be_used(server: Loopback, face: Face) -> None:
    runs = face.runs(dify=face.client(DIFY, base_url=server.url))
    face.close(runs)
    with pytest.raises(RuntimeError, match=f"this {type(runs).__name__} is closed; make a new one"):
        face.get(runs, "dify:1")
    assert server.requests == []


def test_leaving_the_block_closes(server: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIFY_API_KEY", "secret")
    allowed, ref = {"dify": [server.url]}, f"dify:1?base_url={server.url}"
    with Runs(allowed_base_urls=allowed) as runs:
        assert runs.get(ref).id == "1"
    with pytest.raises(RuntimeError, match="this Runs is closed"), runs:
        pass

    async def run() -> None:
        async with AsyncRuns(allowed_base_urls=allowed) as runs:
            assert (await runs.get(ref)).id == "1"
        with pytest.raises(RuntimeError, match="this AsyncRuns is closed"):
            async with runs:
                pass

    asyncio.run(run())


def test_clients_have_to_be_of_the_right_class(server: Loopback) -> None:
    with (
        DifyClient(api_key="secret", base_url=server.url) as dify,
        pytest.raises(TypeError, match=r"^juo of Runs must be of the type JuoClient, not DifyClient$"),
    ):
        Runs(juo=dify)  # type: ignore[arg-type]
    with (
        DifyClient(api_key="secret", base_url=server.url) as dify,
        pytest.raises(TypeError, match=r"^dify of AsyncRuns must be of the type AsyncDifyClient, not DifyClient$"),
    ):
        AsyncRuns(dify=dify)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"^dify of Runs must be of the type DifyClient, not AsyncDifyClient$"):
        Runs(dify=AsyncDifyClient(api_key="secret"))  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"^dify of Runs must be of the type DifyClient, not str$"):
        Runs(dify="secret")  # type: ignore[arg-type]
    with (
        DifyClient(api_key="secret", base_url=server.url) as dify,
        pytest.raises(UnknownProvider, match="there is no provider 'dyfi'"),
    ):
        Runs(others={"dyfi": dify})


def test_no_client_is_the_same_as_none(face: Face) -> None:
    assert repr(face.runs(dify=None)) == f"<{type(face.runs()).__name__}>"


def test_what_is_shown_is_not_a_secret(server: Loopback, face: Face, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANON_API_KEY", "hunter2")
    runs = face.runs(dify=face.client(DIFY, api_key="hunter2"), allowed_base_urls={"anon": [server.url]})
    face.get(runs, f"anon:1?base_url={server.url}")
    assert repr(runs) == f"<{type(runs).__name__} anon, dify>"


def test_many_threads_share_one_client(server: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIFY_API_KEY", "secret")
    together = Barrier(16)
    with Runs(allowed_base_urls={"dify": [server.url]}) as runs, ThreadPoolExecutor(16) as pool:

        def get(number: int) -> str:
            together.wait()
            return runs.get(f"dify:{number}?base_url={server.url}").id

        assert list(pool.map(get, range(16))) == [str(number) for number in range(16)]
        assert len(runs._clients._made) == 1


def test_many_tasks_share_one_client(server: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIFY_API_KEY", "secret")

    async def run() -> None:
        async with AsyncRuns(allowed_base_urls={"dify": [server.url]}) as runs:
            refs = [RunRef("dify", str(number), base_url=server.url) for number in range(16)]
            assert [run.id for run in await asyncio.gather(*map(runs.get, refs))] == [ref.run_id for ref in refs]
            assert len(runs._clients._made) == 1

    asyncio.run(run())


def test_a_copy_for_one_call_closes_nothing(server: Loopback) -> None:
    with JuoClient(access_token="secret", tenant="shop", base_url=server.url) as juo:
        runs = Runs(juo=juo, allowed_base_urls={"juo": [f"{server.url}/other"]})
        for ref in ("juo:1", f"juo:1?base_url={server.url}/other", "juo:1?tenant=shop"):
            runs.get(ref)
    targets = [re.sub(r"/workflows/1$", "", request.target) for request in server.requests]
    assert targets == ["", "/other", ""]


def test_the_run_that_was_asked_for_costs_no_text_of_its_reference(
    server: Loopback, face: Face, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.reply(200, {"id": "1", "status": "running"})
    runs, spelled = face.runs(dify=face.client(DIFY, base_url=server.url)), list[RunRef]()

    def spell(ref: RunRef) -> str:
        spelled.append(ref)
        return ref.run_id

    monkeypatch.setattr(RunRef, "__str__", spell)
    assert face.get(runs, RunRef("dify", "1")).id == "1"
    assert spelled == []
