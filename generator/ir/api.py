"""The simplified document -> the intermediate representation."""

from __future__ import annotations

from dataclasses import replace

from ..document.operations import METHODS, operations
from ..document.problems import Problems
from ..document.tree import Object
from ..simplify.names import PYTHON_NAME, Naming
from .groups import read_groups
from .model import Api, Global, Operation
from .operations import Parts
from .provider import CLIENT_ARGUMENTS, Provider
from .schemas import Schemas, text
from .security import read_requirement, read_schemes, read_servers
from .webhooks import read_webhooks


def build_api(document: Object, provider: Provider, naming: Naming, problems: Problems) -> Api:
    """Read a simplified document; what cannot be represented goes to `problems`."""
    reader = _Reader(document, provider, naming, problems)
    return reader.api()


class _Reader:
    def __init__(self, document: Object, provider: Provider, naming: Naming, problems: Problems) -> None:
        self.document, self.provider, self.naming, self.problems = document, provider, naming, problems
        self.schemas = Schemas(document, naming, problems)
        self.parts = Parts(self.schemas, naming, problems)
        found = [operation["servers"] for _, _, operation in operations(document)]
        common = found[0] if found and all(servers == found[0] for servers in found) else None
        self.servers = document.get("servers") or common

    def api(self) -> Api:
        info = self.document["info"]
        schemes, others = read_schemes(self.document, self.provider, self.naming)
        self.schemas.check(self.document)
        found = sorted(operations(self.document), key=lambda o: (o[0], METHODS.index(o[1])))
        sendable = frozenset(scheme.name for scheme in schemes)
        read = tuple(self.operation(path, method, value, sendable, others) for path, method, value in found)
        groups, places = read_groups(self.document, self.naming, self.provider.groups)
        placed = {(o.path, o.method.lower()): o for o in read}
        placed |= {key: replace(placed[key], group=place.group, name=place.name) for key, place in places.items()}
        self.check_ids(found, tuple(placed[path, method] for path, method, _ in found))
        arguments = {scheme.argument for scheme in schemes}
        globals_ = self.globals(read, {*CLIENT_ARGUMENTS, *arguments})
        arguments |= {one.argument for one in globals_}
        return Api(
            title=text(info.get("title")),
            version=text(info.get("version")),
            source=self.document.source,
            description=text(info.get("description")),
            servers=read_servers(self.servers, arguments, self.naming, self.problems),
            schemes=schemes,
            globals=globals_,
            operations=tuple(placed.values()),
            models=self.schemas.models(),
            enums=self.schemas.enums(),
            groups=groups,
            aliases=self.schemas.aliases(),
            webhooks=read_webhooks(self.document, self.parts, placed),
        )

    def check_ids(self, found: list[tuple[str, str, Object]], read: tuple[Operation, ...]) -> None:
        """Report operationIds that stand for several operations (OpenAPI 3.1, section 4.8.10: MUST be unique)."""
        first: dict[str, Operation] = {}
        for (_, _, value), one in zip(found, read, strict=True):
            before = first.setdefault(one.operation_id, one) if one.operation_id else one
            if before is not one:
                message = f"{one.operation_id!r} is the operationId of {before.method} {before.path} too"
                hint = f"the methods are {before.dotted_name} and {one.dotted_name}"
                self.problems.warning("repeated-operation-id", value.where("operationId"), message, hint)

    def operation(
        self, path: str, method: str, value: Object, sendable: frozenset[str], others: dict[str, str]
    ) -> Operation:
        parameters = self.parts.parameters(value["parameters"], value.get("requestBody"))
        servers, answers = value["servers"], value["responses"]
        return Operation(
            name=value[PYTHON_NAME],
            method=method.upper(),
            path=path,
            source=value.source,
            parameters=parameters,
            body=self.parts.body(value.get("requestBody"), value),
            responses=tuple(self.parts.response(status, one, answers) for status, one in answers.items()),
            security=read_requirement(value["security"], value.source, sendable, others, self.problems),
            servers=read_servers(servers, (), self.naming, self.problems),
            own_servers=bool(servers) and servers != self.servers,
            operation_id=text(value.get("operationId")),
            summary=text(value.get("summary")),
            description=text(value.get("description")),
            tags=tuple(t for t in value.get("tags") or () if isinstance(t, str)),
            deprecated=value.get("deprecated") is True,
        )

    def globals(self, read: tuple[Operation, ...], taken: set[str]) -> tuple[Global, ...]:
        found: dict[str, Global] = {}
        for parameter in (p for operation in read for p in operation.parameters if p.from_client):
            if parameter.name in taken:
                message = f"the client already has an argument {parameter.name!r}"
                hint = "name it by x-speakeasy-name-override in an overlay action"
                self.problems.error("name-clash", parameter.source, message, hint)
            environment = self.provider.environment.get(parameter.name) or f"{self.provider.prefix}_{parameter.name}"
            before = found.get(parameter.name)
            found[parameter.name] = Global(
                argument=parameter.name,
                environment=environment.upper(),
                source=parameter.source,
                description=(before.description if before else "") or parameter.description,
                required=parameter.required or (before.required if before else False),
            )
        return tuple(found.values())
