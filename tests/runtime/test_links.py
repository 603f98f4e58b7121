"""The URL of the next page: what a `Link` header says (RFC 8288), and where it leads (RFC 3986)."""

from __future__ import annotations

import pytest
from workflow_client_core._credentials.secrets import SentCredential, traces_of
from workflow_client_core._pages.links import next_link, resolved
from workflow_client_core._request.request import Request

KEY = SentCredential("query", "key", "secret", traces_of(["secret"]))


@pytest.mark.parametrize(
    ("header", "target"),
    [
        ("", ""),
        ('</beds?page=2>; rel="next"', "/beds?page=2"),
        ("</beds?page=2>;rel=next", "/beds?page=2"),
        ('< /beds?page=2 >; REL="Next"', "/beds?page=2"),
        ('</beds?ids=1,2>; rel="prev", </beds?ids=3,4>; rel="next"', "/beds?ids=3,4"),
        ('</a>; title="one, <two>; rel=next"; rel="prev", </b>; rel="last next"', "/b"),
        ('</a>; title="a \\" rel=next"; rel=prev', ""),
        ('</a>; rel="prev"; rel="next"', ""),
        ('</a>; rel="nextish", </b>; relation="next"', ""),
        ('</a>; rel="next", </b>; rel="next"', "/a"),
        ("/beds; rel=next", ""),
        ("<unclosed; rel=next", ""),
    ],
)
def test_the_first_link_with_the_relation_next(header: str, target: str) -> None:
    assert next_link(header) == target


@pytest.mark.parametrize(
    ("target", "url"),
    [
        ("?page=2", "https://garden.example.com/v1/beds?page=2"),
        ("roses?page=2", "https://garden.example.com/v1/roses?page=2"),
        ("/beds", "https://garden.example.com/beds"),
        ("../v2/beds", "https://garden.example.com/v2/beds"),
        ("//garden.example.com/beds", "https://garden.example.com/beds"),
        ("HTTPS://GARDEN.example.com:443/beds", "https://garden.example.com/beds"),
        ("https://garden.example.com", "https://garden.example.com/"),
        ("/beds?key=secret&page=2&k%65y=secret#top", "https://garden.example.com/beds?page=2"),
        ("/beds?name=ä b", "https://garden.example.com/beds?name=%C3%A4%20b"),
        ("/beds/100%?name=%zz%2F", "https://garden.example.com/beds/100%25?name=%25zz%2F"),
    ],
)
def test_links_are_resolved_without_credentials(target: str, url: str) -> None:
    address = "https://garden.example.com/v1/beds?page=1"
    request = Request("list_beds", "GET", address, address, (), None).signed([KEY])
    assert resolved(target, request) == url


@pytest.mark.parametrize(
    "target",
    [
        "https://elsewhere.example.com/beds",
        "http://garden.example.com/beds",
        "https://garden.example.com:444/beds",
        "https://me@garden.example.com/beds",
        "https://garden.example.com.example.org/",
        "javascript:alert(1)",
        "https://[/",
    ],
)
def test_other_origins_are_refused(target: str) -> None:
    address = "https://garden.example.com/v1/beds"
    with pytest.raises(ValueError, match=r"leads to|Invalid"):
        resolved(target, Request("list_beds", "GET", address, address, (), None))
