"""Parameters, bodies and answers of a prepared document, as the intermediate representation has them."""

from __future__ import annotations

import re
from typing import Any

from generator.document import Array, Object
from generator.ir import Body, Header, Media, Parameter, Response
from generator.prepare.names import Naming, unique
from generator.problems import Problems, Source
from generator.read_schemas import Schemas, default_of, text
from generator.read_security import check_token

_STYLES = {"path": "simple", "query": "form", "header": "simple", "cookie": "form"}


class Parts:
    """Reads the parts of operations; what cannot be represented goes to `problems`."""

    def __init__(self, schemas: Schemas, naming: Naming, problems: Problems) -> None:
        self.schemas, self.naming, self.problems = schemas, naming, problems

    # Parameters

    def parameters(self, values: Array) -> tuple[Parameter, ...]:
        plain = [self.naming.identifier(_override(p) or p["name"]) for p in values]
        # The same name in two places: say where each one goes.
        wanted = {
            f"{p['name']} {p['in']}": f"{name}_{p['in']}" if plain.count(name) > 1 else name
            for name, p in zip(plain, values, strict=True)
        }
        names = unique(wanted, ("body",))
        return tuple(self.parameter(names[f"{p['name']} {p['in']}"], p) for p in values)

    def parameter(self, name: str, value: Object) -> Parameter:
        location = value["in"]
        style = value.get("style") or _STYLES[location]
        check_token(value["name"], location, value.where("name"), self.problems)
        if value.get("allowReserved") is True:
            message = "`allowReserved` is ignored: reserved characters are sent percent-encoded"
            self.problems.warning("ignored-keyword", value.where("allowReserved"), message)
        if "content" in value:
            message = f"the parameter {value['name']!r} has `content`, which is not generated"
            hint = "give it a `schema` by an overlay action, or leave it out"
            self.problems.error("unsupported-parameter", value.where("content"), message, hint)
        return Parameter(
            name=name,
            wire=value["name"],
            location=location,
            type=self.schemas.type(value.get("schema")),
            required=value.get("required") is True,
            style=style,
            explode=value.get("explode", style == "form") is True,
            source=value.source,
            description=text(value.get("description")),
            deprecated=value.get("deprecated") is True,
            default=default_of(value.get("schema")),
            from_client=value.get("x-speakeasy-globals-hidden") is True,
        )

    # Bodies and answers

    def body(self, value: Any, operation: Object) -> Body | None:
        if not isinstance(value, Object):
            return None
        content = self.content(value)
        if not content:
            self.problems.error("no-content", operation.where("requestBody"), "a request body needs `content`")
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
        has_schema = isinstance(value, Object) and "schema" in value
        return Media(name, self.schemas.type(value["schema"]) if has_schema else None, source)


def _override(value: Object) -> str:
    return text(value.get("x-speakeasy-name-override"))
