"""How a generated client reads a response, and whether openapi-core accepts its request."""

from __future__ import annotations

import enum
import json
from collections.abc import Mapping
from contextlib import suppress
from importlib import import_module
from types import ModuleType
from typing import Any, Literal
from urllib.parse import parse_qsl, urlsplit

import httpx2
import msgspec
from msgspec import UNSET, Struct
from openapi_core import Config, OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.testing import MockRequest, MockResponse
from openapi_schema_validator import OAS31Validator
from workflow_client_core import InvalidResponse, StatusError

from generator.ir.model import Operation, Webhook
from tests.diff.rules.documents import client
from tests.loopback import Loopback, Reply

_UNDECLARED = "additionalProperties*"
"""What msgspec calls the property of `additional_properties`."""
_TOKENS = ("oauth2", "openIdConnect")
Shown = Literal["fails", "misreads", "tolerated", "works"]


def shown(
    module: ModuleType, operation: Operation, server: Loopback, reply: Reply, call: Mapping[str, Any], reads: str = ""
) -> Shown:
    """How the client of `operation` reads a response; `reads` is the class as which it reads something else.

    - `fails`: a success cannot be used.
    - `misreads`: a value is absent from the result, or another one, although it was sent.
    - `tolerated`: a status or a word is there that the client does not know.
    - `works`: none of these.
    """
    server.respond = lambda _: reply
    issues: tuple[Any, ...] = ()
    try:
        with client(module, server.url, call["client"]) as instance:
            parsed = getattr(instance, operation.name)(**call["arguments"])
            issues = getattr(instance.raw, operation.name)(**call["arguments"]).issues
    except InvalidResponse:
        return "fails"
    except StatusError as error:
        assert reply.status >= 300
        parsed = error.body
    if issues or not _agrees(parsed, reply) or type(parsed).__name__ == reads:
        return "misreads"
    return "tolerated" if _is_unknown(operation, reply.status) or _has_unknown_word(parsed) else "works"


def shown_webhook(module: ModuleType, webhook: Webhook, body: str) -> Shown:
    """The body of a webhook or callback, as the package reads it; an optional value that cannot be read is absent."""
    functions = import_module(f"{module.__name__}.webhooks")
    try:
        parsed = getattr(functions, webhook.name)(body)
    except InvalidResponse:
        return "fails"
    if not _agrees(parsed, Reply(200, body.encode(), {})):
        return "misreads"
    return "tolerated" if _has_unknown_word(parsed) else "works"


def sends(document: dict[str, Any], webhook: Webhook, body: str) -> Literal["valid", "invalid"]:
    """Whether the document allows a body of a webhook or callback, by jsonschema; "" means no body."""
    item = document.get("webhooks", {}).get(webhook.wire)
    if webhook.operation:
        (path,) = document["paths"].values()
        (operation,) = path.values()
        item = next(iter(operation.get("callbacks", {}).get(webhook.wire, {}).values()), None)
    if item is None:
        return "invalid"
    sent = item[webhook.method.lower()]["requestBody"]
    schema = {**sent["content"]["application/json"]["schema"], "components": document.get("components", {})}
    fits = OAS31Validator(schema).is_valid(json.loads(body)) if body else not sent.get("required", False)
    return "valid" if fits else "invalid"


def _is_unknown(operation: Operation, status: int) -> bool:
    known = {str(status), f"{status // 100}XX", *(["default"] if status >= 300 else [])}
    return known.isdisjoint(response.status for response in operation.responses)


def _agrees(parsed: object, reply: Reply) -> bool:
    """Whether the value that was read equals the part of the body that it was read from."""
    if parsed is None:
        return True
    if isinstance(parsed, str) and not isinstance(parsed, enum.Enum) and not _is_json(reply):
        return parsed.encode() == reply.body
    return _same(parsed, json.loads(reply.body))


def _is_json(reply: Reply) -> bool:
    return "json" in reply.headers.get("Content-Type", "json")


def _same(parsed: object, sent: object) -> bool:
    if isinstance(parsed, Struct):
        fields = {field.encode_name: getattr(parsed, field.name) for field in msgspec.structs.fields(parsed)}
        assert isinstance(sent, dict)
        undeclared = fields.pop(_UNDECLARED, None)
        if undeclared is not None and undeclared != {name: sent[name] for name in sent.keys() - fields.keys()}:
            return False
        return all(
            _same(value, sent[name]) if value is not UNSET else name not in sent for name, value in fields.items()
        )
    if isinstance(parsed, list) and isinstance(sent, list):
        return len(parsed) == len(sent) and all(map(_same, parsed, sent))
    return bool(msgspec.to_builtins(parsed) == sent)


def _has_unknown_word(parsed: object) -> bool:
    if isinstance(parsed, Struct):
        return any(_has_unknown_word(getattr(parsed, field)) for field in parsed.__struct_fields__)
    if isinstance(parsed, list | dict):
        return any(map(_has_unknown_word, parsed.values() if isinstance(parsed, dict) else parsed))
    return getattr(parsed, "documented", True) is False


class SentRequest(MockRequest):
    """A request, and where the client fetched tokens for it, with which scopes.

    `granted`: how the owner of the client has got its token, as the flow, its URLs and the scopes.
    """

    granted: Mapping[str, Any] | None = None

    def __init__(self, tokens: list[tuple[str, frozenset[str]]], *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.tokens = tokens


def sent_request(module: ModuleType, operation: Operation, call: Mapping[str, Any]) -> SentRequest:
    """The request of a call, to the server that the client knows, as openapi-core wants it."""
    received: list[httpx2.Request] = []
    tokens: list[tuple[str, frozenset[str]]] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        form = dict(parse_qsl(request.content.decode(errors="replace")))
        if form.get("grant_type") == "client_credentials":
            tokens.append((str(request.url), frozenset(form.get("scope", "").split())))
            return httpx2.Response(200, json={"access_token": "token"})
        received.append(request)
        return httpx2.Response(404)

    instance = client(module, None, {**call["client"], "transport": httpx2.MockTransport(answer)})
    with instance, suppress(StatusError):
        getattr(instance, operation.name)(**call["arguments"])
    (request,) = received
    parts = urlsplit(str(request.url))
    query: dict[str, list[str]] = {}
    for key, value in parse_qsl(parts.query, keep_blank_values=True):
        query.setdefault(key, []).append(value)
    return SentRequest(
        tokens,
        f"{parts.scheme}://{parts.netloc}",
        request.method,
        parts.path,
        args=query,
        headers=dict(request.headers),
        data=request.content,
        content_type=request.headers.get("content-type", ""),
    )


def judged(document: dict[str, Any], request: MockRequest) -> Literal["valid", "invalid"]:
    """Whether the document allows the request, and gives tokens for it as they were fetched."""
    tokens = request.tokens if isinstance(request, SentRequest) else []
    if not all(_gives_token(document, url, scopes) for url, scopes in tokens):
        return "invalid"
    if isinstance(request, SentRequest) and request.granted and not _grants(document, **request.granted):
        return "invalid"
    try:
        _judge(document).validate_request(request)
    except OpenAPIError:
        return "invalid"
    return "valid"


def _gives_token(document: dict[str, Any], url: str, scopes: frozenset[str]) -> bool:
    """Whether a flow for clients gives tokens with these scopes, and the operation needs no others."""
    (path,) = document["paths"].values()
    (operation,) = (value for value in path.values() if isinstance(value, dict))
    flows = {
        name: scheme["flows"]["clientCredentials"]
        for name, scheme in document["components"]["securitySchemes"].items()
        if "clientCredentials" in scheme.get("flows", {})
    }
    return any(
        flows[name]["tokenUrl"] == url and {*needed} <= scopes <= {*flows[name]["scopes"]}
        for alternative in operation["security"]
        for name, needed in alternative.items()
        if name in flows
    )


def _grants(document: dict[str, Any], scopes: list[str], flow: str = "", **urls: str) -> bool:
    """Whether tokens with these scopes are got at these URLs, and the operation needs no others."""
    (path,) = document["paths"].values()
    (operation,) = (value for value in path.values() if isinstance(value, dict))
    schemes = document["components"]["securitySchemes"]
    described = {name: scheme["flows"].get(flow, {}) if flow else scheme for name, scheme in schemes.items()}
    return any(
        urls.items() <= described[name].items() and {*needed} <= {*scopes} <= {*described[name].get("scopes", ())}
        for alternative in operation["security"]
        for name, needed in alternative.items()
    )


def check_answer(document: dict[str, Any], request: MockRequest, reply: Reply) -> None:
    """Raises OpenAPIError when the document does not allow the response."""
    content_type = reply.headers.get("Content-Type", "")
    response = MockResponse(reply.body, reply.status, headers=dict(reply.headers), content_type=content_type)
    _judge(document).validate_response(request, response)


def _judge(document: dict[str, Any]) -> OpenAPI:
    servers = [fixed for server in document["servers"] for fixed in _spelled_out(server)]
    schemes = document.get("components", {}).get("securitySchemes", {})
    as_sent = {n: {"type": "http", "scheme": "bearer"} if s["type"] in _TOKENS else s for n, s in schemes.items()}
    components = {**document.get("components", {}), "securitySchemes": as_sent}
    # What is not OpenAPI is refused where the witness is read, so that it is not checked here, which takes longer.
    config = Config(
        extra_media_type_deserializers={"application/problem+json": json.loads},
        spec_validator_cls=None,  # type: ignore[arg-type]  # which its code allows
    )
    return OpenAPI.from_dict({**document, "servers": servers, "components": components}, config=config)


def _spelled_out(server: dict[str, Any]) -> list[dict[str, Any]]:
    """A server for each value that a variable may have: openapi-core takes any value for every variable."""
    for name, variable in server.get("variables", {}).items():
        if words := variable.get("enum"):
            rest = {key: value for key, value in server["variables"].items() if key != name}
            urls = (server["url"].replace(f"{{{name}}}", word) for word in words)
            return [fixed for url in urls for fixed in _spelled_out({**server, "url": url, "variables": rest})]
    return [server]
