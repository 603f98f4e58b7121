"""Generated clients that get their tokens by themselves, also of a document in Swagger 2.0, over a real connection."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import ModuleType
from typing import Any
from urllib.parse import parse_qs

import pytest
import workflow_client_core as core
from msgspec import json

from tests.loopback import Loopback, Received, Reply, json_reply
from tests.packages import imported_package

PATHS = {
    "/beds": {
        "get": {
            "operationId": "listBeds",
            "security": [{"Garden": ["beds:read"]}],
            "responses": {"204": {"description": "Done."}},
        },
        "delete": {
            "operationId": "removeBeds",
            "tags": ["beds"],
            "security": [{"Garden": ["beds:write"]}],
            "responses": {"204": {"description": "Done."}},
        },
    }
}
SCOPES = {"beds:read": "To look.", "beds:write": "To plant.", "beds:all": "For all."}
INFO = {"title": "Garden", "version": "1"}
SWAGGER = {
    "swagger": "2.0",
    "info": INFO,
    "host": "garden.example.com",
    "basePath": "/v1",
    "paths": PATHS,
    "securityDefinitions": {
        "Garden": {"type": "oauth2", "flow": "application", "tokenUrl": "/token", "scopes": SCOPES}
    },
}


def openapi(version: str) -> dict[str, Any]:
    flow = {"tokenUrl": "/token", "scopes": SCOPES}
    components = {"securitySchemes": {"Garden": {"type": "oauth2", "flows": {"clientCredentials": flow}}}}
    server = {"url": "https://garden.example.com/v1"}
    return {"openapi": version, "info": INFO, "servers": [server], "paths": PATHS, "components": components}


DOCUMENTS = {"swagger": SWAGGER, "openapi30": openapi("3.0.3"), "openapi31": openapi("3.1.0")}


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., ModuleType]:
    """The package of a document, with groups or without, written to a folder and imported."""
    folder, made = tmp_path_factory.mktemp("gardens"), dict[str, ModuleType]()

    def module(document: str) -> ModuleType:
        if document not in made:
            spec = folder / f"{document}.json"
            spec.write_bytes(json.encode(DOCUMENTS[document]))
            problems = ["swagger"] if document == "swagger" else []
            made[document] = imported_package(spec, f"garden-{document}-client", folder, problems=problems)
        return made[document]

    return module


def respond(received: Received) -> Reply:
    if received.target == "/token":
        return json_reply({"access_token": "t-1", "token_type": "bearer", "expires_in": "3600"})
    return Reply(204 if received.headers.get("authorization") == "Bearer t-1" else 401)


@pytest.mark.parametrize("document", DOCUMENTS)
@pytest.mark.parametrize("prefix", ["", "Async"])
def test_the_token_of_the_document_s_flow_is_fetched_once(
    server: Loopback, modules: Callable[..., ModuleType], monkeypatch: pytest.MonkeyPatch, document: str, prefix: str
) -> None:
    name = f"Garden{document.title()}Client"
    client_class: Any = getattr(modules(document), prefix + name)
    monkeypatch.setenv(f"GARDEN_{document.upper()}_CLIENT_SECRET", "word")
    server.respond = respond

    async def calls() -> None:
        async with client_class(client_id="me", base_url=f"{server.url}/v1", token_url=f"{server.url}/token") as client:
            await asyncio.gather(client.list_beds(), client.remove_beds(), client.raw.list_beds())

    if prefix:
        asyncio.run(calls())
    else:
        with client_class(client_id="me", base_url=server.url) as client:  # the document's own URL: it is relative
            client.list_beds()
            client.remove_beds()
            client.raw.list_beds()
    assert [request.target.removeprefix("/v1") for request in server.requests] == ["/token", *["/beds"] * 3]
    form = parse_qs(server.requests[0].body.decode())
    assert form == {"grant_type": ["client_credentials"], "scope": ["beds:read beds:write"]}


def test_a_token_that_is_passed_is_sent_as_before(server: Loopback, modules: Callable[..., ModuleType]) -> None:
    server.respond = respond
    with modules("openapi30").GardenOpenapi30Client(garden="t-1", base_url=server.url) as client:
        client.list_beds()
    with pytest.raises(core.CredentialsError, match=r"pass garden= \(or set GARDEN_OPENAPI30_GARDEN\) or client_id="):
        modules("openapi30").GardenOpenapi30Client()
    assert [request.target for request in server.requests] == ["/beds"]
