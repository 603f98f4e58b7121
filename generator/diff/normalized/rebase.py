"""A mapping of the old version, read against the spec of the new one, as far as it still fits."""

from __future__ import annotations

from dataclasses import replace

from ...document.problems import Problems
from ...ir.model import Package
from ...normalization.mapping import ChosenItem, FieldMapping, FieldPath, ListMapping, Mapping, StatusTable
from ...normalization.read.response_models import ResponseModels


def rebase(mapping: Mapping, package: Package) -> Mapping | None:
    """The mapping with its paths in another version of its package; None where its call or its response is gone.

    Paths that lead nowhere stay as they were: that is a problem of the new mapping, which says so.
    """
    routes = {operation.route: operation for operation in package.api.operations}
    operation = routes.get(mapping.operation.route)
    models = ResponseModels.of(package.api, Problems())
    response_model = models.success_model(operation) if operation else ""
    if operation is None or not response_model:
        return None
    return replace(
        mapping,
        package=package,
        operation=operation,
        response_model=response_model,
        statuses=_statuses(mapping.statuses, response_model, models),
        fields=_fields(mapping.fields, response_model, models),
        lists=tuple(_list(item, response_model, models) for item in mapping.lists),
    )


def _list(item: ListMapping, model: str, models: ResponseModels) -> ListMapping:
    items = models.items(_path(item.items.path, model, models))
    if items is None:
        return item
    return replace(
        item,
        items=items,
        fields=_fields(item.fields, items.model, models),
        statuses=_statuses(item.statuses, items.model, models) if item.statuses else None,
    )


def _fields(fields: tuple[FieldMapping, ...], model: str, models: ResponseModels) -> tuple[FieldMapping, ...]:
    return tuple(_field(field, model, models) for field in fields)


def _field(field: FieldMapping, model: str, models: ResponseModels) -> FieldMapping:
    if field.each is None:
        return replace(field, paths=_paths(field.paths, model, models))
    each = models.items(_path(field.each.path, model, models))
    return replace(field, paths=_paths(field.paths, each.model, models), each=each) if each else field


def _statuses(table: StatusTable, model: str, models: ResponseModels) -> StatusTable:
    return replace(table, paths=_paths(table.paths, model, models))


def _paths(paths: tuple[FieldPath, ...], model: str, models: ResponseModels) -> tuple[FieldPath, ...]:
    return tuple(_path(path, model, models) for path in paths)


def _path(path: FieldPath, model: str, models: ResponseModels) -> FieldPath:
    item = _chosen_item(path.item, model, models) if path.item else None
    if path.item and item is None:
        return path
    new = models.path(path.pointer_in_item, item.model if item else model, path.source)
    return replace(path, fields=new.fields, type=new.type, item=item) if new else path


def _chosen_item(item: ChosenItem, model: str, models: ResponseModels) -> ChosenItem | None:
    items = models.items(_path(item.path, model, models))
    if items is None:
        return None
    conditions = (replace(c, path=_path(c.path, items.model, models)) for c in item.conditions)
    return replace(item, path=items.path, model=items.model, conditions=tuple(conditions))
