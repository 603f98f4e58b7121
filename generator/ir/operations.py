"""The operations and webhooks of a simplified document -> `Operation`s and `Webhook`s, with what they consist of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from ..document.operations import webhooks
from ..document.problems import Problems, Source
from ..document.schemas import EVENTS
from ..document.tree import Array, Object
from ..repair.webhooks import SENT_BY
from ..simplify.names import PYTHON_NAME, Naming, unique_names
from ..simplify.operations import reason_not_sendable
from .access.security import Schemes, read_alternatives, read_requirement
from .access.servers import WITHOUT_SERVER, read_servers
from .groups import MethodName
from .media_types import FORM, decoding, is_form_text, is_plain_text
from .model import Body, Encoding, Header, Media, Operation, Parameter, Response, Webhook
from .schema_types import TypeReader
from .types import ANY
from .values import default_of, examples_of, flag, mapping, text

_STYLES = {
    "path": ("simple", "label", "matrix"),
    "query": ("form", "spaceDelimited", "pipeDelimited", "deepObject"),
    "header": ("simple",),
    "cookie": ("form",),
}
"""The styles of each location, the default first."""
OPTIONS = ("extra_headers", "extra_query", "timeout")
"""Arguments that every method has."""


class OperationReader:
    """Reads the operations of one document; what cannot be represented goes to `problems`."""

    def __init__(self, types: TypeReader, schemes: Schemes, servers: Any, naming: Naming, problems: Problems) -> None:
        self.types, self.schemes, self.naming, self.problems = types, schemes, naming, problems
        self.document_servers = servers

    def operation(self, path: str, method: str, value: Object, name: MethodName | None) -> Operation:
        """An operation; `name` is the name of its method where there are groups."""
        servers, responses = value["servers"], value["responses"]
        own_servers = bool(servers) and servers != self.document_servers
        instead = "" if own_servers else WITHOUT_SERVER  # nobody could give the URL of these
        return Operation(
            name=name.name if name else value[PYTHON_NAME],
            group=name.group if name else "",
            method=method.upper(),
            path=path,
            source=value.source,
            parameters=self._parameters(value["parameters"], mapping(value, "requestBody")),
            body=self._sendable(self._body(value)),
            responses=tuple(self._response(status, response, responses) for status, response in responses.items()),
            security=read_requirement(value["security"], value.source, self.schemes, self.problems),
            alternatives=read_alternatives(value["security"]),
            servers=read_servers(servers, (), self.naming, self.problems, instead),
            own_servers=own_servers,
            operation_id=text(value, "operationId"),
            summary=text(value, "summary"),
            description=text(value, "description"),
            tags=tuple(tag for tag in value.get("tags") or () if isinstance(tag, str)),
            deprecated=flag(value, "deprecated"),
        )

    def webhooks(self, document: Object, operations: Mapping[tuple[str, str], Operation]) -> tuple[Webhook, ...]:
        """The webhooks and callbacks, by name; `operations` are those of the API by path and method."""
        read = (self._webhook(method, value, operations) for _, method, value in webhooks(document))
        return tuple(sorted(read, key=lambda webhook: webhook.name))

    def _webhook(self, method: str, value: Object, operations: Mapping[tuple[str, str], Operation]) -> Webhook:
        sent_by = value[SENT_BY]
        return Webhook(
            name=value[PYTHON_NAME],
            wire=sent_by["key"],
            method=method.upper(),
            body=self._body(value),
            source=value.source,
            summary=text(value, "summary"),
            description=text(value, "description"),
            expression=text(sent_by, "expression"),
            operation=operations[sent_by["path"], sent_by["method"]].dotted_name if "path" in sent_by else "",
            headers=tuple((header["name"], text(header, "description")) for header in value.get("parameters") or ()),
            deprecated=flag(value, "deprecated"),
        )

    def _body(self, operation: Object) -> Body | None:
        """The request body of an operation, or what a webhook is sent with."""
        value = operation.get("requestBody")
        if not isinstance(value, Object):
            return None
        content = self._content(value)
        if not content:
            message = "a request body without `content`: it is sent as bytes"
            self.problems.warning("no-content", operation.where("requestBody"), message)
            content = (Media("*/*", None, operation.where("requestBody")),)
        return Body(content, flag(value, "required"), value.source, text(value, "description"))

    def _sendable(self, body: Body | None) -> Body | None:
        """A body whose media types are marked that cannot be sent, as their parts or fields would have no names; where
        that is all of them, without their schemas, unless these are of the text of the whole form."""
        nameless = [media for media in body.content if self._is_nameless(media)] if body else []
        if not body or not nameless:
            return body
        for media in nameless:
            is_form = media.base_name == FORM
            part, names = ("field", "no names") if is_form else ("part", "no names (RFC 7578, section 4.2)")
            message = f"a body of {media.base_name} is not an object: its {part}s have {names}"
            hint = f"describe an object with a property for each {part}, by an overlay action"
            if len(nameless) < len(body.content):
                message = f"{message}; it is sent in another media type"
                self.problems.warning("nameless-parts", media.source, message, hint)
            else:
                instead = (
                    "sent as the text of the whole form"
                    if is_form_text(media)
                    else f"read as an object with any {part}s"
                )
                self.problems.loss("nameless-parts", media.source, message, instead, hint)
        if len(nameless) == len(body.content):
            content = (media if is_form_text(media) else replace(media, type=None) for media in nameless)
            return replace(body, content=tuple(content))
        content = (replace(media, can_be_sent=media not in nameless) for media in body.content)
        return replace(body, content=tuple(content))

    def _is_nameless(self, media: Media) -> bool:
        top, _, subtype = media.base_name.partition("/")
        is_form = media.base_name == FORM
        if not (is_form or top == "multipart") or media.type is None or self.types.can_be_object(media.type):
            return False
        if is_form:
            return True
        # Of other subtypes, such as `mixed`, parts need no names, but there have to be parts.
        return subtype in ("form-data", "*") or not self.types.is_structured(media.type)

    def _parameters(self, values: Array, body: Object) -> tuple[Parameter, ...]:
        """The parameters of an operation; their names differ from those of the arguments that methods have."""
        identifiers = [self.naming.identifier(text(p, "x-speakeasy-name-override") or p["name"]) for p in values]
        # The location distinguishes parameters of the same name.
        wanted = {
            f"{p['name']} {p['in']}": f"{name}_{p['in']}" if identifiers.count(name) > 1 else _unlike_options(name, p)
            for name, p in zip(identifiers, values, strict=True)
        }
        several = len(mapping(body, "content")) > 1
        names = unique_names(wanted, ("body", "content_type") if several else ("body",))
        return tuple(self._parameter(names[f"{p['name']} {p['in']}"], p) for p in values)

    def _parameter(self, name: str, value: Object) -> Parameter:
        location = value["in"]
        if reason := reason_not_sendable(value["name"], location):
            hint = "correct or remove it by an overlay action"
            self.problems.error("bad-header", value.where("name"), reason, hint)
        style = value.get("style") or _STYLES[location][0]
        explode = value.get("explode", style == "form") is True
        media_type, media = next(iter(mapping(value, "content").items()), ("", None))
        schema = media.get("schema") if isinstance(media, Object) else value.get("schema")
        return Parameter(
            name=name,
            wire=value["name"],
            location=location,
            type=self.types.parameter_type(schema),
            required=flag(value, "required"),
            style=self._style(style, location, value),
            explode=explode,
            source=value.source,
            description=text(value, "description"),
            deprecated=flag(value, "deprecated"),
            default=default_of(schema),
            from_client=flag(value, "x-speakeasy-globals-hidden"),
            media_type=media_type,
            allow_reserved=self._allows_reserved(value),
            allow_empty=flag(value, "allowEmptyValue") and location == "query",
            type_source=self.types.source(schema),
        )

    def _style(self, style: str, location: str, parameter: Object) -> str:
        """The effective style: where the location does not have the given one, its default, with a warning."""
        default = _STYLES[location][0]
        if style in _STYLES[location]:
            return style
        message = f"a {location} parameter has no style {style!r}; read as {default!r}"
        self.problems.warning("misplaced-style", parameter.where("style"), message)
        return default

    def _allows_reserved(self, parameter: Object) -> bool:
        is_query, is_set = parameter["in"] == "query", flag(parameter, "allowReserved")
        if is_set and not is_query:
            message = "`allowReserved` applies to query parameters only"
            self.problems.warning("ignored-keyword", parameter.where("allowReserved"), message)
        return is_set and is_query

    def _response(self, status: str, value: Object, responses: Object) -> Response:
        return Response(
            status=status.upper() if status != "default" else status,
            content=self._content(value),
            source=responses.where(status),
            description=text(value, "description"),
            headers=tuple(self._header(name, header) for name, header in (value.get("headers") or {}).items()),
        )

    def _header(self, name: str, value: Object) -> Header:
        content = self._content(value)  # in place of a schema: the media type that it is written as, such as JSON
        type_ = (content[0].type if content else None) or self.types.type(value.get("schema"))
        return Header(name, type_, flag(value, "required"), value.source, text(value, "description"))

    def _content(self, holder: Object) -> tuple[Media, ...]:
        content = mapping(holder, "content")
        media_types = [self._media(name, media, content.where(name)) for name, media in content.items()]
        has_json = any(decoding(media) == "json" for media in media_types)
        return tuple(self._without_structure(media, has_json=has_json) for media in media_types)

    def _without_structure(self, media: Media, *, has_json: bool) -> Media:
        """A media type without a type that its text cannot express; that is reported unless there is JSON beside it."""
        if media.type is None or not is_plain_text(media) or not self.types.is_structured(media.type):
            return media
        if not has_json:
            message = f"{media.base_name} does not say how an object or a list is written; read and sent as text"
            hint = "if it is JSON, correct the media type by an overlay action"
            self.problems.warning("text-without-structure", media.source, message, hint)
        return replace(media, type=ANY)

    def _media(self, name: str, value: Any, source: Source) -> Media:
        if not isinstance(value, Object):
            return Media(name, None, source)
        type_ = self.types.type(value["schema"]) if "schema" in value else None
        read = [(names, self.types.type(schema)) for names, schema in _event_data(value)]
        events = tuple((event, data) for names, data in read for event in names)
        type_ = self.types.union(data for _, data in read) if read else type_
        encodings = ((wire, e) for wire, e in mapping(value, "encoding").items() if isinstance(e, Object))
        encoded = tuple(self._encoding(wire, e) for wire, e in encodings)
        return Media(name, type_, source, encoded, events, examples=examples_of(value))

    def _encoding(self, wire: str, value: Object) -> Encoding:
        if value.get("headers"):
            message = f"the headers of the part {wire!r} are not sent"
            self.problems.warning("ignored-keyword", value.where("headers"), message)
        return Encoding(wire, text(value, "contentType"), *_style_of_field(value))


def _event_data(media: Object) -> Iterator[tuple[Array, Any]]:
    """The names of events, and the schemas of their data; nothing where the document does not describe whole events."""
    for event in media.get(EVENTS) or ():
        yield event["names"], event["schema"]


def _style_of_field(encoding: Object) -> tuple[str, bool]:
    """The effective style of a field and whether it is exploded; "" where the document gives nothing about that."""
    style, explode = text(encoding, "style"), encoding.get("explode")
    if style not in _STYLES["query"]:
        is_given = isinstance(explode, bool) or flag(encoding, "allowReserved")
        style = _STYLES["query"][0] if is_given else ""
    return style, explode if isinstance(explode, bool) else style == "form"


def _unlike_options(name: str, parameter: Object) -> str:
    """The name of a parameter; with an underscore where the method has an option of this name."""
    is_argument = not flag(parameter, "x-speakeasy-globals-hidden")
    return f"{name}_" if is_argument and name in OPTIONS else name
