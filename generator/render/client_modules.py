"""The modules of a client package that make calls: which there are, and what each imports and declares.

Importing a large package loads neither models nor declarations: those of a group are in its own module, which is loaded
when its attribute is first used, and those of the client's own methods in `_operations`, which the first call loads. A
small package has everything in one module.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..ir.model import Api, Group, Package
from ..python import quoting as text
from ..python.annotations import LIST
from ..python.client import Argument, arguments, own_url, requirements, title, used_schemes
from ..python.expressions import MODELS, Name, names_in
from ..python.imports import TYPE_CHECKING, import_lines
from ..python.methods import Method, methods
from ..python.quoting import Code
from ..python.webhooks import webhook_functions

LARGE = 40
"""As many operations as make it worth while to load what they need when they are called."""
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
    """A file of the package, by its path there; the template is one of `templates/client`."""

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
        own = [replace(method, constant=_public(method.constant)) for method in own]
    yield Module("client.py", "client.py", _client(package, own, late=late))
    if late and own:
        doc = f"What the methods of the client of {title(api)} call."
        declarations = {**_imports(_declaration_names(own)), "methods": own, "module_doc": doc}
        yield Module("_operations.py", "operations.py", declarations)
    if api.groups:
        doc = f"The groups of {title(api)}, a module each."
        yield Module("groups/__init__.py", "groups.py", {"module_doc": doc})
    for group in api.groups:
        inside = [method for method in calls if method.operation.group == group.name]
        yield Module(f"groups/{text.name(group.name)}.py", "group.py", _group(group, inside, api))
    if functions := webhook_functions(api):
        doc = f"What {title(api)} sends: each function reads the body of a webhook, or of a callback."
        imports = _imports(name for function in functions for name in names_in(function.returns))
        yield Module("webhooks.py", "webhooks.py", {**imports, "functions": functions, "module_doc": doc})


def _client(package: Package, calls: Sequence[Method], *, late: bool) -> dict[str, Any]:
    api = package.api
    server = api.servers[0] if api.servers else None
    given = arguments(api)
    return {
        **_imports([TYPE_CHECKING, *_signature_names(calls), *([] if late else _declaration_names(calls))]),
        "late": late,
        "methods": calls,
        "groups": [{"group": group, "doc": group_text(group)} for group in api.groups],
        "schemes": used_schemes(api),
        "requirements": requirements(api),
        "variables": server.variables if server else (),
        "server_url": server.url if server else "",
        "arguments": given,
        "credential_arguments": {text.name(scheme.argument) for scheme in used_schemes(api)},
        "variants": _VARIANTS,
        "module_doc": f"The client of {title(api)}.",
        "class_text": f"{title(api)}.\n\n{api.description}",
        "init_text": _init_text(api, given),
    }


def _group(group: Group, calls: Sequence[Method], api: Api) -> dict[str, Any]:
    hides_list = any(method.operation.name == "list" for method in calls)
    if hides_list:  # in a class with a method of this name an annotation would mean the method
        calls = [method.renamed({LIST: Name("_list")}) for method in calls]
    return {
        **_imports([*_signature_names(calls), *_declaration_names(calls)]),
        "hides_list": hides_list,
        "late": False,
        "methods": calls,
        "group": group,
        "variants": _VARIANTS,
        "module_doc": f"The calls of {title(api)} about {' '.join(group.tag.split())}.",
        "class_text": group_text(group),
    }


def _public(constant: Code) -> Code:
    """A constant that another module imports; the names of what the module imports itself are taken."""
    name = constant.removeprefix("_")
    return text.name(f"{name}_" if name in ("UUID", "UNSET") else name)


def group_text(group: Group) -> str:
    """What a group says of itself: the tag, and what the document says about it."""
    tag = " ".join(group.tag.split())
    description = group.description.strip()
    return text.sentence(tag) + (f"\n\n{description}" if description and description != tag else "")


def _imports(names: Iterable[Name]) -> dict[str, Any]:
    """What a module imports that mentions these names."""
    mentioned = set(names)
    return {"imports": import_lines(mentioned), "uses_models": any(name.module == MODELS for name in mentioned)}


def _signature_names(calls: Sequence[Method]) -> Iterator[Name]:
    return (name for method in calls for name in method.signature_names())


def _declaration_names(calls: Sequence[Method]) -> Iterator[Name]:
    return (name for method in calls for name in method.declaration_names())


def _init_text(api: Api, arguments: tuple[Argument, ...]) -> str:
    entries = [(argument.name, _described(argument)) for argument in arguments]
    default = own_url(api)
    entries += [
        (Code("base_url"), f"Another server than {default}" if default else "The server's URL; required."),
        (Code("timeout"), "The seconds that a call may take in total, or a Timeout, which limits its steps too."),
        (Code("retry"), "When and how often a call is repeated."),
        (Code("max_response_size"), "The largest body that is read, in bytes, after unpacking."),
        (Code("auth"), "An httpx2.Auth of your own, instead of credentials."),
        (Code("http_client"), "An httpx2 client of your own. This client does not close it."),
        (Code("transport"), "An httpx2 transport of your own."),
        (Code("allow_insecure_http"), "Whether to send credentials over plain http to hosts other than loopback."),
    ]
    listed = "\n".join(text.hanging(f"{name}: {value}", 8) for name, value in entries)
    raises = text.hanging("CredentialsError: No credentials are given, or those of more than one alternative.", 8)
    intro = "An argument wins over the environment."
    if used_schemes(api):
        intro += " A credential may be a function; it is called before every attempt."
    return f"{intro}\n\nArgs:\n{listed}\n\nRaises:\n{raises}"


def _described(argument: Argument) -> str:
    notes = f"Environment: {argument.environment}." if argument.environment else f"Default: {argument.default}"
    return f"{text.sentence(argument.description)} {notes}"
