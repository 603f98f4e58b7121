"""The webhooks of a simplified document, as the intermediate representation has them."""

from __future__ import annotations

from collections.abc import Mapping

from ..document.operations import webhooks
from ..document.tree import Object
from ..repair.webhooks import SENT_BY
from ..simplify.names import PYTHON_NAME
from .model import Operation, Webhook
from .operations import Parts
from .schemas import text


def read_webhooks(
    document: Object, parts: Parts, operations: Mapping[tuple[str, str], Operation]
) -> tuple[Webhook, ...]:
    """The webhooks and callbacks, by name; `operations` are those of the API by path and method."""
    found = (_webhook(method, value, parts, operations) for _, method, value in webhooks(document))
    return tuple(sorted(found, key=lambda one: one.name))


def _webhook(method: str, value: Object, parts: Parts, operations: Mapping[tuple[str, str], Operation]) -> Webhook:
    told = value[SENT_BY]
    return Webhook(
        name=value[PYTHON_NAME],
        wire=told["key"],
        method=method.upper(),
        body=parts.body(value.get("requestBody"), value),
        source=value.source,
        summary=text(value.get("summary")),
        description=text(value.get("description")),
        expression=text(told.get("expression")),
        operation=operations[told["path"], told["method"]].dotted_name if "path" in told else "",
        headers=tuple((p["name"], text(p.get("description"))) for p in value.get("parameters") or ()),
        deprecated=value.get("deprecated") is True,
    )
