"""What the environment decides: proxies, and the authorities that TLS trusts."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
import workflow_client_core as core
from workflow_client_core._transport.environment import Environment

from tests.loopback import Loopback
from tests.runtime.example_api import AsyncExampleClient, ExampleClient
from tests.runtime.proxy import LoopbackProxy
from tests.runtime.shown import shown
from tests.runtime.tokens.token_server import RELATIVE, api_of

Call = Callable[..., Any]

SECRET = "c4nary-of-the-api"
PASSWORD = "c4nary:of/the@proxy"
QUOTED = "c4nary%3Aof%2Fthe%40proxy"
VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUEST_METHOD")


@pytest.fixture(autouse=True)
def nothing_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def proxy() -> Iterator[LoopbackProxy]:
    with LoopbackProxy() as proxy:
        yield proxy


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"])
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "LOCALHOST"])
def test_no_proxy_is_on_the_way_to_this_machine(
    server: Loopback, proxy: LoopbackProxy, call: Call, monkeypatch: pytest.MonkeyPatch, variable: str, host: str
) -> None:
    monkeypatch.setenv(variable, proxy.url)
    server.reply(200, {"id": "1"})
    call("get_run", "1", client={"api_key": SECRET, "base_url": server.url.replace("127.0.0.1", host)})
    assert server.last.headers["x-api-key"] == SECRET
    assert not proxy.received


def test_no_proxy_is_on_the_way_to_this_machine_for_any_kind_of_request(
    server: Loopback, proxy: LoopbackProxy, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", proxy.url)
    monkeypatch.setenv("ALL_PROXY", proxy.url)
    server.reply(200, b"data: {}\n\n", Content_Type="text/event-stream")
    call("follow_run", "1")
    server.reply(200, b"log", Content_Type="text/plain")
    call("get_log")
    server.reply(200, b"zip", Content_Type="application/zip")
    call("get_archive")
    server.reply(200, {})
    call("request", "GET", "/beds")
    assert len(server.requests) == 4
    assert not proxy.received


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"])
def test_the_proxy_of_https_sees_a_tunnel_and_no_credential(
    proxy: LoopbackProxy, call: Call, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, proxy.url.replace("://", f"://gardener:{QUOTED}@"))
    with pytest.raises(core.ConnectionFailed) as caught:
        call("get_run", "1", client={"api_key": SECRET, "base_url": "https://api.example.invalid"})
    head, _, rest = proxy.received[0].partition(b"\r\n\r\n")
    assert head.startswith(b"CONNECT api.example.invalid:443 HTTP/1.1\r\n")
    assert b"\r\nProxy-Authorization: Basic Z2FyZGVuZXI6YzRuYXJ5Om9mL3RoZUBwcm94eQ==" in head
    assert rest.startswith(b"\x16\x03")  # the first record of TLS
    assert SECRET.encode() not in proxy.all
    assert_hidden(caught.value)


def test_the_proxy_of_http_gets_credentials_where_that_is_allowed(
    proxy: LoopbackProxy, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", proxy.address)  # without a scheme
    client = {"api_key": SECRET, "base_url": "http://api.example.invalid"}
    with pytest.raises(core.CredentialsError, match="in clear text"):
        call("delete_run", "1", client=client)
    assert not proxy.received
    call("delete_run", "1", client={**client, "allow_insecure_http": True})
    assert proxy.all.startswith(b"DELETE http://api.example.invalid/runs/1 HTTP/1.1\r\n")
    assert SECRET.encode() in proxy.all


@pytest.mark.parametrize("kind", ["environment", "argument"])
def test_the_proxy_of_an_own_client_of_httpx2_gets_credentials_only_where_that_is_allowed(
    server: Loopback, proxy: LoopbackProxy, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    argument: dict[str, Any] = {"proxy": proxy.url} if kind == "argument" else {}
    if kind == "environment":
        monkeypatch.setenv("HTTP_PROXY", proxy.url)

    async def run(**options: Any) -> None:
        async with (
            httpx2.AsyncClient(**argument) as http,
            AsyncExampleClient(api_key=SECRET, base_url=server.url, http_client=http, **options) as client,
        ):
            await client.request("GET", "/beds")

    message = (
        "request would send a credential in clear text to the proxy of http_client:"
        " use https, or pass allow_insecure_http=True"
    )
    with httpx2.Client(**argument) as http, pytest.raises(core.CredentialsError) as caught:
        ExampleClient(api_key=SECRET, base_url=server.url, http_client=http).request("GET", "/beds")
    assert str(caught.value) == message
    assert_hidden(caught.value)
    with pytest.raises(core.CredentialsError) as caught_later:
        asyncio.run(run())
    assert str(caught_later.value) == message
    assert not [head for head in proxy.received if head]
    asyncio.run(run(allow_insecure_http=True))
    assert SECRET.encode() in proxy.all


def test_a_token_is_asked_for_without_a_proxy_on_this_machine(
    server: Loopback, proxy: LoopbackProxy, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALL_PROXY", proxy.url)
    server.reply(200, {"access_token": "t0ken", "token_type": "Bearer"})
    oauth = {"api": api_of(RELATIVE), "api_key": None, "client_id": "c", "client_secret": SECRET}
    call("request", "GET", "/beds", client=oauth)
    assert [received.target for received in server.requests] == ["/oauth/token", "/beds"]
    assert not proxy.received


PASS = f"gardener:{QUOTED}@"


@pytest.mark.parametrize(
    ("variable", "value", "problem"),
    [
        ("HTTPS_PROXY", f"ftp://{PASS}proxy.example:21", "is not the URL of a proxy"),
        ("https_proxy", f"http://{PASS}[::1", "is not the URL of a proxy"),
        ("ALL_PROXY", f"http://{PASS}proxy.example:99999", "is not the URL of a proxy"),
        ("all_proxy", f"http://{PASS}proxy.example/path?x={QUOTED}", "is not the URL of a proxy"),
        ("HTTPS_PROXY", f"://{PASS}", "is not the URL of a proxy"),
        ("HTTPS_PROXY", "http://", "is not the URL of a proxy"),
        ("HTTPS_PROXY", f"http://{PASS}a b\tc", "is not the URL of a proxy"),
    ],
)
def test_what_is_not_a_proxy_is_an_error_that_names_the_variable(
    call: Call, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, problem: str
) -> None:
    monkeypatch.setenv(variable, value)
    retry = core.Retry(max_retries=2, initial=100, maximum=100)  # which would be noticed
    with pytest.raises(core.ConnectionFailed) as caught:
        call("get_run", "1", client={"api_key": SECRET, "base_url": "https://api.example.invalid", "retry": retry})
    assert str(caught.value) == (
        f"GET https://api.example.invalid/runs/1 failed: {variable} {problem}; expected something like"
        " http://host:8080 (or https, socks5, socks5h)"
    )
    assert_hidden(caught.value)


def test_a_socks_proxy_needs_another_package(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "socksio", None)
    monkeypatch.setenv("ALL_PROXY", f"socks5://{PASS}127.0.0.1:1080")
    with pytest.raises(core.ConnectionFailed) as caught:
        call("get_run", "1", client={"api_key": SECRET, "base_url": "https://api.example.invalid"})
    assert str(caught.value) == (
        "GET https://api.example.invalid/runs/1 failed: ALL_PROXY names a SOCKS proxy,"
        " which needs another package: pip install 'httpx2[socks]'"
    )
    assert_hidden(caught.value)


def test_a_variable_that_a_request_does_not_need_does_not_matter(
    server: Loopback, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE"):
        monkeypatch.setenv(variable, "/no/such thing")
    server.reply(200, {"id": "1"})
    assert call("get_run", "1").id == "1"


def test_authorities_that_cannot_be_used_are_an_error_that_names_the_variable(
    call: Call, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "empty.pem").write_text("no certificate")
    for variable, value, problem in (
        ("SSL_CERT_FILE", tmp_path / "none.pem", "which cannot be read: No such file or directory"),
        ("SSL_CERT_FILE", tmp_path / "empty.pem", "which holds no certificates in the form PEM"),
        ("SSL_CERT_DIR", tmp_path / "none", "which is not a folder"),
        ("SSL_CERT_DIR", tmp_path / "empty.pem", "which is not a folder"),
    ):
        with monkeypatch.context() as patch:
            patch.setenv(variable, str(value))
            with pytest.raises(core.ConnectionFailed) as caught:
                call("get_run", "1", client={"base_url": "https://127.0.0.1:9"})
        assert str(caught.value) == (f"GET https://127.0.0.1:9/runs/1 failed: {variable} is '{value}', {problem}")


@pytest.mark.parametrize(
    "status", [b"407 who is gardener:c4nary:of/the@proxy", b"502 Z2FyZGVuZXI6YzRuYXJ5Om9mL3RoZUBwcm94eQ=="]
)
def test_what_a_proxy_says_shows_no_password(
    call: Call, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, status: bytes
) -> None:
    caplog.set_level(logging.DEBUG)
    with LoopbackProxy(b"HTTP/1.1 " + status + b"\r\nContent-Length: 0\r\n\r\n") as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url.replace("://", f"://{PASS}"))
        with pytest.raises(core.ConnectionFailed, match=r"failed: (407 who is|502) \*\*\*$") as caught:
            call("get_run", "1", client={"api_key": SECRET, "base_url": "https://api.example.invalid"})
    assert_hidden(caught.value)
    assert caught.value.transient == status.startswith(b"502")
    assert any(record.name.startswith("httpcore2") for record in caplog.records)
    for record in caplog.records:
        assert not shows_secret(record.getMessage())


PROXY = "http://proxy.example:1"


@pytest.mark.parametrize(
    ("no_proxy", "direct", "proxied"),
    [
        ("*", ["https://a.example"], []),
        ("a.example", ["https://a.example", "http://b.a.example:8"], ["https://ba.example", "https://a.example.org"]),
        (".a.example", ["https://b.a.example"], ["https://a.example"]),
        ("*.a.example", ["https://b.a.example"], ["https://a.example"]),
        (" x , A.example ", ["https://a.example"], ["https://b.example"]),
        ("a.example:8443", ["https://a.example:8443"], ["https://a.example"]),
        ("a.example:443", ["https://a.example", "https://a.example:443"], ["https://a.example:1", "http://a.example"]),
        ("https://a.example", ["https://a.example"], ["http://a.example", "https://b.a.example"]),
        ("all://a.example", ["https://a.example", "http://a.example"], ["https://b.a.example"]),
        ("10.1.0.0/16", ["https://10.1.2.3"], ["https://10.2.0.1", "https://a.example"]),
        ("10.1.2.3,fe80::/10", ["https://10.1.2.3", "https://[fe80::1]:8"], ["https://[fd00::1]", "https://10.1.2.4"]),
        ("[2001:db8::1]", ["https://[2001:db8:0::1]"], ["https://[2001:db8::2]"]),
        ("[2001:db8::1]:8", ["https://[2001:db8::1]:8"], ["https://[2001:db8::1]"]),
        ("10.1.0.0/99,a/b,],:8,*x*", [], ["https://10.1.0.1", "https://a", "https://x.example"]),
        (
            "",
            ["http://127.255.0.1", "https://[::1]:8", "http://localhost"],
            ["http://a.localhost", "http://127.0.0.1.example"],
        ),
    ],
)
def test_what_no_proxy_names_is_reached_directly(
    monkeypatch: pytest.MonkeyPatch, no_proxy: str, direct: list[str], proxied: list[str]
) -> None:
    monkeypatch.setenv("NO_PROXY", no_proxy)
    monkeypatch.setenv("ALL_PROXY", PROXY)
    environment = Environment()
    for url in [*direct, *proxied]:
        parts = httpx2.URL(url)
        assert (environment.proxy(parts.scheme, parts.host, parts.port) is None) is (url in direct), url


def test_which_variable_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, PROXY)

    def variable(scheme: str) -> str:
        proxy = Environment().proxy(scheme, "a.example", None)
        return "" if proxy is None else proxy.variable

    assert (variable("http"), variable("https")) == ("HTTP_PROXY", "https_proxy")
    monkeypatch.setenv("https_proxy", "")
    assert variable("https") == "ALL_PROXY"
    monkeypatch.setenv("REQUEST_METHOD", "GET")  # CGI, where a header of the request sets HTTP_PROXY
    assert variable("http") == "ALL_PROXY"


def shows_secret(text: str) -> bool:
    hidden = (SECRET, PASSWORD, QUOTED, "Z2FyZGVuZXI6YzRuYXJ5Om9mL3RoZUBwcm94eQ")
    return any(secret in text for secret in hidden)


def assert_hidden(error: BaseException) -> None:
    for text in shown(error):
        assert not shows_secret(text), text
