"""Parameters, bodies and answers of a simplified document, as the intermediate representation has them."""

from __future__ import annotations

import re
from typing import Any

from ..document.problems import Problems, Source
from ..document.tree import Array, Object
from ..simplify.names import Naming, unique_names
from .model import Body, Encoding, Header, Media, Parameter, Response
from .schemas import Schemas, default_of, text
from .security import check_token

# The usual one first.
_STYLES = {
    "path": ("simple", "label", "matrix"),
    "query": ("form", "spaceDelimited", "pipeDelimited", "deepObject"),
    "header": ("simple",),
    "cookie": ("form",),
}


class Parts:
    """Reads the parts of operations; what cannot be represented goes to `problems`."""

    def __init__(self, schemas: Schemas, naming: Naming, problems: Problems) -> None:
        self.schemas, self.naming, self.problems = schemas, naming, problems

    # Parameters

    def parameters(self, values: Array, body: Any = None) -> tuple[Parameter, ...]:
        """The parameters of an operation; `body` is its request body, whose arguments have names already."""
        plain = [self.naming.identifier(_override(p) or p["name"]) for p in values]
        # The same name in two places: say where each one goes.
        wanted = {
            f"{p['name']} {p['in']}": f"{name}_{p['in']}" if plain.count(name) > 1 else name
            for name, p in zip(plain, values, strict=True)
        }
        content = body.get("content") if isinstance(body, Object) else None
        several = isinstance(content, Object) and len(content) > 1
        names = unique_names(wanted, ("body", "content_type") if several else ("body",))
        return tuple(self.parameter(names[f"{p['name']} {p['in']}"], p) for p in values)

    def parameter(self, name: str, value: Object) -> Parameter:
        location = value["in"]
        style = value.get("style") or _STYLES[location][0]
        check_token(value["name"], location, value.where("name"), self.problems)
        content = value.get("content")
        media_type, media = next(iter(content.items()), ("", None)) if isinstance(content, Object) else ("", None)
        schema = media.get("schema") if isinstance(media, Object) else value.get("schema")
        explode = value.get("explode", style == "form") is True
        if style not in _STYLES[location]:
            message = f"a {location} parameter has no style {style!r}; read as {_STYLES[location][0]!r}"
            self.problems.warning("misplaced-style", value.where("style"), message)
            style = _STYLES[location][0]
        reserved = value.get("allowReserved") is True
        if reserved and location != "query":
            message = "`allowReserved` has a meaning in a query only"
            self.problems.warning("ignored-keyword", value.where("allowReserved"), message)
        return Parameter(
            name=name,
            wire=value["name"],
            location=location,
            type=self.schemas.parameter(schema),
            required=value.get("required") is True,
            style=style,
            explode=explode,
            source=value.source,
            description=text(value.get("description")),
            deprecated=value.get("deprecated") is True,
            default=default_of(schema),
            from_client=value.get("x-speakeasy-globals-hidden") is True,
            media_type=media_type,
            allow_reserved=reserved and location == "query",
            allow_empty=value.get("allowEmptyValue") is True and location == "query",
        )

    # Bodies and answers

    def body(self, value: Any, operation: Object) -> Body | None:
        if not isinstance(value, Object):
            return None
        content = self.content(value)
        if not content:
            message = "a request body without `content`: it is sent as bytes"
            self.problems.warning("no-content", operation.where("requestBody"), message)
            content = (Media("*/*", None, operation.where("requestBody")),)
        return Body(content, value.get("required") is True, value.source, text(value.get("description")))

    def response(self, status: str, value: Object, responses: Object) -> Response:
        if not re.fullmatch(r"[1-5](\d\d|[xX]{2})|default", status):
            hint = "a code such as 404, a range such as 4XX, or default"
            self.problems.error("bad-status", responses.where(status), f"{status!r} is no status", hint)
        headers = value.get("headers") or Object()
        return Response(
            status=status.upper() if status != "default" else status,
            content=self.content(value),
            source=responses.where(status),
            description=text(value.get("description")),
            headers=tuple(self.header(name, header) for name, header in headers.items()),
        )

    def header(self, name: str, value: Object) -> Header:
        required, description = value.get("required") is True, text(value.get("description"))
        content = self.content(value)  # in place of a schema: what it is written as, such as JSON
        type_ = content[0].type if content else None
        return Header(name, type_ or self.schemas.type(value.get("schema")), required, value.source, description)

    def content(self, holder: Object) -> tuple[Media, ...]:
        content = holder.get("content")
        if not isinstance(content, Object):
            return ()
        return tuple(self.media(name, media, content.where(name)) for name, media in content.items())

    def media(self, name: str, value: Any, source: Source) -> Media:
        if not isinstance(value, Object):
            return Media(name, None, source)
        encodings = value.get("encoding")
        encodings = encodings if isinstance(encodings, Object) else Object()
        found = tuple(self.encoding(wire, one) for wire, one in encodings.items() if isinstance(one, Object))
        return Media(name, self.schemas.type(value["schema"]) if "schema" in value else None, source, found)

    def encoding(self, wire: str, value: Object) -> Encoding:
        if value.get("headers"):
            message = f"the headers of the part {wire!r} are not sent"
            self.problems.warning("ignored-keyword", value.where("headers"), message)
        style, explode = text(value.get("style")), value.get("explode")
        return Encoding(
            wire=wire,
            media_type=text(value.get("contentType")),
            style=style if style in _STYLES["query"] else "",
            explode=explode if isinstance(explode, bool) else None,
            allow_reserved=value.get("allowReserved") is True,
        )


def _override(value: Object) -> str:
    return text(value.get("x-speakeasy-name-override"))
