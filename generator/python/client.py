"""The client's class in Python's terms: constructor arguments, credentials, servers."""

from __future__ import annotations

from dataclasses import dataclass

from ..ir.model import Api, Global, Operation, SecurityScheme, ServerVariable
from .quoting import Code, literal, name


def own_server(operation: Operation) -> str:
    """The URL that replaces the client's for this operation; "" when there is none."""
    return operation.servers[0].default_url if operation.own_servers else ""


def own_url(api: Api) -> str:
    """The URL that a client uses when it is given none; "" when the document names no absolute one."""
    url = api.servers[0].default_url if api.servers else ""
    return url if url.startswith(("http://", "https://")) else ""


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
    sendable = {scheme.name for scheme in api.schemes}
    choices = (o.security[0] for o in api.operations if o.security and () not in o.security)
    needed = min((choice for choice in choices if sendable.issuperset(choice)), default=())
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


def title(api: Api) -> str:
    """The title of an API in one line."""
    return " ".join(api.title.split()) or "an API without a title"
