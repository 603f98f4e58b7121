"""The clients beside the five of which everything else here is tested: what they send, and how they read answers."""

from __future__ import annotations

from urllib.parse import quote

import msgspec
import pytest
import workflow_client_core as core
from workflow_runs._normalize.adapter import load_adapter
from workflow_runs._providers.lookup import find
from workflow_runs.testing import payload

from tests.clients.documented import document
from tests.clients.providers import ENGINES, PREFECT, Call, Mode, Provider
from tests.clients.test_judged_by_openapi_core import judge, judged
from tests.loopback import Loopback
from tests.runs.promises import REFS

each = pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.name)
WITHOUT_SERVER = [engine for engine in ENGINES if not engine.server]
ERRORS = [
    (engine, status)
    for engine in ENGINES
    for item in document(engine)["paths"].values()
    for status in item["get"]["responses"]
    if status != "200"
]


@each
def test_one_get_with_the_credential_and_nothing_else(server: Loopback, call: Call, engine: Provider) -> None:
    server.reply(200, payload(REFS[engine.name]))
    answer = call(engine)
    assert type(answer) is load_adapter(find(engine.name)).model
    (request,) = server.requests
    target = engine.target(*(quote(str(id), safe="") for id in engine.ids))
    assert (request.method, request.target, request.body) == ("GET", target, b"")
    header, prefix = engine.credential
    assert request.headers[header] == prefix + next(iter(engine.arguments.values()))
    assert request.headers["accept"] == engine.accept
    assert request.headers["user-agent"] == f"workflow-client-{engine.name}/{engine.package.__version__}"
    assert set(request.headers) == {"host", "connection", "accept", "accept-encoding", "user-agent", header}
    judge(engine).validate_request(judged(engine, request))


@each
def test_the_credential_comes_from_the_environment_too(
    server: Loopback, call: Call, engine: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.reply(200, payload(REFS[engine.name]))
    for argument, value in engine.arguments.items():
        monkeypatch.setenv(f"{engine.name}_{argument}".upper(), value)
    call(engine, arguments={})
    header, prefix = engine.credential
    assert server.last.headers[header] == prefix + next(iter(engine.arguments.values()))


@pytest.mark.parametrize("engine", WITHOUT_SERVER, ids=lambda engine: engine.name)
def test_a_server_of_one_s_own_has_to_be_named(mode: Mode, engine: Provider) -> None:
    with pytest.raises(ValueError, match=f"base_url.*{engine.name.upper()}_BASE_URL"):
        engine.client_class(mode)(**engine.arguments)


@pytest.mark.parametrize(("engine", "status"), ERRORS, ids=lambda value: getattr(value, "name", value))
def test_each_documented_error_is_raised_as_documented(
    server: Loopback, call: Call, engine: Provider, status: str
) -> None:
    (item,) = document(engine)["paths"].values()
    server.reply(int(status), {"detail": []})
    with pytest.raises(core.StatusError) as caught:
        call(engine)
    assert caught.value.status == int(status)
    has_body = "content" in item["get"]["responses"][status]
    assert isinstance(caught.value.body, msgspec.Struct) == has_body


@pytest.mark.parametrize(
    ("arguments", "sent"),
    [
        ({}, None),
        ({"auth_string": "admin:pass"}, "Basic YWRtaW46cGFzcw=="),
        ({"auth_string": "admin:pass", "api_key": "pnu_1"}, "Bearer pnu_1"),
    ],
    ids=["none", "name and password", "both"],
)
def test_prefect_takes_a_key_a_name_and_a_password_or_nothing(
    server: Loopback, call: Call, arguments: dict[str, str], sent: str | None
) -> None:
    server.reply(200, payload(REFS["prefect"]))
    call(PREFECT, arguments=arguments)
    assert server.last.headers.get("authorization") == sent
