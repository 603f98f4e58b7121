"""The README of a client package: its example and its lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import PurePath
from typing import Any

from ..document.problems import Source, group_repeated
from ..ir.model import Api, Enum, Operation, Package, Requirement
from ..ir.types import ListOf, Ref, Scalar, Type, UnionOf, constant_of
from ..python.client import (
    arguments,
    default_base_url,
    every_call_needs_base_url,
    has_host,
    own_server,
    own_servers,
    variable_arguments,
)
from ..python.descriptions.summaries import summary_and_rest
from ..python.methods import method_operations
from ..python.parameters import is_positional
from ..python.quoting import Code, dotted_name, literal, name
from ..python.responses import only_streams, returns_location
from ..python.webhooks import heading, json_media
from .core import MODULE


def readme(package: Package) -> dict[str, Any]:
    """What the template of the README prints beside the package itself."""
    api = package.api
    paginated = [operation for operation in api.operations if operation.pagination]
    return {
        "sections": _sections(api),
        "webhooks": [{"webhook": w, "read": json_media(w), "heading": heading(w)} for w in api.webhooks],
        "left_out": [(item, _place(item.problem.source)) for item in api.left_out],
        "losses": [
            (loss, ", ".join([_place(loss.source), *map(str, lines)])) for loss, lines in group_repeated([*api.losses])
        ],
        "core": package.module if api.options.standalone else MODULE,
        "arguments": arguments(api),
        "default_url": default_base_url(api),
        "every_call_needs_base_url": every_call_needs_base_url(api),
        "variables": variable_arguments(api),
        "own_servers": _own_servers(api),
        "example": _example(package),
        "alternatives": _alternatives(api),
        "paginated": [_paginated(operation) for operation in paginated],
        "first_paginated": _paginated(min(paginated, key=partial(_rank, _usual(api)))) if paginated else Code(""),
    }


def _paginated(operation: Operation) -> Code:
    """Where the method is that gets all pages, seen from a client."""
    return Code(".".join((*([name(operation.group)] if operation.group else []), "paginated", name(operation.name))))


def _place(source: Source) -> str:
    """Where a value of the document is: the name of its file, and the line."""
    return f"{PurePath(source.file).name}:{source.line}"


def _sections(api: Api) -> list[dict[str, Any]]:
    """The calls of the client itself, then those of each group under its heading."""
    calls: dict[str, list[dict[str, Any]]] = {}
    for operation, streams in method_operations(api):
        calls.setdefault(operation.group, []).append(_call(operation, streams))
    groups = {"": None} | {group.name: group for group in api.groups}
    return [{"group": group, "calls": calls[key]} for key, group in groups.items() if key in calls]


def _call(operation: Operation, streams: bool) -> dict[str, Any]:
    heading = next(filter(None, (summary_and_rest(t)[0] for t in (operation.summary, operation.description))), "")
    returned = " A stream." if streams else " Returns the URL of a redirect." if returns_location(operation) else ""
    return {"operation": operation, "heading": f"{heading}{returned}".lstrip()}


def _own_servers(api: Api) -> dict[str, list[Operation]]:
    """The calls that have a server of their own, by that server."""
    calls: dict[str, list[Operation]] = {url: [] for url in own_servers(api)}
    for operation in api.operations:
        if url := own_server(api, operation):
            calls[url].append(operation)
    return calls


def _alternatives(api: Api) -> Code:
    """The sentence that says which credentials are alternatives of each other; "" where none are."""
    names = {scheme.name: f"`{name(scheme.argument)}`" for scheme in api.schemes}
    sendable = [[a for a in o.security if a and names.keys() >= {*a}] for o in api.operations]
    alternatives = dict.fromkeys(a for listed in sendable if len(listed) > 1 for a in listed)
    texts = [" with ".join(names[scheme] for scheme in alternative) for alternative in alternatives]
    sent = "exactly one of those that you give: the first that the API lists for it"
    return Code(f"Where a call accepts {' or '.join(texts)}, it sends {sent}." if texts else "")


def _example(package: Package) -> list[Code]:
    """A program that makes the simplest call of the API."""
    api, client = package.api, f"{name(package.client)}Client"
    operation = _simplest(api)
    needed = [argument for argument in arguments(api) if argument.needed]
    if operation and all(operation.security):  # else it needs no credential: newcomers will call others next
        needed = [
            argument for argument in arguments(replace(api, operations=(operation,))) if argument.needed
        ] or needed
    given = [f'{argument.name}="..."' for argument in needed]
    is_placed = bool(default_base_url(api)) or (operation is not None and has_host(own_server(api, operation)))
    given += [] if is_placed else ['base_url="https://..."']
    lines = [f"from {name(package.module)} import {client}", "", f"with {client}({', '.join(given)}) as client:"]
    enums = {enum.name: enum for enum in api.enums}
    if operation:
        required = [p for p in operation.parameters if p.required and not p.from_client and constant_of(p.type) is None]
        samples = [(p, _sample(p.type, p.name, enums)) for p in required]
        values = [sample if is_positional(p) else f"{name(p.name)}={sample}" for p, sample in samples]
        call = f"client.{dotted_name(operation.dotted_name)}({', '.join(values)})"
        lines += [f"    response = {call}", "    print(response)"]
    else:
        lines.append("    ...")
    return [Code(line) for line in lines]


def _simplest(api: Api) -> Operation | None:
    """The operation that newcomers would call: a GET with the usual credentials and few arguments, and best a list."""
    return min(
        (o for o in api.operations if o.body is None or not o.body.required),
        key=partial(_rank, _usual(api)),
        default=None,
    )


def _usual(api: Api) -> Requirement:
    """The requirement of most operations."""
    counts = Counter(operation.security for operation in api.operations)
    return max(counts, key=lambda security: counts[security], default=())


def _rank(usual: Requirement, operation: Operation) -> tuple[object, ...]:
    """How unlikely newcomers are to call an operation."""
    required = sum(parameter.required for parameter in operation.parameters)
    unusual = operation.deprecated, operation.method != "GET", only_streams(operation), operation.body is not None
    return *unusual, operation.security != usual, required, not _returns_list(operation), operation.dotted_name


def _returns_list(operation: Operation) -> bool:
    types = [media.type for response in operation.responses if response.success for media in response.content]
    return operation.pagination is not None or any(isinstance(type_, ListOf) for type_ in types)


def _sample(type_: Type, parameter: str, enums: Mapping[str, Enum]) -> str:
    """A value for a parameter of this type and name, as code; the first one of an enum."""
    match type_:
        case Scalar("str", "uuid"):
            return '"5b1f0c9e-3c0e-4a53-9d62-0c6a4c1f7a10"'
        case Scalar("int" | "float"):
            return "1"
        case Scalar("bool"):
            return "True"
        case UnionOf(members):
            return _sample(members[0], parameter, enums)
        case Ref(class_name) if class_name in enums:
            return literal(enums[class_name].values[0].value)
        case Scalar() | Ref():
            return f'"{name(parameter)}"'
        case _:
            return "[]"
