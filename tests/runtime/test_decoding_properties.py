"""Everything that a provider's description allows is read, and every mistake is found where it is."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import datetime
from types import UnionType
from typing import Any

import msgspec
import pytest
import workflow_client_core as core
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from msgspec import UNSET, Struct

from tests.examples import examples
from tests.runtime.documents import arbitrary, at, damaged, kind, paths, replaced, without
from tests.runtime.responses import plain, raw
from tests.runtime.schemas import Documented, documented_responses
from tests.runtime.times import microseconds, since_year_one

_WITH_EVERY_TRAIT = ("anon", "copyai", "dify", "juo", "tamtam")
RESPONSES = [response for response in documented_responses() if response.name.startswith(_WITH_EVERY_TRAIT)]
EACH = pytest.mark.parametrize("documented", RESPONSES, ids=lambda documented: documented.name)
SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
SETTINGS = settings(max_examples=examples(30), suppress_health_check=SLOW, database=None)


def test_all_providers_are_looked_at() -> None:
    assert [documented.name for documented in RESPONSES] == [
        "anon 200",
        "copyai 200",
        "copyai 404",
        "dify 200",
        "juo 200",
        "tamtam 200",
        "tamtam default",
    ]


@pytest.mark.parametrize("documented", documented_responses(), ids=repr)
@settings(max_examples=examples(10), database=None)
@given(data=st.data())
def test_what_is_drawn_is_allowed(documented: Documented, data: st.DataObject) -> None:
    Draft202012Validator(documented.schema).validate(data.draw(documented.strategy()))


@EACH
@SETTINGS
@given(data=st.data())
def test_what_a_description_allows_is_read_and_written_again(documented: Documented, data: st.DataObject) -> None:
    document = data.draw(documented.strategy())
    encoded = json.dumps(document, ensure_ascii=data.draw(st.booleans())).encode()
    decoded = core.decode(encoded, documented.type)
    assert decoded.issues == ()
    assert plain(encoded, documented.type) == decoded.parsed
    assert same(decoded.parsed, document)
    again = msgspec.json.encode(decoded.parsed)
    assert core.decode(again, documented.type) == decoded
    assert same(decoded.parsed, json.loads(again), written=True)
    assert same(core.decode(encoded, documented.type, lazy=True).parsed, document)
    assert raw(encoded, documented.type).document == document


@EACH
@SETTINGS
@given(data=st.data())
def test_one_mistake_is_one_issue_or_one_invalid_response(documented: Documented, data: st.DataObject) -> None:
    document = data.draw(documented.strategy())
    path = data.draw(st.sampled_from([path for path in paths(document) if path]) if document else st.just(()))
    was = at(document, path)
    becomes = data.draw(st.sampled_from(OTHERS).filter(lambda value: kind(value) != kind(was)))
    mutated = replaced(document, path, becomes)
    encoded = json.dumps(mutated).encode()
    pointer = "".join("/" + str(key).replace("~", "~0").replace("/", "~1") for key in path)
    if documented.types_only().is_valid(mutated):
        assert core.decode(encoded, documented.type).issues == ()
        assert same(plain(encoded, documented.type), mutated)
        return
    if not path:
        with pytest.raises(core.InvalidResponse) as caught:
            core.decode(encoded, documented.type)
        assert caught.value.issue is not None
        assert caught.value.issue.pointer == ""
        return
    issues = core.decode(encoded, documented.type).issues
    if isinstance(becomes, dict) and all(issue.found == "nothing" for issue in issues):
        assert all(issue.pointer.startswith(f"{pointer}/") for issue in issues), "an object, but one that lacks much"
        return
    assert [issue.pointer for issue in issues] == [pointer]
    if is_required(documented.type, path):
        with pytest.raises(core.InvalidResponse) as caught:
            plain(encoded, documented.type)
        assert (caught.value.issue,) == issues
    else:
        value = plain(encoded, documented.type)
        assert value == core.decode(encoded, documented.type).parsed
        assert same(value, without(document, path))


@EACH
@SETTINGS
@given(data=st.data())
def test_one_value_less_is_absent_or_missed(documented: Documented, data: st.DataObject) -> None:
    document = data.draw(documented.strategy())
    named = [path for path in paths(document) if path and isinstance(path[-1], str)]
    if not named:
        return
    path = data.draw(st.sampled_from(named))
    shortened = without(document, path)
    encoded = json.dumps(shortened).encode()
    decoded = core.decode(encoded, documented.type)
    if documented.types_only().is_valid(shortened):
        assert decoded.issues == ()
        return
    pointer = "".join("/" + str(key).replace("~", "~0").replace("/", "~1") for key in path)
    assert [(issue.pointer, issue.found) for issue in decoded.issues] == [(pointer, "nothing")]
    with pytest.raises(core.InvalidResponse) as caught:
        plain(encoded, documented.type)
    assert (caught.value.issue,) == decoded.issues


@EACH
@SETTINGS
@given(data=st.data())
def test_any_object_is_read_leniently(documented: Documented, data: st.DataObject) -> None:
    document = data.draw(arbitrary(documented.type).filter(lambda value: isinstance(value, dict)))
    encoded = json.dumps(document).encode()
    decoded = core.decode(encoded, documented.type)
    assert isinstance(decoded.parsed, documented.type)
    for issue in decoded.issues:
        *parents, last = [part.replace("~1", "/").replace("~0", "~") for part in issue.pointer.split("/")[1:]]
        parent = at(document, tuple(parents))
        if issue.found == "nothing":
            assert last not in parent
        else:
            at(parent, (last,))
    assert len({issue.pointer for issue in decoded.issues}) == len(decoded.issues)
    assert raw(encoded, documented.type).parsed == decoded.parsed
    if documented.types_only().is_valid(document):
        assert decoded.issues == ()
    else:
        assert decoded.issues != ()


@EACH
@SETTINGS
@given(data=st.data())
def test_no_bytes_raise_anything_but_invalid_response(documented: Documented, data: st.DataObject) -> None:
    content = data.draw(damaged(arbitrary(documented.type)))
    for reader in (core.decode, plain, raw):
        with suppress(core.InvalidResponse):
            reader(content, documented.type)


OTHERS: list[Any] = [None, True, 7, 1.5, "a text", [], {}, {"a": 1}]


def is_required(type_: Any, path: tuple[Any, ...]) -> bool:
    """Whether the last step of the path is a required field of a Struct."""
    members: tuple[Any, ...] = getattr(type_, "__args__", ()) if isinstance(type_, UnionType) else (type_,)
    for member in members:
        if isinstance(member, type) and issubclass(member, Struct):
            fields = {field.encode_name: field for field in msgspec.structs.fields(member)}
            if path[0] in fields:
                field = fields[path[0]]
                return field.required if len(path) == 1 else is_required(field.type, path[1:])
        elif getattr(member, "__origin__", None) in (list, dict) and len(path) > 1:
            return is_required(member.__args__[-1], path[1:])
    return False


def same(value: Any, document: Any, *, written: bool = False) -> bool:
    """Whether `value` is what the document says, apart from undeclared properties (`written`: they are gone)."""
    if isinstance(value, Struct):
        fields = msgspec.structs.fields(type(value).__mro__[0])
        declared = {field.encode_name: getattr(value, field.name) for field in fields}
        if written and not document.keys() <= declared.keys():
            return False
        return all(
            name in document and same(item, document[name], written=written)
            if item is not UNSET
            else name not in document
            for name, item in declared.items()
        )
    if isinstance(value, dict):
        return value.keys() == document.keys() and all(
            same(item, document[key], written=written) for key, item in value.items()
        )
    if isinstance(value, list):
        return len(value) == len(document) and all(
            same(item, other, written=written) for item, other in zip(value, document, strict=True)
        )
    if isinstance(value, datetime):
        return abs(since_year_one(value) - microseconds(document)) < 1
    return bool(value == document) and isinstance(value, bool) == isinstance(document, bool)
