"""Unified lists, which are made item by item, and objects that a status alone makes present."""

from __future__ import annotations

from collections.abc import Iterator

from ...document.problems import Source
from ...document.tree import Object
from ...ir.model import Model
from ..mapping import ListMapping, PresentWhen, StatusTable
from ..unified import ROOT, STATUS
from .context import Context
from .fields import FieldMappingReader
from .selectors import read_items
from .statuses import StatusTableReader


def read_lists(context: Context, fields: FieldMappingReader, model: str) -> Iterator[ListMapping]:
    """The entries of `lists`, whose pointers lead from the client's `model`."""
    reader, statuses = context.reader, StatusTableReader(context)
    table = reader.mapping(context.document, "lists")
    for target in table:
        entry = reader.mapping(table, target)
        reader.check_keys(entry, {"each", "fields", "status"})
        unified_model = _unified_item(target, table.where(target), context)
        path = context.path(entry, "each", model)
        items = read_items(path, context) if unified_model and path else None
        if unified_model is None or items is None:
            continue
        _check_status(target, entry, unified_model, context)
        inner, in_map = reader.mapping(entry, "fields"), "map" in items.kinds
        yield ListMapping(
            target=target,
            items=items,
            unified_model=unified_model.name,
            fields=tuple(fields.read(inner, items.model, unified_model.name, in_map=in_map)),
            statuses=statuses.read(reader.mapping(entry, "status"), items.model) if "status" in entry else None,
            source=table.where(target),
        )


def _unified_item(target: str, source: Source, context: Context) -> Model | None:
    """The unified model of the items of a list; None when there is no such list, which is reported."""
    fields = context.unified.fields().items()
    lists = {name: item.model for name, item in fields if item.is_list and not item.in_list and not item.is_value}
    if target not in lists:
        message, see = f"{ROOT} has no list {target!r} to fill", context.unified.models[ROOT].source
        context.unknown("unknown-field", source, message, target, lists, see)
    return lists.get(target)


def _check_status(target: str, entry: Object, model: Model, context: Context) -> None:
    """Report a status table of items that have no status, or the lack of a table."""
    has_status = any(context.unified.filled_by(model.name, field) == "status" for field in model.fields)
    if has_status != ("status" in entry):
        message = f"an item of {target} has {'a' if has_status else 'no'} status"
        hint = "add `status` with its table" if has_status else "remove `status`"
        context.reader.error(entry.source, message, hint, model.source)


def read_present_when(context: Context, statuses: StatusTable | None) -> Iterator[PresentWhen]:
    """The entries of `present_when`: objects that are present for some statuses, and empty."""
    unified, table = context.unified, context.reader.mapping(context.document, "present_when")
    # Which statuses can be reached is known once the table of statuses has no mistakes.
    is_known = statuses and not context.reader.problems.errors
    reached = {row.status for row in statuses.rows} if statuses and is_known else {*unified.members(STATUS)}
    objects = [
        name
        for name, item in unified.fields().items()
        if item.model and item.filled_by == "mapping" and not (item.is_list or item.in_list)
    ]
    for target in table:
        source = table.where(target)
        if target not in objects:
            message, see = f"{ROOT} has no object {target!r}", unified.models[ROOT].source
            context.unknown("unknown-field", source, message, target, objects, see)
            continue
        listed = context.reader.texts(table, target, required=True)
        for status, status_source in listed:
            _check_reached(status, status_source, reached, context)
        _check_empty(target, source, context)
        yield PresentWhen(target, tuple(status for status, _ in listed), source)


def _check_reached(status: str, source: Source, reached: set[str], context: Context) -> None:
    """Report a status that does not exist, or to which no word leads."""
    known, see = context.unified.members(STATUS), context.unified.enums[STATUS].source
    if status not in known:
        context.unknown("unknown-status", source, f"{status!r} is not a {STATUS}", status, known, see)
    elif status not in reached:
        hint = f"there are: {', '.join(sorted(reached))}"
        message = f"no word of the table under `status` leads to {status}"
        context.error("unknown-status", source, message, hint, see, subject=status)


def _check_empty(target: str, source: Source, context: Context) -> None:
    """Report an object whose fields are mapped: it is present when one of them is."""
    tables = [table for key in ("fields", "lists") if isinstance(table := context.document.get(key), Object)]
    inside = [table.where(name) for table in tables for name in table if name.startswith(f"{target}.")]
    if inside:
        message = f"{target!r} is present when one of its fields is, not for a status"
        context.error("filled-field", source, message, "remove it here, or map none of its fields", inside[0])
