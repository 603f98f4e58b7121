"""Parameters in Python's terms: what a method takes, and how the run-time core sends what a caller gives.

The path of an operation is here too, because it says where path parameters go.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote

from ..interpreter.fast_dataclasses import dataclass
from ..ir.model import Operation, Parameter
from ..ir.types import AnyType, ListOf, MapOf, Ref, constant_of, types_in
from .annotations import accepted
from .bodies import request_media
from .expressions import CORE, Annotation, Call, Declaration, Name, Value, annotated, call, either, union
from .imports import LITERAL, UNSET, UNSET_TYPE
from .quoting import Code, literal, name

_TEMPLATE_EXPRESSION = re.compile(r"(\{[^{}]+\})")
_UNQUOTED = "/?:@!$&'()*+,;=~%"
"""What paths and queries may contain (RFC 3986, sections 3.3 and 3.4), and the percent sign of escapes."""


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
    filled = caller_parameters(operation)
    parameters = [_method_parameter(p, enums, keyword_only=False) for p in filled if is_positional(p)]
    bodies = request_media(operation, enums)
    if bodies and operation.body:
        type_ = either(body.annotation for body in bodies)
        parameters.append(MethodParameter(Code("body"), type_, operation.body.required, False, None))
    keyword_only = [_method_parameter(p, enums, keyword_only=True) for p in filled if not is_positional(p)]
    parameters += sorted(keyword_only, key=lambda parameter: not parameter.required)
    if len(bodies) > 1:
        media_types = [literal(body.media_type) for body in bodies]
        choice = annotated(LITERAL, *(annotated(Name(media_type)) for media_type in media_types))
        parameters.append(MethodParameter(Code("content_type"), choice, False, True, None, media_types[0]))
    return tuple(parameters)


def caller_parameters(operation: Operation) -> list[Parameter]:
    """The parameters of an operation that callers give, and not the client."""
    return [parameter for parameter in operation.parameters if not parameter.from_client]


def parameter_declaration(parameter: Parameter, enums: Mapping[str, str]) -> Call:
    """A parameter, as declared to the run-time core."""
    keywords: dict[str, str | bool] = {"wire": parameter.wire, "location": parameter.location}
    default_style = "form" if parameter.location in ("query", "cookie") else "simple"
    if parameter.media_type:
        keywords["media_type"] = parameter.media_type
    elif parameter.style != default_style:
        keywords["style"] = parameter.style
    flags = {
        "explode": not parameter.media_type and parameter.explode and _can_explode(parameter, enums),
        "reserved": parameter.allow_reserved,
        "allow_empty": parameter.allow_empty,
        "from_client": parameter.from_client,
    }
    keywords |= {key: flag for key, flag in flags.items() if flag}
    literals = {keyword: literal(value) for keyword, value in keywords.items()}
    return call(Name("Parameter", CORE), literal(parameter.name), **literals)


def is_positional(parameter: Parameter) -> bool:
    """Whether callers give a parameter without its name: those of the path, as far as they have a choice."""
    return parameter.location == "path" and constant_of(parameter.type) is None


def _method_parameter(parameter: Parameter, enums: Mapping[str, str], *, keyword_only: bool) -> MethodParameter:
    required, constant = parameter.required or parameter.location == "path", constant_of(parameter.type)
    default = UNSET if constant is None or not required else literal(constant)
    type_ = accepted(parameter.type, enums)
    return MethodParameter(name(parameter.name), type_, required and default == UNSET, keyword_only, parameter, default)


def _can_explode(parameter: Parameter, enums: Mapping[str, str]) -> bool:
    """Whether exploding changes what is sent: that of lists does not in the style `simple`."""
    types = list(types_in(parameter.type))
    objects = any(isinstance(t, (MapOf, AnyType)) or (isinstance(t, Ref) and t.name not in enums) for t in types)
    return objects or (parameter.style != "simple" and any(isinstance(t, ListOf) for t in types))


def sent_path(operation: Operation) -> str:
    """The path of an operation, percent-encoded, with its template expressions.

    A query in the path stays, except for pairs that a query parameter fills, as in `?key={key}`. A fragment only tells
    paths of a document apart, and is never sent (RFC 9110, section 7.1).
    """
    expressions = {f"{{{p.wire}}}" for p in operation.parameters if p.location == "path"}
    without_query_expressions = re.sub(r"\{[?&][^{}]*\}", "", operation.path.partition("#")[0])
    path, _, query = without_query_expressions.partition("?")
    pairs = [pair for pair in query.split("&") if pair and expressions.issuperset(_TEMPLATE_EXPRESSION.findall(pair))]
    parts = _TEMPLATE_EXPRESSION.split(f"{path}?{'&'.join(pairs)}" if pairs else path)
    return "".join(part if part in expressions else _quoted(part) for part in parts)


def _quoted(text: str) -> str:
    return re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", quote(text, safe=_UNQUOTED, errors="replace"))
