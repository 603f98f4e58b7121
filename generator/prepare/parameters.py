"""Parameters as a call has them: one per place and name, every hole of the path filled, no credentials among them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.document import Array, Object
from generator.prepare.walk import METHODS
from generator.problems import Problems

HOLE = re.compile(r"\{([^{}]+)\}")
_IGNORED_HEADERS = ("accept", "content-type", "authorization")


def settle_parameters(document: Object, problems: Problems) -> Object:
    """The document with each operation's parameters settled."""
    schemes = document.get("components", {}).get("securitySchemes") or Object()

    def path_item(path: str, item: Object) -> Object:
        return item.derive((k, _operation(path, v, schemes, problems) if k in METHODS else v) for k, v in item.items())

    paths = document["paths"].derive((path, path_item(path, item)) for path, item in document["paths"].items())
    return document.derive((k, paths if k == "paths" else v) for k, v in document.items())


def _operation(path: str, operation: Object, schemes: Object, problems: Problems) -> Object:
    credentials = set(_credentials(operation, schemes))
    holes = list(dict.fromkeys(HOLE.findall(path)))
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
        elif location == "path" and name not in holes:
            message = f"the path {path} has no {{{name}}}; the parameter is left out"
            problems.warning("ignored-parameter", parameter.source, message)
        else:
            if location == "path" and parameter.get("required") is not True:
                parameter = parameter.derive([*parameter.without("required").items(), ("required", True)])
            kept.append(parameter)
    for hole in holes:
        if (hole, "path") not in seen:
            message = f"the path parameter {hole!r} is not declared; taken as text"
            problems.warning("undeclared-parameter", operation.source, message)
            text = Object([("type", "string")], operation.source)
            fields = [("name", hole), ("in", "path"), ("required", True), ("schema", text)]
            kept.append(Object(fields, operation.source))
    order = {hole: i for i, hole in enumerate(holes)}
    kept.sort(key=lambda p: order[p["name"]] if p["in"] == "path" else len(order))
    parameters = Array(kept, operation.source)
    return operation.derive([*operation.without("parameters").items(), ("parameters", parameters)])


def _credentials(operation: Object, schemes: Object) -> Iterator[tuple[str, str]]:
    for alternative in operation["security"]:
        for name in alternative if isinstance(alternative, Object) else ():
            scheme = schemes.get(name)
            if isinstance(scheme, Object) and scheme.get("type") == "apiKey" and isinstance(scheme.get("name"), str):
                wire = scheme["name"]
                yield str(scheme.get("in")), wire.lower() if scheme.get("in") == "header" else wire
            elif isinstance(scheme, Object):
                yield "header", "authorization"
