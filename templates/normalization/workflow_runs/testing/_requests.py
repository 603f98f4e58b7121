"""Requests that a fake gets: of which run of which provider they are, and whether credentials come with them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

from .._errors import InvalidRef
from .._providers.lookup import find
from .._providers.provider import RUN_ID
from .._refs.ref import RunRef
from ._samples import Place, Sample

_PART = re.compile(r"{([a-z0-9_]+)}")
_SECRETS = {"authorization", "cookie", "proxy-authorization"}


class Incoming(NamedTuple):
    """A request: `target` is its path with the query, as it is sent; names of `headers` are in lower case."""

    method: str
    host: str
    target: str
    headers: Mapping[str, str]

    @property
    def path(self) -> str:
        """The path, as it is sent."""
        return self.target.partition("?")[0]


class Route(NamedTuple):
    """The call of a provider that a request makes: `before` is what stands before its path."""

    provider: str
    sample: Sample
    values: Mapping[str, str]
    before: str


def route_of(incoming: Incoming, samples: Mapping[str, Sample]) -> Route | None:
    """The call that a request makes; None: none of them.

    Where it could be that of several providers, that counts whose name stands before the path, then that at whose
    documented server it is, then the longest path.
    """
    routes = list(_routes(incoming, samples))

    def certainty(route: Route) -> tuple[bool, bool, int]:
        server = urlsplit(find(route.provider).server)
        is_at_server = (incoming.host, route.before) == (server.netloc, server.path.rstrip("/"))
        return route.before.endswith(f"/{route.provider}"), is_at_server, len(route.sample.path)

    return max(routes, key=certainty, default=None)


def _routes(incoming: Incoming, samples: Mapping[str, Sample]) -> Iterator[Route]:
    for name, sample in samples.items():
        pieces = _PART.split(sample.path)
        pattern = "".join("([^/]+)" if index % 2 else re.escape(piece) for index, piece in enumerate(pieces))
        if incoming.method == sample.method and (match := re.search(f"{pattern}/?$", incoming.path)):
            pairs = zip(pieces[1::2], match.groups(), strict=True)
            values = {part: unquote(text) for part, text in pairs if part != "_"}
            yield Route(name, sample, values, incoming.path[: match.start()])


def ref_of(incoming: Incoming, route: Route) -> RunRef | None:
    """The reference by which the client asked; None where no reference can be so."""
    values = dict(route.values)
    for place in route.sample.parts:
        if value := _value(incoming, place):
            values[place.part] = value
    try:
        return RunRef(route.provider, values.pop(RUN_ID, ""), values)
    except InvalidRef:
        return None


def is_authorized(incoming: Incoming, sample: Sample) -> bool:
    """Whether all credentials of one of the alternatives come with a request, whatever they are."""
    alternatives: Sequence[Sequence[Place]] = sample.credentials
    return not alternatives or any(all(_has(incoming, place) for place in places) for places in alternatives)


def _has(incoming: Incoming, place: Place) -> bool:
    value = _value(incoming, place) or ""
    return len(value) > len(place.prefix) and value.startswith(place.prefix)


def without_secrets(incoming: Incoming, samples: Mapping[str, Sample]) -> dict[str, str]:
    """The headers of a request, but for those that hold credentials of any provider."""
    places = [place for sample in samples.values() for places in sample.credentials for place in places]
    secret = _SECRETS | {place.name.lower() for place in places if place.location == "header"}
    return {name: value for name, value in incoming.headers.items() if name not in secret}


def _value(incoming: Incoming, place: Place) -> str | None:
    match place.location:
        case "header":
            return incoming.headers.get(place.name.lower())
        case "query":
            return parse_qs(incoming.target.partition("?")[2]).get(place.name, [None])[0]
        case "cookie":
            pairs = (pair.strip().partition("=") for pair in incoming.headers.get("cookie", "").split(";"))
            return next((value for name, _, value in pairs if name == place.name), None)
        case "path":
            return None
