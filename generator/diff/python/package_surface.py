"""A package -> what callers can see of it, decided by the same functions as the rendered code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from ...ir import model as ir
from ...ir.access.model import ClientCredentials, Global, SecurityScheme, ServerVariable
from ...ir.model import Api, Operation, Package
from ...ir.pages.model import Pagination
from ...ir.types import Type
from ...python import responses
from ...python.annotations import annotation, enum_classes, enum_type, enum_types
from ...python.bodies import body_declaration, request_media
from ...python.classes import has_default, may_be_absent
from ...python.client import Argument, arguments, default_base_url, every_call_needs_base_url, own_server, own_servers
from ...python.expressions import CORE, STR, Annotation, Name, annotated, argument_codes, union
from ...python.imports import MAPPING
from ...python.methods import method_operations
from ...python.parameters import MethodParameter, method_parameters
from ...python.webhooks import webhook_functions
from ..pairing.operations import urls
from ..styles import parameter_style
from .annotations import ordered
from .surface import (
    Attribute,
    Class,
    Function,
    Header,
    Method,
    Parameter,
    Raised,
    Security,
    Surface,
    mentioned_classes,
)

_SERVER_URLS = annotated(MAPPING, STR, STR)
_CREDENTIAL = union((annotated(Name("CredentialSource", CORE)), STR))


def surface(package: Package, new_routes: Mapping[str, str] | None = None) -> Surface:
    """What callers can see of the package. `new_routes` are those of its operations in the new version, by their own;
    without them, it is the new version."""
    api = package.api
    if new_routes is None:
        new_routes = {operation.route: operation.route for operation in api.operations}
    methods = tuple(_methods(api, new_routes))
    webhooks = tuple(_webhooks(api, new_routes))
    items: tuple[ir.Model | ir.Enum | ir.Alias, ...] = (*api.models, *enum_classes(api), *api.aliases)
    classes = tuple(map(_class, items))
    received = [a for method in methods for a in (method.returns, *(error.body for error in method.raises))]
    received += [function.returns for function in webhooks]
    passed = [parameter.annotation for method in methods for parameter in method.parameters]
    return Surface(
        client=f"{package.client}Client",
        server=default_base_url(api),
        base=api.servers[0].default_url if api.servers else "/",
        constructor=tuple(_constructor(api)),
        methods=methods,
        webhooks=webhooks,
        classes=classes,
        received=mentioned_classes(received, classes),
        passed=mentioned_classes(passed, classes),
        source=api.source,
        description=f"{api.title}. {api.description}",
    )


def _methods(api: Api, new_routes: Mapping[str, str]) -> Iterator[Method]:
    enums = enum_types(api)
    for operation, streams in method_operations(api):
        is_second_method = streams and not responses.only_streams(operation)
        bodies = request_media(operation, enums)
        returns = responses.returned(operation, streams=streams)
        yield Method(
            name=operation.dotted_name,
            operation=operation.route,
            new_operation=new_routes.get(operation.route, ""),
            call=operation.named_route,
            urls=urls(operation),
            streams=is_second_method,
            server=own_server(api, operation),
            media_type=bodies[0].media.media_type if bodies else "",
            bodies=tuple((b.media_type, ", ".join(argument_codes(body_declaration(api, b))[1:])) for b in bodies),
            parameters=tuple(_parameter(p, operation, enums) for p in method_parameters(operation, enums)),
            returns=ordered(responses.stream_of(returns) if streams else returns),
            raises=tuple(_raised(operation)),
            headers=() if is_second_method else tuple(_headers(operation)),
            security=_security(api, operation),
            source=operation.source,
            description=f"{operation.summary} {operation.description}",
            deprecated=operation.deprecated,
            returns_source=responses.returns_source(operation),
            pages=_pages(operation.pagination) if operation.pagination and not is_second_method else "",
        )


def _pages(pagination: Pagination) -> str:
    """How the next page is got, and when there is none, in a few words."""
    texts = [pagination.kind, pagination.parameter, *(["in the body"] if pagination.in_body else [])]
    paths = {"from": pagination.next, "of": pagination.items, "while": pagination.more}
    paths |= {"up to": pagination.total or pagination.pages}
    return " ".join(
        [text for text in texts if text] + [f"{word} {'.'.join(path)}" for word, path in paths.items() if path]
    )


def _security(api: Api, operation: Operation) -> Security:
    arguments = {scheme.name: scheme.argument for scheme in api.schemes}
    sendable = [alternative for alternative in operation.security if arguments.keys() >= {*alternative}]
    return tuple(frozenset(arguments[name] for name in alternative) for alternative in sendable) or (frozenset(),)


def _webhooks(api: Api, new_routes: Mapping[str, str]) -> Iterator[Function]:
    routes = {o.dotted_name: new_routes.get(o.route, o.route) for o in api.operations}
    for function in webhook_functions(api):
        webhook = function.webhook
        body_description = webhook.body.description if webhook.body else ""
        yield Function(
            name=webhook.name,
            wire=f"{webhook.method} {webhook.wire} {routes.get(webhook.operation, '')}",
            returns=ordered(function.returns),
            source=webhook.source,
            description=f"{webhook.summary} {webhook.description} {body_description}",
            deprecated=webhook.deprecated,
        )


def _parameter(parameter: MethodParameter, operation: Operation, enums: Mapping[str, str]) -> Parameter:
    filled, body = parameter.parameter, operation.body
    documented = filled or body
    return Parameter(
        name=parameter.name,
        wire=_wire(filled) if filled else str(parameter.name),
        annotation=ordered(parameter.annotation),
        required=parameter.required,
        keyword_only=parameter.keyword_only,
        source=documented.source if documented else operation.source,
        description=documented.description if documented else "",
        deprecated=filled.deprecated if filled else False,
        style=parameter_style(filled, enums) if filled else "",
        in_path=filled is not None and filled.location == "path",
        type_source=filled.type_source if filled else None,
    )


def _wire(item: ir.Parameter | SecurityScheme) -> str:
    """Where a parameter or a credential is in a request; capitals do not count in the names of headers."""
    return f"{item.location} {item.wire.lower() if item.location == 'header' else item.wire}"


def _raised(operation: Operation) -> Iterator[Raised]:
    for response in responses.failures(operation):
        body = ordered(responses.body_annotation(operation, response))
        name = responses.error_class(response.status)
        body_source = responses.body_source(response)
        yield Raised(response.status, name, body, response.source, response.description, body_source)


def _headers(operation: Operation) -> Iterator[Header]:
    for response in operation.responses:
        for header in responses.documented_headers(response):
            annotation = ordered(responses.header_annotation(header))
            yield Header(header.name, response.status, annotation, header.source, response.source)


def _constructor(api: Api) -> Iterator[Parameter]:
    for argument in arguments(api):
        origin, wire = argument.origin, _filled_by(argument, api)
        yield Parameter(
            name=argument.name,
            wire=wire,
            annotation=ordered(_CREDENTIAL if isinstance(origin, SecurityScheme) else argument.annotation),
            required=argument.needed and isinstance(origin, Global),
            keyword_only=True,
            source=origin.source,
            description=f"{origin.description} {argument.default}",
            environment=argument.environment,
            url_position=_url_position(wire) if isinstance(origin, ServerVariable) else None,
            values=origin.enum if isinstance(origin, ServerVariable) else (),
        )
    # Callers need to give a URL when the document has none.
    needed = every_call_needs_base_url(api)
    text, variable = "The server's URL.", api.base_url_environment
    yield Parameter("base_url", "base_url", STR, needed, True, api.source, text, environment=variable)
    if servers := own_servers(api):
        text = "The URLs of servers that single calls have."
        yield Parameter("server_urls", "server_urls", _SERVER_URLS, False, True, api.source, text, values=servers)


def _filled_by(argument: Argument, api: Api) -> str:
    """What an argument of the constructor fills; for a server variable the URL, with `{}` for it, `{*}` for others."""
    match argument.origin:
        case Global(argument=name):
            filled = {p.name: p for o in api.operations for p in o.parameters if p.from_client}
            return _wire(filled[name])
        case SecurityScheme() as scheme:
            return f"{scheme.kind} in {_wire(scheme)}"
        case ClientCredentials(url_argument=argument.name) as client:
            return f"the token URL {client.token_url}"
        case ClientCredentials(scopes_argument=argument.name) as client:
            return f"the scopes {' '.join(client.scopes)}"
        case ClientCredentials(id_argument=argument.name):
            return "the id of an OAuth 2 client"
        case ClientCredentials():
            return "the secret of an OAuth 2 client"
        case ServerVariable(name=variable):
            return re.sub(r"[{][^{}]+[}]", "{*}", api.servers[0].url.replace("{" + variable + "}", "{}"))


def _url_position(url: str) -> tuple[str, bool] | None:
    """The URL before `{}`, and whether more of the host follows; None where `{}` is not in it."""
    before, variable, after = url.partition("{}")
    return (before, after.partition("/")[0] != "") if variable else None


def _class(item: ir.Model | ir.Enum | ir.Alias) -> Class:
    facts = (item.name, item.source, item.description, item.deprecated)
    match item:
        case ir.Model():
            return Class(*facts, attributes=tuple(map(_attribute, item.attributes)))
        case ir.Enum():
            return Class(*facts, base=enum_type(item), values=item.values)
        case ir.Alias():
            return Class(*facts, members=_ordered_annotation(item.type))


def _attribute(field: ir.Field) -> Attribute:
    return Attribute(
        name=field.name,
        wire=field.wire,
        annotation=_ordered_annotation(field.type),
        required=not may_be_absent(field),
        source=field.source,
        description=f"{field.description} {field.default if field.default != 'null' else ''}",
        deprecated=field.deprecated,
        constant=has_default(field),
        type_source=field.type_source,
    )


@lru_cache(maxsize=10_000)
def _ordered_annotation(type_: Type) -> Annotation:
    return ordered(annotation(type_))
