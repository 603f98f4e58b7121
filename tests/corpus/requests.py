"""What a document lets callers send: arguments for a generated method, and how the request must look."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, get_args
from urllib.parse import unquote, urlsplit

import httpx2

from tests.corpus.answers import is_json
from tests.corpus.arguments import Unfit, as_type
from tests.corpus.document import Call, Document
from tests.corpus.instances import Instances, NoInstance
from tests.corpus.surface import Method, hints
from tests.corpus.values import difference, fields_difference, multipart_pairs, query_pairs, without_spread

_NOT_PARAMETERS = ("accept", "content-type", "authorization", "content-length")
"""The first three by OpenAPI 3.1, section 4.8.12.2.1; the last one is the HTTP library's."""
_TOKEN = re.compile(r"[-!#$%&'*+.^_`|~0-9A-Za-z]+")  # RFC 9110, section 5.6.2
_FILE = b"tea\xff\x00"


class Wrong(Exception):  # noqa: N818 - it says what is wrong
    """The request, or the result of the call, does not conform to the document."""


class Given(NamedTuple):
    """The arguments of a call, and the values that they were made of."""

    arguments: dict[str, Any]
    parameters: dict[tuple[str, str], Any]
    """By location and wire name."""
    media: str = ""
    body: Any = None
    """The instance, bytes of a file, or None: there is no body."""


def given(document: Document, instances: Instances, call: Call, method: Method) -> Iterator[Given | str]:
    """Arguments until each instance of each parameter and body was given once; text: an instance that is refused.

    Raises:
        Wrong: the method lacks a documented argument, or has one that the document does not explain.
    """
    signature = inspect.signature(method.function).parameters
    types = hints(method.function)
    choices, untried = _parameter_values(document, instances, call, method, signature)
    yield from untried
    bodies: list[tuple[str, Any]] = []
    if "body" in signature:
        offered = get_args(types.get("content_type")) or [body.media_type for body in method.operation.bodies]
        for choice in _bodies(document, instances, call, offered):
            if isinstance(choice, str):
                yield choice
            else:
                bodies.append(choice)
        if not bodies and signature["body"].default is inspect.Parameter.empty:
            return
    for i in range(max([1, len(bodies), *(len(values) for _, values in choices.values())])):
        parameters = {key: values[i % len(values)] for key, (_, values) in choices.items()}
        media, body = bodies[i % len(bodies)] if bodies else ("", None)
        arguments = {}
        try:
            for key, (name, _) in choices.items():
                arguments[name] = as_type(parameters[key], types[name], f"the argument {name}")
            if bodies:
                arguments["body"] = as_type(body, types["body"], f"the body as {media}")
                if "content_type" in signature:
                    arguments["content_type"] = media
        except Unfit as error:
            yield f"refused: {error}"
            continue
        missing = [n for n, p in signature.items() if p.default is p.empty and n not in arguments]
        if missing and untried:
            return
        if missing:
            raise Wrong(f"nothing in the document asks for the argument {missing[0]}")
        yield Given(arguments, parameters, media, body)


def _parameter_values(
    document: Document, instances: Instances, call: Call, method: Method, signature: Mapping[str, inspect.Parameter]
) -> tuple[dict[tuple[str, str], tuple[str, list[Any]]], list[str]]:
    """The argument's name, and values, of each parameter by its location and wire name; why some have no values."""
    documented = {(str(p.get("in")), str(p.get("name"))): p for p in call.parameters}
    choices: dict[tuple[str, str], tuple[str, list[Any]]] = {}
    untried = []
    for parameter in method.operation.parameters:
        if not parameter.from_client and parameter.name in signature:
            key = parameter.location, parameter.wire
            try:
                choices[key] = parameter.name, _values(document, instances, documented.get(key), parameter.location)
            except NoInstance as error:
                untried.append(f"the {parameter.location} parameter {parameter.wire}: {error}")
    own = {(p.location, p.wire) for p in method.operation.parameters}
    for location, name in documented.keys() - own:
        ignored = location == "header" and name.lower() in _NOT_PARAMETERS
        ignored |= (location, name) in document.credentials(call)  # the client sends it by itself
        if location in ("header", "cookie") and documented[location, name].get("required") is not True:
            ignored |= not _TOKEN.fullmatch(name)
        if not ignored and (location != "path" or f"{{{name}}}" in call.path.partition("#")[0]):
            raise Wrong(f"there is no argument for the {location} parameter {name}")
    return choices, untried


def _values(document: Document, instances: Instances, parameter: Mapping[str, Any] | None, location: str) -> list[Any]:
    if parameter is None:
        return ["tea"]  # a template expression that no parameter declares
    schema = parameter.get("schema")
    if schema is None:
        schema = next((m.get("schema") for m in document.content(parameter).values()), None)
    values = instances.of(schema)
    sent = [value for value in values if value not in (None, [], {}) and (value != "" or location == "query")]
    if not sent and location == "path":
        raise NoInstance("only empty values")
    return sent or values[:1]


def _bodies(
    document: Document, instances: Instances, call: Call, offered: Sequence[str]
) -> Iterator[tuple[str, Any] | str]:
    """Media types that the method offers, with the instances of each."""
    for media, described in document.content(call.body).items():
        media_type = media.partition(";")[0].strip().lower()
        if media not in offered and not {*offered}.isdisjoint(document.content(call.body)):
            yield f"{media}: the method does not offer it"
            continue
        schema = described.get("schema", described.get("itemSchema"))
        resolved = document.resolve(schema)
        is_file = resolved.get("format") == "binary" and resolved.get("type", "string") == "string"
        is_text = is_json(media_type) or "form" in media_type or media_type.startswith(("text/", "multipart/", "*/"))
        is_text |= "xml" in media_type or media_type.endswith(("yaml", "ndjson", "jsonl"))
        if is_file or not is_text:
            yield media, _FILE if is_file else b"tea"
            continue
        try:
            for instance in instances.of(schema):
                if media_type.startswith("text/") and not is_json(media_type) and isinstance(instance, (dict, list)):
                    yield f"{media}: nothing says how an object becomes text"
                elif instance is None and media_type.endswith(("xml", "yaml")):
                    yield f"{media}: nothing says how null becomes text"
                elif media_type == "multipart/form-data" and not isinstance(instance, dict):
                    yield f"{media}: nothing names the parts"
                else:
                    yield media, "<tea/>" if "xml" in media_type and not isinstance(instance, str) else instance
        except NoInstance as error:
            yield f"{media}: {error}"


def address_difference(request: httpx2.Request, base: str, call: Call, sent: Given) -> str:
    """How the method or the address of a request differs from the documented one."""
    if request.method != call.method.upper():
        return f"{request.method} was sent"
    documented, url = urlsplit(base), request.url
    port = {"http": ":80", "https": ":443"}.get(documented.scheme, "")
    host = unquote(documented.netloc).lower().removesuffix(port)
    if (url.scheme, unquote(url.netloc.decode()).lower().removesuffix(port)) != (documented.scheme, host):
        return f"sent to {url.scheme}://{url.netloc.decode()}, not to {documented.scheme}://{documented.netloc}"
    target = url.raw_path.decode()
    pieces = re.split(r"\{([^{}]*)\}", documented.path + call.path.partition("#")[0])
    pattern = "".join("([^?]*)" if i % 2 else re.escape(piece) for i, piece in enumerate(pieces))
    match = re.fullmatch(pattern + r"([?&].*)?", target)
    if not match:
        return f"the path {target} is not {documented.path}{call.path}"
    for name, text in zip(pieces[1::2], match.groups(), strict=False):
        value = sent.parameters.get(("path", name))
        if isinstance(value, (str, int)) and not isinstance(value, bool) and str(value) not in unquote(text):
            return f"{{{name}}} became {text}, not {value}"
    return ""


def value_difference(document: Document, call: Call, request: httpx2.Request, sent: Given) -> str:
    """How the parameters and the body of a request differ from what was given."""
    pairs = query_pairs(request.url.raw_path.decode().partition("?")[2])
    styles = {str(p.get("name")): str(p.get("style", "form")) for p in call.parameters if p.get("in") == "query"}
    for (location, name), value in sent.parameters.items():
        if location == "query":
            others = [
                v for (o, n), v in sent.parameters.items() if o == "query" and n != name and styles.get(n) == "form"
            ]
            own = without_spread(pairs, [value for value in others if isinstance(value, dict)])
            if value is not None and (wrong := fields_difference({name: value}, own, styles)):
                return f"the query: {wrong}"
        elif location == "header" and value is not None:
            if name.lower() not in request.headers:
                return f"there is no header {name}"
            if isinstance(value, str) and request.headers[name] != value:
                return f"the header {name} is {request.headers[name]}, not {value}"
        elif (
            location == "cookie"
            and not isinstance(value, (dict, type(None)))
            and name not in request.headers.get("cookie", "")
        ):
            return f"there is no cookie {name}"
    media_types = [media.partition(";")[0].strip().lower() for media in document.content(call.body)]
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type and not any(re.fullmatch(re.escape(m).replace(r"\*", ".+"), media_type) for m in media_types):
        return f"the body is sent as {media_type}, which is none of {', '.join(media_types)}"
    if media_types and call.body.get("required") is True and not media_type:
        return "no body was sent"
    wanted = sent.media.partition(";")[0].strip().lower()
    if media_type and wanted and not re.fullmatch(re.escape(wanted).replace(r"\*", ".+"), media_type):
        return f"the body is sent as {media_type}, not as {wanted}"
    encoding = document.content(call.body).get(sent.media, {}).get("encoding") or {}
    styles = dict.fromkeys(encoding, "form") | {name: e["style"] for name, e in encoding.items() if "style" in e}
    return _body_difference(request, media_type, sent.body, styles) if sent.media else ""


def _body_difference(request: httpx2.Request, media_type: str, body: Any, styles: Mapping[str, str]) -> str:
    """How the body of a request differs from the instance that it was made of."""
    content, content_type = request.content, request.headers["content-type"]
    if isinstance(body, bytes):
        return "" if content == body else f"the body is {content!r:.60}, not {body!r}"
    try:
        if media_type.startswith("multipart/") and isinstance(body, dict):
            wrong = fields_difference(body, multipart_pairs(content_type, content), styles)
        elif media_type.startswith("multipart/") and isinstance(body, list):
            parts = [str(part, "utf-8", "replace") for _, part in multipart_pairs(content_type, content)]
            wrong = "" if parts == body else difference(body, [json.loads(part) for part in parts])
        elif media_type == "application/x-www-form-urlencoded" and isinstance(body, dict):
            wrong = fields_difference(body, query_pairs(content.decode()), styles)
        elif is_json(media_type):
            wrong = difference(body, json.loads(content))
        else:
            text = content.decode()
            wrong = (
                "" if text == body or difference(body, json.loads(text)) == "" else f"{text!r:.60}, not {body!r:.60}"
            )
    except ValueError as error:
        wrong = f"{content!r:.60} cannot be read: {error}"
    return f"the body: {wrong}" if wrong else ""
