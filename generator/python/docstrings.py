"""The docstrings of methods and constructors: descriptions of the document, and what only the generator knows."""

from __future__ import annotations

from ..ir.access.model import ServerVariable
from ..ir.model import Api, Body, Header, Operation, Parameter
from .bodies import RequestMedia
from .client import (
    Argument,
    arguments,
    default_base_url,
    every_call_needs_base_url,
    own_servers,
    used_schemes,
    variable_arguments,
)
from .descriptions.plain_text import plain_text
from .descriptions.summaries import one_line, summary_and_rest
from .parameters import caller_parameters
from .quoting import Code, docstring, hanging
from .responses import distinct_headers, error_class, failures, returns_location, unread_media_types

_INDENT = 8


def method_doc(operation: Operation, bodies: list[RequestMedia], *, streams: bool) -> Code:
    """The docstring of a method."""
    sections = {
        "Args": _arguments(operation, bodies),
        "Documented headers": [_header(status, header) for status, header in distinct_headers(operation)],
        "Raises": [f"{error_class(r.status)}: {r.status}, {one_line(r.description)}" for r in failures(operation)],
    }
    paragraphs = [*_introduction(operation), *_response(operation, streams=streams)]
    paragraphs += [_section(title, entries) for title, entries in sections.items() if entries]
    return docstring("\n\n".join(paragraphs), _INDENT)


def _introduction(operation: Operation) -> list[str]:
    summary, rest = summary_and_rest(operation.summary)
    beginning, description = summary_and_rest(operation.description)
    if summary and summary != beginning:
        description = plain_text(operation.description)
    deprecated = "Deprecated." if operation.deprecated else ""
    paragraphs = (summary or beginning or f"{operation.method} {operation.path}", deprecated, rest, description)
    return [paragraph for paragraph in paragraphs if paragraph]


def _response(operation: Operation, *, streams: bool) -> list[str]:
    """What callers need to know about the response beside its type."""
    if streams:
        return ["The response is a stream: iterate over it in a `with` statement."]
    if returns_location(operation):
        return ["Returns the URL to which the API redirects. It is not followed."]
    sentences = [
        f"Reads {read}. The API can also respond with {' or '.join(unread)}."
        for read, unread in unread_media_types(operation).items()
    ]
    return [" ".join(sentences)] if sentences else []


def _arguments(operation: Operation, bodies: list[RequestMedia]) -> list[str]:
    entries = [f"{p.name}: {text}" for p in caller_parameters(operation) if (text := _parameter(p))]
    if operation.body and (text := _body(operation.body, bodies)):
        entries.append(f"body: {text}")
    if len(bodies) > 1:
        entries.append("content_type: The media type of the body.")
    return entries


def _parameter(parameter: Parameter) -> str:
    default = "" if parameter.default in ("", "null") else f"Default: `{parameter.default}`"
    parts = ("Deprecated." if parameter.deprecated else "", one_line(parameter.description), default)
    return " ".join(part for part in parts if part)


def _body(body: Body, bodies: list[RequestMedia]) -> str:
    """The description of a body, and its media types where they are not plain JSON."""
    parts = [one_line(body.description)] if body.description else []
    media_types = [f"{m} (the media type of the file)" if "*" in (m := body.media_type) else m for body in bodies]
    if len({body.annotation for body in bodies}) > 1:
        media_types = [f"{m} (`{body.annotation}`)" for m, body in zip(media_types, bodies, strict=True)]
    if media_types and media_types != ["application/json"]:
        *others, last = media_types
        parts.append(f"Sent as {', '.join(others)}{' or ' if others else ''}{last}.")
    if any(body.encode == "bytes" for body in bodies):
        parts.append("An open file is read into memory from its current position.")
    return " ".join(parts)


def _header(status: str, header: Header) -> str:
    where = f" ({status})" if status else ""
    return f"{header.name}{where}: {one_line(header.description)}".rstrip(": ")


def constructor_doc(api: Api) -> Code:
    """The docstring of a client's constructor."""
    credentials = " A credential may be a function, which is called before every attempt." if used_schemes(api) else ""
    entries: dict[str, str] = {argument.name: _argument(argument) for argument in arguments(api)}
    entries["base_url"] = _base_url(api)
    if servers := own_servers(api):
        entries["server_urls"] = (
            f"Other URLs for servers that single calls have, by these servers: {', '.join(servers)}"
        )
    entries |= {
        "timeout": "The seconds that a call may take in total, or a Timeout, which limits its steps too.",
        "retry": "When and how often a call is repeated.",
        "max_response_size": "The size in bytes of the largest body that is read, after decompression.",
        "auth": "An httpx2.Auth to use instead of credentials.",
        "http_client": "An httpx2 client to use. It stays open when this client is closed.",
        "transport": "An httpx2 transport to use.",
        "allow_insecure_http": "Whether to send credentials over plain http to hosts other than loopback.",
    }
    error = "CredentialsError: Credentials are missing, or cannot be sent."
    paragraphs = (
        f"Arguments take precedence over environment variables.{credentials}",
        _section("Args", [f"{name}: {text}" for name, text in entries.items()]),
        _section("Raises", [error]),
    )
    return docstring("\n\n".join(paragraphs), _INDENT)


def _base_url(api: Api) -> str:
    arguments = " or ".join(variable_arguments(api))
    variable = f"{api.base_url_environment}, unless {arguments} is passed" if arguments else api.base_url_environment
    if default_url := default_base_url(api):
        return f"The server's URL. Environment: {variable}. Default: {default_url}"
    needed = "required" if every_call_needs_base_url(api) else "needed by calls that have no server of their own"
    return f"The server's URL; {needed}. Environment: {variable}."


def _argument(argument: Argument) -> str:
    source = ""
    if argument.environment:
        source = f" Environment: {argument.environment}."
    elif argument.default or isinstance(argument.origin, ServerVariable):
        source = f" Default: {argument.default or '(empty)'}"
    return f"{one_line(argument.description)}{source}"


def _section(title: str, entries: list[str]) -> str:
    return f"{title}:\n" + "\n".join(hanging(entry, _INDENT) for entry in entries)
