"""Documents by a grammar: mostly valid ones, with whatever OpenAPI 3 and Swagger 2.0 have, in odd mixtures."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.torture.mutation.schemas import NAMES, PROPERTIES, Schemas
from tests.torture.mutation.values import text

_MEDIA_TYPES = (
    *("application/json", "application/json", "application/json", "text/plain", "application/xml", "text/event-stream"),
    *(
        "application/octet-stream",
        "multipart/form-data",
        "application/x-www-form-urlencoded",
        "application/problem+json",
    ),
    *("application/jsonl", "text/csv", "image/*", "*/*", "application/json; charset=utf-8", "application/vnd.a+json"),
    *("application/yaml", "multipart/mixed", "application/merge-patch+json", "text/html", "application/json-seq"),
)
_STATUSES = ("200", "201", "204", "2XX", "default", "302", "400", "404", "4XX", "422", "500", "503", "5XX", "101")
_METHODS = ("get", "get", "post", "put", "patch", "delete", "head", "options", "trace")
_STYLES = {
    "path": ("simple", "label", "matrix"),
    "query": ("form", "spaceDelimited", "pipeDelimited", "deepObject"),
    "header": ("simple",),
    "cookie": ("form",),
}


def document(random: Random) -> dict[str, Any]:
    """A document of any version."""
    version = random.choice(("3.0.3", "3.0.0", "3.1.0", "3.1.1", "3.2.0", "2.0"))
    return _Swagger(random).document() if version == "2.0" else _Document(random, version).document()


class _Document(Schemas):
    """A document of OpenAPI 3."""

    def __init__(self, random: Random, version: str) -> None:
        super().__init__(random, version)
        self.version = version
        self.schemes = random.sample(
            ("Key", "Bearer", "Basic", "OAuth", "OpenId", "Digest", "a b"), random.choice((0, 0, 1, 2))
        )
        self.tags = random.sample(NAMES, 2)

    def document(self) -> dict[str, Any]:
        document: dict[str, Any] = {"openapi": self.version, "info": {"title": self._title(), "version": "1"}}
        if self.chance(0.6):
            document["servers"] = [self._server() for _ in range(self.random.choice((1, 1, 2)))]
        document["paths"] = {self._path(): self._path_item() for _ in range(self.random.choice((0, 1, 1, 2, 3)))}
        document["components"] = self._components()
        if self.chance(0.3):
            document["security"] = self._security()
        if self.chance(0.2):
            document["tags"] = [{"name": tag, "description": text(self.random)} for tag in self.tags]
        if self.chance(0.1):
            document["webhooks"] = {self.random.choice(NAMES): self._path_item() for _ in range(2)}
        return document

    def _title(self) -> str:
        return "Garden" if self.chance(0.7) else text(self.random)

    def _components(self) -> dict[str, Any]:
        components: dict[str, Any] = {"schemas": self.schemas()}
        if self.schemes:
            components["securitySchemes"] = {name: self._scheme(name) for name in self.schemes}
        if self.chance(0.2):
            components["parameters"] = {"a": self._parameter("query", "a")}
        if self.chance(0.2):
            components["responses"] = {"a": self._response()}
        if self.chance(0.1):
            components["requestBodies"] = {"a": self._body()}
        if self.chance(0.1):
            components["headers"] = {"a": {"schema": self.schema(0)}}
        return components

    def _scheme(self, name: str) -> dict[str, Any]:
        urls = {
            "authorizationUrl": "https://example.com/a",
            "tokenUrl": self.random.choice(("https://example.com/t", "/t", "{a}")),
        }
        flows = {
            flow: {**urls, "scopes": {"a": text(self.random)}} for flow in ("clientCredentials", "authorizationCode")
        }
        schemes: dict[str, dict[str, Any]] = {
            "Key": {"type": "apiKey", "in": self.random.choice(("header", "query", "cookie")), "name": "X-Key"},
            "Bearer": {"type": "http", "scheme": "bearer"},
            "Basic": {"type": "http", "scheme": "Basic", "description": text(self.random)},
            "OAuth": {"type": "oauth2", "flows": flows},
            "OpenId": {"type": "openIdConnect", "openIdConnectUrl": "https://example.com"},
            "Digest": {"type": "http", "scheme": "digest"},
        }
        return schemes.get(name, {"type": self.random.choice(("mutualTLS", "apiKey", "x"))})

    def _security(self) -> list[Any]:
        names = self.schemes or ["Key"]
        return [
            {self.random.choice(names): []} if self.chance(0.85) else {} for _ in range(self.random.choice((0, 1, 2)))
        ]

    def _server(self) -> dict[str, Any]:
        url = self.random.choice(
            ("https://example.com", "/v1", "https://{region}.example.com/{version}", "http://localhost:{port}")
        )
        server: dict[str, Any] = {"url": url}
        if "{" in url:
            names = [part.partition("}")[0] for part in url.split("{")[1:]]
            server["variables"] = {name: {"default": "a", "enum": ["a", "b"]} for name in names}
        return server

    def _path(self) -> str:
        segments = [
            self.random.choice(("beds", "{id}", "{a-b}", "v1", "{id}.{format}", "pots:water", "é", "a b", "{class}"))
        ]
        segments += [self.random.choice(("beds", "{id}", "{other}", "items")) for _ in range(self.random.randrange(3))]
        return "/" + "/".join(segments)

    def _path_item(self) -> dict[str, Any]:
        item: dict[str, Any] = {}
        for method in self.random.sample(_METHODS, self.random.choice((1, 1, 2))):
            item[method] = self.operation(method)
        if self.chance(0.2):
            item["parameters"] = self._parameters()
        if self.chance(0.05):
            item["servers"] = [self._server()]
        return item

    def operation(self, method: str) -> dict[str, Any]:
        operation: dict[str, Any] = {"responses": self._responses(), "parameters": self._parameters()}
        if self.chance(0.7):
            operation["operationId"] = self.random.choice(
                ("list", "get", "create", "", "list_beds", "Beds_list", "a.b", "class")
            ) + text(self.random) * self.chance(0.2)
        if method not in ("get", "head", "delete") or self.chance(0.05):
            operation["requestBody"] = self._body()
        if self.chance(0.3):
            operation["tags"] = [self.random.choice(self.tags)]
        if self.chance(0.2):
            operation["summary"], operation["description"] = text(self.random), text(self.random)
        if self.chance(0.2):
            operation["security"] = self._security()
        if self.chance(0.05):
            operation["servers"] = [self._server()]
        if self.chance(0.05) and method == "post":
            operation["callbacks"] = {
                "done": {"{$request.body#/url}": {"post": {"requestBody": self._body(), "responses": {}}}}
            }
        return operation

    def _parameters(self) -> list[Any]:
        parameters = [
            self._parameter("path", name) for name in ("id", "a-b", "other", "format", "class") if self.chance(0.5)
        ]
        for _ in range(self.random.choice((0, 1, 2, 4))):
            place = self.random.choice(("query", "query", "header", "cookie"))
            parameters.append(
                self._parameter(place, self.random.choice((*PROPERTIES, "X-A", "limit", "page", "page[size]", "a[]")))
            )
        if self.chance(0.1):
            parameters.append({"$ref": "#/components/parameters/a"})
        return parameters

    def _parameter(self, place: str, name: str) -> dict[str, Any]:
        parameter: dict[str, Any] = {"name": name, "in": place, "required": place == "path" or self.chance(0.3)}
        if self.chance(0.1):
            return {
                **parameter,
                "content": {self.random.choice(("application/json", "text/plain")): {"schema": self.schema(1)}},
            }
        parameter["schema"] = self.schema(self.random.choice((0, 0, 1, 2)))
        if self.chance(0.3):
            parameter |= {"style": self.random.choice(_STYLES[place]), "explode": self.chance(0.5)}
        if self.chance(0.1):
            parameter |= {"allowReserved": True, "allowEmptyValue": True, "example": text(self.random)}
        return parameter

    def _body(self) -> dict[str, Any]:
        return {"content": self._content(), "required": self.chance(0.5)}

    def _content(self) -> dict[str, Any]:
        media_types = self.random.sample(_MEDIA_TYPES, self.random.choice((0, 1, 1, 1, 2, 3)))
        return {media_type: self._media_type(media_type) for media_type in media_types}

    def _media_type(self, name: str) -> dict[str, Any]:
        value: dict[str, Any] = {"schema": self.schema(2)} if self.chance(0.9) else {}
        if "form" in name and self.chance(0.5):
            part = {"contentType": self.random.choice(_MEDIA_TYPES), "style": "deepObject", "explode": True}
            value["encoding"] = {self.random.choice(PROPERTIES): part}
        if self.version == "3.2.0" and self.chance(0.2):
            value["itemSchema"] = self.schema(1)
        return value

    def _responses(self) -> dict[str, Any]:
        return {
            status: self._response() for status in self.random.sample(_STATUSES, self.random.choice((0, 1, 1, 2, 3)))
        }

    def _response(self) -> dict[str, Any]:
        response: dict[str, Any] = {"description": text(self.random) if self.chance(0.2) else "A bed"}
        if self.chance(0.8):
            response["content"] = self._content()
        if self.chance(0.2):
            response["headers"] = {
                self.random.choice(("Link", "X-A", "Retry-After", "a b", "Set-Cookie")): {"schema": self.schema(0)}
            }
        if self.chance(0.05):
            response["links"] = {"next": {"operationId": "list", "parameters": {"id": "$response.body#/id"}}}
        return response


class _Swagger(_Document):
    """A document of Swagger 2.0."""

    at = "#/definitions/"

    def __init__(self, random: Random) -> None:
        super().__init__(random, "2.0")

    def document(self) -> dict[str, Any]:
        document: dict[str, Any] = {"swagger": "2.0", "info": {"title": self._title(), "version": "1"}}
        if self.chance(0.5):
            document |= {
                "host": "example.com",
                "basePath": self.random.choice(("/v1", "/", "v1")),
                "schemes": ["https", "http"],
            }
        document["paths"] = {self._path(): self._path_item() for _ in range(self.random.choice((1, 1, 2)))}
        document["definitions"] = self.schemas()
        if self.chance(0.5):
            document[self.random.choice(("consumes", "produces"))] = self.random.sample(_MEDIA_TYPES, 2)
        document["parameters"] = {"a": self._parameter("query", "a")}
        document["responses"] = {"a": self._response()}
        return document

    def operation(self, method: str) -> dict[str, Any]:
        operation = super().operation(method)
        operation.pop("requestBody", None)
        operation.pop("callbacks", None)
        if self.chance(0.4):
            operation[self.random.choice(("consumes", "produces"))] = self.random.sample(_MEDIA_TYPES, 2)
        return operation

    def _parameter(self, place: str, name: str) -> dict[str, Any]:
        if place == "cookie":
            place = self.random.choice(("body", "formData"))
        parameter: dict[str, Any] = {"name": name, "in": place, "required": place == "path" or self.chance(0.3)}
        if place == "body":
            return {**parameter, "schema": self.schema(2)}
        kind = self.random.choice(("string", "integer", "boolean", "array", "file", "number"))
        parameter["type"] = kind
        if kind == "array":
            parameter["items"] = {"type": "string", "enum": ["a", "b"]}
            parameter["collectionFormat"] = self.random.choice(("csv", "multi", "ssv", "pipes", "tsv", "x"))
        return parameter

    def _response(self) -> dict[str, Any]:
        response: dict[str, Any] = {"description": "A bed"}
        if self.chance(0.8):
            response["schema"] = self.random.choice((self.schema(2), {"type": "file"}))
        if self.chance(0.2):
            response["headers"] = {"X-A": {"type": "string"}}
        return response
