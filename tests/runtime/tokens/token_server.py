"""A server that gives tokens, and calls of clients that get theirs from it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import workflow_client_core as core
from msgspec.structs import replace

from tests.loopback import Loopback, Received, Reply, json_reply
from tests.runtime.example_api import API, BEARER, GET_RUN, KEY, ExampleClient

Call = Callable[..., Any]

SECRET = "s3cr3t/+=& ~%"
FLOW = core.ClientCredentials(
    "https://login.example.com/token",
    scopes=("runs:read", "runs:write"),
    id_environment="EXAMPLE_CLIENT_ID",
    secret_environment="EXAMPLE_CLIENT_SECRET",
)
RELATIVE = replace(FLOW, url="oauth/token")
SOON = core.Retry(max_retries=2, initial=0.001, minimum=0.0)


def api_of(flow: core.ClientCredentials, security: core.Security = (("Bearer",),), **changes: Any) -> core.Api:
    return replace(API, credentials=(replace(BEARER, client=flow), KEY), security=(security,), **changes)


class TokenServer(Loopback):
    """Gives the tokens `token-1`, `token-2`, ... at `/token`; every other path is one of an API that takes the last."""

    def __init__(self) -> None:
        super().__init__()
        self.tokens_given = 0
        self.answer: dict[str, Any] = {"token_type": "Bearer", "expires_in": 3600}
        self.accepts: Callable[[str], bool] = lambda token: token == f"token-{self.tokens_given}"
        self.token_replies: list[Reply] = []
        """What is answered in place of the next tokens."""
        self.respond = self._respond
        self._lock = threading.Lock()

    @property
    def token_requests(self) -> list[Received]:
        return [request for request in self.requests if "/token" in request.target]

    @property
    def api_requests(self) -> list[Received]:
        return [request for request in self.requests if "/token" not in request.target]

    def _respond(self, received: Received) -> Reply:
        with self._lock:
            if "/token" not in received.target:
                token = received.headers.get("authorization", "").removeprefix("Bearer ")
                return json_reply({"id": "1"}) if self.accepts(token) else json_reply({"message": token}, 401)
            if self.token_replies:
                return self.token_replies.pop(0)
            self.tokens_given += 1
            return json_reply({"access_token": f"token-{self.tokens_given}", **self.answer})


def settings(server: Loopback, **changes: Any) -> dict[str, Any]:
    """What `call` makes a client of: one that gets its tokens from the server."""
    flow = {"client_id": "me:you", "client_secret": SECRET, "token_url": f"{server.url}/token"}
    return {"api_key": None, "api": api_of(FLOW), **flow, **changes}


def run_of(call: Call, server: Loopback, **changes: Any) -> Any:
    return call("call", replace(GET_RUN, security=(("Bearer",),)), run_id="1", client=settings(server, **changes))


def client_of(server: Loopback, **changes: Any) -> ExampleClient:
    arguments = {"base_url": server.url, "retry": core.Retry(max_retries=0), **settings(server, **changes)}
    return ExampleClient(**arguments)


def get_run(client: ExampleClient) -> Any:
    return client.call(replace(GET_RUN, security=(("Bearer",),)), run_id="1")


def form(request: Received) -> dict[str, list[str]]:
    return parse_qs(request.body.decode(), strict_parsing=True)
