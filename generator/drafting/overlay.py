"""The first overlay of a provider: what `generate` needs, and the description does not say."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import urlsplit

from ..document.operations import every_operation
from ..document.problems import Problem
from ..document.suggestion import CERTAIN_VALUES, normalized_path
from ..document.tree import Object
from ..ir.model import Api
from .lines import Line, comment, flow, scalar, yaml
from .places import snake
from .provider import placeholder_server

_LONGEST_NAME = 40
_FEW = 5
"""Operations that are named; where there are more, a person names those that matter."""


def corrections(problems: Iterable[Problem]) -> list[Line]:
    """An action, which is a guess, for each of the problems that one can correct."""
    return [line for problem in problems if problem.action for line in _correction(problem)]


def _correction(problem: Problem) -> Iterator[Line]:
    action = json.loads(problem.action.removeprefix("- "))
    yield Line(f"  - target: {scalar(action['target'])}", comment(problem.message))
    yield Line("    description: '?'", "say what is right, and why")
    if "update" in action and problem.id in CERTAIN_VALUES:
        yield Line(f"    update: {flow(action['update'])}")
    else:
        yield Line("    remove: true")


def additions(document: Object, api: Api) -> list[Line]:
    """The actions that add what methods and callers need."""
    return [*_names(document), *_server(document, api)]


def overlay_yaml(actions: Sequence[Line], title: str) -> str:
    """The file of an overlay with these actions."""
    head = ("overlay: 1.0.0", "info:", f"  title: {scalar(f'Additions to {title}')}", "  version: 1.0.0", "actions:")
    return yaml([*(Line(text) for text in head), *actions])


def _names(document: Object) -> Iterator[Line]:
    """An operationId for each operation that has none, or one that a tool made of the path: methods have its name."""
    operations = [*every_operation(document)]
    for path, method, operation in operations if len(operations) <= _FEW else ():
        target, given = normalized_path(["paths", path, method]), operation.get("operationId")
        if path and not given:
            summary = operation.get("summary")
            name = _camel(summary) if isinstance(summary, str) else ""
            source = "summary" if name else "method and path"
            reason = f"The operation has no operationId. Named after its {source}."
            yield from _named(target, name or _camel(f"{method} {path}"), Line(f"    description: {reason}"))
        elif path and isinstance(given, str) and (name := _without_path(given, path, method)):
            guess = Line(
                "    description: '?'", f"if {given} is no name for a method, say so here; else remove this action"
            )
            yield from _named(target, name, guess)


def _named(target: str, name: str, description: Line) -> Iterator[Line]:
    yield Line(f"  - target: {target}")
    yield description
    yield Line("    update:")
    yield Line(f"      operationId: {scalar(name)}")


def _without_path(name: str, path: str, method: str) -> str:
    """An operationId without the path and the method that some tools append; "" where it has none."""
    end = re.sub(r"[^A-Za-z0-9]", "_", path) + f"_{method}"
    return name.removesuffix(end).rstrip("_") if name.endswith(end) else ""


def _server(document: Object, api: Api) -> Iterator[Line]:
    """The path of a server that stands for somebody's own: relative servers make calls ask for a `base_url`."""
    if url := placeholder_server(api):
        is_swagger = "swagger" in document
        path = urlsplit(re.sub(r"[{}<>]", "", url)).path or "/"
        update = {"host": ""} if is_swagger else {"url": path}
        yield Line(f"  - target: {'$' if is_swagger else '$.servers[0]'}")
        yield Line("    description: '?'", "if this is a placeholder, say so here; else remove this action")
        yield Line(f"    update: {flow(update)}", f"calls then need a `base_url`, in place of {json.dumps(url)}")


def _camel(text: str) -> str:
    words = [word for word in snake(re.sub(r"[^A-Za-z0-9]+", " ", text)).split("_") if word not in ("a", "an", "the")]
    name = "".join([words[0], *(word.capitalize() for word in words[1:])]) if words else ""
    return name if len(name) <= _LONGEST_NAME and name[:1].isalpha() else ""
