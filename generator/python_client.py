"""Operations and credentials in Python's terms: signatures, docstrings, declarations for the run-time core."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from generator.checks import chosen, decoding
from generator.ir import (
    Api,
    Global,
    ListOf,
    Media,
    Operation,
    Parameter,
    Response,
    SecurityScheme,
    ServerVariable,
    types_in,
)
from generator.prepare.names import unique
from generator.python import accepted, alternatives, annotation
from generator.text import Code, docstring, hanging, literal, name, sentence

_EMPTY = ("204", "205", "304")
"""Statuses whose answers have no body, whatever a document says (RFC 9110, sections 15.3.5, 15.3.6 and 15.4.5)."""
_STATUS_ERRORS = {
    "400": "BadRequest",
    "401": "Unauthorized",
    "403": "Forbidden",
    "404": "NotFound",
    "409": "Conflict",
    "422": "UnprocessableEntity",
    "429": "RateLimited",
}


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
    parameters: tuple[Code, ...]
    security: Code
    server: Code
    body_type: Code


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
    capitals = {o.name: unicodedata.normalize("NFKC", f"_{o.name.upper()}") for o in api.operations}
    constants = unique(capitals, ("_API",))
    words = integer_words(api)
    return [_method(operation, name(constants[operation.name]), words) for operation in api.operations]


def integer_words(api: Api) -> dict[str, str]:
    """The enums whose words are numbers, as `taken` wants to know them."""
    return {enum.name: "int" for enum in api.enums if isinstance(enum.members[0].value, int)}


def _method(operation: Operation, constant: Code, words: Mapping[str, str]) -> Method:
    given = [p for p in operation.parameters if not p.from_client]
    return Method(
        operation=operation,
        constant=constant,
        signature=_signature(taken(operation, words)),
        values=Code("{" + ", ".join(f'"{name(p.name)}": {name(p.name)}' for p in given) + "}"),
        body=Code(", body" if operation.body else ""),
        returns=returned(operation),
        doc=docstring(_method_text(operation, given), 8),
        responses=_responses(operation),
        parameters=tuple(_parameter_code(p) for p in operation.parameters),
        security=literal(operation.security),  # type: ignore[arg-type]
        server=literal(own_server(operation)),
        body_type=literal(media.media_type if (media := body_media(operation)) else ""),
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


def body_media(operation: Operation) -> Media | None:
    """What a client sends of a body; None where it sends none."""
    return next((m for m in operation.body.content if decoding(m) == "json"), None) if operation.body else None


def successes(operation: Operation) -> list[Response]:
    """The answers of a call that worked; `default` is one when nothing else is documented for it."""
    documented = [r for r in operation.responses if r.success]
    return documented or [r for r in operation.responses if r.status == "default"]


def returned(operation: Operation) -> Code:
    """The annotation of what a method returns."""
    words = [word for response in successes(operation) for word in contents(operation, response)] or ["None"]
    return Code("Any" if "Any" in words else " | ".join(sorted(dict.fromkeys(words), key=lambda w: w == "None")))


def contents(operation: Operation, response: Response) -> list[str]:
    """The annotations of what the body of an answer is read as."""
    return _content(response, "_models.", head=operation.method == "HEAD")[0]


def _content(response: Response, models: str, *, head: bool) -> tuple[list[str], str]:
    """The types of an answer's body, and the code that declares how it is read."""
    media = chosen(response.content)
    if media is None or head or response.status in _EMPTY:
        return ["None"], "None"
    how = decoding(media)
    if how != "json":
        type_ = {"text": "str", "bytes": "bytes"}[how]
        return [type_], f"_core.Content({literal(media.media_type)}, {type_}, decode={literal(how)})"
    types = ["Any"] if media.type is None else alternatives(media.type, models)
    return types, f"_core.Content({literal(media.media_type)}, {' | '.join(types)})"


def _responses(operation: Operation) -> tuple[tuple[Code, Code], ...]:
    head = operation.method == "HEAD"
    found = [(literal(r.status), Code(_content(r, "_models.", head=head)[1])) for r in operation.responses]
    if not successes(operation):
        found.insert(0, (literal("2XX"), Code("None")))  # nothing documented: the call worked, and that is all
    return tuple(found)


def _parameter_code(parameter: Parameter) -> Code:
    words = [literal(parameter.name)]
    words += [Code(f"wire={literal(parameter.wire)}"), Code(f"location={literal(parameter.location)}")]
    listed = any(isinstance(t, ListOf) for t in types_in(parameter.type))
    if parameter.explode and parameter.location == "query" and listed:
        words.append(Code("explode=True"))
    if parameter.from_client:
        words.append(Code("from_client=True"))
    return Code(f"_core.Parameter({', '.join(words)})")


def own_server(operation: Operation) -> str:
    """The URL that replaces the client's for this operation; "" when there is none."""
    return operation.servers[0].default_url if operation.own_servers else ""


def own_url(api: Api) -> str:
    """The URL that a client uses when it is given none; "" when the document names no absolute one."""
    url = api.servers[0].default_url if api.servers else ""
    return url if url.startswith(("http://", "https://")) else ""


def _method_text(operation: Operation, given: list[Parameter]) -> str:
    head = sentence(operation.summary)
    text = operation.description.strip()
    if not head or sentence(text) == head:
        head, text = (sentence(text), "") if "\n" not in text else (text, "")
    parts = [head or f"{operation.method} {operation.path}"]
    parts += ["Deprecated."] if operation.deprecated else []
    parts += [text] if text else []
    notes = [(p.name, f"{'Deprecated. ' if p.deprecated else ''}{sentence(p.description)}") for p in given]
    arguments = [f"{name}: {note}" for name, note in notes if note]
    if operation.body and operation.body.description:
        arguments.append(f"body: {sentence(operation.body.description)}")
    raised = [f"{error_class(r.status)}: {r.status}, {sentence(r.description)}" for r in failures(operation)]
    for title, entries in (("Args", arguments), ("Raises", raised)):
        parts += [f"{title}:\n" + "\n".join(hanging(entry, 8) for entry in entries)] if entries else []
    return "\n\n".join(parts)


def failures(operation: Operation) -> list[Response]:
    """The answers that a method raises an error for."""
    return [r for r in operation.responses if r not in successes(operation)]


def error_class(status: str) -> str:
    """The core's exception for a documented status."""
    return _STATUS_ERRORS.get(status, "ServerError" if status.startswith("5") else "StatusError")


def credential(scheme: SecurityScheme) -> Code:
    """The declaration of a credential."""
    words = [literal(scheme.name), f"argument={literal(scheme.argument)}", f"environment={literal(scheme.environment)}"]
    words += [f"location={literal(scheme.location)}", f"name={literal(scheme.wire)}"]
    if scheme.kind == "bearer":
        words.append('prefix="Bearer "')
    elif scheme.kind == "basic":
        words.append('kind="basic"')
    return Code(f"_core.Credential({', '.join(words)})")


@dataclass(frozen=True, slots=True)
class Argument:
    """A constructor argument that the API's description asks for."""

    name: Code
    origin: Global | SecurityScheme | ServerVariable
    description: str
    environment: str = ""
    """The variable that stands in for it; "" when there is none."""
    default: str = ""
    needed: bool = False
    """Whether a call cannot do without it."""


def arguments(api: Api) -> tuple[Argument, ...]:
    """The constructor's own arguments: what fills parameters, credentials, server variables."""
    found = [Argument(name(g.argument), g, g.description, g.environment, needed=g.required) for g in api.globals]
    needed = min((o.security[0] for o in api.operations if o.security and () not in o.security), default=())
    for scheme in used_schemes(api):
        description = scheme.description or f"The credential {scheme.name}."
        found.append(
            Argument(name(scheme.argument), scheme, description, scheme.environment, needed=scheme.name in needed)
        )
    for variable in api.servers[0].variables if api.servers else ():
        description = variable.description or f"{{{variable.name}}} of the server's URL."
        found.append(Argument(name(variable.argument), variable, description, default=variable.default))
    return tuple(found)


def used_schemes(api: Api) -> tuple[SecurityScheme, ...]:
    """The schemes that any operation takes; all of them when there are no operations."""
    used = {name for o in api.operations for alternative in o.security for name in alternative}
    return tuple(s for s in api.schemes if s.name in used)


def requirements(api: Api) -> tuple[Code, ...]:
    """The distinct effective security requirements of the operations."""
    found = dict.fromkeys(operation.security for operation in api.operations)
    return tuple(literal(security) for security in sorted(found))  # type: ignore[arg-type]
