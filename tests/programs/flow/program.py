"""Streams, their items and their events have the documented types."""

from typing import assert_type

from flow_client import AsyncFlowClient, FlowClient
from flow_client.models import Chunk, Line, Rain, Run, RunRequest, RunRequestResponseMode, Sun, TextChunk
from workflow_client_core import AsyncEventStream, Event, EventStream, RawResponse

request = RunRequest(inputs={"a": 1}, response_mode=RunRequestResponseMode.STREAMING)


def follow(client: FlowClient) -> list[Line]:
    assert_type(client.run_workflow(request), Run)
    with client.run_workflow_stream(request) as stream:
        assert_type(stream, EventStream[Chunk])
        for chunk in stream:
            assert_type(chunk, Chunk)
            if isinstance(chunk, TextChunk):
                assert_type(chunk, TextChunk)
                print(chunk.event, chunk.task_id)
    for event in client.follow_workflow("1").events():
        assert_type(event, Event[Chunk])
        print(event.id, event.event, event.retry, event.data.event)
    raw = client.raw.run_workflow(request)
    assert_type(raw, RawResponse[Run])
    print(raw.documented_headers["X-Remaining"], stream.documented_headers["X-Remaining"])
    for news in client.follow_garden():
        assert_type(news, Rain | Sun | Event[str])
        match news:
            case Rain(millimetres=millimetres):
                print(millimetres)
            case Sun():
                print(news.hours)
            case Event():
                assert_type(news, Event[str])
                print(news.event, news.data)
    for event_of_news in client.follow_garden().events():
        assert_type(event_of_news, Event[Rain | Sun | Event[str]])
    assert_type(list(client.follow_notes()), list[str | Rain])
    assert_type(list(client.follow_rain()), list[Rain])
    return list(client.get_log_stream("1"))


async def follow_asynchronously(client: AsyncFlowClient) -> None:
    async with await client.run_workflow_stream(request) as stream:
        assert_type(stream, AsyncEventStream[Chunk])
        async for chunk in stream:
            assert_type(chunk, Chunk)
        async for event in stream.events():
            assert_type(event, Event[Chunk])
    assert_type([line async for line in await client.get_log_stream("1")], list[Line])
