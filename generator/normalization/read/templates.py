"""Templates of URLs, filled with the parts of a reference."""

from __future__ import annotations

import re

from ...document.tree import Object
from ...ir.model import Field
from ..converters import value_type
from ..mapping import BASE_URL, FieldMapping, RefPart, UrlTemplate
from .call import Call
from .context import Context

_BRACES = re.compile("{([^{}]*)}")
_REST = re.compile(r"[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]*")
"""The characters of a URL (RFC 3986, 2)."""


def read_template(entry: Object, target: str, field: Field | None, call: Call, context: Context) -> FieldMapping | None:
    """The mapping of a unified field that is filled with the URL at `template`; None when it is wrong, and reported."""
    template, source = context.reader.text(entry, "template"), entry.where("template")
    names = _BRACES.findall(template)
    known = {part.name: part for part in call.parts} | {BASE_URL: RefPart(BASE_URL, "query")}
    rest = _BRACES.sub("", template)
    if field and value_type(field.type, context.unified.enums, unified=True) != "text":
        message = f"a URL is text, which cannot become the value of {target}"
        context.error("converter-mismatch", source, message, "", field.source, subject=target)
    elif template and not re.match(f"https?://[^/]|{{{BASE_URL}}}", template):
        message = f"{template!r} is not the template of a URL"
        context.reader.error(source, message, f"it begins with https://, http:// or {{{BASE_URL}}}")
    elif not _REST.fullmatch(rest) or f"{{{BASE_URL}}}" in template[1:]:
        message = f"{template!r} is not the template of a URL"
        hint = f"names stand in braces, {{{BASE_URL}}} only at its beginning; other characters are percent-encoded"
        context.reader.error(source, message, hint)
    elif unknown := [name for name in names if name not in known]:
        message, see = f"{unknown[0]!r} is not a part of the reference", context.document.where("ref")
        context.unknown("unknown-part", source, message, unknown[0], known, see)
    elif template and field:
        servers = call.operation.servers
        server = servers[0].default_url if servers else ""
        url = UrlTemplate(template, tuple(known[name] for name in names), server)
        return FieldMapping(target, field, (), "", (), entry.source, template=url)
    return None
