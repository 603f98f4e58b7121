"""Operations in Python's terms: the methods of a client, and how each is declared to the run-time core."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property

from ..interpreter.fast_dataclasses import dataclass
from ..ir.model import Api, Operation
from ..ir.pages.model import Pagination
from ..simplify.names import unique_names
from .annotations import annotation, enum_types
from .bodies import body_declaration, request_media
from .checked_types import with_type
from .client import own_server
from .docstrings import method_doc
from .expressions import CORE, NONE, Annotation, Call, Name, Value, call, code_of, names_in
from .parameters import MethodParameter, caller_parameters, method_parameters, parameter_declaration, sent_path
from .quoting import Code, literal, name
from .responses import has_stream, header_declarations, only_streams, response_declarations, returned

OPTIONS = {
    "extra_headers": "_core.Mapping[str, str]",
    "extra_query": "_core.Mapping[str, object]",
    "timeout": "float | _core.Timeout",
}
"""The keyword arguments that every method has, and their types; see `CallOptions` of the core."""


@dataclass(frozen=True)
class Method:
    """A method of a client, as the templates print its definition and its declaration."""

    operation: Operation
    constant: Code
    """The name of the declaration, which consists of the fields from `path` on."""
    parameters: tuple[MethodParameter, ...]
    values: Code
    """A dictionary of the arguments that callers give, by the names of parameters."""
    body: Code
    """The argument that passes the body on; "" without a body."""
    selection: Code
    """The call that selects one of several bodies of the declaration."""
    returns: Annotation
    streams: bool
    """Whether it returns a stream, of which `returns` is one item."""
    doc: Code
    path: Code
    sent: tuple[Call, ...]
    """The parameters that are sent, those of the client among them."""
    security: Code
    server: Code
    bodies: tuple[Call, ...]
    responses: tuple[tuple[Code, Value], ...]
    headers: tuple[tuple[Code, tuple[Call, ...]], ...]
    pagination: Call | None = None
    """How the next page is got; None where there is none."""
    item: Annotation = NONE
    """An item of a page, where there are pages."""

    @cached_property
    def signature(self) -> Code:
        """The parameters in the parentheses of its definitions, with those that every method has."""
        positional = [code_of(p.declaration()) for p in self.parameters if not p.keyword_only]
        keyword_only = [code_of(p.declaration()) for p in self.parameters if p.keyword_only]
        options = (f"{name}: {type_} | None = None" for name, type_ in OPTIONS.items())
        return Code(", ".join(["self", *positional, "*", *keyword_only, *options]))

    @property
    def options(self) -> Code:
        """The arguments that pass on what every method has."""
        return Code("".join(f", {name}={name}" for name in OPTIONS))

    def names_in_definition(self) -> Iterator[Name]:
        """The names that its definition mentions."""
        return names_in(self.returns, self.item, *(parameter.declaration() for parameter in self.parameters))

    def names_in_declaration(self) -> Iterator[Name]:
        """The names that its declaration mentions."""
        contents = (content for _, content in self.responses)
        headers = (headers for _, headers in self.headers)
        return names_in(self.returns, *self.sent, *self.bodies, *contents, *headers)

    def renamed(self, names: Mapping[Name, Name]) -> Method:
        """The method whose definition mentions other names."""
        parameters = (replace(p, annotation=p.annotation.renamed(names)) for p in self.parameters)
        returns, item = self.returns.renamed(names), self.item.renamed(names)
        return replace(self, parameters=tuple(parameters), returns=returns, item=item)


def methods(api: Api) -> list[Method]:
    """The methods of a client."""
    operations = list(method_operations(api))
    constants = constant_names((operation.name for operation, _ in operations), ("_API",))
    enums = enum_types(api)
    return [_method(api, o, constants[o.name], enums, streams=streams) for o, streams in operations]


def constant_names(names: Iterable[str], reserved: Iterable[str] = ()) -> dict[str, Code]:
    """Distinct private constants of a module, by the names of its functions or methods."""
    # Capitals can make one name of two (straße, strasse), or the name of something else in the module.
    capitals = {name_: unicodedata.normalize("NFKC", f"_{name_.upper()}") for name_ in names}
    return {key: name(constant) for key, constant in unique_names(capitals, reserved).items()}


def method_operations(api: Api) -> Iterator[tuple[Operation, bool]]:
    """The operation of each method, and whether it reads a stream; twice, under two names, where it can do both."""
    names = {(o.group, o.name) for o in api.operations} | {("", group.name) for group in api.groups}
    for operation in api.operations:
        streams = only_streams(operation)
        yield operation, streams
        if has_stream(operation) and not streams:
            stream_name = f"{operation.name}_stream"
            while (operation.group, stream_name) in names:
                stream_name += "_"
            yield replace(operation, name=stream_name), True


def _method(api: Api, operation: Operation, constant: Code, enums: Mapping[str, str], *, streams: bool) -> Method:
    bodies = request_media(operation, enums)
    pages = None if streams else operation.pagination
    values = (f'"{name(parameter.name)}": {name(parameter.name)}' for parameter in caller_parameters(operation))
    return Method(
        operation=operation,
        constant=constant,
        parameters=method_parameters(operation, enums),
        values=Code(f"{{{', '.join(values)}}}"),
        body=Code(", body" if bodies else ""),
        selection=Code(".sending(content_type)" if len(bodies) > 1 else ""),
        returns=returned(operation, streams=streams),
        streams=streams,
        doc=method_doc(operation, bodies, streams=streams),
        path=literal(sent_path(operation)),
        sent=tuple(with_type(parameter_declaration(p, enums), p.type, api) for p in operation.parameters),
        security=literal(operation.security),
        server=literal(own_server(api, operation)),
        bodies=tuple(with_type(body_declaration(api, body), body.media.type, api) for body in bodies),
        responses=response_declarations(operation, streams=streams),
        headers=header_declarations(operation),
        pagination=_pagination(operation, pages) if pages else None,
        item=annotation(pages.item) if pages else NONE,
    )


def _pagination(operation: Operation, pages: Pagination) -> Call:
    """The pagination of an operation; what has its default is left out."""
    names = {parameter.wire: parameter.name for parameter in operation.parameters if parameter.location == "query"}
    parameter, limit = (wire if pages.in_body else names.get(wire, "") for wire in (pages.parameter, pages.limit))
    keywords: dict[str, str | int | tuple[str, ...]] = {
        "items": pages.items,
        "parameter": parameter,
        "in_body": pages.in_body,
        "next": pages.next,
        "more": pages.more,
        "total": pages.total,
        "pages": pages.pages,
        "limit": limit,
        "size": pages.size if limit else 0,
        "first": pages.first,
    }
    values = {key: literal(value) for key, value in keywords.items() if value}
    return call(Name("Pagination", CORE), literal(pages.kind), **values)
