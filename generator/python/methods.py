"""Operations in Python's terms: signatures, docstrings, declarations for the run-time core."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from ..ir.model import Api, Body, Header, Operation, Parameter
from ..ir.types import AnyType, ListOf, MapOf, Ref, types_in
from ..simplify.names import unique_names
from .bodies import RequestMedia, declarations, request_media
from .classes import accepted
from .client import own_server
from .path import sent_path
from .quoting import Code, docstring, hanging, literal, name, sentence
from .responses import (
    error_class,
    failures,
    header_notes,
    headers,
    items,
    only_streams,
    others,
    responses,
    streams,
    whole,
)


@dataclass(frozen=True, slots=True)
class Method:
    """What the client's template prints of an operation."""

    operation: Operation
    constant: Code
    signature: Code
    values: Code
    body: Code
    path: Code
    chosen: Code
    """What makes of the constant one with the body that is sent, where there are several."""
    returns: Code
    doc: Code
    responses: tuple[tuple[Code, Code], ...]
    headers: tuple[tuple[Code, tuple[Code, ...]], ...]
    parameters: tuple[Code, ...]
    security: Code
    server: Code
    bodies: tuple[Code, ...]
    streams: bool = False
    """Whether it returns a stream, of which `returns` is one item."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A parameter of a method. `parameter` is what it fills; None: the body, or the choice of its media type."""

    name: Code
    annotation: Code
    required: bool
    keyword_only: bool
    parameter: Parameter | None
    default: Code | None = None
    """What it is unless it is given; None: `UNSET`."""


def methods(api: Api) -> list[Method]:
    """The methods of a client."""
    # Capitals can make one name of two (straße, strasse), or the name of something else in the module.
    found = list(calls(api))
    capitals = {o.name: unicodedata.normalize("NFKC", f"_{o.name.upper()}") for o, _ in found}
    constants = unique_names(capitals, ("_API",))
    words = enum_types(api)
    return [_method(api, o, name(constants[o.name]), words, streams=streams) for o, streams in found]


def calls(api: Api) -> Iterator[tuple[Operation, bool]]:
    """The operations and whether their answer is read item by item; twice, under two names, where it can be both."""
    taken = {(o.group, o.name) for o in api.operations} | {("", group.name) for group in api.groups}
    for operation in api.operations:
        is_stream = only_streams(operation)
        yield operation, is_stream
        if streams(operation) and not is_stream:
            name = f"{operation.name}_stream"
            while (operation.group, name) in taken:
                name += "_"
            yield replace(operation, name=name), True


def enum_types(api: Api) -> dict[str, str]:
    """The enums, and the type of their words, as `taken` wants to know them."""
    return {enum.name: "int" if isinstance(enum.values[0].value, int) else "str" for enum in api.enums}


def _method(api: Api, operation: Operation, constant: Code, words: Mapping[str, str], *, streams: bool) -> Method:
    bodies = request_media(operation, words)
    given = [p for p in operation.parameters if not p.from_client]
    return Method(
        operation=operation,
        constant=constant,
        signature=_signature(taken(operation, words)),
        values=Code("{" + ", ".join(f'"{name(p.name)}": {name(p.name)}' for p in given) + "}"),
        body=Code(", body" if bodies else ""),
        path=literal(sent_path(operation)),
        chosen=Code(".sending(content_type)" if len(bodies) > 1 else ""),
        returns=items(operation) if streams else whole(operation),
        doc=docstring(_method_text(operation, given, bodies, streams=streams), 8),
        responses=responses(operation, streamed=streams),
        headers=headers(operation),
        parameters=tuple(_parameter_code(p, words) for p in operation.parameters),
        security=literal(operation.security),  # type: ignore[arg-type]
        server=literal(own_server(operation)),
        bodies=declarations(api, operation, words),
        streams=streams,
    )


def taken(operation: Operation, enums: Mapping[str, str]) -> list[Taken]:
    """The parameters of a method, in the order of its signature."""
    given = [p for p in operation.parameters if not p.from_client]
    found = [_taken(p, enums, keyword_only=False) for p in given if p.location == "path"]
    bodies = request_media(operation, enums)
    if bodies and operation.body:
        found.append(Taken(Code("body"), _body_type(bodies), operation.body.required, False, None))
    others = [_taken(p, enums, keyword_only=True) for p in given if p.location != "path"]
    others.sort(key=lambda one: not one.required)
    if len(bodies) > 1:
        kinds = [literal(one.media_type) for one in bodies]
        type_ = Code(f"Literal[{', '.join(kinds)}]")
        others.append(Taken(Code("content_type"), type_, False, True, None, kinds[0]))
    return found + others


def _body_type(bodies: list[RequestMedia]) -> Code:
    words = list(dict.fromkeys(word for one in bodies for word in one.annotations))
    return Code("Any" if "Any" in words else " | ".join(sorted(words, key=lambda word: word == "None")))


def _taken(parameter: Parameter, enums: Mapping[str, str], *, keyword_only: bool) -> Taken:
    required = parameter.required or not keyword_only
    return Taken(name(parameter.name), accepted(parameter.type, enums), required, keyword_only, parameter)


def _signature(parameters: list[Taken]) -> Code:
    words = ["self"]
    for one in parameters:
        if one.keyword_only and "*" not in words:
            words.append("*")
        optional = f" = {one.default}" if one.default else " | UnsetType = UNSET"
        words.append(f"{one.name}: {one.annotation}{'' if one.required else optional}")
    return Code(", ".join(words))


def _parameter_code(parameter: Parameter, enums: Mapping[str, str]) -> Code:
    arguments: list[tuple[str, str | bool]] = [("wire", parameter.wire), ("location", parameter.location)]
    if parameter.media_type:
        arguments.append(("media_type", parameter.media_type))
    else:
        usual = "form" if parameter.location in ("query", "cookie") else "simple"
        arguments += [("style", parameter.style)] if parameter.style != usual else []
        arguments += [("explode", True)] if parameter.explode and _can_explode(parameter, enums) else []
    arguments += [("reserved", True)] if parameter.allow_reserved else []
    arguments += [("allow_empty", True)] if parameter.allow_empty else []
    words = [literal(parameter.name), *(Code(f"{key}={literal(value)}") for key, value in arguments)]
    if parameter.from_client:
        words.append(Code("from_client=True"))
    return Code(f"_core.Parameter({', '.join(words)})")


def _can_explode(parameter: Parameter, enums: Mapping[str, str]) -> bool:
    """Whether exploding changes what is sent: that of lists does not in the style `simple`."""
    inside = list(types_in(parameter.type))
    objects = any(isinstance(t, (MapOf, AnyType)) or (isinstance(t, Ref) and t.name not in enums) for t in inside)
    return objects or (parameter.style != "simple" and any(isinstance(t, ListOf) for t in inside))


def _method_text(operation: Operation, given: list[Parameter], bodies: list[RequestMedia], *, streams: bool) -> str:
    head = sentence(operation.summary)
    text = operation.description.strip()
    if not head or sentence(text) == head:
        head, text = (sentence(text), "") if "\n" not in text else (text, "")
    parts = [head or f"{operation.method} {operation.path}"]
    parts += ["Deprecated."] if operation.deprecated else []
    parts += [text] if text else []
    parts += _answer_text(operation, streams=streams)
    arguments = [f"{p.name}: {note}" for p in given if (note := _parameter_text(p))]
    if operation.body and (note := _body_text(operation.body, bodies)):
        arguments.append(f"body: {note}")
    if len(bodies) > 1:
        arguments.append("content_type: The media type that the body is sent as.")
    raised = [f"{error_class(r.status)}: {r.status}, {sentence(r.description)}" for r in failures(operation)]
    told = [_header_text(status, header) for status, header in header_notes(operation)]
    for title, entries in (("Args", arguments), ("Documented headers", told), ("Raises", raised)):
        parts += [f"{title}:\n" + "\n".join(hanging(entry, 8) for entry in entries)] if entries else []
    return "\n\n".join(parts)


def _parameter_text(parameter: Parameter) -> str:
    parts = ["Deprecated."] if parameter.deprecated else []
    parts += [text] if (text := sentence(parameter.description)) else []
    parts += [f"Default: `{parameter.default}`"] if parameter.default not in ("", "null") else []
    return " ".join(parts)


def _body_text(body: Body, bodies: list[RequestMedia]) -> str:
    """What a docstring says of the body: its description, and its media types where they are not plain JSON."""
    parts = [sentence(body.description)] if body.description else []
    kinds = [f"{m} (what the file is)" if "*" in (m := one.media_type) else m for one in bodies]
    if len({one.annotations for one in bodies}) > 1:
        kinds = [f"{kind} (`{_of(one)}`)" for kind, one in zip(kinds, bodies, strict=True)]
    if kinds and kinds != ["application/json"]:
        parts.append(f"Sent as {', '.join(kinds[:-1])}{' or ' if kinds[1:] else ''}{kinds[-1]}.")
    if any(one.encode == "bytes" for one in bodies):
        parts.append("An open file is read into memory, from where it stands.")
    return " ".join(parts)


def _of(body: RequestMedia) -> str:
    """The type that a media type is made of, as a caller would write it."""
    return re.sub(r"\b_(models|core)\.", "", " | ".join(body.annotations))


def _answer_text(operation: Operation, *, streams: bool) -> list[str]:
    """What there is to know of the answer beside its type."""
    if streams:
        return ["The answer is a stream: iterate over it, in a `with` statement."]
    found = [
        f"Reads {read}; the API can answer with {', '.join(unread)} too." for read, unread in others(operation).items()
    ]
    return [" ".join(found)] if found else []


def _header_text(status: str, header: Header) -> str:
    where = f" ({status})" if status else ""
    return f"{header.name}{where}: {sentence(header.description)}".rstrip(": ")
