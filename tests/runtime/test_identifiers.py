"""Any text as an identifier is one segment of the path that decodes to the text, or is refused."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import pytest
import workflow_client_core as core
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.examples import examples
from tests.loopback import Loopback
from tests.runtime.example_api import ExampleClient

EDGES = st.text(st.sampled_from("./%\\ ?#;&=:@+~,2eEfF0aA\u2024\uff0e\u202e\u00e9"), max_size=8)
TEXTS = st.text(max_size=30) | EDGES
PAIR: core.Operation[Any] = core.Operation(
    name="pair",
    method="GET",
    path="/a/{one}/b/{two}",
    parameters=(
        core.Parameter("one", wire="one", location="path"),
        core.Parameter("two", wire="two", location="path"),
        core.Parameter("query", wire="q&=[]", location="query"),
    ),
    responses={"200": None},
)


@pytest.fixture(scope="module")
def shared() -> Iterator[tuple[Loopback, ExampleClient]]:
    with Loopback() as server, ExampleClient(api_key="k", base_url=f"{server.url}/v1") as client:
        server.reply(200)
        yield server, client


def cannot_be_sent(text: str) -> bool:
    return any(unicodedata.category(character) in ("Cc", "Cs") for character in text)


@settings(max_examples=examples(100), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(one=TEXTS, two=TEXTS, query=TEXTS)
def test_any_text_arrives_whole_or_not_at_all(
    shared: tuple[Loopback, ExampleClient], one: str, two: str, query: str
) -> None:
    server, client = shared
    before = len(server.requests)
    try:
        client.call(PAIR, one=one, two=two, query=query)
    except ValueError:
        assert cannot_be_sent(one + two + query) or not {one, two}.isdisjoint({"", ".", ".."})
        assert len(server.requests) == before
        return
    assert not cannot_be_sent(one + two + query)
    path, _, arrived = server.last.target.partition("?")
    segments = path.split("/")
    assert [unquote(segment) for segment in segments] == ["", "v1", "a", one, "b", two]
    assert [unquote(part) for part in arrived.split("=")] == ["q&=[]", query]
    assert not {".", ".."} & {*segments}, "nothing that a server or proxy would resolve"
