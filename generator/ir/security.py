"""Security schemes, requirements and servers of a simplified document, as the intermediate representation has them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from ..document.problems import Problems, Source
from ..document.tree import Array, Object
from ..simplify.names import Naming, unique_names
from ..simplify.operations import reason_not_sendable
from .model import Requirement, SecurityScheme, Server, ServerVariable
from .provider import CLIENT_ARGUMENTS, Provider

_LOCATIONS = ("header", "query", "cookie")


def read_schemes(
    document: Object, provider: Provider, naming: Naming
) -> tuple[tuple[SecurityScheme, ...], dict[str, str]]:
    """The schemes that a client can send, and why it cannot send each of the others that are declared."""
    declared = document["components"].get("securitySchemes") or Object()
    found = []
    others: dict[str, str] = {}
    wanted = {name: provider.arguments.get(name) or naming.identifier(name) for name in declared}
    for name, argument in unique_names(wanted, CLIENT_ARGUMENTS).items():
        kind = _kind(declared[name])
        if kind is None:
            others[name] = f"{_words(declared[name])} is not among the kinds that a client sends by itself"
            continue
        scheme = declared[name]
        key = kind == "apiKey"
        if key and (why := reason_not_sendable(scheme["name"], scheme["in"])):
            others[name] = why
            continue
        found.append(
            SecurityScheme(
                name=name,
                kind=kind,
                argument=argument,
                environment=provider.environment.get(name) or f"{provider.prefix}_{argument}".upper().strip("_"),
                location=scheme["in"] if key else "header",
                wire=scheme["name"] if key else "Authorization",
                source=scheme.source,
                description=str(scheme.get("description") or ""),
            )
        )
    order = {name: i for i, name in enumerate(declared)}
    return tuple(sorted(found, key=lambda scheme: order[scheme.name])), others


def check_token(name: str, location: str, where: Source, problems: Problems) -> None:
    """Report a header or cookie that no request can carry, or that says how the request itself is to be read."""
    if why := reason_not_sendable(name, location):
        problems.error("bad-header", where, why, "correct or remove it by an overlay action")


def read_requirement(
    value: Any, place: Source, sendable: frozenset[str], others: Mapping[str, str], problems: Problems
) -> Requirement:
    """The alternatives of an effective security requirement that a client can send.

    Where it can send none of them, all stay: such calls are authenticated by the client's `auth=` alone.
    """
    alternatives: list[tuple[str, ...]] = []
    reasons: list[tuple[Source, str, str]] = []
    for index, alternative in enumerate(value if isinstance(value, Array) else ()):
        alternatives.append(tuple(alternative))
        for name in alternative:
            if name not in sendable:
                id = "unsupported-security" if name in others else "unknown-scheme"
                why = others.get(name) or "no security scheme has this name"
                reasons.append((value.where(index), id, f"{name!r}: {why}"))
    kept = [names for names in dict.fromkeys(alternatives) if sendable.issuperset(names)]
    so = "this alternative is left out" if kept else "calls need the client's `auth=`"
    for where, id, why in reasons:
        hint = f"components.securitySchemes has: {', '.join(sorted(sendable | others.keys())) or 'none'}"
        problems.warning(id, where if where.line else place, f"{why}; {so}", hint if id == "unknown-scheme" else "")
    return tuple(kept or dict.fromkeys(alternatives))


def read_servers(value: Any, taken: Iterable[str], naming: Naming, problems: Problems) -> tuple[Server, ...]:
    """The servers; a variable in a URL that is not declared is reported. `taken` are other arguments of the client."""
    servers = value if isinstance(value, Array) else Array()
    found = [_server(s, (*CLIENT_ARGUMENTS, *taken), naming, problems) for s in servers if isinstance(s, Object)]
    if found and (why := _unusable(found[0].default_url)):  # the message does not repeat the URL: it may hold secrets
        message = f"the server's URL {why}"
        problems.error("bad-server", found[0].source, message, "correct it by an overlay action")
    return tuple(found)


def _server(value: Object, taken: tuple[str, ...], naming: Naming, problems: Problems) -> Server:
    url = str(value.get("url") or "")
    declared = value.get("variables") or Object()
    holes = list(dict.fromkeys(re.findall(r"\{([^{}]*)\}", url)))
    variables = []
    arguments = unique_names({hole: naming.identifier(hole) for hole in holes}, taken)
    for hole in holes:
        variable = declared.get(hole)
        if not isinstance(variable, Object) or not isinstance(variable.get("default"), (str, int, float)):
            message = f"the server variable {hole!r} has no default"
            hint = "declare it under `variables` by an overlay action"
            problems.error("bad-server", value.where("url"), message, hint)
            continue
        words = tuple(str(word) for word in variable.get("enum") or ())
        text = str(variable.get("description") or "")
        variables.append(ServerVariable(hole, arguments[hole], str(variable["default"]), variable.source, words, text))
    return Server(url, value.source, str(value.get("description") or ""), tuple(variables))


def _unusable(url: str) -> str:
    scheme, separator, rest = url.partition("://")
    if separator and scheme.lower() not in ("http", "https"):
        return "is neither http nor https"
    if separator and "@" in rest.partition("/")[0]:
        return "holds a user name or a password"
    return "has a query or a fragment" if "?" in url or "#" in url else ""


def _kind(scheme: Any) -> Literal["apiKey", "bearer", "basic"] | None:
    if not isinstance(scheme, Object):
        return None
    match scheme.get("type"), str(scheme.get("scheme") or "").lower():
        case "apiKey", _ if scheme.get("in") in _LOCATIONS and isinstance(scheme.get("name"), str):
            return "apiKey"
        case ("oauth2" | "openIdConnect", _) | ("http", "bearer"):
            return "bearer"  # whichever way the token was obtained, RFC 6750 says how it is sent
        case "http", "basic":
            return "basic"
    return None


def _words(scheme: Any) -> str:
    if not isinstance(scheme, Object):
        return "not a mapping"
    return " ".join(str(scheme[key]) for key in ("type", "scheme") if key in scheme)
