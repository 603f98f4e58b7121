"""Paths as they are sent."""

from __future__ import annotations

import re
from urllib.parse import quote

from ..ir.model import Operation

_HOLE = re.compile(r"(\{[^{}]+\})")
# RFC 3986, 3.3 and 3.4; a percent sign stands where an escape is meant.
_IN_PATH = "/:@!$&'()*+,;=~%"


def sent_path(operation: Operation) -> str:
    """The path of an operation, percent-encoded, with its holes.

    A query of its own stays, but for pairs that a query parameter fills, as in `?key={key}`; a fragment tells paths of
    a document apart, and is never sent (RFC 9110, section 7.1).
    """
    holes = {f"{{{p.wire}}}" for p in operation.parameters if p.location == "path"}
    path = re.sub(r"\{[?&][^{}]*\}", "", operation.path.partition("#")[0])
    path, _, query = path.partition("?")
    pairs = [pair for pair in query.split("&") if pair and holes.issuperset(_HOLE.findall(pair))]
    return _encoded(path, holes, _IN_PATH) + (
        "?" + "&".join(_encoded(p, holes, _IN_PATH + "?") for p in pairs) if pairs else ""
    )


def _encoded(text: str, holes: set[str], safe: str) -> str:
    return "".join(part if part in holes else _quoted(part, safe) for part in _HOLE.split(text))


def _quoted(text: str, safe: str) -> str:
    return re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", quote(text, safe=safe, errors="replace"))
