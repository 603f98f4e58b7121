"""Unified lists, which are made item by item, and objects that a status alone makes present."""

from __future__ import annotations

from collections.abc import Iterator

from ...document.field_reader import name_hint
from ...document.problems import Source
from ...document.tree import Object
from ...ir.model import Model
from ...ir.types import ListOf, Ref
from ..mapping import FieldPath, ListMapping, PresentWhen, StatusTable
from ..unified import ROOT, STATUS
from .context import Context
from .fields import FieldMappingReader
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
        if unified_model is None or path is None:
            continue
        item_model = _item(path, context)
        if item_model is None:
            continue
        _check_status(target, entry, unified_model, context)
        item, unified_item = item_model.name, unified_model.name
        yield ListMapping(
            target=target,
            path=path,
            item_model=item,
            unified_model=unified_item,
            fields=fields.read(reader.mapping(entry, "fields"), item, unified_item),
            statuses=statuses.read(reader.mapping(entry, "status"), item) if "status" in entry else None,
            source=table.where(target),
        )


def _unified_item(target: str, source: Source, context: Context) -> Model | None:
    """The unified model of the items of a list; None when there is no such list, which is reported."""
    unified = context.unified
    lists = unified.lists()
    fillable = [name for name, field in lists.items() if (ROOT, field.name) not in unified.filled]
    model = unified.model_of(lists[target].type) if target in fillable else None
    if model is None:
        message, hint = f"{ROOT} has no list {target!r} to fill", name_hint(target, fillable)
        context.error("unknown-field", source, message, hint, unified.models[ROOT].source)
    return model


def _item(path: FieldPath, context: Context) -> Model | None:
    """The client's model of the items; None when they are anything else, which is reported."""
    model = context.models.model_of(path.type.item) if isinstance(path.type, ListOf) else None
    if model is None:
        message = f"{path.pointer} is not a list of objects with properties, and nothing else"
        hint = "leave the list absent and the pointer raw_only, or correct the spec"
        context.error("converter-mismatch", path.source, message, hint, path.described_at, subject=path.pointer)
    return model


def _check_status(target: str, entry: Object, model: Model, context: Context) -> None:
    """Report a status table of items that have no status, or the lack of one."""
    has_status = any(context.unified.filled_by(model.name, field) == "status" for field in model.fields)
    if has_status != ("status" in entry):
        message = f"an item of {target} has {'a' if has_status else 'no'} status"
        hint = "add `status` with its table" if has_status else "remove `status`"
        context.error(context.reader.id, entry.source, message, hint, model.source)


def read_present_when(context: Context, statuses: StatusTable | None) -> Iterator[PresentWhen]:
    """The entries of `present_when`: objects that are present for some statuses, and empty."""
    table = context.reader.mapping(context.document, "present_when")
    # Which statuses can be reached is known once the table of statuses has no mistakes.
    known = context.unified.members(STATUS)
    reached = {row.status for row in statuses.rows} if statuses and not context.reader.problems.errors else {*known}
    objects = _objects(ROOT, context)
    for target in table:
        source = table.where(target)
        if target not in objects:
            message, hint = f"{ROOT} has no object {target!r}", name_hint(target, objects)
            context.error("unknown-field", source, message, hint, context.unified.models[ROOT].source)
            continue
        listed = context.reader.texts(table, target, required=True)
        for status, status_source in listed:
            _check_reached(status, status_source, reached, context)
        _check_empty(target, source, context)
        yield PresentWhen(target, tuple(status for status, _ in listed), source)


def _objects(model: str, context: Context) -> list[str]:
    """The dotted names of the objects in a unified model."""
    names = []
    for field in context.unified.models[model].fields:
        inner = context.unified.model_of(field.type)
        if inner and isinstance(field.type, Ref):
            names += [field.name, *(f"{field.name}.{name}" for name in _objects(inner.name, context))]
    return names


def _check_reached(status: str, source: Source, reached: set[str], context: Context) -> None:
    known, see = context.unified.members(STATUS), context.unified.enums[STATUS].source
    if status not in known:
        message, hint = f"{status!r} is not a {STATUS}", name_hint(status, [*known])
        context.error("unknown-status", source, message, hint, see, subject=status)
    elif status not in reached:
        message = f"no word of the table under `status` leads to {status}"
        hint = f"there are: {', '.join(sorted(reached))}"
        context.error("unknown-status", source, message, hint, see, subject=status)


def _check_empty(target: str, source: Source, context: Context) -> None:
    """Report an object whose fields are mapped: it is present when one of them is."""
    for key in ("fields", "lists"):
        table = context.document.get(key)
        if not isinstance(table, Object):
            continue
        for name in table:
            if name.startswith(f"{target}."):
                message = f"{target!r} is present when one of its fields is, not for a status"
                hint = "remove it here, or map none of its fields"
                context.error("filled-field", source, message, hint, table.where(name))
                return
