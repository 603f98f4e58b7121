"""The pagination of all operations: what authors say about it, else what the document shows for certain."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace

from ...document.field_reader import FieldReader, name_hint
from ...document.operations import names_in_options, operations
from ...document.problems import Problems
from ...document.tree import Object
from ..model import Api, Operation
from .declared import DeclaredPages
from .detection import pagination

EXTENSION = "x-speakeasy-pagination"


def with_pagination(api: Api, document: Object, names: Set[str], problems: Problems) -> Api:
    """The API of a simplified document, each of whose operations has how it gets its next page.

    `names` are what options can call operations, those included that are not in the document any more.
    """
    reader, models = FieldReader("pagination", problems), {model.name: model for model in api.models}
    values = {(path, method.upper()): value for path, method, value in operations(document)}
    declared = api.options.pagination

    def with_own(operation: Operation) -> Operation:
        own_names = names_in_options(operation.path, operation.method, operation.operation_id)
        key = next((name for name in sorted(own_names) if name in declared), "")
        holder, key = (declared, key) if key else (values[operation.path, operation.method], EXTENSION)
        if key not in holder:
            return replace(operation, pagination=pagination(operation, models))
        return replace(operation, pagination=DeclaredPages(operation, models, reader).read(holder, key))

    for name in declared:
        if name not in names:
            hint = f"write an operationId or a method and a path: {name_hint(name, sorted(names))}"
            reader.error(declared.where(name), f"no operation is called {name!r}", hint)
    return replace(api, operations=tuple(map(with_own, api.operations)))
