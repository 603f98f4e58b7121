"""Types and declarations as values: their code in each module, their text for readers, and their imports."""

from __future__ import annotations

from generator.ir.types import NULL, ListOf, MapOf, Ref, Scalar, UnionOf
from generator.python.annotations import UNIFIED, accepted, annotation
from generator.python.expressions import (
    ANY,
    CORE,
    MODELS,
    NONE,
    STR,
    Name,
    annotated,
    argument_codes,
    call,
    code_of,
    either,
    names_in,
    union,
)
from generator.python.imports import BINARY_IO, DATE, FIELD, FILE, MAPPING, UNSET, import_lines
from generator.python.quoting import Code, literal
from tests.diff.rules.made import TEXT

RUN = Name("Run", MODELS)


def test_an_annotation_is_printed_as_its_module_writes_it() -> None:
    type_ = UnionOf((MapOf(ListOf(UnionOf((Ref("Run"), NULL)))), Scalar("str", "date"), Scalar("str", "binary"), NULL))
    assert code_of(annotation(type_)) == "dict[str, list[_models.Run | None]] | _date | _core.File | None"
    assert code_of(annotation(type_), MODELS) == "dict[str, list[Run | None]] | _date | _File | None"
    assert str(annotation(type_)) == "dict[str, list[Run | None]] | date | File | None"
    assert code_of(annotation(ListOf(TEXT), UNIFIED), MODELS) == "tuple[str, ...]"


def test_the_order_of_members_is_the_document_s_and_each_is_there_once() -> None:
    type_ = annotation(UnionOf((Ref("B"), Ref("A"), Scalar("str", "uri"), TEXT)))
    assert code_of(type_) == "_models.B | _models.A | str"
    assert code_of(either([NONE, STR, annotated(RUN), STR])) == "str | _models.Run | None"
    assert either([NONE, STR, ANY]) == ANY
    assert either([]) == NONE


def test_a_parameter_takes_more_than_it_sends() -> None:
    type_ = UnionOf((Ref("Color"), ListOf(Scalar("str", "uuid")), MapOf(Scalar("str", "binary"))))
    assert code_of(accepted(type_, {"Color": "int"})) == (
        "_models.Color | int | _core.SequenceNotStr[UUID | str] | _Mapping[str, str]"
    )


def test_names_are_found_at_any_depth_and_renamed_there() -> None:
    type_ = annotation(ListOf(UnionOf((Ref("Run"), TEXT))))
    assert list(names_in(type_)) == [Name("list"), RUN, Name("str")]
    renamed = type_.renamed({RUN: Name("Job", MODELS), Name("list"): Name("_list")})
    assert code_of(renamed) == "_list[_models.Job | str]"


def test_a_call_prints_its_arguments_and_knows_what_they_mention() -> None:
    part = call(Name("Part", CORE), literal("a, b"), explode=Code("True"))
    body = call(Name("Body", CORE), literal("x/y"), union((annotated(RUN), annotated(DATE))), parts=(part,))
    assert code_of(body) == "_core.Body('x/y', _models.Run | _date, parts=(_core.Part('a, b', explode=True),))"
    assert argument_codes(body)[0] == "'x/y'"
    assert set(names_in(body)) == {Name("Body", CORE), RUN, DATE, Name("Part", CORE)}
    assert code_of(call(FIELD, default=UNSET), MODELS) == "_field(default=UNSET)"


def test_a_module_imports_what_it_mentions_in_the_order_of_the_lines() -> None:
    names = [UNSET, BINARY_IO, FILE, RUN, MAPPING, Name("str"), *names_in(ANY), UNSET]
    calls = ["from collections.abc import Mapping as _Mapping", "from typing import Any, BinaryIO"]
    assert import_lines(names) == [*calls, "", "from msgspec import UNSET"]
    models = ["from msgspec import UNSET", "from workflow_client_core import File as _File"]
    assert import_lines(names, MODELS) == [*calls, "", *models]
    assert import_lines([RUN, Name("str")]) == []
