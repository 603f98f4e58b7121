"""Call an operation through its generated method, and compare the request with the document."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

import httpx2
import workflow_client_core as core

from tests.corpus.arguments import Unfit, as_type
from tests.corpus.raw import Call, Document
from tests.corpus.samples import NoSample, sample
from tests.corpus.surface import Method, hints

ANYWHERE = "https://api.example.test"
_EVENT_STREAM = "text/event-stream"
_NOT_PARAMETERS = ("accept", "content-type", "authorization")  # OpenAPI 3.1, section 4.8.12.2.1


class Wrong(Exception):  # noqa: N818 - it says what is wrong
    """The request, or the result of the call, does not conform to the document."""


class Caller:
    """Makes clients of one package, and calls."""

    def __init__(self, document: Document, package: Any, api: core.Api) -> None:
        self.document, self.api = document, api
        names = sorted((n for n in package.__all__ if n.endswith("Client")), key=lambda n: n.startswith("Async"))
        self.sync_class, self.async_class = (getattr(package, name) for name in names)
        self.absolute = bool(document.servers) and document.servers[0].startswith(("http://", "https://"))

    def client(self, asynchronous: bool, handler: Any, security: tuple[tuple[str, ...], ...] | None) -> Any:
        """A client with the credentials of one alternative of `security`, or an `auth` when it takes none of them."""
        arguments_of_credentials = {credential.name: credential.argument for credential in self.api.credentials}
        usable = [
            names
            for names in security or (() if security is None else ((),))
            if all(name in arguments_of_credentials for name in names)
        ]
        arguments: dict[str, Any] = {item.argument: "tea" for item in self.api.globals}
        alternative = min(usable, key=len, default=())  # the first of the shortest
        for name in alternative:
            scheme = next(c.kind for c in self.api.credentials if c.name == name)
            arguments[arguments_of_credentials[name]] = "user:secret" if scheme == "basic" else "secret"
        if not usable and self.api.credentials:
            arguments["auth"] = httpx2.Auth()
        if not self.absolute:
            arguments["base_url"] = ANYWHERE
        arguments["transport"] = httpx2.MockTransport(handler)
        cls = self.async_class if asynchronous else self.sync_class
        return cls(allow_insecure_http=True, **arguments)

    def base(self, call: Call) -> str:
        """The address that the operation's path is appended to."""
        if not self.absolute:
            return ANYWHERE
        server = self.document.servers[0]
        own = call.servers[0] if call.servers else server
        if own.startswith(("http://", "https://")):
            return own.rstrip("/")
        parts = urlsplit(server)
        return f"{parts.scheme}://{parts.netloc}{own}".rstrip("/")

    def call(self, call: Call, method: Method, *, asynchronous: bool = False) -> list[str]:
        """Call the operation. Returns what could not be read of a valid response; raises whatever goes wrong."""
        status, headers, content = self.response(call, method)
        sent: list[httpx2.Request] = []

        def handler(request: httpx2.Request) -> httpx2.Response:
            sent.append(request)
            return httpx2.Response(status, headers=headers, content=content)

        given, arguments = self.arguments(call, method)
        client = self.client(asynchronous, handler, call.security)
        target = client
        for name in method.dotted_name.split("."):
            target = getattr(target, name)
        if asynchronous:
            asyncio.run(_finished(target(**arguments)))
        else:
            _consume(target(**arguments))
        if len(sent) != 1:
            raise Wrong(f"{len(sent)} requests were sent")
        self.check(call, sent[0], given)
        return self.issues(client, method, arguments) if not asynchronous else []

    def issues(self, client: Any, method: Method, arguments: Mapping[str, Any]) -> list[str]:
        """The issues that lenient decoding of the same response reports."""
        target = client.raw
        with contextlib.suppress(AttributeError):
            for name in method.dotted_name.split("."):
                target = getattr(target, name)
            response = target(**arguments)
            return [f"{issue.pointer}: {issue.problem}" for issue in getattr(response, "issues", ())]
        return []

    def arguments(self, call: Call, method: Method) -> tuple[dict[tuple[str, str], Any], dict[str, Any]]:
        """JSON values by the parameter's location and name, and the method's arguments made of them."""
        signature = inspect.signature(method.function)
        types = hints(method.function)
        documented = {(str(p.get("in")), str(p.get("name"))): p for p in call.parameters}
        given: dict[tuple[str, str], Any] = {}
        arguments: dict[str, Any] = {}
        for parameter in method.operation.parameters:
            if parameter.from_client or parameter.name not in signature.parameters:
                continue
            key = (parameter.location, parameter.wire)
            value = self.value(documented.get(key))
            try:
                arguments[parameter.name] = as_type(value, types[parameter.name])
            except Unfit as error:
                if signature.parameters[parameter.name].default is inspect.Parameter.empty:
                    raise Wrong(f"the argument {parameter.name}: {error}") from error
                raise Wrong(f"the optional argument {parameter.name}: {error}") from error
            given[key] = value
        own = {(p.location, p.wire) for p in method.operation.parameters}
        for location, name in documented.keys() - own:
            ignored = location == "header" and name.lower() in _NOT_PARAMETERS
            ignored |= (location, name) in self.document.credentials(call)  # the client sends it by itself
            if location in ("header", "cookie") and documented[location, name].get("required") is not True:
                ignored |= not re.fullmatch(r"[-!#$%&'*+.^_`|~0-9A-Za-z]+", name)  # no name there: RFC 9110, 5.6.2
            if not ignored and (location != "path" or f"{{{name}}}" in call.path):
                raise Wrong(f"there is no argument for the {location} parameter {name}")
        if "body" in signature.parameters:
            arguments["body"] = self.body(call, types["body"])
        unknown = signature.parameters.keys() - arguments.keys()
        for name in unknown:
            if signature.parameters[name].default is inspect.Parameter.empty:
                raise Wrong(f"nothing in the document asks for the argument {name}")
        return given, arguments

    def value(self, parameter: Mapping[str, Any] | None) -> Any:
        if parameter is None:
            return "tea"  # a template expression that no parameter declares
        schema = parameter.get("schema")
        if schema is None:
            schema = next((m.get("schema") for m in self.document.content(parameter).values()), None)
        value = sample(self.document, schema, sent=True)
        return "tea" if value == "" and parameter.get("in") == "path" else value

    def body(self, call: Call, hint: Any) -> Any:
        content = self.document.content(self.document.resolve(call.operation.get("requestBody")))
        tried: Exception = Wrong("the document describes no body")
        for media in sorted(content, key=lambda m: "json" not in m):
            try:
                value = sample(self.document, content[media].get("schema"), sent=True)
                return as_type("<tea/>" if "xml" in media and not isinstance(value, str) else value, hint)
            except (Unfit, NoSample) as error:
                tried = Wrong(f"the body: {error}")
        raise tried

    def response(self, call: Call, method: Method) -> tuple[int, dict[str, str], bytes]:
        """The documented successful response: status, headers and content."""
        responses = self.document.responses(call)
        successes = sorted(status for status in responses if status.startswith("2"))
        status = successes[0] if successes else "default" if "default" in responses else ""
        code = int(status) if status.isdecimal() else 200
        content = self.document.content(responses[status]) if status else {}
        if not content:
            return code, {}, b""
        order = list(content)
        if method.name.endswith("_stream") and _EVENT_STREAM in content:
            order = [_EVENT_STREAM]
        media = min(order, key=_preference)
        return (
            code,
            {"content-type": media.replace("*/*", "application/json").replace("*", "tea")},
            self.encoded(media, content[media].get("schema")),
        )

    def encoded(self, media: str, schema: Any) -> bytes:
        if _preference(media) == 0:
            return json.dumps(sample(self.document, schema)).encode()
        if media.startswith(_EVENT_STREAM):
            data = sample(self.document, schema) if schema else "tea"
            return f"data: {data if isinstance(data, str) else json.dumps(data)}\n\n".encode()
        if "xml" in media:
            return b"<tea/>"
        return b"tea"

    def check(self, call: Call, request: httpx2.Request, given: Mapping[tuple[str, str], Any]) -> None:
        """Raises Wrong where the request is not the documented one."""
        if request.method != call.method.upper():
            raise Wrong(f"{request.method} was sent")
        base = urlsplit(self.base(call))
        url = request.url
        port = {"http": ":80", "https": ":443"}.get(base.scheme, "")
        host = unquote(base.netloc).lower().removesuffix(port)
        if (url.scheme, unquote(url.netloc.decode()).lower().removesuffix(port)) != (base.scheme, host):
            raise Wrong(f"sent to {url.scheme}://{url.netloc.decode()}, not to {base.scheme}://{base.netloc}")
        target = url.raw_path.decode()
        pattern, names = _pattern(base.path + call.path.partition("#")[0])
        match = re.fullmatch(pattern + (r"([?&].*)?"), target)
        if not match:
            raise Wrong(f"the path {target} is not {base.path}{call.path}")
        for name, text in zip(names, match.groups(), strict=False):
            value = given.get(("path", name))
            if isinstance(value, (str, int)) and not isinstance(value, bool) and str(value) not in unquote(text):
                raise Wrong(f"{{{name}}} became {text}, not {value}")
        query = target.partition("?")[2]
        keys = {unquote(pair.partition("=")[0]).replace("+", " ") for pair in query.split("&")}
        for (location, name), value in given.items():
            if location == "query" and not isinstance(value, dict) and value not in ([], [None], None):
                if name not in keys and name.removesuffix("[]") not in keys and f"{name}[]" not in keys:
                    raise Wrong(f"the query says nothing of {name}: {query}")
            elif location == "header" and name.lower() not in request.headers and value is not None:
                raise Wrong(f"there is no header {name}")
            elif location == "cookie" and name not in request.headers.get("cookie", "") and value is not None:
                raise Wrong(f"there is no cookie {name}")
        body = self.document.resolve(call.operation.get("requestBody"))
        if content := self.document.content(body):
            media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
            medias = [media.partition(";")[0].strip().lower() for media in content]
            if media_type and not any(re.fullmatch(re.escape(m).replace(r"\*", ".+"), media_type) for m in medias):
                raise Wrong(f"the body is sent as {media_type}, which is none of {', '.join(medias)}")
            if body.get("required") is True and not media_type:
                raise Wrong("no body was sent")


def _preference(media: str) -> int:
    """0 for JSON and wildcards, 1 for other types, 2 for event streams: the lowest is sent."""
    media_type = media.partition(";")[0].strip().lower()
    if media_type.endswith(("/json", "+json", "-json")) or media_type == "*/*" or media_type == "application/*":
        return 0
    return 2 if media_type == _EVENT_STREAM else 1


def _pattern(path: str) -> tuple[str, list[str]]:
    """A path with template expressions as a pattern, and the names of the expressions."""
    parts = re.split(r"\{([^{}]*)\}", path)
    return "".join(r"([^?]*)" if i % 2 else re.escape(part) for i, part in enumerate(parts)), parts[1::2]


def _consume(result: Any) -> None:
    if isinstance(result, Iterator) or (
        type(result).__module__.startswith(core.__name__) and hasattr(result, "__iter__")
    ):
        for _ in result:
            pass


async def _finished(call: Any) -> None:
    result = await call if inspect.isawaitable(call) else call
    if hasattr(result, "__aiter__"):
        async for _ in result:
            pass
