"""The flow `clientCredentials` of OAuth 2 in the security schemes of a simplified document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from ...document.problems import Problems
from ...document.tree import Object
from ...simplify.names import unique_names
from ..model import Operation
from ..provider import CLIENT_PARTS, Provider
from ..values import mapping, text
from .model import ClientCredentials, SecurityScheme, Server
from .servers import reason_not_usable

_FLOW = "clientCredentials"
_ARGUMENTS = (*CLIENT_PARTS, "token_url", "scopes")


def with_client_credentials(
    schemes: Iterable[SecurityScheme],
    document: Object,
    operations: Iterable[Operation],
    servers: Sequence[Server],
    arguments: Iterable[str],
    provider: Provider,
    problems: Problems,
) -> tuple[SecurityScheme, ...]:
    """The schemes, with the flow of each that has it and that an operation takes.

    `servers` has the client's server, if there is one. `arguments` are names that the client has already: those of
    flows give way to them.
    """
    declared, scopes = document["components"].get("securitySchemes") or Object(), _scopes(operations)
    names = {*arguments, *(variable.argument for server in servers for variable in server.variables)}
    variables = {variable.name: variable.default for server in servers for variable in server.adjustable_variables}
    result: list[SecurityScheme] = []
    for scheme in schemes:
        flows = mapping(declared[scheme.name], "flows")
        if scheme.name in scopes and isinstance(flows.get(_FLOW), Object):
            flow = _flow(scheme, flows, scopes[scheme.name], names, provider)
            names |= {flow.id_argument, flow.secret_argument, flow.url_argument, flow.scopes_argument}
            url = _token_url(flows[_FLOW], variables, flow.url_argument, problems)
            scheme = replace(scheme, client=replace(flow, token_url=url))
        result.append(scheme)
    return tuple(result)


def _scopes(operations: Iterable[Operation]) -> dict[str, set[str]]:
    """The scopes that operations require, by the names of the security schemes that they take."""
    scopes: dict[str, set[str]] = {}
    for operation in operations:
        usable = {name for names in operation.security for name in names}
        for name, of_scheme in (item for alternative in operation.alternatives for item in alternative.scopes):
            if name in usable:
                scopes.setdefault(name, set()).update(of_scheme)
    return scopes


def _flow(
    scheme: SecurityScheme, flows: Object, required: set[str], names_in_use: set[str], provider: Provider
) -> ClientCredentials:
    """The flow, without its URL; scopes that only other flows declare cannot be had by this one."""
    declared = {kind: set(mapping(flow, "scopes")) for kind, flow in flows.items() if isinstance(flow, Object)}
    of_others = set().union(*declared.values()) - declared[_FLOW]
    names = _names(scheme, names_in_use, provider)
    id_, secret = (names[part] for part in CLIENT_PARTS)
    id_variable, secret_variable = (
        provider.environment.get(f"{scheme.name} {part}") or f"{provider.prefix}_{names[part]}".upper().strip("_")
        for part in CLIENT_PARTS
    )
    return ClientCredentials(
        token_url="",
        scopes=tuple(sorted(required - of_others)),
        id_argument=id_,
        id_environment=id_variable,
        secret_argument=secret,
        secret_environment=secret_variable,
        url_argument=names["token_url"],
        scopes_argument=names["scopes"],
        source=flows[_FLOW].source,
        description=text(flows[_FLOW], "description"),
    )


def _names(scheme: SecurityScheme, names_in_use: set[str], provider: Provider) -> Mapping[str, str]:
    """The arguments of a flow: as `provider.yaml` says, else plain; after the scheme's argument if one is in use."""
    keys = {part: f"{scheme.name} {part}" for part in _ARGUMENTS}
    named = {part: provider.arguments[key] for part, key in keys.items() if key in provider.arguments}
    plain = [part for part in _ARGUMENTS if part not in named]
    if names_in_use.isdisjoint(plain):
        return {**named, **{part: part for part in plain}}
    return {**named, **unique_names({part: f"{scheme.argument}_{part}" for part in plain}, names_in_use)}


def _token_url(flow: Object, variables: Mapping[str, str], argument: str, problems: Problems) -> str:
    """The URL that gives tokens; "" where it cannot be used, which is reported."""
    url = text(flow, "tokenUrl").strip()
    unknown = [name for name in re.findall(r"\{([^{}]*)\}", url) if name not in variables]
    if not url:
        reason = "is missing"
    elif unknown:
        reason = f"has the variable {unknown[0]!r}, which the server does not have"
    else:
        reason = reason_not_usable(re.sub(r"\{([^{}]*)\}", lambda match: variables[match[1]], url), may_have_query=True)
    if not reason:
        return url
    instead = f"read as if there were none, so that callers give `{argument}`"
    hint = "correct it by an overlay action"
    # The URL is not repeated: it may contain secrets.
    problems.loss("bad-token-url", flow.where("tokenUrl"), f"the tokenUrl of {_FLOW} {reason}", instead, hint)
    return ""
