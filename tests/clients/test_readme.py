"""The examples in the packages' README files run as they are written, apart from the address."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.clients.documented import DIFY_RUN, documented_success
from tests.clients.providers import GENERATED, Provider
from tests.loopback import Loopback


def example(folder: Path) -> str:
    """The first block of code; those that follow are fragments."""
    block, *_ = re.findall(
        r"^```python\n(.*?)^```$", (folder / "README.md").read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    return str(block)


def run_against(server: Loopback, program: str, client: str) -> None:
    """Run `program`, whose client is given the server's address in addition."""
    call = re.compile(rf"\b{client}\(")
    assert len(call.findall(program)) == 1
    exec(compile(call.sub(f"{client}(base_url={server.url!r}, ", program), "README.md", "exec"), {})


def test_of_a_client(server: Loopback, provider: Provider, capsys: pytest.CaptureFixture[str]) -> None:
    server.reply(200, documented_success(provider))
    run_against(server, example(provider.folder), f"{provider.brand}Client")
    (request,) = server.requests
    assert re.fullmatch(re.escape(provider.path).replace(r"\{\}", "[a-z0-9_-]+"), request.target)
    assert capsys.readouterr().out.startswith(f"{answer_model(provider)}(")


def answer_model(provider: Provider) -> str:
    method = getattr(provider.client_class("sync"), provider.method)
    return str(method.__annotations__["return"]).removeprefix("_models.")


@pytest.mark.parametrize(
    ("status", "body", "headers", "printed"),
    [
        (200, DIFY_RUN, {}, "succeeded"),
        (404, {"message": "gone"}, {}, "no such run"),
        (429, {}, {"Retry_After": "300"}, "wait 300.0 seconds"),
        (401, {"message": "invalid key"}, {}, "401 Unauthorized from GET {url}/workflows/run/5b1f...: invalid key"),
    ],
    ids=["200", "404", "429", "401"],
)
def test_of_the_core(
    server: Loopback,
    status: int,
    body: object,
    headers: dict[str, str],
    printed: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    server.reply(status, body, **headers)
    run_against(server, example(GENERATED / "workflow-client-core"), "DifyClient")
    assert capsys.readouterr().out == printed.format(url=server.url) + "\n"
