"""A mapping of the old version, read against the spec of the new one, as far as it still fits."""

from __future__ import annotations

from dataclasses import replace

from ...document.problems import Problems
from ...ir.model import Package
from ...ir.types import ListOf
from ...normalization.mapping import FieldMapping, FieldPath, ListMapping, Mapping, StatusTable
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
    (path,) = _paths((item.path,), model, models)
    item_model = models.model_of(path.type.item) if isinstance(path.type, ListOf) else None
    if item_model is None:
        return item
    return replace(
        item,
        path=path,
        item_model=item_model.name,
        fields=_fields(item.fields, item_model.name, models),
        statuses=_statuses(item.statuses, item_model.name, models) if item.statuses else None,
    )


def _fields(fields: tuple[FieldMapping, ...], model: str, models: ResponseModels) -> tuple[FieldMapping, ...]:
    return tuple(replace(field, paths=_paths(field.paths, model, models)) for field in fields)


def _statuses(table: StatusTable, model: str, models: ResponseModels) -> StatusTable:
    return replace(table, paths=_paths(table.paths, model, models))


def _paths(paths: tuple[FieldPath, ...], model: str, models: ResponseModels) -> tuple[FieldPath, ...]:
    return tuple(models.path(path.pointer, model, path.source) or path for path in paths)
