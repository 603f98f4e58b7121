"""The webhooks of a simplified document -> `Webhook`s."""

from __future__ import annotations

from collections.abc import Mapping

from ..document.operations import webhooks
from ..document.tree import Object
from ..repair.webhooks import SENT_BY
from ..simplify.names import PYTHON_NAME
from .model import Operation, Webhook
from .operations import OperationReader
from .values import flag, text


def read_webhooks(
    document: Object, reader: OperationReader, operations: Mapping[tuple[str, str], Operation]
) -> tuple[Webhook, ...]:
    """The webhooks and callbacks, by name; `operations` are those of the API by path and method."""
    read = (_webhook(method, value, reader, operations) for _, method, value in webhooks(document))
    return tuple(sorted(read, key=lambda webhook: webhook.name))


def _webhook(
    method: str, value: Object, reader: OperationReader, operations: Mapping[tuple[str, str], Operation]
) -> Webhook:
    sent_by = value[SENT_BY]
    return Webhook(
        name=value[PYTHON_NAME],
        wire=sent_by["key"],
        method=method.upper(),
        body=reader.body(value),
        source=value.source,
        summary=text(value, "summary"),
        description=text(value, "description"),
        expression=text(sent_by, "expression"),
        operation=operations[sent_by["path"], sent_by["method"]].dotted_name if "path" in sent_by else "",
        headers=tuple((header["name"], text(header, "description")) for header in value.get("parameters") or ()),
        deprecated=flag(value, "deprecated"),
    )
