"""Attacks on where requests go: own paths, references of runs, links to next pages, servers and their variables."""

from __future__ import annotations

import asyncio
import atexit
import json
import re
import shutil
import tempfile
from functools import cache
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any
from urllib.parse import quote, unquote_to_bytes, urlsplit

import httpx2
import workflow_client_core as core
from msgspec.structs import replace
from workflow_client_anon import AnonClient, AsyncAnonClient
from workflow_client_copyai import AsyncCopyaiClient, CopyaiClient
from workflow_client_dify import AsyncDifyClient, DifyClient
from workflow_client_juo import AsyncJuoClient, JuoClient
from workflow_client_tamtam import AsyncTamtamClient, TamtamClient
from workflow_runs import AsyncRuns, RunRef, Runs

from tests.packages import imported_package
from tests.runtime.example_api import API, ExampleClient
from tests.torture.hostile import texts
from tests.torture.hostile.strict import Arrived, StrictServer
from tests.torture.hostile.written import check_path
from tests.torture.subject import Broken, Case
from tests.torture.trial import ROOT

_ONCE: dict[str, Any] = {"retry": core.Retry(max_retries=0), "timeout": 100.0}
_RUN_PATHS = {
    "anon": "/workflow-runs/{run_id}",
    "copyai": "/workflow/{workflow_id}/run/{run_id}",
    "dify": "/workflows/run/{run_id}",
    "juo": "/workflows/{run_id}",
    "tamtam": "/v1/user-workflow-runs/{run_id}",
}
_METHODS = ("GET", "POST", "get", "PROPFIND", "GET /evil", "CONNECT", "GET\r\n", "", "TRACE", "P\u00d6ST")
_SERVERS = ("{server}/{place}", "{server}{place}", "http://127.0.0.1:{place}/v1", "http://{place}.localhost:{port}/v1")
_PAGES = ("list_linked", "list_linked_inside", "list_tokens")


# Paths of calls that no document describes.


def draw_own(random: Random) -> dict[str, Case]:
    path = texts.text(random)
    method = random.choice(_METHODS) if random.random() < 0.2 else "GET"
    return {"method": method, "path": path if random.random() < 0.3 else f"/beds/{path}"}


def check_own(case: dict[str, Case], request: Arrived, prefix: str) -> None:
    """Check that a request has the method and the path that were passed.

    Raises:
        Broken: it has others.
    """
    passed = prefix + str(case["path"])
    if unquote_to_bytes(request.target) != unquote_to_bytes(passed):
        raise Broken("another path", (request.target, passed))
    if request.target.partition("?")[0].count("/") != passed.partition("?")[0].count("/"):
        raise Broken("another path", (request.target, passed))
    if {b".", b".."} & {*unquote_to_bytes(request.target.partition("?")[0]).split(b"/")}:
        raise Broken("a segment of dots", request.target)
    if request.method != str(case["method"]).upper():
        raise Broken("another method", request.method)


# References of runs.


def draw_run(random: Random) -> dict[str, Case]:
    provider = random.choice([*_RUN_PATHS])
    values = [texts.text(random), texts.text(random) if random.random() < 0.4 else "WCFG-1"]
    base_url = random.choice((None, "allowed", "own", "other", texts.text(random)))
    if random.random() < 0.5:
        return {"provider": provider, "values": [*values], "base_url": base_url}
    escaped = [quote(value, safe="", errors="replace") if random.random() < 0.6 else value for value in values]
    path = "/".join(escaped if provider == "copyai" else escaped[:1])
    query = random.choice(("", "", "?tenant=shop", f"?{texts.text(random)}", f"?base_url={texts.text(random)}"))
    return {"text": f"{provider}:{path}{query}"}


def reference(case: dict[str, Case], server: StrictServer, other: StrictServer) -> RunRef:
    """The reference of a case.

    Raises:
        InvalidRef, UnknownProvider: it is refused.
    """
    if "text" in case:
        ref = RunRef.parse(str(case["text"]).replace(texts.OTHER, other.url))
    else:
        assert isinstance(case["values"], list)
        run_id, workflow = map(str, case["values"])
        known = {"allowed": f"{server.url}/allowed", "own": f"{server.url}/v1/", "other": other.url}
        base_url = None if case["base_url"] is None else known.get(str(case["base_url"]), str(case["base_url"]))
        parts = {"workflow_id": workflow} if case["provider"] == "copyai" else {}
        ref = RunRef(str(case["provider"]), run_id, parts, base_url).check()
    if RunRef.parse(str(ref)) != ref or RunRef.from_json(ref.to_json()) != ref:
        raise Broken("a reference that is another one when it is read again", str(ref))
    return ref


def check_run(case: dict[str, Case], ref: RunRef, request: Arrived) -> None:
    """Check that a request asks for the run of a reference.

    Raises:
        Broken: it asks for something else.
    """
    if "values" in case:
        assert isinstance(case["values"], list)
        passed = [ref.run_id, ref.parts.get("workflow_id", case["values"][1])]
        if passed != case["values"]:
            raise Broken("another identifier", passed)
    base = "/allowed" if ref.base_url and ref.base_url.rstrip("/").endswith("/allowed") else "/v1"
    values: dict[str, tuple[str, bool, Case]] = {"run_id": ("", False, ref.run_id)}
    values |= {name: ("", False, value) for name, value in ref.parts.items()}
    check_path(request.target, base + _RUN_PATHS[ref.provider], values)


def runs(server: StrictServer, http_client: httpx2.Client) -> Runs:
    """Runs whose clients all call the server, below `/v1`; references may name `/allowed`, too."""
    given: dict[str, Any] = {"base_url": f"{server.url}/v1", "http_client": http_client, **_ONCE}
    return Runs(
        anon=AnonClient(api_key="k-1", **given),
        copyai=CopyaiClient(api_key="k-1", **given),
        dify=DifyClient(api_key="k-1", **given),
        juo=JuoClient(access_token="k-1", tenant="shop", **given),
        tamtam=TamtamClient(api_key="k-1", **given),
        allowed_base_urls={name: [f"{server.url}/allowed"] for name in _RUN_PATHS},
    )


def async_runs(server: StrictServer, http_client: httpx2.AsyncClient) -> AsyncRuns:
    """As `runs`."""
    given: dict[str, Any] = {"base_url": f"{server.url}/v1", "http_client": http_client, **_ONCE}
    return AsyncRuns(
        anon=AsyncAnonClient(api_key="k-1", **given),
        copyai=AsyncCopyaiClient(api_key="k-1", **given),
        dify=AsyncDifyClient(api_key="k-1", **given),
        juo=AsyncJuoClient(access_token="k-1", tenant="shop", **given),
        tamtam=AsyncTamtamClient(api_key="k-1", **given),
        allowed_base_urls={name: [f"{server.url}/allowed"] for name in _RUN_PATHS},
    )


# Links to next pages.


def draw_page(random: Random) -> dict[str, Case]:
    start = random.choice(("", "", "/", "?", "{server}", "{server}/", "{server}/linked?page=2&", texts.OTHER, "//"))
    return {"list": random.choice(_PAGES), "link": start + texts.text(random)}


def page_answer(case: dict[str, Case], server: StrictServer, other: StrictServer, number: int) -> bytes:
    """The response to the n-th request: the first has a link, or a token, to the next page."""
    link = str(case["link"]).replace("{server}", server.url).replace(texts.OTHER, other.url)
    body: Any = [{"id": "1"}]
    head = ""
    if case["list"] == "list_linked_inside":
        body = {"results": body, **({"_metadata": {"next": link}} if number == 1 else {})}
    elif case["list"] == "list_tokens":
        body = {"beds": body, **({"next_page_token": link} if number == 1 else {})}
    elif number == 1:
        head = "".join(character for character in link if character not in "\r\n\0")
        head = f'Link: <{head}>; rel="next"\r\n'
    content = json.dumps(body).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{head}Content-Length: {len(content)}\r\n\r\n"
    return head.encode("latin-1", "replace") + content


def check_page(case: dict[str, Case], requests: list[Arrived]) -> None:
    """Check that each request has the credential once.

    Raises:
        Broken: one has it more often, or not at all; or there are too many.
    """
    for request in requests:
        pairs = [pair.partition("=")[::2] for pair in request.target.partition("?")[2].split("&")]
        if [text for key, text in pairs if key == "key"] != ["k-1"]:
            raise Broken("another credential", request.target)
    if len(requests) > 2:
        raise Broken("too many requests", len(requests))
    if case["list"] == "list_tokens" and len(requests) == 2:
        # Half of a surrogate pair is read as the replacement character.
        link = re.sub("[\ud800-\udfff]", "\ufffd", str(case["link"]))
        token = f"page_token={quote(link, safe='')}"
        if texts.OTHER not in str(case["link"]) and token not in requests[1].target:
            raise Broken("another token", (requests[1].target, token))


@cache
def pages_package() -> ModuleType:
    folder = Path(tempfile.mkdtemp(prefix="torture-pages-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return imported_package(ROOT / "tests" / "clients" / "pages.yaml", "pages-client", folder)


# Servers and their variables.


def draw_server(random: Random) -> dict[str, Case]:
    if random.random() < 0.5:
        # What follows the port begins with something that ends it.
        start = random.choice(("/", "/", "/v1/", "?", "#", "\\", "@", " ", "\t", "\n", "/../", ""))
        return {"way": random.choice(("base_url", "server_urls", "with_options")), "text": start + texts.text(random)}
    return {"way": random.choice(_SERVERS), "text": texts.text(random)}


def call_server(case: dict[str, Case], server: StrictServer, other: StrictServer, http_client: httpx2.Client) -> str:
    """Call an operation at a server with hostile parts, synchronously. Returns the path that its URL has.

    Raises:
        ValueError, TypeError, ApiError: it is refused, or cannot be reached.
    """
    way, text = str(case["way"]), str(case["text"]).replace(texts.OTHER, other.url)
    given: dict[str, Any] = {"api_key": "k-1", "http_client": http_client, **_ONCE}
    if way in ("base_url", "server_urls", "with_options"):
        if text[:1] not in {*"/?#\\@ \t\n"}:
            text = f"/{text}"  # or it would be another port, or another host, which callers may choose
        url = server.url + text
        options: dict[str, Any] = {"base_url": url}
        api = API
        operation = _GET
        if way == "server_urls":
            api, operation = (
                replace(API, own_servers=("https://own.example",)),
                replace(_GET, server="https://own.example"),
            )
            options = {"server_urls": {"https://own.example": url}, "base_url": server.url}
        if way == "with_options":
            ExampleClient(base_url=server.url, **given).with_options(**options).call(operation)
        else:
            ExampleClient(api, **options, **given).call(operation)
        return urlsplit(url).path.rstrip("/")
    place = text
    if way.startswith("http://127.0.0.1:"):
        place = f"{server.port}{text.lstrip('0123456789')}"
    template = way.replace("{server}", server.url).replace("{port}", str(server.port))
    variable = core.ServerVariable("place", "place", default="/v1" if "{server}{" in way else "8000")
    api = replace(API, server=template, variables=(variable,), globals=())
    ExampleClient(api, place=place, **given).call(_GET)
    return urlsplit(template.replace("{place}", place)).path.rstrip("/")


def check_server(path: str, request: Arrived) -> None:
    """Check that a request goes to the path of its server.

    Raises:
        Broken: it goes elsewhere.
    """
    if {".", ".."} & {*unquote_to_bytes(path).decode("latin-1").split("/")}:
        return  # URLs of servers are up to callers, and httpx2 resolves such segments
    if unquote_to_bytes(request.target) != unquote_to_bytes(f"{path}/beds"):
        raise Broken("another path", (request.target, path))


_GET: core.Operation[Any] = core.Operation(
    name="get_beds",
    method="GET",
    path="/beds",
    security=API.security[0],
    responses={"200": core.Content("application/json", Any)},
)


@cache
def runner() -> asyncio.Runner:
    return asyncio.Runner()
