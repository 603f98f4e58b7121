"""The pagination of all operations: what authors say about it, else what the document shows for certain."""

from __future__ import annotations

from dataclasses import replace

from ...document.field_reader import FieldReader, name_hint
from ...document.operations import operations
from ...document.problems import Problems
from ...document.tree import Object
from ..model import Api, Operation
from .declared import DeclaredPages
from .detection import pagination

EXTENSION = "x-speakeasy-pagination"


def with_pagination(api: Api, document: Object, problems: Problems) -> Api:
    """The API of a simplified document, each of whose operations has how it gets its next page."""
    reader, models = FieldReader("pagination", problems), {model.name: model for model in api.models}
    values = {(path, method.upper()): value for path, method, value in operations(document)}
    declared = api.options.pagination

    def with_own(operation: Operation) -> Operation:
        value, names = values[operation.path, operation.method], {*_names(operation)} & {*declared}
        sources = [(declared, name) for name in sorted(names)] or [(value, EXTENSION)] * (EXTENSION in value)
        if not sources:
            return replace(operation, pagination=pagination(operation, models))
        return replace(operation, pagination=DeclaredPages(operation, models, reader).read(*sources[0]))

    known = [name for operation in api.operations for name in _names(operation)]
    for name in declared:
        if name not in known:
            hint = f"write an operationId or a method and a path: {name_hint(name, known)}"
            reader.error(declared.where(name), f"no operation is called {name!r}", hint)
    return replace(api, operations=tuple(map(with_own, api.operations)))


def _names(operation: Operation) -> list[str]:
    """What the option can call an operation."""
    return [name for name in (operation.operation_id, f"{operation.method} {operation.path}") if name]
