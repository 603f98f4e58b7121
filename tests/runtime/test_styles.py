"""The styles of parameters, held against the examples of OpenAPI 3.1.1, section 4.8.12.6."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, unquote
from uuid import UUID

import pytest
import workflow_client_core as core
from msgspec import UNSET, Struct, UnsetType, field
from workflow_client_core._request.styles import in_cookies, in_header

from tests.loopback import Loopback
from tests.runtime.example_api import ExampleClient
from tests.runtime.parameters import Location, operation, target

Make = Callable[..., ExampleClient]
NAIVE = "needs a time zone: 2026-03-01T00:00:00 could be any instant"
TEXT, LIST, OBJECT = "blue", ["blue", "black", "brown"], {"R": 100, "G": 200, "B": 150}

# style, explode, then how an empty text, a text, a list and an object look; None: the section calls it undefined.
TABLE: list[tuple[str, bool, str | None, str | None, str | None, str]] = [
    ("matrix", False, ";color", ";color=blue", ";color=blue,black,brown", ";color=R,100,G,200,B,150"),
    ("matrix", True, ";color", ";color=blue", ";color=blue;color=black;color=brown", ";R=100;G=200;B=150"),
    ("label", False, ".", ".blue", ".blue,black,brown", ".R,100,G,200,B,150"),
    ("label", True, ".", ".blue", ".blue.black.brown", ".R=100.G=200.B=150"),
    ("simple", False, "", "blue", "blue,black,brown", "R,100,G,200,B,150"),
    ("simple", True, "", "blue", "blue,black,brown", "R=100,G=200,B=150"),
    ("form", False, "color=", "color=blue", "color=blue,black,brown", "color=R,100,G,200,B,150"),
    ("form", True, "color=", "color=blue", "color=blue&color=black&color=brown", "R=100&G=200&B=150"),
    ("spaceDelimited", False, None, None, "color=blue%20black%20brown", "color=R%20100%20G%20200%20B%20150"),
    ("pipeDelimited", False, None, None, "color=blue%7Cblack%7Cbrown", "color=R%7C100%7CG%7C200%7CB%7C150"),
    ("deepObject", True, None, None, None, "color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150"),
]
EXAMPLES = [
    (style, explode, value, written)
    for style, explode, *row in TABLE
    for value, written in zip(("", TEXT, LIST, OBJECT), row, strict=True)
    if written is not None
]


def location_of(style: str) -> Location:
    return "path" if style in ("matrix", "label", "simple") else "query"


@pytest.mark.parametrize(("style", "explode", "value", "written"), EXAMPLES)
def test_the_examples_of_the_specification(
    server: Loopback, make: Make, style: Any, explode: bool, value: object, written: str
) -> None:
    location = location_of(style)
    color = core.Parameter("color", wire="color", location=location, style=style, explode=explode)
    server.reply(200)
    path = "/{color}" if location == "path" else "/"
    if written in ("", "."):  # nothing is left of the segment, or it is one that leads elsewhere
        with pytest.raises(ValueError, match="would change the path"):
            make(api_key="k").call(operation(color, path=path), color=value)
        return
    make(api_key="k").call(operation(color, path=path), color=value)
    assert server.last.target == ("/" if location == "path" else "/?") + written


@pytest.mark.parametrize(("explode", "written"), [(False, "R,100,G,200,B,150"), (True, "R=100,G=200,B=150")])
def test_an_object_in_a_header(server: Loopback, make: Make, explode: bool, written: str) -> None:
    server.reply(200)
    color = core.Parameter("color", wire="X-Color", location="header", explode=explode)
    make(api_key="k").call(operation(color), color=OBJECT)
    assert server.last.headers["x-color"] == written


def test_cookies(server: Loopback, make: Make) -> None:
    def cookie(explode: bool, value: object) -> str:
        parameter = core.Parameter("color", wire="color", location="cookie", explode=explode)
        make(api_key="k").call(operation(parameter), color=value)
        return server.last.headers["cookie"]

    server.reply(200)
    assert cookie(False, LIST) == "color=blue,black,brown"
    assert cookie(True, LIST) == "color=blue; color=black; color=brown"
    assert cookie(False, OBJECT) == "color=R,100,G,200,B,150"
    assert cookie(True, OBJECT) == "R=100; G=200; B=150"
    assert cookie(True, {"a;b": "c;d"}) == "a%3Bb=c%3Bd"


class Inner(Struct, frozen=True, kw_only=True):
    low: int | UnsetType = field(default=UNSET, name="LOW")
    at: datetime | UnsetType = UNSET


class Filter(Struct, frozen=True, kw_only=True):
    name: str | UnsetType | None = UNSET
    day: date | UnsetType = UNSET
    price: Decimal | UnsetType = UNSET
    wait: timedelta | UnsetType = UNSET
    key: bytes | UnsetType = UNSET
    id: UUID | UnsetType = UNSET
    tags: list[str] | UnsetType = UNSET
    range: Inner | UnsetType = field(default=UNSET, name="the range")


def query(server: Loopback, make: Make, value: object, **settings: Any) -> list[tuple[str, str]]:
    """The decoded pairs of the query that a value gives."""
    parameter = core.Parameter("p", wire="p", location="query", **settings)
    make(api_key="k").call(operation(parameter), p=value)
    _, _, sent = server.last.target.partition("?")
    return parse_qsl(sent, keep_blank_values=True, strict_parsing=bool(sent))


def test_a_model_is_written_by_its_wire_names_and_its_values_as_in_json(server: Loopback, make: Make) -> None:
    server.reply(200)
    value = Filter(
        day=date(2026, 1, 31),
        price=Decimal("1.50"),
        wait=timedelta(seconds=90),
        key=b"\xff\x00",
        id=UUID(int=1),
        tags=["a", "b&c"],
        range=Inner(low=1, at=datetime(2026, 1, 31, tzinfo=UTC)),
    )
    plain = [
        ("day", "2026-01-31"),
        ("price", "1.50"),
        ("wait", "PT90S"),
        ("key", "/wA="),
        ("id", "00000000-0000-0000-0000-000000000001"),
    ]
    assert query(server, make, value, explode=True) == [
        *plain,
        ("tags", "a"),
        ("tags", "b&c"),
        ("the range", '{"LOW":1,"at":"2026-01-31T00:00:00Z"}'),
    ]
    assert query(server, make, value, style="deepObject", explode=True) == [
        *((f"p[{key}]", text) for key, text in plain),
        ("p[tags][0]", "a"),
        ("p[tags][1]", "b&c"),
        ("p[the range][LOW]", "1"),
        ("p[the range][at]", "2026-01-31T00:00:00Z"),
    ]


def test_what_is_nested_is_json_where_the_specification_says_nothing(server: Loopback, make: Make) -> None:
    server.reply(200)
    assert query(server, make, [[1, 2], {"a": None}], explode=True) == [("p", "[1,2]"), ("p", '{"a":null}')]
    assert query(server, make, {"a": {"b": [True]}}) == [("p", 'a,{"b":[true]}')]
    assert query(server, make, [{"a": [1]}], style="deepObject", explode=True) == [("p[0][a][0]", "1")]


def test_what_is_absent_inside_is_left_out(server: Loopback, make: Make) -> None:
    server.reply(200)
    assert query(server, make, [1, None, UNSET, 2]) == [("p", "1,2")]
    assert query(server, make, {"a": None, "b": UNSET, "c": 3}) == [("p", "c,3")]
    assert query(server, make, Filter(name=None), explode=True) == []


@pytest.mark.parametrize("style", ["form", "spaceDelimited", "pipeDelimited", "deepObject"])
@pytest.mark.parametrize("explode", [True, False])
@pytest.mark.parametrize("value", [[], {}, [None], Filter()])
def test_nothing_is_left_out_unless_it_may_be_sent(
    server: Loopback, make: Make, style: str, explode: bool, value: object
) -> None:
    server.reply(200)
    assert query(server, make, value, style=style, explode=explode) == []
    assert query(server, make, value, style=style, explode=explode, allow_empty=True) == [("p", "")]


@pytest.mark.parametrize("style", ["spaceDelimited", "pipeDelimited", "deepObject"])
@pytest.mark.parametrize("explode", [True, False])
def test_a_single_value_is_one_pair_in_every_style(server: Loopback, make: Make, style: str, explode: bool) -> None:
    server.reply(200)
    assert query(server, make, "a b|c", style=style, explode=explode) == [("p", "a b|c")]


@pytest.mark.parametrize("style", ["spaceDelimited", "pipeDelimited"])
def test_exploded_lists_are_repeated(server: Loopback, make: Make, style: str) -> None:
    server.reply(200)
    assert query(server, make, ["a b", "c|d"], style=style, explode=True) == [("p", "a b"), ("p", "c|d")]


def test_an_empty_list_or_object_has_no_header_and_no_cookie(server: Loopback, make: Make) -> None:
    server.reply(200)
    header = core.Parameter("h", wire="X-H", location="header")
    cookie = core.Parameter("c", wire="c", location="cookie")
    make(api_key="k").call(operation(header, cookie), h=[], c={})
    assert not {"x-h", "cookie"} & server.last.headers.keys()


def test_reserved_characters_stay_where_they_may(server: Loopback, make: Make) -> None:
    free = core.Parameter("p", wire="p", location="query", reserved=True)
    server.reply(200)
    make(api_key="k").call(operation(free), p=":/?#[]@!$&'()*+,;= %2Fü")
    # Characters that end the query or a pair, or mean a blank, are escaped all the same.
    assert server.last.target == "/x?p=:/?%23%5B%5D@!$%26'()*%2B%2C;=%20%252F%C3%BC"
    make(api_key="k").call(operation(free), p=["a,b", "c/d"])
    assert server.last.target == "/x?p=a%2Cb,c/d"


def test_content_is_a_json_document(server: Loopback, make: Make) -> None:
    query = core.Parameter("q", wire="where", location="query", media_type="application/json")
    header = core.Parameter("h", wire="X-Header", location="header", media_type="application/vnd.x+json")
    cookie = core.Parameter("c", wire="cookie", location="cookie", media_type="application/json")
    value = {"a": ["ü𝄞\n", None, 1.5], "b": "c;d"}
    server.reply(200)
    make(api_key="k").call(operation(query, header, cookie), q=value, h=value, c="text")
    sent = dict(parse_qsl(server.last.target.partition("?")[2]))
    assert json.loads(sent["where"]) == value
    assert json.loads(server.last.headers["x-header"]) == value
    assert server.last.headers["x-header"].isascii()
    name, _, text = server.last.headers["cookie"].partition("=")
    assert (name, json.loads(unquote(text))) == ("cookie", "text")


def test_content_of_other_types_is_text_as_it_is(server: Loopback, make: Make) -> None:
    plain = core.Parameter("q", wire="q", location="query", media_type="text/plain")
    server.reply(200)
    make(api_key="k").call(operation(plain), q="a,b c")
    assert server.last.target == "/x?q=a%2Cb%20c"
    make(api_key="k").call(operation(plain), q={"a": 1})
    assert parse_qsl(server.last.target.partition("?")[2]) == [("q", '{"a":1}')]


def test_a_path_may_have_a_query_of_its_own(server: Loopback, make: Make) -> None:
    acting = operation(core.Parameter("p", wire="p", location="query"), path="/x?action=y")
    server.reply(200)
    make(api_key="k").call(acting, p=1)
    assert server.last.target == "/x?action=y&p=1"
    make(api_key="k").call(acting)
    assert server.last.target == "/x?action=y"


def test_one_value_fills_each_of_its_template_expressions(server: Loopback, make: Make) -> None:
    holes = operation(
        core.Parameter("a", wire="a.b", location="path"),
        core.Parameter("c", wire="c", location="path"),
        path="/{a.b}/x-{a.b}.{c}:run",
    )
    server.reply(200)
    make(api_key="k").call(holes, a="{c}/", c="%")
    assert server.last.target == "/%7Bc%7D%2F/x-%7Bc%7D%2F.%25:run"


@pytest.mark.parametrize(
    ("location", "style", "explode", "value", "delimiter"),
    [
        ("header", "simple", False, ["rose", "a,b"], ","),
        ("header", "simple", False, {"a": "b,c"}, ","),
        ("header", "simple", True, {"a": "b,c"}, ","),
        ("header", "simple", True, {"a=b": "c"}, "="),
        ("header", "simple", False, [{"a": 1, "b": 2}], ","),
        ("query", "pipeDelimited", False, ["rose", "a|b"], "|"),
        ("query", "spaceDelimited", False, ["rose", "a b"], " "),
        ("query", "spaceDelimited", False, {"a": "b c"}, " "),
        ("path", "label", True, ["1.5", "2"], "."),
        ("path", "label", True, {"a": 1.5}, "."),
    ],
)
def test_a_delimiter_that_no_escape_tells_apart_is_refused(
    location: Location, style: Any, explode: bool, value: object, delimiter: str
) -> None:
    with pytest.raises(ValueError, match=r"^p cannot hold ") as caught:
        target(value, location=location, style=style, explode=explode)
    assert str(caught.value) == f"p cannot hold {delimiter!r} inside an item: it stands between items"


@pytest.mark.parametrize(
    ("location", "style", "explode", "value", "expected"),
    [
        ("query", "form", False, ["a,b", "c"], "/?p=a%2Cb,c"),
        ("query", "form", False, {"a": "b,c"}, "/?p=a,b%2Cc"),
        ("query", "pipeDelimited", False, ["a,b", "c d"], "/?p=a%2Cb%7Cc%20d"),
        ("query", "form", True, ["a,b|c d"], "/?p=a%2Cb%7Cc%20d"),
        ("query", "deepObject", True, {"a": "[b]"}, "/?p%5Ba%5D=%5Bb%5D"),
        ("path", "simple", False, ["a,b", "c"], "/a%2Cb,c"),
        ("path", "simple", True, {"a": "b=c,d"}, "/a=b%3Dc%2Cd"),
        ("path", "label", False, ["1.5"], "/.1.5"),
        ("path", "label", True, "1.5", "/.1.5"),
        ("path", "matrix", False, ["a,b", "c;d"], "/;p=a%2Cb,c%3Bd"),
    ],
)
def test_a_delimiter_inside_an_item_is_escaped(
    location: Location, style: Any, explode: bool, value: object, expected: str
) -> None:
    assert target(value, location=location, style=style, explode=explode) == expected


def test_what_ends_a_cookie_or_stands_in_a_header_alone_is_sent() -> None:
    cookie = core.Parameter("p", wire="p", location="cookie")
    assert in_cookies(cookie, ["a,b", "c;d"]) == ["p=a%2Cb,c%3Bd"]
    header = core.Parameter("p", wire="p", location="header", explode=True)
    assert in_header(header, "a,b") == "a,b"
    assert in_header(header, {"key": "aGk="}) == "key=aGk="


@pytest.mark.parametrize("location", ["path", "query", "header", "cookie"])
@pytest.mark.parametrize(
    ("value", "type_", "error", "message"),
    [
        (float("nan"), Any, ValueError, "p cannot be nan: it must be a finite number"),
        ([1.5, float("inf")], Any, ValueError, "p at /1 cannot be inf: it must be a finite number"),
        ({"a": Decimal("-Infinity")}, Any, ValueError, "p at /a cannot be -Infinity: it must be a finite number"),
        (datetime(2026, 3, 1, tzinfo=UTC), date, TypeError, "p must be a date, not a datetime"),
        ([date(2026, 3, 1), datetime(2026, 3, 1)], list[date], TypeError, "p at /1 must be a date, not a datetime"),
        ({"a": datetime(2026, 3, 1)}, dict[str, date], TypeError, "p at /a must be a date, not a datetime"),
        (
            [datetime(2026, 3, 1)],
            Any,
            ValueError,
            "p at /0 needs a time zone: 2026-03-01T00:00:00 could be any instant",
        ),
    ],
)
def test_values_that_cannot_be_meant_are_refused_wherever_they_are_sent(
    location: Location, value: object, type_: Any, error: type[Exception], message: str
) -> None:
    for media_type in ("", "application/json"):
        with pytest.raises(error) as caught:
            target(value, location=location, type=type_, media_type=media_type)
        assert str(caught.value) == message


def test_a_date_or_a_date_time_is_sent_where_either_is_documented() -> None:
    both = date | datetime
    assert target(datetime(2026, 3, 1, tzinfo=UTC), location="query", type=both) == "/?p=2026-03-01T00%3A00%3A00Z"
    assert target([date(2026, 3, 1)], location="query", type=list[both]) == "/?p=2026-03-01"


def test_decimal_numbers_keep_their_digits() -> None:
    rates = [Decimal("1.10"), Decimal("12345678901234567890.10")]
    type_: Any = list[core.DecimalNumber]
    assert target(rates, location="query", type=type_) == "/?p=1.10,12345678901234567890.10"
    written = target(rates, location="query", type=type_, media_type="application/json")
    assert unquote(written) == "/?p=[1.10,12345678901234567890.10]"
