"""A simplified document -> the intermediate representation of its API."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..document.operations import METHODS, operations
from ..document.problems import Problems
from ..document.tree import Object
from ..simplify.names import Naming
from .access.client_credentials import with_client_credentials
from .access.model import Global
from .access.security import read_schemes
from .access.servers import WITHOUT_SERVER, read_servers
from .components import ComponentReader
from .grouping import decided
from .groups import read_groups
from .model import Api, Operation
from .operations import OperationReader
from .provider import CLIENT_ARGUMENTS, Provider
from .schema_types import TypeReader
from .values import text


def build_api(document: Object, provider: Provider, naming: Naming, problems: Problems) -> Api:
    """The API of a simplified document; what cannot be represented goes to `problems`."""
    types = TypeReader(document["components"]["schemas"], problems)
    types.check_components(document.source)
    components = ComponentReader(types, naming, problems)
    schemes = read_schemes(document, provider, naming)
    servers = document.get("servers") or _common_servers(document)
    reader = OperationReader(types, schemes, servers, naming, problems)
    options = decided(document, provider.options)
    groups, names = read_groups(document, naming, options.group_by) if options.groups else ((), {})
    values = sorted(operations(document), key=lambda o: (o[0], METHODS.index(o[1])))
    built = {
        (path, method): reader.operation(path, method, value, names.get((path, method)))
        for path, method, value in values
    }
    _check_ids(((built[path, method], value) for path, method, value in values), problems)
    arguments = {*provider.arguments.values(), *(scheme.argument for scheme in schemes.sendable)}
    globals_ = _globals(built.values(), provider, {*CLIENT_ARGUMENTS, *arguments}, problems)
    arguments |= {parameter.argument for parameter in globals_}
    read = read_servers(servers, arguments, naming, problems, WITHOUT_SERVER)
    info = document["info"]
    return Api(
        title=text(info, "title"),
        version=text(info, "version"),
        source=document.source,
        description=text(info, "description"),
        servers=read,
        base_url_environment=provider.base_url_environment,
        schemes=with_client_credentials(
            schemes.sendable, document, built.values(), read[:1], arguments, provider, problems
        ),
        globals=globals_,
        operations=tuple(built.values()),
        models=components.models(),
        enums=components.enums(),
        groups=groups,
        options=options,
        aliases=components.aliases(),
        webhooks=reader.webhooks(document, built),
    )


def _common_servers(document: Object) -> Any:
    """The servers that all operations declare, for a document that declares none itself; None where they differ."""
    servers = [operation["servers"] for _, _, operation in operations(document)]
    return servers[0] if servers and all(value == servers[0] for value in servers) else None


def _check_ids(operations: Iterable[tuple[Operation, Object]], problems: Problems) -> None:
    """Report operationIds that several operations share (OpenAPI 3.1, section 4.8.10: MUST be unique)."""
    first: dict[str, Operation] = {}
    for operation, value in operations:
        namesake = first.setdefault(operation.operation_id, operation) if operation.operation_id else operation
        if namesake is not operation:
            message = f"{operation.operation_id!r} is also the operationId of {namesake.method} {namesake.path}"
            hint = f"the methods are {namesake.dotted_name} and {operation.dotted_name}"
            problems.warning("repeated-operation-id", value.where("operationId"), message, hint)


def _globals(
    operations: Iterable[Operation], provider: Provider, reserved: set[str], problems: Problems
) -> tuple[Global, ...]:
    """The constructor arguments that fill parameters; those with a reserved name are reported."""
    globals_: dict[str, Global] = {}
    for parameter in (p for operation in operations for p in operation.parameters if p.from_client):
        name = parameter.name
        if name in reserved:
            hint = "name it by x-speakeasy-name-override in an overlay action"
            problems.error("name-clash", parameter.source, f"the client already has an argument {name!r}", hint)
        earlier = globals_.get(name)
        globals_[name] = Global(
            argument=name,
            environment=(provider.environment.get(name) or f"{provider.prefix}_{name}").upper(),
            source=parameter.source,
            description=(earlier.description if earlier else "") or parameter.description,
            required=parameter.required or (earlier is not None and earlier.required),
        )
    return tuple(globals_.values())
