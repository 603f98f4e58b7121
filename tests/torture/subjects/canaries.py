"""Secrets through every way into a client, searched for in everything that is shown, and in what others get.

Left out, as documented: what is the server's own, unchanged (`content`, `headers` and `body` of errors and results);
frames of the caller's code, and `extra_headers`, an argument of methods, as local variables; the inside of objects that
callers pass (`auth`, `http_client`), and what a server echoes of further headers of an `http_client`.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import io
import json
import logging
import os
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from functools import cache
from pathlib import Path
from random import Random
from typing import Any
from unittest import mock
from urllib.parse import quote, unquote, unquote_plus

import httpcore2
import httpx2
import workflow_client_core as core
from msgspec.structs import replace

from tests.loopback import Loopback, Received, Reply
from tests.runtime.example_api import API, FOLLOW_RUN, GET_RUN, AsyncExampleClient, ExampleClient
from tests.torture.canary.doors import DOORS, Door, Servers
from tests.torture.canary.shown import MARK, leaks, shown_of, shown_of_client
from tests.torture.subject import Broken, Case, Counts, Subject

_AROUND = "".join(chr(code) for code in range(0x21, 0x7F))
_ODD: Sequence[str] = (
    "",
    "\n",
    "é",
    "\0",
    "\ud800",
    " ",
    "%41",
    "%",
    "'",
    '"',
    "\\",
    "\\n",
    "$1",
    "\\g<0>",
    "{}",
    "***",
)
_PLACES: tuple[str, ...] = (
    "body",
    "json",
    "reason",
    "location",
    "type",
    "charset",
    "header",
    "encoding",
    "length",
    "retry",
    "cookie",
)
_PLACES += ("head", "challenge", "event", "chunk", "nothing")
_STATUSES = (200, 200, 200, 201, 204, 302, 307, 400, 401, 401, 403, 404, 407, 418, 429, 500, 503)
_CALLS = ("get_run", "get_run", "follow_run", "raw", "request")
_ENDINGS = ("whole", "whole", "whole", "cut", "reset", "nothing")


def draw(random: Random) -> Case:
    def around() -> str:
        if random.random() < 0.1:
            return random.choice(_ODD)
        return "".join(random.choices(_AROUND, k=random.choice((0, 1, 3, 8))))

    refused = random.random() < 0.15
    return {
        "door": random.choice([door for door in sorted(DOORS) if door.startswith("refused") is refused]),
        "before": around(),
        "after": around(),
        "call": random.choice(_CALLS),
        "run": random.choice(("1",) * 20 + ("", "a\nb", "\ud800", "..")),
        "async": random.random() < 0.5,
        "status": random.choice(_STATUSES),
        "echo": random.sample(_PLACES, random.choice((1, 1, 2, 3))),
        "ending": random.choice(_ENDINGS),
        "token": random.random() < 0.7,
        "rich": random.random() < 0.03,
    }


def attack(case: Case, folder: Path) -> str:
    assert isinstance(case, dict)
    servers, secret = _servers(), f"{case['before']}{MARK}{case['after']}"
    name = str(case["door"])
    try:
        door = DOORS[name](secret, servers)
    except UnicodeError:
        return "refused by httpx2"
    if door.is_of_caller and not _is_header_value(secret):
        return "refused by httpx2"
    for server in (servers.api, servers.proxy, servers.other):
        server.requests.clear()
        server.respond = _responder(case, door, secret, gives_secret=name == "fetched token")
    shown: list[tuple[str, str]] = []
    with _watched(shown), mock.patch.dict(os.environ, _clean(door.environment), clear=True):
        outcome = _outcome(case, door, shown)
    for place, text in shown:
        if leaks(text):
            raise Broken(f"a secret shows in {place}", text[:2000])
    _check_arrivals(door, servers)
    return outcome


def _is_header_value(text: str) -> bool:
    return text.isascii() and text.isprintable() and text == text.strip()


def _clean(environment: Any) -> dict[str, str]:
    """The environment of the process without what decides about clients, and that of the case."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("EXAMPLE_") and not name.lower().endswith("_proxy")
    }
    with suppress(UnicodeError, ValueError):
        for name, value in environment.items():
            if "\0" not in value:
                os.fsencode(value)
                kept[name] = value
    return kept


def _outcome(case: dict[str, Case], door: Door, shown: list[tuple[str, str]]) -> str:
    call = _async_call if case["async"] else _call
    try:
        call(case, door, shown)
    except (core.ApiError, ValueError, TypeError) as error:
        shown += shown_of(error, pretty=bool(case["rich"]), apart_from=door.may_show)
        return type(error).__name__
    return "read"


def _arguments(door: Door) -> dict[str, Any]:
    servers = _servers()
    api = replace(API, own_servers=("https://files.example.com",))
    settings = {
        "base_url": servers.api.url,
        "retry": core.Retry(max_retries=1, initial=0.0001, minimum=0.0),
        "timeout": 100.0,
    }
    return {"api": api, **settings, "max_response_size": 100_000, **door.settings}


def _shown_of_clients(door: Door, *clients: object) -> list[tuple[str, str]]:
    depth = 0 if door.is_of_caller else 3
    return [text for client in clients for text in shown_of_client(client, depth=depth)]


def _call(case: dict[str, Case], door: Door, shown: list[tuple[str, str]]) -> None:
    arguments = _arguments(door)
    if door.http_client is not None:
        arguments["http_client"] = httpx2.Client(**door.http_client)
    with ExampleClient(**arguments) as client:
        called = client if door.options is None else client.with_options(**door.options)
        try:
            _carry_out(case, door, called)
        finally:
            shown += _shown_of_clients(door, client, called)


def _carry_out(case: dict[str, Case], door: Door, client: ExampleClient) -> None:
    run, extra = str(case["run"]), door.extra_headers
    operation = replace(GET_RUN, security=door.security or GET_RUN.security)
    if case["call"] == "request" or extra:
        client.request("GET", f"/runs/{quote(run, errors='replace')}", extra_headers=extra)
    elif case["call"] == "follow_run":
        stream = replace(FOLLOW_RUN, security=door.security or FOLLOW_RUN.security)
        with client.stream(stream, run_id=run) as events:
            for _, _event in zip(range(5), events, strict=False):
                pass
    elif case["call"] == "raw" and door.security is None:
        client.raw.get_run(run)
    else:
        client.call(operation, run_id=run)


def _async_call(case: dict[str, Case], door: Door, shown: list[tuple[str, str]]) -> None:
    async def run() -> None:
        arguments = _arguments(door)
        if door.http_client is not None:
            arguments["http_client"] = httpx2.AsyncClient(**door.http_client)
        async with AsyncExampleClient(**arguments) as client:
            called = client if door.options is None else client.with_options(**door.options)
            try:
                await _carry_out_async(case, door, called)
            finally:
                shown.extend(_shown_of_clients(door, client, called))

    _runner().run(run())


async def _carry_out_async(case: dict[str, Case], door: Door, client: AsyncExampleClient) -> None:
    run, extra = str(case["run"]), door.extra_headers
    operation = replace(GET_RUN, security=door.security or GET_RUN.security)
    if case["call"] == "request" or extra:
        await client.request("GET", f"/runs/{quote(run, errors='replace')}", extra_headers=extra)
    elif case["call"] == "follow_run":
        stream = replace(FOLLOW_RUN, security=door.security or FOLLOW_RUN.security)
        async with await client.stream(stream, run_id=run) as events:
            async for _event in events:
                break
    elif case["call"] == "raw" and door.security is None:
        await client.raw.get_run(run)
    else:
        await client.call(operation, run_id=run)


def _responder(case: dict[str, Case], door: Door, secret: str, *, gives_secret: bool) -> Callable[[Received], Reply]:
    def respond(received: Received) -> Reply:
        if received.target.startswith("/token") and case["token"]:
            token = secret if gives_secret else "token-of-the-example"
            return Reply(200, json.dumps({"access_token": token}).encode(), {"Content-Type": "application/json"})
        return Reply(raw=_answer(case, _echo(received) if door.is_echoed else ""), reset=case["ending"] == "reset")

    return respond


def _echo(received: Received) -> str:
    """The secret as it came, decoded, and escaped for a URL. What a server makes of it beyond that cannot be known."""
    target, body = received.target, received.body.decode("latin-1")
    plain = [*received.headers.values(), unquote(target), unquote_plus(body)]
    for text in list(plain):
        with suppress(binascii.Error, UnicodeError):
            plain.append(base64.b64decode(text.removeprefix("Basic "), validate=True).decode())
    return " ".join(
        [target, body, *(f"{text} {quote(text)}" for text in plain if leaks(text) and _is_header_value(text))]
    )


def _answer(case: dict[str, Case], echo: str) -> bytes:
    """A response with the echo in the places of the case."""
    places = case["echo"]
    assert isinstance(places, list)
    at = {str(place): echo for place in places}
    is_stream = "event" in at or case["call"] == "follow_run"
    body = json.dumps({"id": 1 if "json" in at else "1", "title": echo, "detail": echo, "message": echo})
    if "json" not in at and "body" not in at:
        body = '{"id": "1"}'
    elif "body" in at:
        body = echo
    if is_stream:
        body = f"event: {at.get('event', 'x')}\ndata: {body}\nid: {at.get('event', '')}\n\n"
    content = body.encode("utf-8", "replace")
    kind = "text/event-stream" if is_stream else "application/json"
    lines = [
        f"HTTP/1.1 {case['status']} {at.get('reason', 'So')}",
        f"Content-Type: {at.get('type', kind)}" + (f"; charset={at['charset']}" if "charset" in at else ""),
    ]
    lines.append("Transfer-Encoding: chunked" if "chunk" in at else f"Content-Length: {at.get('length', len(content))}")
    for place, header in (
        ("location", "Location: /x{}?{}"),
        ("header", "X-Echo: {}"),
        ("encoding", "Content-Encoding: {}"),
        ("retry", "Retry-After: {}"),
        ("cookie", "Set-Cookie: sid={}; Path=/"),
        ("challenge", 'WWW-Authenticate: Digest realm="{}", nonce="x", qop="auth"'),
    ):
        if place in at:
            lines.append(header.replace("{}", echo))
    if case["status"] == 401 and "challenge" not in at:
        lines.append('WWW-Authenticate: Digest realm="r", nonce="x", qop="auth"')
    if "head" in at:
        lines.append(echo)
    if "chunk" in at:
        content = f"{echo}\r\n".encode() + content
    whole = ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8", "replace") + content
    return {"nothing": b"", "cut": whole[: len(whole) - 5]}.get(str(case["ending"]), whole)


def _check_arrivals(door: Door, servers: Servers) -> None:
    allowed = {"the server": door.may_reach_api, "the proxy": door.may_reach_proxy, "another server": False}
    for (name, may_know), server in zip(allowed.items(), (servers.api, servers.proxy, servers.other), strict=True):
        if not may_know and leaks(repr(server.requests)):
            raise Broken(f"a secret arrives at {name}", server.requests)
    if servers.other.requests:
        raise Broken("another server was contacted", servers.other.requests)


class _Collector(logging.Handler):
    def __init__(self, shown: list[tuple[str, str]]) -> None:
        super().__init__(logging.DEBUG)
        self._shown = shown

    def emit(self, record: logging.LogRecord) -> None:
        self._shown.append((f"the log of {record.name.partition('.')[0]}", f"{self.format(record)} {vars(record)!r}"))


@contextmanager
def _watched(shown: list[tuple[str, str]]) -> Iterator[None]:
    """What is logged, printed, warned, or raised where nobody can catch it is added to `shown`."""
    root, collector, output = logging.getLogger(), _Collector(shown), io.StringIO()
    level, hook, context = root.level, sys.unraisablehook, _tls_context()
    root.addHandler(collector)
    root.setLevel(logging.DEBUG)
    sys.unraisablehook = lambda raised: shown.append(("an exception of a destructor", repr(raised.exc_value)))
    try:
        with (
            warnings.catch_warnings(record=True) as warned,
            redirect_stdout(output),
            redirect_stderr(output),
            mock.patch.object(httpcore2, "default_ssl_context", return_value=context),
        ):
            warnings.simplefilter("always")
            yield
        shown += [("a warning", str(warning.message)) for warning in warned]
        shown.append(("the output", output.getvalue()))
    finally:
        root.removeHandler(collector)
        root.setLevel(level)
        sys.unraisablehook = hook


@cache
def _servers() -> Servers:
    return Servers(Loopback().__enter__(), Loopback().__enter__(), Loopback().__enter__())


@cache
def _tls_context() -> Any:
    return httpcore2.default_ssl_context()


@cache
def _runner() -> asyncio.Runner:
    return asyncio.Runner()


SUBJECT = Subject(
    name="canaries",
    promise="No secret shows in what clients print, log, raise, warn of or pickle, and it reaches its server alone.",
    draw=draw,
    attack=attack,
    counts=Counts(test=75, default=1_500, full=12_000),
    minutes=4,
)
