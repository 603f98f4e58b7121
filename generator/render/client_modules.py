"""The modules of a client package that make calls, with what each imports and declares.

A small package has everything in one module. Importing a large package loads neither models nor declarations (`late`):
those of a group are in the group's module, which is loaded when its attribute is first used, and those of the methods
outside of groups are in `_operations`, which is loaded by the first call.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from ..interpreter.fast_dataclasses import dataclass
from ..ir.model import Api, Group, Package
from ..python import quoting as text
from ..python.annotations import LIST
from ..python.client import arguments, client_server, own_servers, requirements, title, used_schemes
from ..python.descriptions.plain_text import plain_text
from ..python.docstrings import constructor_doc
from ..python.expressions import MODELS, PREFIXES, Name, names_in
from ..python.imports import MAPPING, TYPE_CHECKING, import_lines
from ..python.methods import Method, methods
from ..python.quoting import Code
from ..python.webhooks import webhook_functions
from ..simplify.names import unique_names

LARGE = 40
"""The number of methods from which a package loads declarations and models late."""
_VARIANTS = (
    {
        "prefix": Code(""),
        "define": Code("def"),
        "wait": Code(""),
        "transport": Code("BaseTransport"),
        "source": Code("_core.CredentialSource"),
    },
    {
        "prefix": Code("Async"),
        "define": Code("async def"),
        "wait": Code("await "),
        "transport": Code("AsyncBaseTransport"),
        "source": Code("_core.AsyncCredentialSource"),
    },
)


@dataclass(frozen=True, slots=True)
class Module:
    """A file of the package: its path there, the name of its template in `templates/client`, and what that prints."""

    path: str
    template: str
    values: dict[str, Any]


def client_modules(package: Package) -> Iterator[Module]:
    """The modules, `client.py` first."""
    api = package.api
    calls = methods(api)
    own = [method for method in calls if not method.operation.group]
    late = bool(api.groups) or len(calls) >= LARGE
    if late:
        own = _with_public_constants(own)
    yield Module("client.py", "client.py", _client(package, own, late=late))
    if late and own:
        doc = f"The operations that the methods of the client of {title(api)} call."
        declarations = {
            **_imports(name for method in own for name in method.names_in_declaration()),
            "methods": own,
            "module_doc": doc,
        }
        yield Module("_operations.py", "operations.py", declarations)
    if api.groups:
        doc = f"The groups of {title(api)}, one module each."
        yield Module("groups/__init__.py", "groups.py", {"module_doc": doc})
    for group in api.groups:
        group_calls = [method for method in calls if method.operation.group == group.name]
        yield Module(f"groups/{text.name(group.name)}.py", "group.py", _group(group, group_calls, api))
    if functions := webhook_functions(api):
        doc = f"The webhooks and callbacks of {title(api)}: each function reads the body of one."
        imports = _imports(names_in(*(function.returns for function in functions)))
        yield Module("webhooks.py", "webhooks.py", {**imports, "functions": functions, "module_doc": doc})


def _client(package: Package, calls: Sequence[Method], *, late: bool) -> dict[str, Any]:
    api = package.api
    server, servers = client_server(api), own_servers(api)
    return {
        **_imports(
            [
                *(TYPE_CHECKING, *names_in(*(argument.annotation for argument in arguments(api)))),
                *(*_names(calls, declarations=not late), *([MAPPING] if servers else [])),
            ],
            late=late,
        ),
        "methods": calls,
        "paginated": any(method.pagination for method in calls),
        "groups": [{"group": group, "doc": group_text(group)} for group in api.groups],
        "schemes": used_schemes(api),
        "requirements": requirements(api),
        "variables": server.variables if server else (),
        "server_url": server.url if server else "",
        "own_servers": servers,
        "arguments": arguments(api),
        "credential_arguments": {text.name(scheme.argument) for scheme in used_schemes(api)},
        "variants": _VARIANTS,
        "module_doc": f"The client of {title(api)}.",
        "class_text": f"{text.sentence(title(api))}\n\n{plain_text(api.description)}",
        "init_doc": constructor_doc(api),
    }


def _group(group: Group, calls: Sequence[Method], api: Api) -> dict[str, Any]:
    hides_list = any(method.operation.name == "list" for method in calls)
    if hides_list:  # in a class with a method of this name an annotation would mean the method
        calls = [method.renamed({LIST: Name("_list")}) for method in calls]
    return {
        **_imports(_names(calls, declarations=True)),
        "hides_list": hides_list,
        "methods": calls,
        "paginated": any(method.pagination for method in calls),
        "group": group,
        "variants": _VARIANTS,
        "module_doc": f"The operations of {title(api)} {'with the tag' if group.tag else 'below'} {group.title}.",
        "class_text": group_text(group),
    }


def _with_public_constants(calls: Sequence[Method]) -> list[Method]:
    """The methods with constants that another module can import, distinct from what the constants' module imports."""
    mentioned = {name for method in calls for name in method.names_in_declaration()}
    imported = {name.alias or name.name for name in mentioned if name.module not in PREFIXES}
    constants = unique_names({method.constant: method.constant.removeprefix("_") for method in calls}, imported)
    return [replace(method, constant=text.name(constants[method.constant])) for method in calls]


def group_text(group: Group) -> str:
    """The docstring of a group: its tag, and the description of the tag; or what is common to its paths."""
    heading = group.title if group.tag else f"What is below {group.title}"
    description = plain_text(group.description).strip()
    return text.sentence(heading) + (f"\n\n{description}" if description and description != heading else "")


def _names(calls: Sequence[Method], *, declarations: bool) -> Iterator[Name]:
    """The names that the definitions of methods mention, and their `declarations` too."""
    for method in calls:
        yield from method.names_in_definition()
        yield from method.names_in_declaration() if declarations else ()


def _imports(names: Iterable[Name], *, late: bool = False) -> dict[str, Any]:
    """The imports of a module that mentions these names; `late`: it imports models for type checkers alone."""
    mentioned = set(names)
    uses_models = any(name.module == MODELS for name in mentioned)
    return {"imports": import_lines(mentioned), "uses_models": uses_models, "late": late}
