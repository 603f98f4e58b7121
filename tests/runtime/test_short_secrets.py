"""Credentials that may be words: masked where they are sent, while the words of messages stay as they are."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote, quote_plus

import httpx2
import pytest
import workflow_client_core as core
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from workflow_client_core._credentials.secrets import SentCredential, credentials_in_header, traces_of
from workflow_client_core._transport.environment import Proxy

from tests.loopback import Loopback, Received, Reply, json_reply
from tests.runtime.example_api import ExampleClient
from tests.runtime.shown import shown

ARGUMENTS = ["api_key", "access_token", "query_key", "session", "login"]
WORDS = ["a", "e", "1", "key", "get", "GET", "the", "body", "runs", "http", "not", "text", "id", "401", "is", "limit"]
VISIBLE = st.characters(min_codepoint=0x21, max_codepoint=0x7E)


def texts(longest: int) -> st.SearchStrategy[str]:
    """Credentials of visible ASCII that every place can carry, and that are not masks."""
    return st.text(VISIBLE, min_size=1, max_size=longest).filter(lambda text: not {*'",;\\*'} & {*text})


def forms(name: str, text: str, scheme: str = "") -> list[tuple[str, str]]:
    """Texts that show `text` where it is sent as `name`, and the same with a mask."""
    as_python, as_bytes, as_json = repr(text), repr(text.encode()), json.dumps(text)
    pairs = [
        (f"GET /x?a=1&{name}={quote(text, safe='')} HTTP/1.1", f"GET /x?a=1&{name}=*** HTTP/1.1"),
        (f"at /x?to=%2Fy%3F{name}%3D{quote(quote(text, safe=''))}", f"at /x?to=%2Fy%3F{name}%3D***"),
        (f"{name}={quote_plus(text)}&b=2", f"{name}=***&b=2"),
        (f"no {name}={text}", f"no {name}=***"),
        (f"no {name}: {scheme}{text}\r\nA: b", f"no {name}: {scheme}***\r\nA: b"),
        (f"no {name.upper()}:{text}", f"no {name.upper()}:***"),
        (f"no {name}: {text}.", f"no {name}: ***."),
        (f"http://user:{quote(text, safe='')}@host:1/", "http://user:***@host:1/"),
        (f"[(b'{name}', {as_bytes})]", f"[(b'{name}', {as_bytes[:2]}***{as_bytes[-1]})]"),
        (f"{{'{name}': {as_python}}}", f"{{'{name}': {as_python[0]}***{as_python[-1]}}}"),
        (f'{{"{name}": {as_json}}}', f'{{"{name}": "***"}}'),
        (f'{{"{name}": [{as_json}]}}', f'{{"{name}": ["***"]}}'),
        (json.dumps(f'{{"{name}": {as_json}}}'), json.dumps(f'{{"{name}": "***"}}')),
    ]
    return [*pairs, (f"no {scheme}{text}.", f"no {scheme}***.")] if scheme else pairs


@given(text=texts(7), place=st.sampled_from(["header", "bearer", "query", "cookie", "body"]))
def test_a_short_credential_is_masked_where_it_is_sent_and_only_there(text: str, place: str) -> None:
    name, scheme = ("Authorization", "Bearer ") if place == "bearer" else (f"x-{place}", "")
    location: Any = place if place in ("query", "cookie", "body") else "header"
    credential = SentCredential(location, name, f"{scheme}{text}", traces_of([text]))
    assume(not _is_mixed(text))
    for form, masked in forms(name, text, scheme):
        assert credential.masked(form) == masked


@given(text=texts(40).filter(lambda text: len(text) > 7))
def test_a_long_credential_is_masked_everywhere(text: str) -> None:
    credential = SentCredential("header", "X-Key", text, traces_of([text]))
    for form, _ in forms("X-Key", text):
        assert text not in credential.masked(form)


def _is_mixed(text: str) -> bool:
    return len(text) > 2 and bool(re.search("[0-9]", text)) and bool(re.search("[A-Za-z]", text))


@pytest.mark.parametrize("word", WORDS)
def test_a_word_stays_a_word(word: str) -> None:
    credential = SentCredential("header", "X-Api-Key", word, traces_of([word]))
    for text in (
        f"the {word} is no {word}.",
        f"'{word}'",
        f"/{word}/{word}?{word}=2",
        f"{word}: {word}",
        f"Bearer {word}",
    ):
        assert credential.masked(text) == text


@pytest.mark.parametrize("word", WORDS)
def test_a_sentence_after_the_name_of_a_parameter_stays(word: str) -> None:
    credential = SentCredential("query", "key", word, traces_of([word]))
    assert credential.masked(f"no such key: {word} is unknown") == f"no such key: {word} is unknown"
    assert credential.masked(f"no such key: {word}") == "no such key: ***"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("no hunter2.", "no ***."),
        ("'hunter2', hunter22", "'***', hunter22"),
        ("/hunter2/", "/***/"),
        ("ahunter2", "ahunter2"),
    ],
)
def test_letters_and_digits_are_not_a_word(text: str, masked: str) -> None:
    assert SentCredential("header", "X", "hunter2", traces_of(["hunter2"])).masked(text) == masked


def test_cookies_and_logins_of_headers_are_masked_where_they_are_sent() -> None:
    def masked(name: str, value: str, text: str) -> str:
        for credential in credentials_in_header(name, value):
            text = credential.masked(text)
        return text

    assert masked("Cookie", "sid=ab; dark=1", "sid=ab; dark=1; a=1, ab") == "***; a=1, ab"
    assert masked("Cookie", "sid=ab; dark=1", "dark=1; sid=ab; a=1, ab") == "dark=***; sid=***; a=1, ab"
    assert masked("Authorization", "Basic dTphYg==", "http://u:ab@h, ab, Basic dTphYg==") == "http://***@h, ab, ***"
    assert masked("X-Flag", "1", "1 of X-Flag: 1 is (b'x-flag', b'1')") == "1 of X-Flag: *** is (b'x-flag', b'***')"


@pytest.mark.parametrize("url", ["socks5://u:pw@h", "http://u:pw@h:1"])
def test_the_password_of_a_proxy_is_masked_in_its_url_and_in_logs(url: str) -> None:
    credential = Proxy("ALL_PROXY", url).credential
    assert credential is not None
    masked = credential.masked(f"{url} auth=(b'u', b'pw') Proxy-Authorization: Basic dTpwdw==")
    assert "pw" not in masked
    assert "dTpw" not in masked
    assert credential.masked("the pw of u") == "the pw of u"


# What clients show

ANSWERS: dict[str, Callable[[httpx2.Request], httpx2.Response]] = {
    "refusal": lambda _: httpx2.Response(401, json={"message": "the key is not valid; get a new one at /keys?get=key"}),
    "redirect": lambda _: httpx2.Response(302, headers={"Location": "https://a.example.com/the/key?id=1"}),
    "not the model": lambda _: httpx2.Response(200, json={"id": [1, "a", "key"], "key": "a"}),
    "not json": lambda _: httpx2.Response(200, text="get the key: a"),
    "another type": lambda _: httpx2.Response(200, text="a", headers={"Content-Type": "text/key; a=1"}),
}


def _fail(request: httpx2.Request) -> httpx2.Response:
    raise httpx2.ConnectError("the connection to get the key: 1 of a key")


ANSWERS["no connection"] = _fail


@contextmanager
def logged() -> Iterator[list[str]]:
    """The messages that are logged meanwhile, without times."""
    lines: list[str] = []

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(re.sub(r"\d+\.\d{3} s", "N s", record.getMessage()))

    root, collector = logging.getLogger(), Collector()
    level = root.level
    root.addHandler(collector)
    root.setLevel(logging.DEBUG)
    try:
        yield lines
    finally:
        root.removeHandler(collector)
        root.setLevel(level)


def story(argument: str, secret: str, respond: Callable[[httpx2.Request], httpx2.Response]) -> list[str]:
    """What is raised and logged of a call with this credential."""
    text = f"u:{secret}" if argument == "login" else secret
    options: dict[str, Any] = {argument: text, "retry": core.Retry(max_retries=0)}
    with (
        logged() as lines,
        ExampleClient(transport=httpx2.MockTransport(respond), **options) as client,
        pytest.raises(core.ApiError) as caught,
    ):
        client.get_run("a", limit=1)
    error = caught.value
    return [*lines, repr(client), str(error), error.url, repr(error), repr(getattr(error, "issue", None))]


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("argument", ARGUMENTS)
def test_whatever_a_short_credential_is_the_words_of_messages_are_the_same(argument: str, answer: str) -> None:
    usual = story(argument, "5Ur3ly-n0-w0rd", ANSWERS[answer])
    assert any("***" in line for line in usual) is (argument == "query_key")
    for word in WORDS:
        assert story(argument, word, ANSWERS[answer]) == usual, word


@given(secret=texts(7), argument=st.sampled_from(ARGUMENTS), answer=st.sampled_from(sorted(ANSWERS)))
def test_whatever_a_short_credential_is_no_word_is_lost(secret: str, argument: str, answer: str) -> None:
    usual = story(argument, "5Ur3ly-n0-w0rd", ANSWERS[answer])
    for line, expected in zip(story(argument, secret, ANSWERS[answer]), usual, strict=True):
        assert re.findall("[A-Za-z_]+", line) == re.findall("[A-Za-z_]+", expected)


def echo(received: Received) -> str:
    """What came, in some of the ways in which servers and libraries show it."""
    headers = received.headers.items()
    return " ".join(
        (
            *(f"{name}: {text}" for name, text in headers),
            repr([(name.encode(), text.encode()) for name, text in headers]),
            json.dumps(dict(headers)),
            received.target,
            quote(received.target, safe=""),
        )
    )


REPLIES: list[Callable[[Received], Reply]] = [
    lambda received: json_reply({"message": f"{echo(received)[-450:]}"}, 401),
    lambda received: json_reply({"message": f"{echo(received)[:450]}"}, 401),
    lambda received: Reply(302, headers={"Location": f"/x?{received.target.partition('?')[2]}"}),
    lambda received: Reply(raw=f"HTTP/1.1 {echo(received)}\r\n\r\n".encode()),
    lambda received: Reply(raw=f"HTTP/1.1 404 {echo(received)}\r\nX-Echo: {echo(received)}\r\n\r\n".encode()),
]


@settings(max_examples=50)
@given(
    secret=texts(40).filter(lambda text: "'" not in text),  # beside which reprs have quotes of their own
    argument=st.sampled_from(ARGUMENTS),
    reply=st.sampled_from(REPLIES),
)
def test_no_place_where_a_credential_is_sent_is_shown(
    echoing_server: Loopback, secret: str, argument: str, reply: Callable[[Received], Reply]
) -> None:
    echoing_server.respond = reply
    text = f"u:{secret}" if argument == "login" else secret
    options: dict[str, Any] = {argument: text, "retry": core.Retry(max_retries=0)}
    with (
        logged() as lines,
        ExampleClient(base_url=echoing_server.url, **options) as client,
        pytest.raises(core.ApiError) as caught,
    ):
        client.get_run("1", limit=1)
    sent = echoing_server.last.headers
    places = {
        "api_key": [
            f"X-Api-Key: {secret}",
            f"x-api-key: {secret}",
            f'"x-api-key": "{secret}"',
            f"(b'x-api-key', b'{secret}')",
        ],
        "access_token": [f"Bearer {secret}"],
        "query_key": [f"key={quote(secret, safe='')}", f"key%3D{quote(quote(secret, safe=''), safe='')}"],
        "session": [f"sid={secret}"],
        "login": [sent.get("authorization", "")],
    }[argument]
    pattern = re.compile("|".join(rf"{re.escape(place)}(?!\w)" for place in places))
    for line in [*lines, repr(vars(client)), *shown(caught.value)]:
        assert not pattern.search(line), line


@pytest.fixture(scope="module")
def echoing_server() -> Iterator[Loopback]:
    with Loopback() as server:
        yield server
