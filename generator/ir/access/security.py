"""The security schemes and requirements of a simplified document: what a client can send by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ...document.problems import Problems, Source
from ...document.tree import Array, Object
from ...simplify.names import Naming, unique_names
from ...simplify.operations import reason_not_sendable
from ..model import Requirement
from ..provider import CLIENT_ARGUMENTS, Provider
from ..values import text
from .model import SecurityScheme


@dataclass(frozen=True, slots=True)
class Schemes:
    """The declared security schemes."""

    sendable: tuple[SecurityScheme, ...]
    """The schemes that a client can send, in the document's order."""
    unsendable: Mapping[str, str]
    """The reasons why it cannot send the other schemes, by name."""


def read_schemes(document: Object, provider: Provider, naming: Naming) -> Schemes:
    """The security schemes, with the client's argument and the environment variable of each that it can send."""
    declared = document["components"].get("securitySchemes") or Object()
    wanted = {name: provider.arguments.get(name) or naming.identifier(name) for name in declared}
    arguments = unique_names(wanted, CLIENT_ARGUMENTS)
    reasons = {name: _unsendable_scheme(scheme) for name, scheme in declared.items()}
    return Schemes(
        tuple(_scheme(name, declared[name], arguments[name], provider) for name in declared if not reasons[name]),
        {name: reason for name, reason in reasons.items() if reason},
    )


def read_requirement(value: Array | None, source: Source, schemes: Schemes, problems: Problems) -> Requirement:
    """The alternatives of an effective security requirement that a client can send.

    Where it can send none of them, all stay: such calls are authenticated by the client's `auth=` alone. `source` is
    that of the operation.
    """
    sendable = {scheme.name for scheme in schemes.sendable}
    entries = [(value.where(index), tuple(names)) for index, names in enumerate(value)] if value is not None else []
    alternatives = tuple(dict.fromkeys(names for _, names in entries))
    usable = tuple(names for names in alternatives if sendable.issuperset(names))
    consequence = "this alternative is left out" if usable else "calls need the client's `auth=`"
    for where, names in entries:
        for name in names:
            if name not in sendable:
                _warn_unsendable(name, where if where.line else source, consequence, schemes, problems)
    return usable or alternatives


def required_scopes(value: Array | None) -> tuple[tuple[str, str], ...]:
    """The scopes of an effective security requirement, each after the name of its scheme; distinct, sorted."""
    required = {
        (name, scope)
        for alternative in value or ()
        for name, scopes in alternative.items()
        if isinstance(scopes, Array)
        for scope in scopes
        if isinstance(scope, str)
    }
    return tuple(sorted(required))


def _scheme(name: str, scheme: Object, argument: str, provider: Provider) -> SecurityScheme:
    kind = _kind(scheme)
    assert kind is not None
    return SecurityScheme(
        name=name,
        kind=kind,
        argument=argument,
        environment=provider.environment.get(name) or f"{provider.prefix}_{argument}".upper().strip("_"),
        location=scheme["in"] if kind == "apiKey" else "header",
        wire=scheme["name"] if kind == "apiKey" else "Authorization",
        source=scheme.source,
        description=text(scheme, "description"),
    )


def _unsendable_scheme(scheme: Any) -> str:
    """The reason why a client does not send a credential of this scheme; "" if it does."""
    match _kind(scheme):
        case None:
            return f"{_described(scheme)} is not sent by a client itself"
        case "apiKey":
            return reason_not_sendable(scheme["name"], scheme["in"])
    return ""


def _warn_unsendable(name: str, source: Source, consequence: str, schemes: Schemes, problems: Problems) -> None:
    if reason := schemes.unsendable.get(name):
        problems.warning("unsupported-security", source, f"{name!r}: {reason}; {consequence}")
    else:
        known = sorted({scheme.name for scheme in schemes.sendable} | schemes.unsendable.keys())
        hint = f"components.securitySchemes has: {', '.join(known) or 'none'}"
        message = f"{name!r}: no security scheme has this name; {consequence}"
        problems.warning("unknown-scheme", source, message, hint)


def _kind(scheme: Any) -> Literal["apiKey", "bearer", "basic"] | None:
    """How a credential is sent; None where a client does not send it by itself."""
    if not isinstance(scheme, Object):
        return None
    match scheme.get("type"), str(scheme.get("scheme") or "").lower():
        case "apiKey", _ if scheme.get("in") in ("header", "query", "cookie") and isinstance(scheme.get("name"), str):
            return "apiKey"
        case ("oauth2" | "openIdConnect", _) | ("http", "bearer"):
            return "bearer"  # whichever way the token was obtained, RFC 6750 says how it is sent
        case "http", "basic":
            return "basic"
    return None


def _described(scheme: Any) -> str:
    if not isinstance(scheme, Object):
        return "not a mapping"
    return " ".join(str(scheme[key]) for key in ("type", "scheme") if key in scheme) or "a scheme without a type"
