"""The attack `requests` notices values that leave their places, and bytes that can be read in two ways."""

from __future__ import annotations

from pathlib import Path

import pytest
from workflow_client_core._request import styles

from tests.torture.hostile.strict import parsed_head
from tests.torture.subject import Broken, Case
from tests.torture.subjects import requests

CALL: dict[str, Case] = {
    **{"kind": "call", "async": False, "path": 0, "path_style": "", "query_style": "form", "explode": True},
    **{"bed": "rose/../1", "plant": "a1", "shade": "half", "color": "red", "taste": "sweet"},
    **{"headers": {}, "query": {}, "encode": "", "body": {}, "file": None, "content_type": None},
}


def test_an_identifier_that_is_not_escaped_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert requests.attack(CALL, tmp_path) == "call: sent"
    monkeypatch.setattr(styles, "percent_encoded", lambda text: text)
    with pytest.raises(Broken, match="another path"):
        requests.attack({**CALL, "bed": "rose/1"}, tmp_path)


@pytest.mark.parametrize(
    ("head", "what"),
    [
        (b"GET /a b HTTP/1.1\r\nHost: here", "not the first line of a request"),
        (b"GET /% HTTP/1.1\r\nHost: here", "not the first line of a request"),
        (b"GET / HTTP/1.1\r\nHost: here\r\nX-A: 1\nX-B: 2", "not a header"),
        (b"GET / HTTP/1.1\r\nHost: here\r\nhost: here", "a header that comes twice"),
        (b"GET / HTTP/1.1\r\nHost: elsewhere", "another host"),
        (b"GET / HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked", "a body of unknown length"),
    ],
)
def test_heads_that_can_be_read_in_two_ways_are_noticed(head: bytes, what: str) -> None:
    with pytest.raises(Broken, match=what):
        parsed_head(head, "here")
