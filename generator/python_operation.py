"""Operations in Python's terms: signatures, docstrings, declarations for the run-time core."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from generator.ir import Api, Header, ListOf, Operation, Parameter, types_in
from generator.prepare.names import unique
from generator.python import accepted, annotation
from generator.python_answer import (
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
from generator.python_body import body_media
from generator.python_client import own_server
from generator.text import Code, docstring, hanging, literal, name, sentence


@dataclass(frozen=True, slots=True)
class Method:
    """What the client's template prints of an operation."""

    operation: Operation
    constant: Code
    signature: Code
    values: Code
    body: Code
    returns: Code
    doc: Code
    responses: tuple[tuple[Code, Code], ...]
    headers: tuple[tuple[Code, tuple[Code, ...]], ...]
    parameters: tuple[Code, ...]
    security: Code
    server: Code
    body_type: Code
    streams: bool = False
    """Whether it returns a stream, of which `returns` is one item."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A parameter of a method. `parameter` is what it fills; None: the body."""

    name: Code
    annotation: Code
    required: bool
    keyword_only: bool
    parameter: Parameter | None


def methods(api: Api) -> list[Method]:
    """The methods of a client."""
    # Capitals can make one name of two (straße, strasse), or the name of something else in the module.
    found = list(calls(api))
    capitals = {o.name: unicodedata.normalize("NFKC", f"_{o.name.upper()}") for o, _ in found}
    constants = unique(capitals, ("_API",))
    words = integer_words(api)
    return [_method(o, name(constants[o.name]), words, streams=streams) for o, streams in found]


def calls(api: Api) -> Iterator[tuple[Operation, bool]]:
    """The operations and whether their answer is read item by item; twice, under two names, where it can be both."""
    taken = {(o.group, o.name) for o in api.operations}
    for operation in api.operations:
        is_stream = only_streams(operation)
        yield operation, is_stream
        if streams(operation) and not is_stream:
            name = f"{operation.name}_stream"
            while (operation.group, name) in taken:
                name += "_"
            yield replace(operation, name=name), True


def integer_words(api: Api) -> dict[str, str]:
    """The enums whose words are numbers, as `taken` wants to know them."""
    return {enum.name: "int" for enum in api.enums if isinstance(enum.members[0].value, int)}


def _method(operation: Operation, constant: Code, words: Mapping[str, str], *, streams: bool) -> Method:
    given = [p for p in operation.parameters if not p.from_client]
    return Method(
        operation=operation,
        constant=constant,
        signature=_signature(taken(operation, words)),
        values=Code("{" + ", ".join(f'"{name(p.name)}": {name(p.name)}' for p in given) + "}"),
        body=Code(", body" if operation.body else ""),
        returns=items(operation) if streams else whole(operation),
        doc=docstring(_method_text(operation, given, streams=streams), 8),
        responses=responses(operation, streamed=streams),
        headers=headers(operation),
        parameters=tuple(_parameter_code(p) for p in operation.parameters),
        security=literal(operation.security),  # type: ignore[arg-type]
        server=literal(own_server(operation)),
        body_type=literal(media.media_type if (media := body_media(operation)) else ""),
        streams=streams,
    )


def taken(operation: Operation, enums: Mapping[str, str]) -> list[Taken]:
    """The parameters of a method, in the order of its signature."""
    given = [p for p in operation.parameters if not p.from_client]
    found = [_taken(p, enums, keyword_only=False) for p in given if p.location == "path"]
    media = body_media(operation)
    if media and operation.body:
        type_ = Code("Any") if media.type is None else annotation(media.type, "_models.")
        found.append(Taken(Code("body"), type_, operation.body.required, False, None))
    others = [_taken(p, enums, keyword_only=True) for p in given if p.location != "path"]
    return found + sorted(others, key=lambda one: not one.required)


def _taken(parameter: Parameter, enums: Mapping[str, str], *, keyword_only: bool) -> Taken:
    required = parameter.required or not keyword_only
    return Taken(name(parameter.name), accepted(parameter.type, enums), required, keyword_only, parameter)


def _signature(parameters: list[Taken]) -> Code:
    words = ["self"]
    for one in parameters:
        if one.keyword_only and "*" not in words:
            words.append("*")
        words.append(f"{one.name}: {one.annotation}" + ("" if one.required else " | UnsetType = UNSET"))
    return Code(", ".join(words))


def _parameter_code(parameter: Parameter) -> Code:
    words = [literal(parameter.name)]
    words += [Code(f"wire={literal(parameter.wire)}"), Code(f"location={literal(parameter.location)}")]
    listed = any(isinstance(t, ListOf) for t in types_in(parameter.type))
    if parameter.explode and parameter.location == "query" and listed:
        words.append(Code("explode=True"))
    if parameter.from_client:
        words.append(Code("from_client=True"))
    return Code(f"_core.Parameter({', '.join(words)})")


def _method_text(operation: Operation, given: list[Parameter], *, streams: bool) -> str:
    head = sentence(operation.summary)
    text = operation.description.strip()
    if not head or sentence(text) == head:
        head, text = (sentence(text), "") if "\n" not in text else (text, "")
    parts = [head or f"{operation.method} {operation.path}"]
    parts += ["Deprecated."] if operation.deprecated else []
    parts += [text] if text else []
    parts += _answer_text(operation, streams=streams)
    notes = [(p.name, f"{'Deprecated. ' if p.deprecated else ''}{sentence(p.description)}") for p in given]
    arguments = [f"{name}: {note}" for name, note in notes if note]
    if operation.body and operation.body.description:
        arguments.append(f"body: {sentence(operation.body.description)}")
    raised = [f"{error_class(r.status)}: {r.status}, {sentence(r.description)}" for r in failures(operation)]
    told = [] if streams else [_header_text(status, header) for status, header in header_notes(operation)]
    for title, entries in (("Args", arguments), ("Headers of the raw answer", told), ("Raises", raised)):
        parts += [f"{title}:\n" + "\n".join(hanging(entry, 8) for entry in entries)] if entries else []
    return "\n\n".join(parts)


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
