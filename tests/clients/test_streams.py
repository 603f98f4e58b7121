"""A generated client of an API that streams: what its methods give over a real connection, and their types."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import workflow_client_core as core

from tests.loopback import Loopback, Received, Reply
from tests.packages import imported_package

SPEC = Path(__file__).parents[1] / "programs/flow/openapi.yaml"
"""Its types are checked there."""
CHUNKS = (
    {"event": "workflow_started", "task_id": "t", "data": {"id": "r"}},
    {"event": "text_chunk", "task_id": "t", "data": {"text": "größer 😀"}},
    {"event": "odd", "task_id": "t", "data": {"finished_at": "soon"}},
    {"event": "workflow_finished", "task_id": "t", "data": {"finished_at": 1}},
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("flow")


@pytest.fixture(scope="module")
def module(folder: Path) -> ModuleType:
    """The package, which is written to `folder`, and imported."""
    return imported_package(SPEC, "flow-client", folder)


Collect = Callable[..., list[Any]]


@pytest.fixture(params=["sync", "async"])
def collect(request: pytest.FixtureRequest, module: ModuleType, server: Loopback) -> Collect:
    """`collect("follow_workflow", "1")`: all items of a stream."""
    name = "FlowClient" if request.param == "sync" else "AsyncFlowClient"

    def sync_items(method: str, *arguments: Any) -> list[Any]:
        with getattr(module, name)(key="secret-key", base_url=server.url) as client:
            return list(getattr(client, method)(*arguments))

    async def async_items(method: str, *arguments: Any) -> list[Any]:
        async with getattr(module, name)(key="secret-key", base_url=server.url) as client:
            return [item async for item in await getattr(client, method)(*arguments)]

    def in_a_loop(method: str, *arguments: Any) -> list[Any]:
        return asyncio.run(async_items(method, *arguments))

    return sync_items if request.param == "sync" else in_a_loop


def workflow(received: Received) -> Reply:
    """The server: JSON or events, by the body, in chunks that end anywhere."""
    if json.loads(received.body)["response_mode"] != "streaming":
        return Reply(200, b'{"id": "r", "status": "done"}', {"Content-Type": "application/json", "X-Remaining": "4"})
    body = "".join(f"data: {json.dumps(chunk, ensure_ascii=False)}\n\nevent: ping\n\n" for chunk in CHUNKS).encode()

    def pieces() -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n"
        for start in range(0, len(body), 7):
            piece = body[start : start + 7]
            yield b"%x\r\n%s\r\n" % (len(piece), piece)
        yield b"0\r\n\r\n"

    return Reply(raw=pieces(), pause=0.001)


def test_a_run_is_followed_event_by_event(module: ModuleType, server: Loopback, collect: Collect) -> None:
    server.respond = workflow
    request = module.models.RunRequest(inputs={}, response_mode=module.models.RunRequestResponseMode.STREAMING)
    started, text, undocumented, finished = collect("run_workflow_stream", request)
    class_names = [type(event).__name__ for event in (started, text, finished)]
    assert class_names == ["Started", "TextChunk", "Finished"], "by the word of the discriminator"
    assert (started.data.id, text.data.text, finished.data.finished_at) == ("r", "größer 😀", 1)
    assert undocumented.event == "odd"
    assert server.last.headers["accept"] == "text/event-stream, application/json;q=0.5"


def test_the_same_operation_is_read_as_a_whole(module: ModuleType, server: Loopback) -> None:
    server.respond = workflow
    request = module.models.RunRequest(inputs={}, response_mode=module.models.RunRequestResponseMode.BLOCKING)
    with module.FlowClient(key="secret-key", base_url=server.url) as client:
        assert client.run_workflow(request) == module.models.Run(id="r", status="done")
        assert server.last.headers["accept"] == "application/json"
        assert dict(client.raw.run_workflow(request).documented_headers) == {"X-Remaining": 4}
        with pytest.raises(core.InvalidResponse, match="the body is 'application/json', not text/event-stream"):
            client.run_workflow_stream(request)
        assert not hasattr(client.raw, "run_workflow_stream")


def test_a_refusal_is_the_documented_error(module: ModuleType, server: Loopback, collect: Collect) -> None:
    server.reply(400, {"code": "invalid", "message": "no such workflow"})
    request = module.models.RunRequest(inputs={}, response_mode=module.models.RunRequestResponseMode.STREAMING)
    with pytest.raises(core.BadRequest, match="no such workflow") as caught:
        collect("run_workflow_stream", request)
    assert caught.value.body == module.models.Problem(code="invalid", message="no such workflow")
    assert caught.value.operation == "run_workflow_stream"


def test_only_events_and_lines_of_json(module: ModuleType, server: Loopback, collect: Collect) -> None:
    server.reply(200, b'data: {"event": "ping", "task_id": "t"}\n\ndata: [DONE]\n\n', Content_Type="text/event-stream")
    assert [chunk.event for chunk in collect("follow_workflow", "1")] == ["ping"]
    server.reply(200, b'{"text": "a"}\n\n{"text": "b", "level": 2}', Content_Type="application/x-ndjson")
    lines = [module.models.Line(text="a"), module.models.Line(text="b", level=2)]
    assert collect("get_log_stream", "1") == lines


def test_events_are_told_apart_by_their_names(module: ModuleType, server: Loopback, collect: Collect) -> None:
    models = module.models
    stream = (
        b'event: rain\nid: 7\nretry: 50\ndata: {"millimetres": 3}\n\n'
        b'event: shine\ndata: {"hours": 2.5}\n\n'
        b"event: ping\ndata: {}\n\n"
        b"data: soil\n\n"
        b'event: sun\ndata: {"millimetres": 1}\n\n'
        b"event: end\ndata: [DONE]\n\nevent: sun\ndata: {}\n\n"
    )
    server.reply(200, stream, Content_Type="text/event-stream")
    undocumented = [core.Event("{}", "ping", "7", 50), core.Event("soil", "message", "7", 50)]
    items = [models.Rain(millimetres=3), models.Sun(hours=2.5), *undocumented, models.Sun()]
    assert collect("follow_garden") == items
    with module.FlowClient(key="secret-key", base_url=server.url) as client:
        events = list(client.follow_garden().events())
    assert [event.data for event in events] == items
    assert [(event.event, event.id, event.retry) for event in events] == [
        (name, "7", 50) for name in ("rain", "shine", "ping", "message", "sun")
    ]


def test_an_event_that_is_not_as_its_name_says_is_invalid_and_the_next_one_follows(
    module: ModuleType, server: Loopback
) -> None:
    stream = b'event: rain\ndata: {"hours": 1}\n\nevent: sun\ndata: {"hours": 1}\n\n'
    server.reply(200, stream, Content_Type="text/event-stream")
    with module.FlowClient(key="secret-key", base_url=server.url) as client, client.follow_garden() as news:
        with pytest.raises(core.InvalidResponse, match="data of event 1 cannot be read: at /millimetres") as caught:
            next(news)
        assert caught.value.content == b'{"hours": 1}'
        assert list(news) == [module.models.Sun(hours=1)]


def test_whole_events_as_json_in_the_data_of_nameless_ones(
    module: ModuleType, server: Loopback, collect: Collect
) -> None:
    models = module.models
    stream = (
        b'data: {"event": "rain", "id": 7, "data": {"millimetres": 3}}\n\n'
        b'data: {"event": "rain", "data": {"millimetres": 4}, "more": 1}\n\n'
        b'data: {"event": "note", "data": "dry"}\n\n'
    )
    server.reply(200, stream, Content_Type="text/event-stream")
    rain, more, note = collect("follow_garden")
    assert rain == models.Rain(millimetres=3)
    assert (more.event, more.data) == ("message", '{"event": "rain", "data": {"millimetres": 4}, "more": 1}')
    assert note == core.Event("dry", "note")
    assert collect("follow_notes")[::2] == [models.Rain(millimetres=3), "dry"]


def test_text_stays_text_and_json_in_text_is_read(module: ModuleType, server: Loopback, collect: Collect) -> None:
    stream = (
        b'event: note\ndata: {"millimetres": 1}\ndata: 2\n\n'
        b'event: rain\ndata: {"millimetres": 3}\n\n'
        b"event: ping\ndata: 1\n\n"
        b"event: note\ndata: [DONE]\n\n"
        b"data: [DONE]\n\ndata: late\n\n"
    )
    server.reply(200, stream, Content_Type="text/event-stream")
    rain = module.models.Rain(millimetres=3)
    assert collect("follow_notes") == ['{"millimetres": 1}\n2', rain, "1", "[DONE]"]


def test_data_under_any_name(module: ModuleType, server: Loopback, collect: Collect) -> None:
    stream = b'event: x\ndata: {"millimetres": 1}\n\ndata: {"millimetres": 2}\n\n'
    server.reply(200, stream, Content_Type="text/event-stream")
    assert collect("follow_rain") == [module.models.Rain(millimetres=1), module.models.Rain(millimetres=2)]


def test_whole_events_as_json_where_the_document_has_no_names(
    module: ModuleType, server: Loopback, collect: Collect
) -> None:
    stream = (
        b'data: {"id": "1", "data": {"millimetres": 3}}\n\n'
        b'id: 2\ndata: {"millimetres": 4}\n\n'
        b'data: {"data": {"millimetres": 5}}\n\n'
    )
    server.reply(200, stream, Content_Type="text/event-stream")
    assert collect("follow_levels") == [module.models.Rain(millimetres=millimetres) for millimetres in (3, 4, 5)]
    with module.FlowClient(key="secret-key", base_url=server.url) as client:
        assert [event.id for event in client.follow_levels().events()] == ["1", "2", "2"]


def test_data_that_looks_like_a_whole_event(module: ModuleType, server: Loopback, collect: Collect) -> None:
    stream = b'data: {"data": 3}\n\ndata: {"data": {"data": 4}}\n\ndata: {"id": 1, "data": {"data": 5}}\n\n'
    server.reply(200, stream, Content_Type="text/event-stream")
    assert [item.data for item in collect("follow_boxes")] == [3, 4, 5]


def test_an_event_whose_data_is_documented_as_null(server: Loopback, collect: Collect) -> None:
    stream = b"event: ping\ndata: null\n\nevent: ping\ndata\n\nevent: level\ndata:\n\nevent: level\ndata: 3\n\n"
    server.reply(200, stream + b"event: end\ndata: null\n\n", Content_Type="text/event-stream")
    assert collect("follow_pings") == [None, None, None, 3, core.Event("null", "end")]
