"""Memory goes by the size of what is read, whatever its bytes are; `tracemalloc` counts the same in every run."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest
import workflow_client_core as core
from workflow_client_core._decoding import raw_json, strict
from workflow_client_core._streams.parsers import EventParser, Lines


@pytest.mark.parametrize("item", [b"[]", b"{}", b'"a"', b"1", b'"\\n"', b'{"a":[1]}', b'"\\ud83c\\udf39"'])
def test_half_a_surrogate_pair_takes_hardly_more_memory_than_a_sound_document(item: bytes) -> None:
    """Where it is looked for, no list of the whole document is made, which took sixty times its bytes."""
    sound = b"[" + b",".join([item] * 10_000) + b', "x"]'
    half = sound[:-3] + b'\\ud83d"]'
    peaks = {}
    for document in (sound, half, sound, half):  # the first two fill caches
        tracemalloc.start()
        decoded: core.Decoded[Any] = core.decode(document, Any)
        peaks[document] = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert len(decoded.parsed) == 10_001
    assert [issue.pointer for issue in core.decode(half, Any).issues] == ["/10000"]
    assert peaks[half] < 1.5 * peaks[sound] + 3 * len(sound)


def test_values_that_are_not_json_take_little_more_memory_than_others() -> None:
    document = b"[" + b",".join([b"NaN"] * 50_000) + b"]"
    for _ in range(2):  # the first one fills caches
        tracemalloc.start()
        with pytest.raises(core.InvalidResponse, match="more than 10,000"):
            core.decode(document, Any)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 50 * len(document)  # half of it are the issues, whose number is bounded


@pytest.mark.parametrize("read", [lambda data: core.decode(data, Any), core.Webhook[Any]("planted", Any).read])
def test_lists_and_objects_are_counted_before_they_take_memory(
    read: Callable[[bytes], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(strict, "MAX_CONTAINERS", 100)
    monkeypatch.setattr(strict, "_MAY_HAVE_TOO_MANY", 200)
    monkeypatch.setattr(raw_json, "MAX_CONTAINERS", 100)
    read(b"[" + b"[]," * 98 + b"{}]")
    with pytest.raises(core.InvalidResponse, match=r"cannot be read: it has more than 100 lists and objects$"):
        read(b"[" + b"[]," * 99 + b"{}]")


@pytest.mark.parametrize("line", [b"data:\n", b"data:ab\n", b"data: \xc3\xbc\n"])
@pytest.mark.parametrize("size", [2, 4096])
def test_an_event_of_many_lines_takes_little_more_memory_than_its_bytes(line: bytes, size: int) -> None:
    """Whatever its lines and the pieces are: a list of them took eleven times the limit."""
    stream = line * 8_000 + b"\n"
    parser = EventParser(len(stream))
    tracemalloc.start()
    try:
        (event,) = [event for at in range(0, len(stream), size) for event in parser.feed(stream[at : at + size])]
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert event.data == "\n".join([line.decode().removeprefix("data:").strip()] * 8_000)
    assert peak < 3 * len(stream) + 50_000


@pytest.mark.parametrize("size", [1, 2, 3])
def test_a_line_in_small_pieces_takes_little_more_memory_than_its_bytes(size: int) -> None:
    lines = Lines(50_000)
    tracemalloc.start()
    try:
        for _ in range(40_000 // size):
            assert list(lines.feed(b"x" * size)) == []
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert lines.rest() == b"x" * (40_000 // size * size)
    assert peak < 80_000
