"""Parts of a Swagger 2.0 document as OpenAPI 3 writes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

IN_BODY = ("body", "formData")
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_BESIDE_SCHEMA = ("name", "in", "description", "required", "allowEmptyValue", "collectionFormat")
_STYLES: dict[str, dict[str, Any]] = {
    "multi": {"style": "form", "explode": True},
    "ssv": {"style": "spaceDelimited", "explode": False},
    "pipes": {"style": "pipeDelimited", "explode": False},
}


def parameter(parameter: Mapping[str, Any]) -> dict[str, Any]:
    """A parameter that is not part of the body."""
    style = _style(parameter) if parameter.get("in") == "query" else {}
    kept = {key: value for key, value in parameter.items() if key in ("name", "in", "required")}
    return {**kept, "schema": _schema(parameter), **style}


def body(parameters: Iterable[Mapping[str, Any]], consumes: Any) -> dict[str, Any]:
    """The request body that the parameters of an operation describe; {}: none."""
    media_types = _texts(consumes)
    whole = [p for p in parameters if p.get("in") == "body"]
    if whole:
        content = {media: {"schema": whole[0].get("schema", {})} for media in media_types or ["application/json"]}
        return {"content": content, "required": whole[0].get("required", False)}
    fields = {str(p.get("name")): p for p in parameters if p.get("in") == "formData"}
    if not fields:
        return {}
    has_files = any(field.get("type") == "file" for field in fields.values())
    forms = [media for media in media_types if media.partition(";")[0].strip().lower() in _FORMS[has_files:]]
    required = [name for name, field in fields.items() if field.get("required") is True]
    properties = {name: _schema(field) for name, field in fields.items()}
    schema = {"type": "object", "properties": properties, "required": required}
    encoding = {name: _style(field) for name, field in fields.items() if _style(field)}
    content = {media: {"schema": schema, "encoding": encoding} for media in forms or [_FORMS[has_files]]}
    return {"content": content, "required": bool(required)}


def response(response: Mapping[str, Any], produces: Any) -> dict[str, Any]:
    """A response; media types are those that the operation, else the document, produces."""
    headers = response.get("headers")
    converted: dict[str, Any] = {
        "headers": {n: {"schema": _schema(h)} for n, h in headers.items()} if isinstance(headers, dict) else {}
    }
    if "schema" in response:
        schema = _schema(response["schema"])
        usual = "application/json" if schema is response["schema"] else "application/octet-stream"
        converted["content"] = {media: {"schema": schema} for media in _texts(produces) or [usual]}
    return converted


def servers(root: Mapping[str, Any]) -> tuple[str, ...]:
    """The document's servers; https first."""
    host, path = root.get("host"), str(root.get("basePath") or "").rstrip("/")
    if not host:
        return (path,) if path else ()
    schemes = sorted({"http", "https"} & set(_texts(root.get("schemes")))) or ["https"]
    return tuple(f"{scheme}://{host}{path}" for scheme in reversed(schemes))


def _schema(holder: Any) -> Any:
    """The schema itself, or what is left of a parameter without its own keywords; a file is binary text."""
    if not isinstance(holder, Mapping):
        return holder
    if holder.get("type") == "file":
        return {"type": "string", "format": "binary"}
    if "in" not in holder and "collectionFormat" not in holder:
        return holder
    return {key: value for key, value in holder.items() if key not in _BESIDE_SCHEMA}


def _style(parameter: Mapping[str, Any]) -> dict[str, Any]:
    if parameter.get("type") != "array":
        return {}
    return _STYLES.get(str(parameter.get("collectionFormat")), {"style": "form", "explode": False})


def _texts(value: Any) -> list[str]:
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []
