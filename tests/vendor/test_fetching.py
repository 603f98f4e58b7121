"""What is fetched is what was named, within limits of size, time and redirects; nothing private is sent."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator

import httpx2
import pytest

from generator.document.problems import Problems, ProblemsFound
from generator.vendor import fetching
from generator.vendor.fetching import Limits, fetch
from generator.vendor.vendored import vendored
from tests.loopback import Loopback, Received, Reply

SPEC = b"openapi: 3.1.0\ninfo: {title: Garden, version: '1'}\npaths: {}\n"
HINT = "\n    hint: download it with a browser, and name the file"


@pytest.fixture
def server() -> Iterator[Loopback]:
    with Loopback() as loopback:
        loopback.reply(200, SPEC)
        yield loopback


def refusal(url: str, **limits: float) -> str:
    with pytest.raises(ProblemsFound) as caught:
        fetch(url, Limits(**limits))  # type: ignore[arg-type]
    return str(caught.value).replace(url, "URL").removesuffix(HINT).removeprefix("URL: error[not-fetched]: ")


def redirect(location: str, status: int = 302) -> Reply:
    return Reply(status, b"", {"Location": location, "Set-Cookie": "session=1; Path=/"})


def test_a_document_of_a_server_is_what_it_sends(server: Loopback) -> None:
    problems = Problems()
    url = f"{server.url}/openapi.yaml?v=1"
    result = vendored([url], (), problems)
    assert problems == []
    assert result is not None
    assert (result.text, result.sources, result.is_as_published) == (SPEC, (url,), True)


def test_a_page_of_a_server_is_a_page(server: Loopback) -> None:
    server.reply(200, b"# Beds\n\n```yaml a GET /beds\n%s```\n" % SPEC, Content_Type="text/html; charset=latin-1")
    result = vendored([f"{server.url}/beds.md"], (), Problems())
    assert result is not None
    assert result.text == SPEC


def test_nothing_private_is_sent(server: Loopback, monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")  # no proxy is on the way to the own machine
    server.reply_in_turn(redirect("/moved"), Reply(200, SPEC))
    assert fetch(f"{server.url}/a#part") == SPEC
    assert [request.target for request in server.requests] == ["/a", "/moved"]
    for request in server.requests:
        assert request.method == "GET"
        assert request.headers.keys() == {"host", "accept", "accept-encoding", "connection", "user-agent"}
        assert request.headers["user-agent"] == "workflow-client-generator"


@pytest.mark.parametrize("credentials", ["me:secret@", "sec ret:secret@", "secret@", "me:se@secret@"])
def test_a_url_with_credentials_is_refused_and_not_shown(credentials: str, server: Loopback) -> None:
    url = server.url.replace("//", f"//{credentials}")
    with pytest.raises(ProblemsFound) as caught:
        fetch(url)
    assert "secret" not in str(caught.value)
    assert "the URL has credentials" in str(caught.value)
    assert server.requests == []


def test_redirects_are_followed_up_to_a_limit(server: Loopback) -> None:
    server.reply_in_turn(*(redirect(f"/{number}", status) for number, status in enumerate((301, 302, 303, 307, 308))))
    assert refusal(f"{server.url}/a", redirects=4) == "cannot be fetched: it redirects more than 4 times"
    assert len(server.requests) == 5
    server.reply_in_turn(*(redirect(f"/{number}") for number in range(5)), Reply(200, SPEC))
    assert fetch(f"{server.url}/a") == SPEC


@pytest.mark.parametrize(
    ("location", "message"),
    [
        ("ftp://garden.example/a", "it redirects to what is not an http(s) URL, or has credentials"),
        ("file:///etc/passwd", "it redirects to what is not an http(s) URL, or has credentials"),
        ("http://me:secret@127.0.0.1/", "it redirects to what is not an http(s) URL, or has credentials"),
    ],
)
def test_redirects_that_are_not_followed(location: str, message: str, server: Loopback) -> None:
    server.respond = lambda _: redirect(location)
    assert refusal(server.url) == f"cannot be fetched: {message}"


@pytest.mark.parametrize(
    ("url", "location", "message"),
    [
        ("https://garden.example/a", "http://garden.example/a", "it redirects from https to http: "),
        ("https://garden.example/a", "https://127.0.0.1/a", "it redirects into a private network: "),
        ("http://garden.example/a", "http://localhost./a", "it redirects into a private network: "),
        ("http://garden.example/a", "http://127.1/a", "it redirects into a private network: "),
        ("http://garden.example/a", "http://2130706433/a", "it redirects into a private network: "),
        ("http://garden.example/a", "http://0x7f.0.0.1./a", "it redirects into a private network: "),
        ("http://garden.example/a", "http://[::1]/a", "it redirects into a private network: "),
        ("http://garden.example/a", "http://192.168.0.1/a", "it redirects into a private network: "),
        ("http://garden.example/a", "http://169.254.169.254/a", "it redirects into a private network: "),
        ("http://garden.example/a", "http://[::ffff:127.0.0.1]/a", "it redirects into a private network: "),
        ("https://garden.example/a", "https://other.example/a", None),
        ("http://127.0.0.1/a", "http://127.0.0.1/b", None),
    ],
)
def test_redirects_to_other_schemes_and_networks(
    url: str, location: str, message: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def answer(target: httpx2.URL, *_: object) -> bytes | httpx2.URL:
        return httpx2.URL(location) if str(target) == url else SPEC

    monkeypatch.setattr(fetching, "_answer", answer)
    if message is None:
        assert fetch(url) == SPEC
    else:
        assert refusal(url).startswith(f"cannot be fetched: {message}{httpx2.URL(location)}\n    hint: name that")


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        (Reply(404, b"none"), "the server answers 404 Not Found"),
        (Reply(302, b""), "the server answers 302 Found"),
        (Reply(500, b"x" * 1000), "the server answers 500 Internal Server Error"),
        (Reply(200, gzip.compress(b"0" * 10_000_000), {"Content-Encoding": "gzip"}), "the server packs what was to "
         "come unpacked"),
        (Reply(200, b"0" * 3000), "there are more than 2,000 bytes"),
        (Reply(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nopenapi"), "peer closed connection without sending "
         "complete message body (received 7 bytes, expected 100)"),
    ],
)  # fmt: skip
def test_answers_that_are_none(reply: Reply, message: str, server: Loopback) -> None:
    server.respond = lambda _: reply
    assert refusal(server.url, size=2000) == f"cannot be fetched: {message}"


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"])
def test_a_slow_server_is_left_in_time(head: bytes, server: Loopback) -> None:
    pieces = [head, *(b"a" for _ in range(200))] if head else [b"HTTP/1.1 200 OK\r\nX-A: ", *(b"a" for _ in range(200))]
    server.respond = lambda _: Reply(raw=pieces, pause=0.05)
    started = time.monotonic()
    assert refusal(server.url, seconds=0.5) == "cannot be fetched: it took more than 0.5 s"
    assert time.monotonic() - started < 3


def test_a_silent_server_is_left_in_time(server: Loopback) -> None:
    def respond(_: Received) -> Reply:
        time.sleep(0.6)
        return Reply(200, SPEC)

    server.respond = respond
    assert refusal(server.url, silence=0.2) == "cannot be fetched: nothing came for 0.2 s"


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/", "http://", "http://[", "https://garden.invalid:99999/"])
def test_an_address_that_leads_nowhere(url: str) -> None:
    assert refusal(url).startswith("cannot be fetched: ")


def test_each_address_is_recorded(server: Loopback) -> None:
    result = vendored([f"{server.url}/a.yaml", f"{server.url}/b.yaml"], (), Problems())
    assert result is not None
    assert result.sources == (f"{server.url}/a.yaml", f"{server.url}/b.yaml")
