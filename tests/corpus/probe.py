"""What a generated package is worth, judged in a process of its own: `python -m tests.corpus.probe SPEC [MODULE]`.

Prints one line of JSON (`Findings`). Without a module, only the document is counted. The package, and the core that it
uses, are found by PYTHONPATH.
"""

from __future__ import annotations

import dataclasses
import gc
import importlib
import json
import pkgutil
import re
import sys
import traceback
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from tests.corpus.raw import Call, Document
from tests.corpus.untyped import Untyped, untyped_answers


@dataclasses.dataclass
class Findings:
    """What was found of one document and its package; names of operations are "GET /runs/{id}"."""

    swagger: bool = False
    description: bool = True
    operations: list[str] = dataclasses.field(default_factory=list)
    import_error: str = ""
    missing: list[str] = dataclasses.field(default_factory=list)
    """Operations of the document without a method."""
    replaced: list[str] = dataclasses.field(default_factory=list)
    """Methods that are one too many, classes of one name, components without a class."""
    failed: dict[str, str] = dataclasses.field(default_factory=dict)
    """Operations whose call failed, and why."""
    misread: dict[str, str] = dataclasses.field(default_factory=dict)
    """Operations of whose valid answer something could not be read."""
    models: int = 0
    answers: int = 0
    untyped: list[Untyped] = dataclasses.field(default_factory=list)
    schemas: int = 0
    untyped_schemas: dict[str, int] = dataclasses.field(default_factory=dict)


def findings(spec: Path, module: str | None) -> Findings:
    """Judge a package; never raises for what is wrong with it."""
    found = Findings()
    try:
        document = Document(spec)
    except (ValueError, OSError):
        return found
    found.swagger, found.description = document.is_swagger, document.is_description
    found.operations = [call.name for call in document.calls]
    if module is None:
        return found
    try:
        package = importlib.import_module(module)
        for info in pkgutil.walk_packages(package.__path__, f"{module}."):
            importlib.import_module(info.name)
    except Exception as error:
        found.import_error = f"{type(error).__name__}: {error}"
        return found
    _judge(found, document, package)
    return found


def _judge(found: Findings, document: Document, package: Any) -> None:
    import workflow_client_core as core

    from tests.corpus.calls import Caller
    from tests.corpus.models import classes, lost_models, repeated_names, untyped_schemas
    from tests.corpus.surface import methods

    loaded = [m for n, m in list(sys.modules.items()) if n.partition(".")[0] == package.__name__]
    api = next(v for m in loaded for v in vars(m).values() if isinstance(v, core.Api))
    caller = Caller(document, package, api)
    own = methods(caller.client(False, None, None), core.Client)
    asynchronous = {m.place: m for m in methods(caller.client(True, None, None), core.AsyncClient)}
    paired = _paired(document.calls, own, found)
    for call, its_methods in paired.items():
        for method in its_methods:
            twin = asynchronous.get(method.place)
            try:
                if twin is None or twin.operation is not method.operation:
                    raise LookupError("the asynchronous client has no such method")
                issues = caller.call(call, method)
                caller.call(call, twin, asynchronous=True)
                if issues:
                    found.misread[call.name] = "; ".join(issues[:3])
            except Exception as error:
                found.failed[call.name] = _said(error)
    found.models = len(classes(loaded))
    found.replaced += [f"two classes called {name}" for name in repeated_names(loaded)]
    found.replaced += [f"no class for the component {name}" for name in lost_models(document, loaded)]
    operations = {call.name: its[0].operation for call, its in paired.items()}
    found.answers, found.untyped = untyped_answers(document, operations)
    found.schemas, found.untyped_schemas = untyped_schemas(document, loaded)


def _paired(calls: list[Call], own: list[Any], found: Findings) -> dict[Call, list[Any]]:
    """The methods of each operation: one; a second one, `..._stream`, may read the same answer as events.

    Operations that are the same on the wire (`/files/{id}`, `/files/{id}#shared`) are told apart by their names.
    """
    by_route: dict[tuple[str, str], list[list[Any]]] = {}
    for method in sorted(own, key=lambda m: len(m.place)):
        key = method.operation.method.upper(), _route(method.operation.path)
        alike = by_route.setdefault(key, [])
        whole = next((its for its in alike if method.place == f"{its[0].place}_stream"), None)
        if whole is None:
            alike.append([method])
        else:
            whole.append(method)
    calls_by_route: dict[tuple[str, str], list[Call]] = {}
    for call in calls:
        calls_by_route.setdefault((call.method.upper(), _route(call.path)), []).append(call)
    paired: dict[Call, list[Any]] = {}
    for key, wanted in calls_by_route.items():
        alike = by_route.pop(key, [])
        for call in sorted(wanted, key=lambda c: -max((_likeness(c, its) for its in alike), default=0)):
            if alike:
                best = max(alike, key=lambda its: _likeness(call, its))
                alike.remove(best)
                paired[call] = best
            else:
                found.missing.append(call.name)
        for its in alike:
            found.replaced.append(f"{its[0].place} is one method too many for {' '.join(key)}")
    for (method, path), alike in by_route.items():
        found.replaced += [f"{its[0].place} calls {method} {path}, which the document does not have" for its in alike]
    return {call: paired[call] for call in calls if call in paired}


def _likeness(call: Call, its: list[Any]) -> float:
    """How alike an operation's id, or route, and a method's name are; the path as written counts for more."""
    names = call.operation_id, call.name.replace("#", " ")
    ratio: float = max(SequenceMatcher(None, _plain(name), _plain(its[0].name)).ratio() for name in names)
    return ratio + float(its[0].operation.path == call.path)


def _plain(name: str) -> str:
    return re.sub(r"[^0-9a-z]", "", name.casefold())


def _route(path: str) -> str:
    return re.sub(r"\{[^{}]*\}", "{}", path.partition("#")[0])


def _said(error: Exception) -> str:
    said = f"{type(error).__name__}: {error}".splitlines()[0][:300]
    if type(error).__name__ == "Wrong":
        return said
    frames = traceback.extract_tb(error.__traceback__)
    return f"{said} ({Path(frames[-1].filename).name}:{frames[-1].lineno})"


def main() -> None:
    """Judge, print."""
    gc.disable()
    found = findings(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None)
    print(json.dumps(dataclasses.asdict(found)))


if __name__ == "__main__":
    main()
