"""The first `provider.yaml` of a provider: where the description came from, and how its credentials are named."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from ..ir.access.model import SecurityScheme
from ..ir.model import Api
from ..ir.provider import CLIENT_ARGUMENTS
from ..vendor.record import source_fields
from ..vendor.vendored import Vendored
from .lines import Line, comment, flow, key, listed, yaml
from .places import snake

_NEVER_SENT_TO = re.compile(
    r"://(localhost|127\.|0\.0\.0\.0|[^/]*(example|your|my-?|placeholder|instance|[<{]))", re.IGNORECASE
)
"""Servers that stand for somebody's own."""


_USUAL_NAMES = ("token", "access_token")
"""What a credential is called of which the document says no more than how it is sent."""
_HEAD = 2_000
"""Characters of a description in which it may say how it was made."""


def provider_yaml(api: Api, prefix: str, description: Vendored, retrieved: date) -> str:
    """The file of a provider whose environment variables begin with a prefix."""
    return yaml(_lines(api, prefix, description, retrieved))


def _lines(api: Api, prefix: str, description: Vendored, retrieved: date) -> Iterator[Line]:
    yield from _source(description, retrieved)
    if not any("://" in server.default_url for server in api.servers):
        yield Line("", "The description names no server: callers give the client a `base_url`.")
    yield from _credentials(api, prefix)
    if api.globals:
        yield Line("parameters:")
    for item in api.globals:
        variable = f"{prefix}_{item.argument.upper()}"
        yield Line(f"  {item.argument}: {{environment: {variable}}}", comment(item.description))


def _credentials(api: Api, prefix: str) -> Iterator[Line]:
    arguments = credentials(api)
    if not arguments:
        yield Line(
            "", "The description says nothing of credentials. If calls need one, an overlay can add `security`, and"
        )
        yield Line("", "a scheme under `components.securitySchemes`; that is then named here, under `credentials`.")
        return
    schemes = {scheme.name: scheme for scheme in api.schemes}
    ways: dict[tuple[str, str, str], str] = {}
    yield Line("credentials:")
    for name, argument in arguments.items():
        scheme = schemes[name]
        earlier = ways.setdefault((scheme.kind, scheme.location, scheme.wire), name)
        if earlier != name:
            yield Line("  ", f"sent as that of {earlier} is: where both are the same, an overlay can remove a scheme")
        mark = "?" if argument in _USUAL_NAMES else ""
        entry = {f"argument{mark}": argument, "environment": f"{prefix}_{argument.upper()}"}
        yield Line(f"  {key(name)}: {flow(entry)}", comment(scheme.description))


def _source(description: Vendored, retrieved: date) -> Iterator[Line]:
    fields = source_fields(description, retrieved.isoformat())
    yield Line("source:")
    head = description.text.decode("utf-8-sig")[:_HEAD]
    translation = re.search(r"^#.*(?:translat|transcri)(?:.* (https?://[^\s<>]+))?", head, re.MULTILINE | re.IGNORECASE)
    address = translation[1].rstrip(".,;:") if translation and translation[1] else ""
    if "url" not in fields:
        mark, text = ("?", flow(address)) if address else ("", "'?'")
        yield Line(f"  url{mark}: {text}", "the address of the page that has the description")
    if "transcribed" not in fields:
        guess = "true" if translation else "false"
        yield Line(f"  transcribed?: {guess}", "true if somebody translated prose into OpenAPI by hand")
    for name, value in fields.items():
        if name == "retrieved":
            yield Line(f"  {name}: {value}")  # a date, which needs no quotes
        elif isinstance(value, (str, bool)):
            yield Line(f"  {name}: {flow(value)}")
        elif value:
            yield from listed(f"  {name}: ", value)


def credentials(api: Api) -> dict[str, str]:
    """A constructor argument for each security scheme that an operation takes."""
    used = {name for operation in api.operations for alternative in operation.security for name in alternative}
    arguments: dict[str, str] = {}
    for scheme in sorted(api.schemes, key=lambda scheme: bool(scheme.flows)):
        if scheme.name in used:
            used_names = {*arguments.values(), *CLIENT_ARGUMENTS}
            names = [*_arguments(scheme), snake(scheme.name), f"{snake(scheme.name)}_2"]
            arguments[scheme.name] = next((name for name in names if name not in used_names), names[-1])
    return arguments


def _arguments(scheme: SecurityScheme) -> Iterable[str]:
    """What the argument of a scheme could be called, the best first."""
    own = snake(scheme.name)
    if scheme.location == "cookie":
        yield "cookie"
    if re.fullmatch(r"(?:[a-z]+_)?(?:token|key)", own) and own not in (
        "bearer_token",
        "auth_token",
        "http_token",
        "oauth_token",
    ):
        yield own.replace("apikey", "api_key")
    if scheme.kind == "basic":
        yield "basic_auth"
    text = f"{own} {snake(scheme.wire)} {scheme.description.lower()}"
    if scheme.kind == "apiKey" and not re.search(r"token|session|cookie", f"{own} {snake(scheme.wire)}"):
        yield "api_key"
    if re.search(r"api[_ -]?key", text):
        yield "api_key"
    yield from reversed(_USUAL_NAMES) if scheme.flows else _USUAL_NAMES


def placeholder_server(api: Api) -> str:
    """The document's first server, where it stands for somebody's own; "" where it is a real one, or has no host."""
    url = api.servers[0].url if api.servers else ""
    return url if _NEVER_SENT_TO.search(url) else ""
