"""A package -> what callers can see of it, as rendering decides it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ...ir import model as ir
from ...ir.model import Alias, Api, Enum, Field, Global, Model, Operation, Package, SecurityScheme, ServerVariable
from ...ir.types import ANY
from ...python import bodies as python_bodies
from ...python import classes as python
from ...python import client as python_client
from ...python import methods as python_methods
from ...python import responses as python_responses
from ...python import webhooks as python_webhooks
from ..forms import parameter_form
from .annotations import MODELS, read
from .surface import (
    Attribute,
    Class,
    Function,
    Header,
    Method,
    Parameter,
    Raised,
    Surface,
    Word,
    closure,
)


def surface(package: Package) -> Surface:
    """What callers can see of the package."""
    api = package.api
    methods = tuple(_methods(api))
    classes = (*map(_model, api.models), *map(_enum, api.enums), *map(_alias, api.aliases))
    webhooks = tuple(_webhooks(api))
    received = [a for method in methods for a in (method.returns, *(one.body for one in method.raises))]
    received += [one.returns for one in webhooks]
    passed = [one.annotation for method in methods for one in method.parameters]
    return Surface(
        client=f"{package.client}Client",
        server=python_client.own_url(api),
        constructor=tuple(_constructor(api)),
        methods=methods,
        webhooks=webhooks,
        classes=classes,
        received=closure(received, classes),
        passed=closure(passed, classes),
        source=api.source,
        doc=_plain(f"{api.title}. {api.description}"),
    )


def _methods(api: Api) -> Iterator[Method]:
    words = python_methods.enum_types(api)
    arguments = {scheme.name: scheme.argument for scheme in api.schemes}
    for operation, streams in python_methods.calls(api):
        streamed = streams and not python_responses.only_streams(operation)
        media = python_bodies.body_media(operation, words)
        yield Method(
            name=operation.dotted_name,
            operation=operation.route,
            streams=streamed,
            server=python_client.own_server(operation),
            media_type=media.media_type if media else "",
            bodies=tuple(_bodies(api, operation, words)),
            parameters=tuple(_parameter(one, operation, words) for one in python_methods.taken(operation, words)),
            returns=read(python_responses.returned(operation, streamed=streams)),
            raises=tuple(_raised(operation)),
            headers=() if streamed else tuple(_headers(operation)),
            ways=tuple(
                frozenset(arguments[name] for name in way) for way in operation.security if arguments.keys() >= {*way}
            )
            or (frozenset(),),
            source=operation.source,
            doc=_plain(f"{operation.summary} {operation.description}"),
            deprecated=operation.deprecated,
        )


def _bodies(api: Api, operation: Operation, words: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    declared = python_bodies.declarations(api, operation, words)
    for one, declaration in zip(python_bodies.request_media(operation, words), declared, strict=True):
        yield one.media_type, declaration.partition(", ")[2].removesuffix(")")


def _webhooks(api: Api) -> Iterator[Function]:
    routes = {operation.dotted_name: operation.route for operation in api.operations}
    returns = {one.name: one.returns for one in python_webhooks.functions(api)}
    for one in api.webhooks:
        if one.name in returns:
            described = one.body.description if one.body else ""
            yield Function(
                name=one.name,
                wire=f"{one.method} {one.wire} {routes.get(one.operation, '')}",
                returns=read(returns[one.name]),
                source=one.source,
                doc=_plain(f"{one.summary} {one.description} {described}"),
                deprecated=one.deprecated,
            )


def _unnamed(text: str, hole: str = "{}") -> str:
    """A path or an address without the names of its variables, which are the document's own."""
    return re.sub(r"[{][^{}]+[}]", hole, text)


def _parameter(one: python_methods.Taken, operation: Operation, enums: Mapping[str, str]) -> Parameter:
    filled, body = one.parameter, operation.body
    return Parameter(
        name=one.name,
        wire=_sent(filled) if filled else str(one.name),
        annotation=read(one.annotation),
        required=one.required,
        keyword_only=one.keyword_only,
        source=filled.source if filled else body.source if body else operation.source,
        doc=_plain(filled.description if filled else body.description if body else ""),
        deprecated=filled.deprecated if filled else False,
        form=parameter_form(filled, enums) if filled else "",
    )


def _sent(one: ir.Parameter | SecurityScheme) -> str:
    """Where a parameter or a credential is in a request; the names of headers are alike in all capitals."""
    return f"{one.location} {one.wire.lower() if one.location == 'header' else one.wire}"


def _raised(operation: Operation) -> Iterator[Raised]:
    for response in python_responses.failures(operation):
        body = read(" | ".join(python_responses.contents(operation, response)))
        name = python_responses.error_class(response.status)
        yield Raised(response.status, name, body, response.source, _plain(response.description))


def _headers(operation: Operation) -> Iterator[Header]:
    for response in operation.responses:
        for one in python_responses.documented_headers(response):
            annotation = "str" if one.type == ANY else python.annotation(one.type, MODELS)
            yield Header(one.name, response.status, read(annotation), one.source)


def _constructor(api: Api) -> Iterator[Parameter]:
    filled = {p.name: _sent(p) for o in api.operations for p in o.parameters if p.from_client}
    for argument in python_client.arguments(api):
        match argument.origin:
            case Global():
                annotation, wire = "str", filled[argument.origin.argument]
            case SecurityScheme() as scheme:
                annotation, wire = "_core.CredentialSource | str", f"{scheme.kind} in {_sent(scheme)}"
            case ServerVariable(name=variable):
                annotation, wire = "str", _unnamed(api.servers[0].url.replace("{" + variable + "}", "{}"), "{*}")
        required = argument.needed and isinstance(argument.origin, Global)
        doc = _plain(f"{argument.origin.description} {argument.default}")
        yield Parameter(
            name=argument.name,
            wire=wire,
            annotation=read(annotation),
            required=required,
            keyword_only=True,
            source=argument.origin.source,
            doc=doc,
            environment=argument.environment,
            values=argument.origin.enum if isinstance(argument.origin, ServerVariable) else (),
        )
    # Callers need to give an address when the document has none.
    needed, doc = not python_client.own_url(api), "The server's URL."
    yield Parameter("base_url", "base_url", read("str"), needed, True, api.source, doc)


def _model(model: Model) -> Class:
    attributes = tuple(map(_attribute, model.attributes))
    return Class(model.name, "", attributes, (), model.source, _plain(model.description), model.deprecated)


def _attribute(field: Field) -> Attribute:
    return Attribute(
        name=field.name,
        wire=field.wire,
        annotation=read(python.annotation(field.type, MODELS)),
        required=not python.may_be_absent(field),
        source=field.source,
        doc=_plain(f"{field.description} {field.default if field.default != 'null' else ''}"),
        deprecated=field.deprecated,
    )


def _enum(enum: Enum) -> Class:
    base = "int" if isinstance(enum.values[0].value, int) else "str"
    words = tuple(Word(one.name, one.value, one.source, _plain(one.description)) for one in enum.values)
    return Class(enum.name, base, (), words, enum.source, _plain(enum.description), enum.deprecated)


def _alias(alias: Alias) -> Class:
    members = read(python.annotation(alias.type, MODELS))
    return Class(alias.name, "", (), (), alias.source, _plain(alias.description), alias.deprecated, members)


def _plain(text: str) -> str:
    """A documentation text without its line breaks, which rendering decides anew."""
    return " ".join(text.split())
