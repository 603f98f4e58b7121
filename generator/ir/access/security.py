"""The security schemes and requirements of a simplified document: what a client can send by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from ...document.problems import Problems, Source
from ...document.tree import Array, Object
from ...interpreter.fast_dataclasses import dataclass
from ...simplify.names import Naming, unique_names
from ...simplify.operations import reason_not_sendable
from ..model import Requirement
from ..provider import CLIENT_ARGUMENTS, Provider
from ..values import mapping, text
from .model import Alternative, Flow, SecurityScheme

_OPENID_URL = "openIdConnectUrl"


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
    variables = _variables(arguments, provider)
    reasons = {name: _unsendable_scheme(scheme) for name, scheme in declared.items()}
    return Schemes(
        tuple(
            _scheme(name, declared[name], arguments[name], variables[name]) for name in declared if not reasons[name]
        ),
        {name: reason for name, reason in reasons.items() if reason},
    )


def _variables(arguments: Mapping[str, str], provider: Provider) -> dict[str, str]:
    """The environment variable of each scheme: as `provider.yaml` says, else named after the argument, and distinct."""
    named = {name: provider.environment[name] for name in arguments if name in provider.environment}
    others = {
        name: f"{provider.prefix}_{argument}".upper().strip("_")
        for name, argument in arguments.items()
        if name not in named
    }
    return named | unique_names(others, {*named.values(), provider.base_url_environment})


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


def read_alternatives(value: Array | None) -> tuple[Alternative, ...]:
    """All alternatives of an effective security requirement, with their scopes, also those that clients cannot send."""
    return tuple(
        Alternative(tuple((name, _texts(scopes)) for name, scopes in names.items()), value.where(index))
        for index, names in enumerate(value or ())
        if value is not None
    )


def _texts(values: Any) -> tuple[str, ...]:
    """The distinct texts of a list, sorted."""
    return tuple(sorted({item for item in values if isinstance(item, str)})) if isinstance(values, Array) else ()


def _flows(scheme: Object) -> Iterator[Flow]:
    """The flows of a scheme of OAuth 2, or what stands for them in one of OpenID Connect."""
    for name, flow in mapping(scheme, "flows").items():
        if isinstance(flow, Object):
            urls = ((key, text(flow, key).strip()) for key in flow if key.endswith("Url"))
            yield Flow(name, tuple(urls), tuple(sorted(mapping(flow, "scopes"))), flow.source)
    if url := text(scheme, _OPENID_URL):
        yield Flow("openIdConnect", ((_OPENID_URL, url.strip()),), (), scheme.where(_OPENID_URL))


def _scheme(name: str, scheme: Object, argument: str, environment: str) -> SecurityScheme:
    kind = _kind(scheme)
    assert kind is not None
    return SecurityScheme(
        name=name,
        kind=kind,
        argument=argument,
        environment=environment,
        location=scheme["in"] if kind == "apiKey" else "header",
        wire=scheme["name"] if kind == "apiKey" else "Authorization",
        source=scheme.source,
        description=text(scheme, "description"),
        flows=tuple(_flows(scheme)),
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
