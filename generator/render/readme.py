"""The README of a client package: its example and its tables."""

from __future__ import annotations

from typing import Any

from ..ir.model import Api, Operation, Package, Parameter
from ..ir.types import Ref, Scalar, Type, UnionOf
from ..python.client import arguments, own_url
from ..python.methods import method_operations
from ..python.quoting import Code, name, sentence
from ..python.responses import only_streams
from ..python.webhooks import heading, json_media


def readme(package: Package) -> dict[str, Any]:
    """What the template of the README prints beside the package itself."""
    api = package.api
    return {
        "sections": _sections(api),
        "webhooks": [{"webhook": w, "read": json_media(w), "heading": heading(w)} for w in api.webhooks],
        "left_out": package.api.left_out,
        "arguments": arguments(api),
        "default_url": own_url(api),
        "example": _example(package),
        "alternatives": _alternatives(api),
    }


def _sections(api: Api) -> list[dict[str, Any]]:
    """The calls of the client itself, then those of each group under its heading."""
    operations = list(method_operations(api))
    sections = [
        {"group": group, "calls": [_call(o, streams) for o, streams in operations if o.group == name_]}
        for name_, group in (("", None), *((group.name, group) for group in api.groups))
    ]
    return [section for section in sections if section["calls"]]


def _call(operation: Operation, streams: bool) -> dict[str, Any]:
    heading = sentence(operation.summary or operation.description)
    return {"operation": operation, "heading": f"{heading} A stream.".lstrip() if streams else heading}


def _alternatives(api: Api) -> Code:
    names = {scheme.name: f"`{name(scheme.argument)}`" for scheme in api.schemes}
    choices = {s for o in api.operations for s in o.security if len(o.security) > 1}
    words = [" with ".join(names[n] for n in choice if n in names) for choice in sorted(choices) if choice]
    return Code(f"Give exactly one of {' or '.join(words)}." if len(words) > 1 else "")


def _example(package: Package) -> list[Code]:
    """A program that makes the simplest call of the API."""
    api, client = package.api, f"{name(package.client)}Client"
    given = [f'{argument.name}="..."' for argument in arguments(api) if argument.needed]
    given += [] if own_url(api) else ['base_url="https://..."']
    lines = [f"from {name(package.module)} import {client}", "", f"with {client}({', '.join(given)}) as client:"]
    if operation := _simplest(api):
        required = [p for p in operation.parameters if p.required and not p.from_client]
        values = [_sample(p) if p.location == "path" else f"{name(p.name)}={_sample(p)}" for p in required]
        dotted = ".".join(name(word) for word in operation.dotted_name.split("."))
        lines += [f"    response = client.{dotted}({', '.join(values)})", "    print(response)"]
    else:
        lines.append("    ...")
    return [Code(line) for line in lines]


def _simplest(api: Api) -> Operation | None:
    """Of the operations without a body, or else with an optional one, the one that requires the fewest parameters."""
    without_body = [o for o in api.operations if o.body is None and not o.deprecated]
    candidates = without_body or [o for o in api.operations if o.body is None or not o.body.required]
    return min(
        candidates,
        key=lambda o: (only_streams(o), sum(p.required for p in o.parameters), o.method != "GET", o.name),
        default=None,
    )


def _sample(parameter: Parameter) -> str:
    """A value for a parameter, as code."""
    return _sample_of(parameter.type, parameter.name)


def _sample_of(type_: Type, parameter: str) -> str:
    match type_:
        case Scalar("str", "uuid"):
            return '"5b1f0c9e-3c0e-4a53-9d62-0c6a4c1f7a10"'
        case Scalar("int" | "float"):
            return "1"
        case Scalar("bool"):
            return "True"
        case UnionOf(members):
            return _sample_of(members[0], parameter)
        case Scalar() | Ref():
            return f'"{name(parameter)}"'
        case _:
            return "[]"
