from __future__ import annotations

import copy
import enum
import pickle

import msgspec
import pytest
from workflow_client_core import OpenIntEnum, OpenStrEnum


class Status(OpenStrEnum):
    RUNNING = "running"
    DONE = "done"


class Level(OpenIntEnum):
    LOW = 1
    HIGH = 2


def test_documented_values_are_the_members() -> None:
    assert Status("running") is Status.RUNNING
    assert Status.RUNNING.documented
    assert Level(2) is Level.HIGH
    assert Level.HIGH.documented


@pytest.mark.parametrize(("class_", "value"), [(Status, "paused"), (Status, ""), (Level, 7), (Level, -1)])
def test_undocumented_values_are_not_refused(class_: type[OpenStrEnum] | type[OpenIntEnum], value: str | int) -> None:
    member = class_(value)  # type: ignore[arg-type]  # either enum with a value of its type
    assert isinstance(member, class_)
    assert not member.documented
    assert member == value
    assert hash(member) == hash(value)
    assert member.value == value
    assert f"{member}" == str(value)
    assert {value: "x"}[member] == "x"


def test_undocumented_values_are_not_stored() -> None:
    first, second = Status("paused"), Status("paused")
    assert first == second
    assert first is not second
    assert list(Status) == [Status.RUNNING, Status.DONE]
    assert "paused" not in Status.__members__
    assert Status("other").value == "other"
    assert first.value == "paused"


@pytest.mark.parametrize("value", [Status.RUNNING, Status("paused"), Level.LOW, Level(9)])
def test_values_survive_pickling_and_copying(value: OpenStrEnum | OpenIntEnum) -> None:
    for twin in (pickle.loads(pickle.dumps(value)), copy.copy(value), copy.deepcopy(value)):
        assert twin == value
        assert type(twin) is type(value)
        assert twin.documented is value.documented


def test_repr_says_what_is_undocumented() -> None:
    assert repr(Status.RUNNING) == "<Status.RUNNING: 'running'>"
    assert repr(Status("paused")) == "<Status 'paused' (undocumented)>"
    assert repr(Level(9)) == "<Level 9 (undocumented)>"


@pytest.mark.parametrize(("class_", "value"), [(Status, 1), (Status, None), (Level, "x"), (Level, False), (Level, 7.5)])
def test_values_of_another_type_are_refused(class_: type[enum.Enum], value: object) -> None:
    with pytest.raises(ValueError, match="is not a valid"):
        class_(value)


def test_msgspec_reads_and_writes_undocumented_values() -> None:
    statuses = msgspec.json.decode(b'["running", "paused"]', type=list[Status])
    assert statuses == [Status.RUNNING, "paused"]
    assert not statuses[1].documented
    assert msgspec.json.encode(statuses) == b'["running","paused"]'
    assert msgspec.json.decode(b"[1, 9]", type=list[Level]) == [1, 9]
