"""Which classes callers pass, and which they receive."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..interpreter.fast_dataclasses import dataclass
from .model import Api
from .types import Ref, Type, types_in


@dataclass(frozen=True, slots=True)
class Uses:
    """The names of models, enums and aliases that requests contain, and of those that responses or webhooks contain."""

    passed: frozenset[str]
    received: frozenset[str]


def uses(api: Api) -> Uses:
    """How callers use the classes of an API."""
    inside = {model.name: [field.type for field in model.attributes] for model in api.models}
    inside |= {alias.name: [alias.type] for alias in api.aliases}
    return Uses(_classes_in(_passed(api), inside), _classes_in(_received(api), inside))


def _passed(api: Api) -> Iterator[Type | None]:
    for operation in api.operations:
        yield from (parameter.type for parameter in operation.parameters)
        yield from (media.type for media in (operation.body.content if operation.body else ()))


def _received(api: Api) -> Iterator[Type | None]:
    responses = [response for operation in api.operations for response in operation.responses]
    bodies = [webhook.body for webhook in api.webhooks if webhook.body]
    for content in (*(response.content for response in responses), *(body.content for body in bodies)):
        for media in content:
            yield media.type
            yield from (type_ for _, type_ in media.events)
    yield from (header.type for response in responses for header in response.headers)


def _classes_in(types: Iterable[Type | None], inside: dict[str, list[Type]]) -> frozenset[str]:
    names: set[str] = set()
    pending = [type_ for type_ in types if type_ is not None]
    while pending:
        for type_ in types_in(pending.pop()):
            if isinstance(type_, Ref) and type_.name not in names:
                names.add(type_.name)
                pending += inside.get(type_.name, [])
    return frozenset(names)
