"""The client's class in Python's terms: constructor arguments, credentials, servers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ..interpreter.fast_dataclasses import dataclass
from ..ir.access.model import ClientCredentials, Global, SecurityScheme, Server, ServerVariable
from ..ir.model import Api, Operation
from .expressions import CORE, STR, Annotation, Call, Name, Value, annotated, call, union
from .imports import SEQUENCE_NOT_STR
from .quoting import Code, literal, name

_SCOPES = union((STR, annotated(SEQUENCE_NOT_STR, STR)))


def own_server(api: Api, operation: Operation) -> str:
    """The URL that replaces the client's for this operation, absolute or relative; "" where it is the client's."""
    if not operation.own_servers or (api.servers and _is_same(operation.servers[0], api.servers[0])):
        return ""
    return operation.servers[0].default_url


def _is_same(server: Server, client_server: Server) -> bool:
    urls = {(s.url.rstrip("/"), s.default_url.rstrip("/")) for s in (server, client_server)}
    return len(urls) == 1


def own_servers(api: Api) -> tuple[str, ...]:
    """The URLs that replace the client's for some operations."""
    urls = (own_server(api, operation) for operation in api.operations)
    return tuple(url for url in dict.fromkeys(urls) if url)


def has_host(url: str) -> bool:
    """Whether a URL is absolute, and can be called as it is."""
    return re.match(r"[^/]*://[^/]", url) is not None


def every_call_needs_base_url(api: Api) -> bool:
    """Whether nothing can be called unless callers give a URL."""
    return not default_base_url(api) and not any(map(has_host, own_servers(api)))


def needs_base_url(api: Api, operation: Operation) -> bool:
    """Whether this operation cannot be called unless callers give a URL."""
    return not has_host(own_server(api, operation) or default_base_url(api))


def default_base_url(api: Api) -> str:
    """The URL that a client uses unless callers give another; "" when the document has no URL with a host."""
    url = api.servers[0].default_url if api.servers else ""
    return url if has_host(url) else ""


def credential_declaration(scheme: SecurityScheme) -> Call:
    """A credential, as declared to the run-time core."""
    keywords = {
        "argument": scheme.argument,
        "environment": scheme.environment,
        "location": scheme.location,
        "name": scheme.wire,
    }
    if scheme.kind == "bearer":
        keywords["prefix"] = "Bearer "
    elif scheme.kind == "basic":
        keywords["kind"] = "basic"
    values: dict[str, Value] = {key: literal(value) for key, value in keywords.items()}
    if scheme.client:
        values["client"] = _client_declaration(scheme.client)
    return call(Name("Credential", CORE), literal(scheme.name), **values)


def _client_declaration(client: ClientCredentials) -> Call:
    return call(
        Name("ClientCredentials", CORE),
        literal(client.token_url),
        scopes=literal(client.scopes),
        id_argument=literal(client.id_argument),
        id_environment=literal(client.id_environment),
        secret_argument=literal(client.secret_argument),
        secret_environment=literal(client.secret_environment),
        url_argument=literal(client.url_argument),
        scopes_argument=literal(client.scopes_argument),
    )


@dataclass(frozen=True, slots=True)
class Argument:
    """A constructor argument for a parameter, a credential or a server variable of the API."""

    name: Code
    origin: Global | SecurityScheme | ClientCredentials | ServerVariable
    description: str
    environment: str = ""
    """The environment variable that is read when it is not given; "" when there is none."""
    default: str = ""
    needed: bool = False
    """Whether some call needs it: it fills required parameters, or is among the first credentials of an operation."""
    annotation: Annotation = STR
    """What it can be; a credential can be a function too."""


def arguments(api: Api) -> tuple[Argument, ...]:
    """The constructor arguments that only this API has."""
    return (*map(_global, api.globals), *_credentials(api), *_server_variables(api))


def _global(filled: Global) -> Argument:
    return Argument(name(filled.argument), filled, filled.description, filled.environment, needed=filled.required)


def _credentials(api: Api) -> Iterator[Argument]:
    sendable = {scheme.name for scheme in api.schemes}
    combinations = (o.security[0] for o in api.operations if o.security and () not in o.security)
    needed = min((combination for combination in combinations if sendable.issuperset(combination)), default=())
    for scheme in used_schemes(api):
        text = scheme.description or f"The credential {scheme.name}."
        is_needed = scheme.name in needed
        yield Argument(
            name(scheme.argument), scheme, text, scheme.environment, needed=is_needed and scheme.client is None
        )
        if scheme.client:
            yield from _client_arguments(scheme, scheme.client, needed=is_needed)


def _client_arguments(scheme: SecurityScheme, client: ClientCredentials, *, needed: bool) -> Iterator[Argument]:
    """The arguments by which a client gets a token by itself, in place of the token."""
    id_, secret, url, scopes = (
        name(argument)
        for argument in (client.id_argument, client.secret_argument, client.url_argument, client.scopes_argument)
    )
    text = f"The id of an OAuth 2 client. With {secret} it replaces {scheme.argument}: tokens are fetched when needed."
    yield Argument(id_, client, text, client.id_environment, needed=needed)
    text = f"The secret that belongs to {id_}."
    yield Argument(secret, client, text, client.secret_environment, needed=needed)
    text = f"The URL from which tokens are fetched for {id_}."
    yield Argument(url, client, text, default=client.token_url, needed=needed and not client.token_url)
    text = f"The scopes of tokens for {id_}: a list, or a text with blanks between them."
    yield Argument(scopes, client, text, default=" ".join(client.scopes), annotation=_SCOPES)


def client_server(api: Api) -> Server | None:
    """The server that a client uses, with the variables that callers can give; None where the document has none."""
    server = api.servers[0] if api.servers else None
    if server is None or server.adjustable_variables == server.variables:
        return server
    return replace(server, url=server.default_url, variables=())


def _server_variables(api: Api) -> Iterator[Argument]:
    server = client_server(api)
    for variable in server.variables if server else ():
        text = variable.description or f"{{{variable.name}}} of the server's URL."
        yield Argument(name(variable.argument), variable, text, default=variable.default)


def variable_arguments(api: Api) -> tuple[Code, ...]:
    """The constructor arguments that fill variables of the server's URL."""
    return tuple(argument.name for argument in _server_variables(api))


def used_schemes(api: Api) -> tuple[SecurityScheme, ...]:
    """The schemes that are an alternative, or part of one, of some operation."""
    used = {name for o in api.operations for alternative in o.security for name in alternative}
    return tuple(s for s in api.schemes if s.name in used)


def requirements(api: Api) -> tuple[Code, ...]:
    """The distinct effective security requirements of the operations."""
    return tuple(literal(security) for security in sorted({operation.security for operation in api.operations}))


def title(api: Api) -> str:
    """The title of an API in one line."""
    return " ".join(api.title.split()) or "an API without a title"
