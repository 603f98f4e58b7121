"""A mapping of the old version, read against the spec of the new one, as far as it still fits."""

from __future__ import annotations

from dataclasses import replace

from ...document.problems import Problems
from ...ir.model import Operation, Package
from ...ir.types import ListOf, Ref
from ...normalization.mapping import FieldPath, ListMapping, Mapping, StatusTable
from ...normalization.read.response_models import ResponseModels


def rebase(mapping: Mapping, package: Package) -> Mapping | None:
    """The mapping with the places of another version of its package; None where its call or its answer is gone.

    Places that are gone stay as they were: that is a problem of the new mapping, which says so.
    """
    operation = next((one for one in package.api.operations if one.route == mapping.operation.route), None)
    answer = _answer(operation, package) if operation else ""
    if operation is None or not answer:
        return None
    answers = ResponseModels.of(package.api, Problems())
    return replace(
        mapping,
        package=package,
        operation=operation,
        answer=answer,
        statuses=_statuses(mapping.statuses, answer, answers),
        values=tuple(replace(v, paths=_paths(v.paths, answer, answers)) for v in mapping.values),
        lists=tuple(_each(each, answer, answers) for each in mapping.lists),
    )


def _answer(operation: Operation, package: Package) -> str:
    """The model of the success, where it is one."""
    types = {media.type for response in operation.responses if response.success for media in response.content}
    models = {model.name for model in package.api.models}
    names = [type_.name for type_ in types if isinstance(type_, Ref) and type_.name in models]
    return names[0] if len(types) == len(names) == 1 else ""


def _each(each: ListMapping, answer: str, answers: ResponseModels) -> ListMapping:
    (path,) = _paths((each.path,), answer, answers)
    inner = path.type.item if isinstance(path.type, ListOf) else None
    if not isinstance(inner, Ref) or inner.name not in answers.models:
        return each
    return replace(
        each,
        path=path,
        item=inner.name,
        values=tuple(replace(v, paths=_paths(v.paths, inner.name, answers)) for v in each.values),
        statuses=_statuses(each.statuses, inner.name, answers) if each.statuses else None,
    )


def _statuses(statuses: StatusTable, model: str, answers: ResponseModels) -> StatusTable:
    return replace(statuses, paths=_paths(statuses.paths, model, answers))


def _paths(paths: tuple[FieldPath, ...], model: str, answers: ResponseModels) -> tuple[FieldPath, ...]:
    return tuple(answers.path(path.pointer, model, path.source) or path for path in paths)
