"""The first overlay of a provider: what `generate` needs, and the description does not say."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from ..document.operations import every_operation
from ..document.suggestion import normalized_path
from ..document.tree import Object
from ..ir.model import Api
from .lines import Line, flow, scalar, yaml
from .places import snake
from .provider import placeholder_server

_LONGEST_NAME = 40


def overlay_yaml(document: Object, api: Api, title: str) -> str:
    """The file; "" where there is nothing to say."""
    actions = [*_names(document), *_server(api)]
    if not actions:
        return ""
    head = ("overlay: 1.0.0", "info:", f"  title: {scalar(f'Additions to {title}')}", "  version: 1.0.0", "actions:")
    return yaml([*(Line(text) for text in head), *actions])


def _names(document: Object) -> Iterator[Line]:
    """An operationId for each operation that has none: methods are named after it."""
    for path, method, operation in every_operation(document):
        if path and not operation.get("operationId"):
            target = normalized_path(["paths", path, method])
            yield Line(f"  - target: {target}")
            summary = operation.get("summary")
            name = _camel(summary) if isinstance(summary, str) else ""
            reason = "The operation has no operationId. Named after its summary." if name else ""
            yield Line(
                f"    description: {reason or 'The operation has no operationId. Named after its method and path.'}"
            )
            yield Line("    update:")
            yield Line(f"      operationId: {scalar(name or _camel(f'{method} {path}'))}")


def _server(api: Api) -> Iterator[Line]:
    """The path of a server that stands for somebody's own: relative servers make calls ask for a `base_url`."""
    if url := placeholder_server(api):
        path = urlsplit(re.sub(r"[{}<>]", "", url)).path or "/"
        yield Line("  - target: $.servers[0]")
        yield Line("    description: '?'", "if this is a placeholder, say so here; else remove this action")
        yield Line(f"    update: {flow({'url': path})}", f"calls then need a `base_url`, in place of {json.dumps(url)}")


def _camel(text: str) -> str:
    words = [word for word in snake(re.sub(r"[^A-Za-z0-9]+", " ", text)).split("_") if word not in ("a", "an", "the")]
    name = "".join([words[0], *(word.capitalize() for word in words[1:])]) if words else ""
    return name if len(name) <= _LONGEST_NAME and name[:1].isalpha() else ""
