"""Calls of one operation with everything: hostile values in its path, query, headers, cookies and body."""

from __future__ import annotations

import json
from random import Random
from typing import Any
from urllib.parse import parse_qsl, unquote_to_bytes

import workflow_client_core as core
from msgspec import UNSET

from tests.runtime.example_api import ANY
from tests.torture.hostile import texts
from tests.torture.hostile.strict import Arrived
from tests.torture.hostile.written import check_path, check_query, cookie_pairs, is_of_texts, parts_of, query_pairs
from tests.torture.subject import Broken, Case

_PATHS = (
    "/beds/{bed}",
    "/beds/{bed}/plants/{plant}",
    "/beds/{bed}.{plant}",
    "/beds/{bed}/water?view=full",
)
_PATH_STYLES = ("", "label", "matrix")
_QUERY_STYLES = ("form", "spaceDelimited", "pipeDelimited", "deepObject", "reserved", "json")
_BODIES = ("", "", "json", "form", "multipart", "text")
#: Headers that the client adds by itself.
USUAL = {"host", "accept", "accept-encoding", "connection", "user-agent", "x-api-key"}


def draw(random: Random) -> dict[str, Case]:
    """A call; most of its values are harmless, so that the others are not refused together with them."""

    def some(likely: float) -> Case:
        return texts.value(random) if random.random() < likely else "a1"

    extra = random.random() < 0.2
    return {
        "path": random.randrange(len(_PATHS)),
        "path_style": random.choice(_PATH_STYLES),
        "query_style": random.choice(_QUERY_STYLES),
        "explode": random.random() < 0.5,
        "bed": some(0.6),
        "plant": some(0.4),
        "shade": some(0.4),
        "color": texts.text(random) if random.random() < 0.15 else "a1",
        "taste": some(0.2),
        "headers": {random.choice(("X-Mark", "Accept", texts.text(random))): texts.text(random)} if extra else {},
        "query": {texts.text(random): texts.text(random)} if random.random() < 0.2 else {},
        "encode": random.choice(_BODIES),
        "body": {"name": texts.text(random), texts.text(random): texts.text(random)},
        "file": random.choice((texts.text(random), "bed.png", None)),
        "content_type": random.choice((None, "image/png", f"image/png; name={texts.text(random)}", texts.text(random))),
    }


def path_of(case: dict[str, Case]) -> str:
    """The path of the operation that a case calls."""
    number = case["path"]
    assert isinstance(number, int)
    return _PATHS[number % len(_PATHS)]


def operation(case: dict[str, Case]) -> core.Operation[Any]:
    """The operation that a case calls."""
    style, explode, encode = str(case["query_style"]), bool(case["explode"]), str(case["encode"])
    path_style: Any = case["path_style"]
    shade: dict[str, Any] = {
        "style": "form" if style in ("reserved", "json") else style,
        "reserved": style == "reserved",
    }
    if style == "json":
        shade["media_type"] = "application/json"
    path = path_of(case)
    names = [name for name in ("bed", "plant") if f"{{{name}}}" in path]
    # Two values in one segment are told apart by their texts alone.
    path_style = "" if "}." in path else path_style
    parameters = [core.Parameter(name, wire=name, location="path", style=path_style, explode=explode) for name in names]
    parameters += [
        core.Parameter("shade", wire="shade", location="query", explode=explode, **shade),
        core.Parameter("color", wire="X-Color", location="header"),
        core.Parameter("taste", wire="taste", location="cookie", explode=explode),
    ]
    media_type = {"multipart": "multipart/form-data", "form": "application/x-www-form-urlencoded", "text": "text/plain"}
    body: Any = encode
    return core.Operation(
        name="water_bed",
        method="POST" if encode else "GET",
        path=path,
        parameters=tuple(parameters),
        security=ANY,
        bodies=(core.Body(media_type.get(encode, "application/json"), encode=body),) if encode else (),
        responses={"200": core.Content("application/json", Any)},
    )


def arguments(case: dict[str, Case]) -> tuple[dict[str, Any], Any, dict[str, Any]]:
    """What a method of a client would pass on: values by name, the body, the options of the call.

    Raises:
        ValueError: a file cannot be.
    """
    values = {name: case[name] for name in ("bed", "plant", "shade", "color", "taste")}
    body: Any = case["body"] if case["encode"] else UNSET
    if case["encode"] == "text":
        body = body["name"]
    if case["encode"] == "multipart":
        file, content_type = case["file"], case["content_type"]
        assert file is None or isinstance(file, str)
        assert content_type is None or isinstance(content_type, str)
        body = {**body, "photo": core.File(b"photo", file, content_type)}
    return values, body, {"extra_headers": case["headers"], "extra_query": case["query"]}


def check(case: dict[str, Case], request: Arrived, prefix: str = "") -> None:
    """Check that a request holds what was passed, and nothing else.

    Raises:
        Broken: it does not.
    """
    explode, path, style = bool(case["explode"]), path_of(case), str(case["query_style"])
    path_style = "" if "}." in path else str(case["path_style"])
    check_path(request.target, prefix + path, {name: (path_style, explode, case[name]) for name in ("bed", "plant")})
    _check_query(case, request.target, style, explode)
    _check_headers(case, request)
    if case["taste"] and isinstance(case["taste"], str) and "cookie" in request.headers:
        _expect("another cookie", cookie_pairs(request.headers["cookie"]), [("taste", case["taste"])])
    if case["encode"]:
        _check_body(case, request)


def _check_query(case: dict[str, Case], target: str, style: str, explode: bool) -> None:
    shade, extra = case["shade"], case["query"]
    assert isinstance(extra, dict)
    if not is_of_texts(shade):
        return
    pairs = [("view", "full")] if "?" in path_of(case) else []
    if style == "json":
        written = [text for key, text in _decoded(target) if key == "shade"]
        if "shade" not in extra:
            _expect("another query", [json.loads(text) for text in written], [shade])
        return
    wanted = [pair for pair in query_pairs("shade", style, explode, shade) if pair[0] not in extra]
    check_query(target, [*pairs, *wanted, *((key, str(text)) for key, text in extra.items())])


def _decoded(target: str) -> list[tuple[str, str]]:
    return parse_qsl(target.partition("?")[2], keep_blank_values=True, strict_parsing=True)


def _check_headers(case: dict[str, Case], request: Arrived) -> None:
    extra = case["headers"]
    assert isinstance(extra, dict)
    expected = {"x-color": str(case["color"]), **{name.lower(): str(text) for name, text in extra.items()}}
    for name, text in expected.items():
        _expect("another header", request.headers.get(name), text)
    allowed = {*USUAL, *expected, "cookie", *(("content-type", "content-length") if case["encode"] else ())}
    if others := {*request.headers} - allowed:
        raise Broken("a header that nobody passed", sorted(others))
    _expect("another credential", request.headers.get("x-api-key"), "k-1")


def _check_body(case: dict[str, Case], request: Arrived) -> None:
    body, encode = case["body"], case["encode"]
    assert isinstance(body, dict)
    if encode == "json":
        _expect("another body", json.loads(request.body), body)
    elif encode == "text":
        _expect("another body", request.body.decode(), body["name"])
    elif encode == "form":
        pairs = parse_qsl(request.body.decode(), keep_blank_values=True, strict_parsing=True)
        _expect("another body", pairs, [*body.items()])
    elif "" not in body and "content-type" not in {name.lower() for name in _extra(case)}:
        parts = parts_of(request.body, request.headers["content-type"])
        passed = [(key, text, "") for key, text in body.items() if key != "photo"]
        expected = [*passed, ("photo", "photo", str(case["file"] or "photo"))]
        # Servers undo the escapes of a few characters only, so that names are compared as all of them undone.
        read = [(_undone(head["name"]), content.decode(), _undone(head["filename"])) for head, content in parts]
        _expect("another body", read, [(_undone(name), text, _undone(file)) for name, text, file in expected])
        if case["content_type"]:
            _expect("another media type", parts[-1][0].get("content-type"), case["content_type"])


def _extra(case: dict[str, Case]) -> dict[str, Case]:
    extra = case["headers"]
    assert isinstance(extra, dict)
    return extra


def _undone(name: str) -> bytes:
    return unquote_to_bytes(name.encode("utf-8", "replace"))


def _expect(what: str, read: object, passed: object) -> None:
    if read != passed:
        raise Broken(what, (read, passed))
