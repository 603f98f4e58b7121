"""Requests of a generated client in every style of OpenAPI, checked by openapi-core, which shares no code with it.

Where openapi-core cannot judge, the request is read here, by the letter of OpenAPI 3.1.1:

- `matrix` and `label` (it looks for parameters called `;color*`), `spaceDelimited` (it splits what was decoded at
  `%20`), exploded objects in a query (it looks for one parameter of the object's name), and cookies of several values:
  the table of section 4.8.12.6 in `tests/runtime/test_styles.py`;
- media types that it has no reader for, such as YAML and JSON lines; files and numbers in multipart, which it makes
  None and leaves text; what is `readOnly` and required, which it asks for in requests too: below, and in
  `tests/runtime/test_bodies.py`, where werkzeug reads multipart.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from http.cookies import SimpleCookie
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
import yaml
from openapi_core import Config, OpenAPI
from openapi_core.testing import MockRequest
from workflow_client_core import File

from tests.loopback import Loopback, Received
from tests.packages import imported_package

SPEC = Path(__file__).with_name("every_request.yaml")
HOST = "https://api.example.com"


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    return imported_package(SPEC, "every-request-client", tmp_path_factory.mktemp("every-request"))


@pytest.fixture(scope="module")
def judge() -> OpenAPI:
    # It knows two names of JSON only.
    readers: dict[str, Callable[[bytes], Any]] = {"application/json-patch+json": json.loads, "*/*": json.loads}
    return OpenAPI.from_dict(
        yaml.safe_load(SPEC.read_text("utf-8")), config=Config(extra_media_type_deserializers=readers)
    )


@pytest.fixture
def client(package: ModuleType, server: Loopback) -> Iterator[Any]:
    (name,) = (name for name in package.__all__ if name.endswith("Client") and not name.startswith("Async"))
    server.reply(204)
    with getattr(package, name)(base_url=server.url) as client:
        yield client


def as_read(judge: OpenAPI, received: Received) -> tuple[dict[str, Any], Any]:
    """The parameters, and the body, that openapi-core finds in a request; it raises where they are not as described."""
    url = urlsplit(received.target)
    cookies = {key: unquote(morsel.value) for key, morsel in SimpleCookie(received.headers.get("cookie", "")).items()}
    request = MockRequest(
        HOST,
        received.method,
        unquote(url.path),
        args=parse_qsl(url.query, keep_blank_values=True, strict_parsing=bool(url.query)),  # type: ignore[arg-type]
        headers=dict(received.headers),
        cookies=cookies,
        data=received.body,
        content_type=received.headers.get("content-type", ""),
    )
    unmarshalled = judge.unmarshal_request(request)
    unmarshalled.raise_for_errors()
    parameters = unmarshalled.parameters
    every = {**parameters.path, **parameters.query, **parameters.header, **parameters.cookie}
    return json.loads(json.dumps(every, default=str)), unmarshalled.body


def test_simple_paths(client: Any, server: Loopback, judge: OpenAPI) -> None:
    client.simple("a b,c;d", [1, 2, 3], 1.5)
    assert as_read(judge, server.last)[0] == {"text": "a b,c;d", "list": [1, 2, 3], "number": 1.5}
    assert server.last.target == "/simple/a%20b%2Cc%3Bd/1,2,3/1.5"


def test_objects_in_paths(package: ModuleType, client: Any, server: Loopback, judge: OpenAPI) -> None:
    point = package.models.Point(x=1, y=-2)
    for call in (client.simple_object, client.simple_exploded):
        call(point)
        assert as_read(judge, server.last)[0] == {"point": {"x": 1, "y": -2}}
    client.simple_object(package.models.Point(x=1))
    assert as_read(judge, server.last)[0] == {"point": {"x": 1}}


def test_several_holes_in_a_segment(client: Any, server: Loopback, judge: OpenAPI) -> None:
    client.several_holes("a", "png")
    assert server.last.target == "/files/a.png"
    assert as_read(judge, server.last)[0] == {"name": "a", "ext": "png"}


def test_queries(package: ModuleType, client: Any, server: Loopback, judge: OpenAPI) -> None:
    models = package.models
    given = {
        "text": "ü &=+%?#",
        "at": datetime(2026, 1, 31, 12, tzinfo=UTC),
        "flag": False,
        "joined": ["a", "b c"],
        "point": models.Point(x=1, y=2),
        "piped": ["a b", "c&d"],
        "deep": models.Point(x=3),
        "chosen": models.Order(at=date(2026, 1, 31), the_note="a&b"),
        "free": "a/b?c:d",
    }
    client.query(ids=[1, 2], **given)
    read, _ = as_read(judge, server.last)
    assert read.pop("at") == "2026-01-31 12:00:00+00:00"
    assert read == {
        "text": "ü &=+%?#",
        "flag": False,
        "ids[]": [1, 2],
        "joined": ["a", "b c"],
        "point": {"x": 1, "y": 2},
        "piped": ["a b", "c&d"],
        "deep": {"x": 3},
        "chosen": {"at": "2026-01-31", "the note": "a&b"},
        "free": "a/b?c:d",
    }
    assert "free=a/b?c:d" in server.last.target


def test_headers_and_cookies(package: ModuleType, client: Any, server: Loopback, judge: OpenAPI) -> None:
    models = package.models
    point = models.Point(x=1, y=2)
    client.beside(
        x_list=[1, 2],
        x_point=point,
        x_exploded=point,
        x_filter=models.Order(at=date(2026, 1, 31), the_note="ü"),
        session='a b;c"',
        crumbs=["a", "b"],
    )
    assert as_read(judge, server.last)[0] == {
        "X-List": [1, 2],
        "X-Point": {"x": 1, "y": 2},
        "X-Exploded": {"x": 1, "y": 2},
        "X-Filter": {"at": "2026-01-31", "the note": "ü"},
        "session": 'a b;c"',
        "crumbs": ["a", "b"],
    }


def test_json(package: ModuleType, client: Any, server: Loopback, judge: OpenAPI) -> None:
    models = package.models
    client.json(models.Order(at=date(2026, 1, 31), the_note=None, point=models.Point(x=1)))
    assert json.loads(server.last.body) == {"at": "2026-01-31", "the note": None, "point": {"x": 1}}
    assert as_read(judge, server.last)[1]["point"]["x"] == 1
    client.json_deleted([{"op": "remove", "path": "/a"}])
    assert server.last.method == "DELETE"
    assert as_read(judge, server.last)[1] == [{"op": "remove", "path": "/a"}]
    # `id` is the server's to say: required in answers, and not asked for in requests.
    client.json_made(models.Made(x=1))
    assert json.loads(server.last.body) == {"x": 1}


def test_forms(package: ModuleType, client: Any, server: Loopback, judge: OpenAPI) -> None:
    models = package.models
    body = models.FormBody(
        name="a&b=c+d ü",
        paid=True,
        tags=["x", "y,z"],
        joined=[1, 2],
        deep=models.Point(x=1, y=2),
        point=models.Point(x=3),
    )
    client.form(body)
    assert as_read(judge, server.last)[1] == {
        "name": "a&b=c+d ü",
        "paid": True,
        "tags": ["x", "y,z"],
        "joined": [1, 2],
        "deep": {"x": 1, "y": 2},
        "point": {"x": 3},
    }


def test_multipart(package: ModuleType, client: Any, server: Loopback, judge: OpenAPI, tmp_path: Path) -> None:
    models = package.models
    path = tmp_path / "a.png"
    path.write_bytes(b"\x89PNG")
    with path.open("rb") as opened:
        body = models.MultipartBody(
            file=File(opened),
            files=[File(b"one"), File(b"\xfftwo", filename="b.txt")],
            title="a title",
            order=models.Order(at=date(2026, 1, 31)),
            points=[models.Point(x=1), models.Point(x=2)],
        )
        client.multipart(body)
    assert b'name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n' in server.last.body
    first, second = (part.partition(b"\r\n--")[0] for part in server.last.body.split(b'; name="files"; ')[1:])
    assert first == b'filename="files"\r\nContent-Type: application/octet-stream\r\n\r\none'
    assert second == b'filename="b.txt"\r\nContent-Type: text/plain\r\n\r\n\xfftwo'
    read = as_read(judge, server.last)[1]
    assert read["title"] == "a title"
    assert read["points"] == [{"x": 1}, {"x": 2}]
    assert str(read["order"]["at"]) == "2026-01-31"


def test_one_of_several_media_types(package: ModuleType, client: Any, server: Loopback, judge: OpenAPI) -> None:
    point = package.models.Point(x=1)
    client.several(point)
    assert server.last.headers["content-type"] == "application/json"
    assert as_read(judge, server.last)[1] == {"x": 1}
    client.several(point, content_type="application/x-www-form-urlencoded")
    assert server.last.body == b"x=1"
    assert as_read(judge, server.last)[1] == {"x": 1}
    client.several("x = 1", content_type="text/plain")
    assert as_read(judge, server.last)[1] == "x = 1"
    with pytest.raises(ValueError, match="content_type cannot be 'text/html'"):
        client.several("x = 1", content_type="text/html")


def test_text_and_bytes(client: Any, server: Loopback, judge: OpenAPI) -> None:
    client.text("grüße")
    assert as_read(judge, server.last)[1] == "grüße"
    client.octets(b"\x00\xff")
    assert as_read(judge, server.last)[1] == b"\x00\xff"


def test_what_openapi_core_has_no_reader_for(package: ModuleType, client: Any, server: Loopback) -> None:
    models = package.models
    client.yaml(models.Point(x=1))
    assert (server.last.headers["content-type"], yaml.safe_load(server.last.body)) == ("application/yaml", {"x": 1})
    client.lines([models.Point(x=1), models.Point(x=2, y=3)])
    assert [json.loads(line) for line in server.last.body.splitlines()] == [{"x": 1}, {"x": 2, "y": 3}]
    assert server.last.headers["content-type"] == "application/x-ndjson"


def test_a_range_is_sent_as_a_type_that_exists(
    package: ModuleType, client: Any, server: Loopback, judge: OpenAPI
) -> None:
    client.anything(package.models.Point(x=1))
    assert server.last.headers["content-type"] == "application/json"
    assert as_read(judge, server.last)[1] == {"x": 1}
    client.anything()
    assert "content-type" not in server.last.headers


def test_a_query_in_the_path_is_sent_as_given(client: Any, server: Loopback) -> None:
    client.acting(force=True)
    assert server.last.target == "/acting?action=start&force=true"
