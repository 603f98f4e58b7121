"""What `Runs` and `AsyncRuns` raise: every kind of error of a client, and what is refused before anything is sent."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
import workflow_client_core as core
from workflow_runs import InvalidRef, ProviderError, RunRef, UnknownProvider, WorkflowRunError

from tests.clients.providers import DIFY, JUO
from tests.loopback import Loopback, json_reply
from tests.runs.faces import Face


@pytest.mark.parametrize(
    ("ref", "variables"),
    [
        ("dify:1", "DIFY_API_KEY"),
        ("copyai:w/1", "COPYAI_API_KEY"),
        ("juo:1?tenant=shop", "JUO_DELEGATED_TOKEN JUO_ACCESS_TOKEN"),
        ("juo:1", "JUO_DELEGATED_TOKEN JUO_ACCESS_TOKEN"),
        ("tamtam:1", "TAMTAM_API_KEY TAMTAM_ACCESS_TOKEN"),
    ],
)
def test_no_credentials(face: Face, ref: str, variables: str) -> None:
    provider = ref.partition(":")[0]
    with pytest.raises(ProviderError) as caught:
        face.get(face.runs(), ref)
    assert isinstance(caught.value.__cause__, core.CredentialsError)
    assert str(caught.value).startswith(f"{ref}: ")
    assert str(caught.value).endswith(f"; correct the environment, or pass a client: {provider}=...")
    assert " ".join(re.findall("[A-Z]+_[A-Z_]+", str(caught.value))) == variables


def test_credentials_that_come_later_are_found(server: Loopback, face: Face, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = face.runs(allowed_base_urls={"dify": [server.url]})
    ref = f"dify:1?base_url={server.url}"
    with pytest.raises(ProviderError):
        face.get(runs, ref)
    monkeypatch.setenv("DIFY_API_KEY", "secret")
    assert face.get(runs, ref).id == "1"


def raising(error: Exception) -> Callable[[], str]:
    def credential() -> str:
        raise error

    return credential


@pytest.mark.parametrize(
    "error",
    [KeyError("vault"), json.JSONDecodeError("bad vault", "", 0), UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad")],
    ids=lambda error: type(error).__name__,
)
def test_what_a_credential_function_raises_passes(server: Loopback, face: Face, error: Exception) -> None:
    runs = face.runs(dify=face.client(DIFY, base_url=server.url, api_key=raising(error)))
    with pytest.raises(type(error)) as caught:
        face.get(runs, "dify:1")
    assert caught.value is error
    assert not isinstance(error, WorkflowRunError)


@pytest.mark.parametrize(
    "ref",
    [
        "dify:..",
        "dify:%2E%2E",
        "dify:a%0d%0aHost:%20evil.example",
        "dify:",
        "copyai:a%2Fb",
        "nobody:1",
        "dify:1?api_key=hunter2",
        "",
        RunRef("copyai", "1"),
        RunRef("dify", "1", {"tenant": "hunter2"}),
        RunRef("nobody", "1"),
        None,
        b"dify:1",
        7,
    ],
)
def test_nothing_is_sent_for_what_is_not_a_reference(server: Loopback, face: Face, ref: Any) -> None:
    clients = {provider.name: face.client(provider, base_url=server.url) for provider in (DIFY, JUO)}
    with pytest.raises((InvalidRef, UnknownProvider)) as caught:
        face.get(face.runs(**clients), ref)
    assert "hunter2" not in str(caught.value)
    assert server.requests == []


def test_an_identifier_is_one_segment_of_the_path(server: Loopback, face: Face) -> None:
    runs = face.runs(dify=face.client(DIFY, base_url=f"{server.url}/v1"))
    face.get(runs, RunRef("dify", "../../admin?x=1#y"))
    assert server.last.target == "/v1/workflows/run/..%2F..%2Fadmin%3Fx%3D1%23y"


def test_secrets_stay_out_of_messages(server: Loopback, face: Face) -> None:
    server.respond = lambda request: json_reply({"message": f"bad key {request.headers['authorization']}"}, 401)
    runs = face.runs(dify=face.client(DIFY, base_url=server.url, api_key="hunter2"))
    with pytest.raises(ProviderError) as caught:
        face.get(runs, "dify:1")
    assert "hunter2" not in f"{caught.value} {caught.value!r} {vars(caught.value)}"
