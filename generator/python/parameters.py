"""Parameters in Python's terms: what a method takes, and how the run-time core sends what a caller gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..ir.model import Operation, Parameter
from ..ir.types import AnyType, ListOf, MapOf, Ref, types_in
from .annotations import accepted
from .bodies import request_media
from .expressions import CORE, Annotation, Call, Declaration, Name, Value, annotated, call, code_of, either, union
from .imports import LITERAL, UNSET, UNSET_TYPE
from .quoting import Code, literal, name


@dataclass(frozen=True, slots=True)
class MethodParameter:
    """A parameter of a method. `parameter` is what it fills; None: the body, or the choice of its media type."""

    name: Code
    annotation: Annotation
    required: bool
    keyword_only: bool
    parameter: Parameter | None
    default: Value = UNSET

    def declaration(self) -> Declaration:
        """Its part of the signature."""
        if self.required:
            return Declaration(self.name, self.annotation)
        unset = (annotated(UNSET_TYPE),) if self.default == UNSET else ()
        return Declaration(self.name, union((self.annotation, *unset)), self.default)


def method_parameters(operation: Operation, enums: Mapping[str, str]) -> tuple[MethodParameter, ...]:
    """The parameters of a method, in the order of its signature; `enums` as in `annotations.accepted`."""
    given = caller_parameters(operation)
    parameters = [_method_parameter(p, enums, keyword_only=False) for p in given if p.location == "path"]
    bodies = request_media(operation, enums)
    if bodies and operation.body:
        type_ = either(body.annotation for body in bodies)
        parameters.append(MethodParameter(Code("body"), type_, operation.body.required, False, None))
    keyword_only = [_method_parameter(p, enums, keyword_only=True) for p in given if p.location != "path"]
    parameters += sorted(keyword_only, key=lambda parameter: not parameter.required)
    if len(bodies) > 1:
        media_types = [literal(body.media_type) for body in bodies]
        choice = annotated(LITERAL, *(annotated(Name(media_type)) for media_type in media_types))
        parameters.append(MethodParameter(Code("content_type"), choice, False, True, None, media_types[0]))
    return tuple(parameters)


def caller_parameters(operation: Operation) -> list[Parameter]:
    """The parameters of an operation that callers give, and not the client."""
    return [parameter for parameter in operation.parameters if not parameter.from_client]


def signature(parameters: tuple[MethodParameter, ...]) -> Code:
    """What stands between the parentheses of a method's definition."""
    words = ["self"]
    for parameter in parameters:
        if parameter.keyword_only and "*" not in words:
            words.append("*")
        words.append(code_of(parameter.declaration()))
    return Code(", ".join(words))


def parameter_declaration(parameter: Parameter, enums: Mapping[str, str]) -> Call:
    """A parameter, as declared to the run-time core."""
    keywords: dict[str, str | bool] = {"wire": parameter.wire, "location": parameter.location}
    usual = "form" if parameter.location in ("query", "cookie") else "simple"
    if parameter.media_type:
        keywords["media_type"] = parameter.media_type
    elif parameter.style != usual:
        keywords["style"] = parameter.style
    flags = {
        "explode": not parameter.media_type and parameter.explode and _can_explode(parameter, enums),
        "reserved": parameter.allow_reserved,
        "allow_empty": parameter.allow_empty,
        "from_client": parameter.from_client,
    }
    keywords |= {key: flag for key, flag in flags.items() if flag}
    return call(
        Name("Parameter", CORE), literal(parameter.name), **{key: literal(value) for key, value in keywords.items()}
    )


def _method_parameter(parameter: Parameter, enums: Mapping[str, str], *, keyword_only: bool) -> MethodParameter:
    required = parameter.required or not keyword_only
    return MethodParameter(name(parameter.name), accepted(parameter.type, enums), required, keyword_only, parameter)


def _can_explode(parameter: Parameter, enums: Mapping[str, str]) -> bool:
    """Whether exploding changes what is sent: that of lists does not in the style `simple`."""
    types = list(types_in(parameter.type))
    objects = any(isinstance(t, (MapOf, AnyType)) or (isinstance(t, Ref) and t.name not in enums) for t in types)
    return objects or (parameter.style != "simple" and any(isinstance(t, ListOf) for t in types))
