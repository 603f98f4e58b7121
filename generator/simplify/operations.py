"""Operations that need nothing from around them: effective security and servers, all parameters of a call.

    /runs/{id}: {get: {parameters: []}}
    ->  /runs/{id}: {get: {parameters: [{name: id, in: path, ...}], security: [...], servers: [...]}}

The parameters of a path item stand at its operations already when this stage begins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ..document.operations import map_operations
from ..document.problems import Problems
from ..document.tree import Array, Object
from .schemas import component_name, is_reference, schemas_of

_EXPRESSION = re.compile(r"\{([^{}]+)\}")
_QUERY_EXPRESSION = re.compile(r"\{[?&]([^{}]*)\}")
_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_IGNORED_HEADERS = ("accept", "content-type", "authorization")
"""OpenAPI 3.1, section 4.8.12.2: parameters of these names are ignored."""
_FRAMING_HEADERS = frozenset(
    {"host", "content-length", "transfer-encoding", "connection", "upgrade", "te", "trailer", "keep-alive"}
)
"""They say how the request itself is to be read, and whoever sends it writes them (RFC 9110, 7.2, 7.6.1, 8.6)."""


def inherit_security_and_servers(document: Object) -> Object:
    """The document with `security` and `servers` at every operation: its own, else its path's, else the document's."""
    security = document.get("security", Array(source=document.source))
    servers = document.get("servers") or Array(source=document.source)

    def with_effective(path: str, _: str, operation: Object) -> Object:
        effective = [
            ("security", operation.get("security", security)),
            ("servers", operation.get("servers") or document["paths"][path].get("servers") or servers),
        ]
        return operation.derive([*operation.without("security", "servers").items(), *effective])

    return map_operations(document, with_effective)


def drop_empty_bodies(document: Object) -> Object:
    """The document without the bodies of GET, HEAD and DELETE in which nothing is documented, and which may be absent.

    Such content has no meaning by itself (RFC 9110, 9.3.1, 9.3.2 and 9.3.5): tools write it where they know of none.
    """
    schemas = schemas_of(document)

    def without_empty(_: str, method: str, operation: Object) -> Object:
        body = operation.get("requestBody")
        if method not in ("get", "head", "delete") or not isinstance(body, Object) or body.get("required") is True:
            return operation
        content = body["content"].values()
        is_empty = all(_is_empty(media.get("schema"), schemas) for media in content)
        return operation.without("requestBody") if is_empty else operation

    return map_operations(document, without_empty)


def _is_empty(schema: object, schemas: Object) -> bool:
    """Whether a schema is that of an object for which no property is documented."""
    if isinstance(schema, Object) and is_reference(schema):
        return _is_empty(schemas.get(component_name(schema["$ref"])), schemas)
    if not isinstance(schema, Object) or schema.get("type") != "object":
        return False
    is_closed = schema.get("additionalProperties", False) is False
    return is_closed and not schema.get("properties") and not {"anyOf", "allOf", "oneOf"} & schema.keys()


def complete_parameters(document: Object, problems: Problems) -> Object:
    """The document whose operations have each parameter of a call once, path parameters first, in the path's order."""
    schemes = (document.get("components") or Object()).get("securitySchemes") or Object()

    def with_complete(path: str, _: str, operation: Object) -> Object:
        declared = list(_distinct(operation["parameters"], problems))
        path_names, query_names = _names_in_template(path, declared)
        credentials = set(_credentials(operation, schemes))
        parameters = [
            *_sendable(declared, path, path_names, credentials, problems),
            *_undeclared("path", path_names, declared, operation, problems),
            *_undeclared("query", query_names, declared, operation, problems),
        ]
        order = {name: i for i, name in enumerate(path_names)}
        parameters.sort(key=lambda p: order[p["name"]] if p["in"] == "path" else len(order))
        return operation.without("parameters").replacing("parameters", Array(parameters, operation.source))

    return map_operations(document, with_complete)


def _distinct(parameters: Iterable[Object], problems: Problems) -> Iterator[Object]:
    """The first parameter of each name and location."""
    seen = set[tuple[str, str]]()
    for parameter in parameters:
        name, location = parameter["name"], parameter["in"]
        if (name, location) in seen:
            message = f"the {location} parameter {name!r} is listed twice; the first one is used"
            problems.warning("duplicate-parameter", parameter.source, message)
        else:
            seen.add((name, location))
            yield parameter


def _names_in_template(path: str, declared: list[Object]) -> tuple[list[str], list[str]]:
    """The names of a path's template expressions, and those of RFC 6570's `{?name,page}`, which stand for a query.

    A fragment is never sent. An expression in a query of the path's own, `?key={key}`, is often declared as a query
    parameter.
    """
    in_query = {parameter["name"] for parameter in declared if parameter["in"] == "query"}
    query_names = [name for names in _QUERY_EXPRESSION.findall(path) for name in names.split(",") if name]
    path, _, query = _QUERY_EXPRESSION.sub("", path.partition("#")[0]).partition("?")
    names = _EXPRESSION.findall(path) + [name for name in _EXPRESSION.findall(query) if name not in in_query]
    return list(dict.fromkeys(names)), list(dict.fromkeys(query_names))


def _credentials(operation: Object, schemes: Object) -> Iterator[tuple[str, str]]:
    """Location and name of what the operation's security schemes send."""
    for alternative in operation["security"]:
        for name in alternative if isinstance(alternative, Object) else ():
            scheme = schemes.get(name)
            if isinstance(scheme, Object) and scheme.get("type") == "apiKey" and isinstance(scheme.get("name"), str):
                yield _location_and_name(scheme)
            elif isinstance(scheme, Object):
                yield "header", "authorization"


def _location_and_name(parameter: Object) -> tuple[str, str]:
    """Where a value is sent and under which name, for comparison: names of headers have no case."""
    location, name = str(parameter.get("in")), parameter["name"]
    return location, name.lower() if location == "header" else name


def _sendable(
    declared: list[Object], path: str, path_names: list[str], credentials: set[tuple[str, str]], problems: Problems
) -> Iterator[Object]:
    """The declared parameters that a call sends, apart from credentials; path parameters are always required."""
    for parameter in declared:
        if _location_and_name(parameter) in credentials:
            continue
        reason = _reason_to_ignore(parameter, path, path_names)
        if reason:
            problems.warning("ignored-parameter", parameter.source, reason)
        elif parameter["in"] == "path" and parameter.get("required") is not True:
            yield parameter.without("required").replacing("required", True)
        else:
            yield parameter


def _reason_to_ignore(parameter: Object, path: str, path_names: list[str]) -> str:
    """Why a call leaves a parameter out; "" if it does not. What cannot be sent and is required is an error later."""
    name, location = parameter["name"], parameter["in"]
    if location == "path" and name not in path_names:
        return f"the path {path} has no {{{name}}}; the parameter is left out"
    if location == "header" and name.lower() in _IGNORED_HEADERS:
        return f"OpenAPI ignores a header parameter called {name}"
    reason = reason_not_sendable(name, location)
    needed = parameter.get("required") is True and name.lower() not in _FRAMING_HEADERS
    return f"{reason}; the parameter is left out" if reason and not needed else ""


def reason_not_sendable(name: str, location: str) -> str:
    """Why no request can have such a header or cookie; "" if it can."""
    if location in ("header", "cookie") and not _TOKEN.fullmatch(name):
        return f"{name!r} is not a name for a {location} (RFC 9110, section 5.6.2)"
    if location == "header" and name.lower() in _FRAMING_HEADERS:
        return f"the HTTP library writes the header {name} itself"
    return ""


def _undeclared(
    location: str, names: list[str], declared: list[Object], operation: Object, problems: Problems
) -> Iterator[Object]:
    """A text parameter for each name of the template that is not declared."""
    known = {parameter["name"] for parameter in declared if parameter["in"] == location}
    for name in names:
        if name not in known:
            message = f"the {location} parameter {name!r} is not declared; read as text"
            problems.warning("undeclared-parameter", operation.source, message)
            text = Object([("type", "string")], operation.source)
            fields = [("name", name), ("in", location), ("required", location == "path"), ("schema", text)]
            yield Object(fields, operation.source)
