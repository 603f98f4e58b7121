"""Paths as requests have them."""

from __future__ import annotations

import re
from urllib.parse import quote

from ..ir.model import Operation

_EXPRESSION = re.compile(r"(\{[^{}]+\})")
# RFC 3986, 3.3 and 3.4; a percent sign stands where an escape is meant.
_IN_PATH = "/:@!$&'()*+,;=~%"


def sent_path(operation: Operation) -> str:
    """The path of an operation, percent-encoded, with its template expressions.

    A query in the path stays, except for pairs that a query parameter fills, as in `?key={key}`. A fragment only tells
    paths of a document apart, and is never sent (RFC 9110, section 7.1).
    """
    expressions = {f"{{{p.wire}}}" for p in operation.parameters if p.location == "path"}
    path = re.sub(r"\{[?&][^{}]*\}", "", operation.path.partition("#")[0])
    path, _, query = path.partition("?")
    pairs = [pair for pair in query.split("&") if pair and expressions.issuperset(_EXPRESSION.findall(pair))]
    return _encoded(path, expressions, _IN_PATH) + (
        "?" + "&".join(_encoded(p, expressions, _IN_PATH + "?") for p in pairs) if pairs else ""
    )


def _encoded(text: str, expressions: set[str], safe: str) -> str:
    return "".join(part if part in expressions else _quoted(part, safe) for part in _EXPRESSION.split(text))


def _quoted(text: str, safe: str) -> str:
    return re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", quote(text, safe=safe, errors="replace"))
