"""Where msgspec has refused a document decides how quickly it is repaired, and nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
import workflow_client_core as core
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import UNSET, DecodeError, Raw, Struct, UnsetType, ValidationError, field
from workflow_client_core._decoding import repair as module
from workflow_client_core._decoding.read import read
from workflow_client_core._decoding.repair import repair
from workflow_client_core._decoding.results import Unreadable
from workflow_client_core._decoding.strict import Place, decode_strictly, place_of

from tests.examples import examples
from tests.runtime.documents import arbitrary, damaged, paths, replaced
from tests.runtime.test_repair import Run, Strict
from tests.runtime.unions import Holder

SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
SETTINGS = settings(max_examples=examples(25), suppress_health_check=SLOW, database=None)

MISTAKES: list[Any] = [None, True, 7, 1.0, 10**30, "a text", "2016-12-31T23:59:60Z", [], {}, {"a": 1}, [[]]]
SPELLINGS = ["1e400", "-Infinity", "NaN", "1.50", "1e2", '"\\ud83d"']
_PLAIN_VALUE = re.compile(r'(?<=[:\[,] )(?:-?\d[\d.e+-]*|"[^"\\]*"|null|true)(?=[,\]}])')


class Dotted(Struct, frozen=True, kw_only=True):
    """What msgspec says about a place in it may mean another one."""

    a: Dotted | UnsetType = UNSET
    b: int | UnsetType = UNSET
    a_b: list[int] | UnsetType = field(default=UNSET, name="a.b")
    first: int | UnsetType = field(default=UNSET, name="[0]")


@st.composite
def mistaken(draw: st.DrawFn, type_: Any) -> bytes:
    """Documents with several mistakes: of type, of range, of spelling, or in values of the same name."""
    document = draw(arbitrary(type_))
    for mistake in draw(st.lists(st.sampled_from(MISTAKES), max_size=3)):
        document = replaced(document, draw(st.sampled_from(list(paths(document)))), mistake)
    text = json.dumps(document, ensure_ascii=draw(st.booleans()))
    for spelling in draw(st.lists(st.sampled_from(SPELLINGS), max_size=2)):
        plain_values = list(_PLAIN_VALUE.finditer(text))
        if plain_values:
            plain = draw(st.sampled_from(plain_values))
            text = text[: plain.start()] + spelling + text[plain.end() :]
    names = list(re.finditer(r'"[^"\\]*": ', text))
    if draw(st.booleans()) and names:
        name = draw(st.sampled_from(names))
        value = draw(st.sampled_from([*SPELLINGS, "{}", "[1]", '"a"']))
        text = f"{text[: name.start()]}{name[0]}{value}, {text[name.start() :]}"
    return text.encode("utf-8", "surrogatepass")


STEPS = st.sampled_from(["a", "b", "inner", "items", "item", "itemId", "integer", "pet", "kittens", "[0]", "[1]", ""])


@pytest.mark.parametrize("type_", [Run, Dotted, Holder, dict[str, list[Strict | None]]])
@SETTINGS
@given(data=st.data())
def test_the_place_of_the_first_mistake_changes_nothing(type_: Any, data: st.DataObject) -> None:
    document = data.draw(mistaken(type_) | damaged(arbitrary(type_)))
    expected = outcome(repair, document, type_, lenient=True, conceal=str, mistake=None)
    assert outcome(read, document, type_, lenient=True) == expected
    with suppress(UnicodeDecodeError, RecursionError, DecodeError):
        decode_strictly(document, Raw)
        place = data.draw(st.lists(STEPS, max_size=4))
        assert outcome(repair, document, type_, lenient=True, conceal=str, mistake=place) == expected
    strict = outcome(repair, document, type_, lenient=False, conceal=str, mistake=None)
    assert outcome(read, document, type_, lenient=False) == strict


def outcome(reader: Callable[..., core.Decoded[Any]], *arguments: Any, **options: Any) -> tuple[object, ...]:
    try:
        decoded = reader(*arguments, **options)
    except Unreadable as unreadable:
        return str(unreadable), unreadable.issue
    return decoded.parsed, decoded.issues, decoded.complete


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch) -> list[Place]:
    """The places that msgspec refuses while a document is repaired."""
    places: list[Place] = []

    def remembered(error: ValidationError) -> Place:
        places.append(place_of(error))
        return places[-1]

    monkeypatch.setattr(module, "place_of", remembered)
    return places


@pytest.mark.parametrize("depth", [1, 5, 50])
def test_what_leads_to_a_mistake_is_not_decoded_again(depth: int, refused: list[Place]) -> None:
    around = '{"inner": ' * depth + '{"items": [{"itemId": "1"}, {"itemId": "2", "size": %s}]}' + "}" * depth
    for value, times in (('"x"', 0), ("1.0", 1)):
        decoded = core.decode((around % value).encode(), Run)
        assert len(decoded.issues) == 1 - times, "1.0 is an integer to JSON, and not to msgspec"
        assert len(refused) == times


def test_each_of_many_mistakes_is_refused_once(refused: list[Place]) -> None:
    items = [{"itemId": "1", "size": "x" if index % 50 == 7 else index} for index in range(5_000)]
    decoded = core.decode(json.dumps({"items": items}).encode(), Run)
    assert len(decoded.issues) == 100
    assert refused == [["size"]] * 99, "the first one was refused before"
