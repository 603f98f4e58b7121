"""Parameters as a call has them: one per place and name, every hole of the path filled, no credentials among them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..document.operations import METHODS
from ..document.problems import Problems
from ..document.tree import Array, Object

HOLE = re.compile(r"\{([^{}]+)\}")
_QUERY_EXPRESSION = re.compile(r"\{[?&]([^{}]*)\}")
_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_IGNORED_HEADERS = ("accept", "content-type", "authorization")
# They say how the request itself is to be read, and whoever sends it writes them (RFC 9110, 7.2, 7.6.1 and 8.6).
_FRAMING_HEADERS = (
    "host",
    "content-length",
    "transfer-encoding",
    "connection",
    "upgrade",
    "te",
    "trailer",
    "keep-alive",
)


def settle_parameters(document: Object, problems: Problems) -> Object:
    """The document with each operation's parameters settled."""
    schemes = document.get("components", {}).get("securitySchemes") or Object()

    def path_item(path: str, item: Object) -> Object:
        return item.derive((k, _operation(path, v, schemes, problems) if k in METHODS else v) for k, v in item.items())

    paths = document["paths"].derive((path, path_item(path, item)) for path, item in document["paths"].items())
    return document.derive((k, paths if k == "paths" else v) for k, v in document.items())


def _operation(path: str, operation: Object, schemes: Object, problems: Problems) -> Object:
    credentials = set(_credentials(operation, schemes))
    queried = {p["name"] for p in operation["parameters"] if p["in"] == "query"}
    holes, expanded = _holes(path, queried)
    kept: list[Object] = []
    seen: set[tuple[str, str]] = set()
    for parameter in operation["parameters"]:
        name, location = parameter["name"], parameter["in"]
        if (name, location) in seen:
            message = f"the {location} parameter {name!r} stands twice; the first one counts"
            problems.warning("duplicate-parameter", parameter.source, message)
            continue
        seen.add((name, location))
        if (location, name.lower() if location == "header" else name) in credentials:
            continue  # a security scheme of the operation says the same
        if location == "header" and name.lower() in _IGNORED_HEADERS:
            message = f"OpenAPI ignores a header parameter called {name}"
            problems.warning("ignored-parameter", parameter.source, message)
        elif location == "header" and name.lower() in _FRAMING_HEADERS:
            message = f"the header {name} is the HTTP library's to write; the parameter is left out"
            problems.warning("ignored-parameter", parameter.source, message)
        elif location in ("header", "cookie") and not _TOKEN.fullmatch(name) and parameter.get("required") is not True:
            message = f"{name!r} is no name of a {location} (RFC 9110, section 5.6.2); the parameter is left out"
            problems.warning("ignored-parameter", parameter.source, message)
        elif location == "path" and name not in holes:
            message = f"the path {path} has no {{{name}}}; the parameter is left out"
            problems.warning("ignored-parameter", parameter.source, message)
        else:
            if location == "path" and parameter.get("required") is not True:
                parameter = parameter.derive([*parameter.without("required").items(), ("required", True)])
            kept.append(parameter)
    for location, names in (("path", holes), ("query", expanded)):
        for name in names:
            if (name, location) not in seen:
                message = f"the {location} parameter {name!r} is not declared; taken as text"
                problems.warning("undeclared-parameter", operation.source, message)
                text = Object([("type", "string")], operation.source)
                fields = [("name", name), ("in", location), ("required", location == "path"), ("schema", text)]
                kept.append(Object(fields, operation.source))
    order = {hole: i for i, hole in enumerate(holes)}
    kept.sort(key=lambda p: order[p["name"]] if p["in"] == "path" else len(order))
    parameters = Array(kept, operation.source)
    return operation.derive([*operation.without("parameters").items(), ("parameters", parameters)])


def _holes(path: str, queried: set[str]) -> tuple[list[str], list[str]]:
    """The names that a path's holes have, and those of RFC 6570's `{?name,other}`, which stand for a query.

    A fragment is never sent; a hole in a query of the path's own, `?key={key}`, is often declared as a query parameter.
    """
    found = [name for names in _QUERY_EXPRESSION.findall(path) for name in names.split(",") if name]
    path, _, query = _QUERY_EXPRESSION.sub("", path.partition("#")[0]).partition("?")
    holes = HOLE.findall(path) + [hole for hole in HOLE.findall(query) if hole not in queried]
    return list(dict.fromkeys(holes)), list(dict.fromkeys(found))


def _credentials(operation: Object, schemes: Object) -> Iterator[tuple[str, str]]:
    for alternative in operation["security"]:
        for name in alternative if isinstance(alternative, Object) else ():
            scheme = schemes.get(name)
            if isinstance(scheme, Object) and scheme.get("type") == "apiKey" and isinstance(scheme.get("name"), str):
                wire = scheme["name"]
                yield str(scheme.get("in")), wire.lower() if scheme.get("in") == "header" else wire
            elif isinstance(scheme, Object):
                yield "header", "authorization"
