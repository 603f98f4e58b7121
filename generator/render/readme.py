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
        "left_out": package.left_out,
        "arguments": arguments(api),
        "default_url": own_url(api),
        "example": _example(package),
        "alternatives": _alternatives(api),
    }


def _sections(api: Api) -> list[dict[str, Any]]:
    """The calls, those of each group under its heading and behind those of the client itself."""

    all_calls = list(method_operations(api))

    def calls(group: str) -> list[dict[str, Any]]:
        inside = [(o, sentence(o.summary or o.description), streams) for o, streams in all_calls if o.group == group]
        return [
            {"operation": o, "heading": f"{heading} A stream.".lstrip() if streams else heading}
            for o, heading, streams in inside
        ]

    sections: list[dict[str, Any]] = [{"group": None, "calls": calls("")}]
    sections += [{"group": group, "calls": calls(group.name)} for group in api.groups]
    return [section for section in sections if section["calls"]]


def _alternatives(api: Api) -> Code:
    names = {scheme.name: f"`{name(scheme.argument)}`" for scheme in api.schemes}
    choices = {s for o in api.operations for s in o.security if len(o.security) > 1}
    words = [" with ".join(names[n] for n in choice if n in names) for choice in sorted(choices) if choice]
    return Code(f"Give exactly one of {' or '.join(words)}." if len(words) > 1 else "")


def _example(package: Package) -> list[Code]:
    """The simplest call of the API: of those without a body the one that takes least."""
    api, module = package.api, name(package.module)
    client = f"{name(package.client)}Client"
    lines = [f"from {module} import {client}", ""]
    calls = [o for o in api.operations if o.body is None and not o.deprecated] or [
        o for o in api.operations if o.body is None or not o.body.required
    ]
    given = [f'{argument.name}="..."' for argument in arguments(api) if argument.needed]
    if not own_url(api):
        given.append('base_url="https://..."')
    lines.append(f"with {client}({', '.join(given)}) as client:")
    if not calls:
        return [Code(line) for line in [*lines, "    ..."]]
    call = min(calls, key=lambda o: (only_streams(o), sum(p.required for p in o.parameters), o.method != "GET", o.name))
    taken = [p for p in call.parameters if p.required and not p.from_client]
    values = [_sample(p) if p.location == "path" else f"{name(p.name)}={_sample(p)}" for p in taken]
    lines += [f"    answer = client.{_place(call)}({', '.join(values)})", "    print(answer)"]
    return [Code(line) for line in lines]


def _place(operation: Operation) -> str:
    return ".".join(name(word) for word in (operation.group, operation.name) if word)


def _sample(parameter: Parameter) -> str:
    def sample(type_: Type) -> str:
        match type_:
            case Scalar("str", "uuid"):
                return '"5b1f0c9e-3c0e-4a53-9d62-0c6a4c1f7a10"'
            case Scalar("int" | "float"):
                return "1"
            case Scalar("bool"):
                return "True"
            case UnionOf(members):
                return sample(members[0])
            case Scalar() | Ref():
                return f'"{name(parameter.name)}"'
            case _:
                return "[]"

    return sample(parameter.type)
