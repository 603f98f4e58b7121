"""Lists that come page by page over a real connection: each form of pages, and every end that a list can have."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import workflow_client_core as core

from generator.options import Options
from tests.loopback import Loopback, Received, Reply, json_reply
from tests.packages import imported_package

SPEC = Path(__file__).with_name("pages.yaml")
Read = Callable[..., list[Any]]
BEDS = [{"id": str(number)} for number in range(1, 6)]
IDS = ["1", "2", "3", "4", "5"]


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, ModuleType]:
    """The package without groups, and with them."""
    return {grouped: made(tmp_path_factory.mktemp("pages"), grouped=grouped) for grouped in (False, True)}


def made(folder: Path, *, grouped: bool) -> ModuleType:
    options = Options(groups=grouped, group_by="/" if grouped else "")
    name = f"{'grouped' if grouped else 'plain'}-pages-client"
    return imported_package(SPEC, name, folder, options=options)


@pytest.fixture
def module(request: pytest.FixtureRequest, modules: dict[bool, ModuleType]) -> ModuleType:
    """The package without groups, unless a test asks for both."""
    return modules[getattr(request, "param", False)]


both = pytest.mark.parametrize("module", [False, True], ids=["plain", "grouped"], indirect=True)
GROUPS = {"declared", "linked", "linked_inside", "tokens", "last", "offset", "pages", "search", "beds"}


def paginated(client: Any, name: str) -> Callable[..., Any]:
    """The method of a client, or of one of its groups."""
    groups = [client, *(getattr(client, group) for group in dir(type(client)) if group in GROUPS)]
    views = (getattr(group, "paginated", None) for group in groups)
    method: Callable[..., Any] = next(getattr(view, name) for view in views if hasattr(view, name))
    return method


def client_class(module: ModuleType) -> Any:
    return next(getattr(module, name) for name in dir(module) if name.endswith("Client") and "Async" not in name)


@pytest.fixture(params=["sync", "async"])
def read(request: pytest.FixtureRequest, module: ModuleType, server: Loopback) -> Read:
    """`read("list_tokens", items=3)`: the ids of items of an iteration; `pages()` instead of them with `whole=True`."""
    sync, asynchronous = sorted((n for n in dir(module) if n.endswith("Client")), key=len)
    settings = {"base_url": server.url, "key": "secret", "retry": core.Retry(max_retries=0)}

    def iterable(client: Any, method: str, arguments: tuple[Any, ...], named: dict[str, Any]) -> Any:
        limits, whole = named.pop("limits", {}), named.pop("whole", False)
        pages = paginated(client, method)(*arguments, **named).limited(**limits)
        return pages.pages() if whole else pages

    def sync_read(method: str, *arguments: Any, **named: Any) -> list[Any]:
        with getattr(module, sync)(**settings) as client:
            return [getattr(item, "id", item) for item in iterable(client, method, arguments, named)]

    async def async_read(method: str, *arguments: Any, **named: Any) -> list[Any]:
        async with getattr(module, asynchronous)(**settings) as client:
            return [getattr(item, "id", item) async for item in iterable(client, method, arguments, named)]

    if request.param == "sync":
        return sync_read
    return lambda method, *arguments, **named: asyncio.run(async_read(method, *arguments, **named))


def query(received: Received) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(received.target).query).items()}


def queries(server: Loopback) -> list[dict[str, str]]:
    """What was sent in the queries, without the credential, which each must have once."""
    assert all(received.target.count("key=secret") == 1 for received in server.requests)
    return [{k: v for k, v in query(received).items() if k != "key"} for received in server.requests]


def slices(start: int, size: int = 2) -> list[dict[str, str]]:
    return BEDS[start : start + size]


def linked(received: Received) -> Reply:
    """A server that echoes the query, credentials and all, in the links to further pages."""
    page = int(query(received).get("page", 1))
    path = received.target.partition("?")[0]
    target = f"{path}?key=secret&page={page + 1}&per_page=2"
    link = f'<{path}?page=1>; rel="first", <{target}>; title="a, b"; REL="next last"'
    return json_reply(slices(page * 2 - 2), Link=link if page < 3 else "")


def linked_inside(received: Received) -> Reply:
    page = int(query(received).get("page", 1))
    url = f"http://{received.headers['host']}/linked-inside?page={page + 1}" if page < 3 else None
    return json_reply({"results": slices(page * 2 - 2), "_metadata": {"next": url}})


def tokens(received: Received) -> Reply:
    start = int(query(received).get("page_token", "0"))
    token = str(start + 2) if start < 4 else None
    return json_reply({"beds": slices(start), "next_page_token": token})


def last(received: Received) -> Reply:
    start = int(query(received).get("starting_after", "0"))
    return json_reply({"data": slices(start), "has_more": start < 4})


def offset(received: Received) -> Reply:
    return json_reply({"beds": slices(int(query(received).get("offset", "0")))})


def numbered(received: Received) -> Reply:
    page = int(query(received).get("page", "1"))
    return json_reply({"beds": slices(page * 2 - 2), "total_pages": 3})


def declared(received: Received) -> Reply:
    return json_reply({"beds": slices(int(query(received).get("from", "0")))})


def search(received: Received) -> Reply:
    start = int(json.loads(received.body).get("cursor", "0"))
    return json_reply({"beds": slices(start), "next_cursor": str(start + 2) if start < 4 else ""})


FORMS = [
    ("list_linked", linked, [{"page": "2", "per_page": "2"}, {"page": "3", "per_page": "2"}]),
    ("list_linked_inside", linked_inside, [{"page": "2"}, {"page": "3"}]),
    ("list_tokens", tokens, [{"page_token": "2"}, {"page_token": "4"}]),
    ("list_last", last, [{"starting_after": "2"}, {"starting_after": "4"}]),
    ("list_by_offset", offset, [{"offset": "2"}, {"offset": "4"}]),
    ("list_as_declared", declared, [{"from": "2"}, {"from": "4"}, {"from": "5"}]),
    ("list_by_page", numbered, [{"page": "2"}, {"page": "3"}]),
]


@both
@pytest.mark.parametrize(("method", "respond", "sent"), FORMS, ids=[form[0] for form in FORMS])
def test_all_items_of_all_pages(
    read: Read, server: Loopback, method: str, respond: Callable[[Received], Reply], sent: list[dict[str, str]]
) -> None:
    server.respond = respond
    assert read(method) == IDS
    assert queries(server) == [{}, *sent]


def test_a_credential_in_a_link_is_not_logged(read: Read, server: Loopback, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    server.respond = linked
    assert read("list_linked") == IDS
    assert "/linked?page=3" in caplog.text
    assert "key=secret" not in caplog.text


@both
def test_a_search_has_the_cursor_in_its_body(read: Read, module: ModuleType, server: Loopback) -> None:
    server.respond = search
    assert read("find_beds", module.models.Search(words="sun", area=1.5)) == IDS
    bodies = [json.loads(received.body) for received in server.requests]
    constant = {"words": "sun", "area": 1.5}
    assert bodies == [constant, constant | {"cursor": "2"}, constant | {"cursor": "4"}]


def test_other_arguments_are_sent_with_every_page_and_a_cursor_of_the_caller_is_the_beginning(
    read: Read, server: Loopback
) -> None:
    server.respond = tokens
    assert read("list_tokens", page_token="2", shade=["full", "half"]) == IDS[2:]
    targets = [received.target.partition("?")[2] for received in server.requests]
    assert targets == [f"page_token={token}&shade=full&shade=half&key=secret" for token in ("2", "4")]


def test_pages_are_reachable(read: Read, server: Loopback, module: ModuleType) -> None:
    server.respond = tokens
    pages = read("list_tokens", whole=True)
    assert [type(page) for page in pages] == [module.models.ListTokensResponse] * 3
    assert [[bed.id for bed in page.beds] for page in pages] == [["1", "2"], ["3", "4"], ["5"]]


@pytest.mark.parametrize(
    ("limits", "ids", "requests"),
    [
        ({"items": 3}, IDS[:3], 2),
        ({"items": 2}, IDS[:2], 1),
        ({"pages": 2}, IDS[:4], 2),
        ({"items": 3, "pages": 1}, IDS[:2], 1),
        ({"items": 50, "pages": 50}, IDS, 3),
    ],
)
def test_limits(read: Read, server: Loopback, limits: dict[str, int], ids: list[str], requests: int) -> None:
    server.respond = tokens
    assert read("list_tokens", limits=limits) == ids
    assert len(server.requests) == requests


# Where lists end


def repeat(received: Received) -> Reply:
    """The same answer forever, whatever is asked."""
    link = "</linked?page=2>; rel=next"
    return json_reply(BEDS[:2], Link=link) if received.target.startswith("/linked?") else json_reply(REPEATED)


REPEATED = {
    "beds": BEDS[:2],
    "data": BEDS[:2],
    "has_more": True,
    "next_page_token": "t",
    "next_cursor": "c",
    "results": BEDS[:2],
    "_metadata": {"next": "/linked-inside?page=2"},
    "total": 100,
    "total_pages": 50,
}


@pytest.mark.parametrize("method", [form[0] for form in FORMS])
def test_a_page_that_is_repeated_ends_the_list(read: Read, server: Loopback, method: str) -> None:
    server.respond = repeat
    assert read(method) == IDS[:2]
    assert len(server.requests) == 2


def test_cursors_that_go_round_in_a_circle_end_the_list(read: Read, server: Loopback) -> None:
    following = {None: "a", "a": "b", "b": "a"}
    server.respond = lambda received: json_reply(
        {"beds": [{"id": query(received).get("page_token", "-")}],
         "next_page_token": following[query(received).get("page_token")]}
    )  # fmt: skip
    assert read("list_tokens") == ["-", "a", "b"]


@pytest.mark.parametrize("cursor", [None, "", ...], ids=["null", "empty", "missing"])
def test_no_cursor_ends_the_list(read: Read, server: Loopback, cursor: object) -> None:
    server.reply(200, {"beds": BEDS[:2]} | ({} if cursor is ... else {"next_page_token": cursor}))
    assert read("list_tokens") == IDS[:2]
    assert len(server.requests) == 1


@pytest.mark.parametrize("beds", [[], None, ...], ids=["empty", "null", "missing"])
def test_an_empty_page_ends_the_list(read: Read, server: Loopback, module: ModuleType, beds: object) -> None:
    empty = {"next_cursor": "more"} | ({} if beds is ... else {"beds": beds})
    server.reply_in_turn(json_reply({"beds": BEDS[:2], "next_cursor": "2"}), json_reply(empty))
    assert read("find_beds", module.models.Search()) == IDS[:2]
    assert len(server.requests) == 2


def test_the_first_page_may_be_empty(read: Read, server: Loopback) -> None:
    server.reply(200, {"beds": []})
    assert read("list_by_offset") == []
    assert [page.beds for page in read("list_by_offset", whole=True)] == [[]]


def test_a_total_ends_the_list(read: Read, server: Loopback) -> None:
    server.respond = lambda received: json_reply(
        {"beds": slices(int(query(received).get("offset", "0")), 1), "total": 3}
    )
    assert read("list_by_offset", offset=1, limit=50) == ["2", "3"]
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("limit", "requests"),
    [
        pytest.param(2, 1, id="fewer than were asked for"),
        pytest.param(1, 2, id="as many as were asked for: there may be more"),
        pytest.param(50, 2, id="the server may give fewer than that many at once"),
    ],
)
def test_a_short_page_ends_the_list_where_it_is_certain(
    read: Read, server: Loopback, limit: int, requests: int
) -> None:
    server.reply_in_turn(json_reply({"beds": BEDS[:1]}), json_reply({"beds": []}))
    assert read("list_by_offset", limit=limit) == ["1"]
    assert len(server.requests) == requests


# What is refused


@pytest.mark.parametrize(
    ("link", "place"),
    [
        ("http://elsewhere.example.com/linked?page=2", "http://elsewhere.example.com"),
        ("//elsewhere.example.com/linked", "http://elsewhere.example.com"),
        ("https://127.0.0.1/linked", "https://127.0.0.1"),
        ("http://me:word@127.0.0.1/linked", "http://127.0.0.1"),
    ],
)
def test_a_link_to_another_server_is_refused(read: Read, server: Loopback, link: str, place: str) -> None:
    server.reply(200, BEDS[:2], Link=f'<{link}>; rel="next"')
    with pytest.raises(core.PaginationError) as refused:
        read("list_linked")
    name = refused.value.operation
    assert str(refused.value) == f"the link to the next page of {name} is not followed: it leads to {place}"
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("cursor", "reason"),
    [
        ("https://example.com/beds", "is a URL, not a cursor"),
        ({"a": 1}, "is not a cursor"),
        (True, "is not a cursor"),
        ("a\nb", "is a cursor that cannot be sent"),
    ],
)
def test_what_is_no_cursor_is_refused(read: Read, server: Loopback, cursor: object, reason: str) -> None:
    server.reply(200, {"beds": BEDS[:2], "next_page_token": cursor})
    with pytest.raises(core.InvalidResponse, match=f"200 OK from GET .*/tokens, but /next_page_token {reason}"):
        read("list_tokens")


def test_items_that_cannot_be_read_are_no_end(read: Read, server: Loopback) -> None:
    server.reply(200, {"beds": "none"})
    with pytest.raises(core.InvalidResponse, match="but /beds, the list of items, cannot be read"):
        read("list_by_offset")


def test_what_a_call_raises_iterating_raises(module: ModuleType, server: Loopback) -> None:
    server.reply_in_turn(json_reply({"beds": BEDS[:2], "next_page_token": "2"}), Reply(404))
    with client_class(module)(base_url=server.url, key="secret") as client:
        pages = paginated(client, "list_tokens")()
        assert not server.requests, "nothing is sent before the first item is asked for"
        items = iter(pages)
        assert [next(items).id, next(items).id] == IDS[:2]
        assert len(server.requests) == 1
        with pytest.raises(core.NotFound):
            next(items)
        assert list(items) == []


def test_a_list_without_an_end_is_an_error(
    read: Read, server: Loopback, module: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workflow_client_core._pages.pages.MAX_PAGES", 3)
    numbers = iter(range(100))
    server.respond = lambda _: json_reply({"beds": [{"id": "x"}], "next_page_token": str(next(numbers))})
    with pytest.raises(
        core.PaginationError, match=r"has more than 3 pages: limited\(pages=\.\.\.\) sets another limit"
    ):
        read("list_tokens")
    assert len(read("list_tokens", limits={"pages": 5})) == 5


@pytest.mark.parametrize("limits", [{"items": 0}, {"pages": -1}])
def test_limits_that_are_none(read: Read, limits: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"(items|pages) must be 1 or more, not"):
        read("list_tokens", limits=limits)


@both
def test_only_methods_with_pages_are_there(module: ModuleType, server: Loopback) -> None:
    with client_class(module)(base_url=server.url, key="secret") as client:
        groups = (client, *(getattr(client, g) for g in dir(type(client)) if g in GROUPS))
        views = [group.paginated for group in groups if hasattr(group, "paginated")]
        names = {name for view in views for name in dir(view) if not name.startswith("_")}
        assert names == {form[0] for form in FORMS} | {"find_beds"}
        assert all(repr(view).endswith(".paginated") for view in views)
