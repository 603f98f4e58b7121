"""Judge a generated package in a process of its own: `python -m tests.corpus.probe SPEC [MODULE]`.

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

from tests.corpus.document import Call, Document
from tests.corpus.untyped import Untyped, untyped_responses


@dataclasses.dataclass
class Findings:
    """The findings on one document and its package; names of operations are "GET /runs/{id}"."""

    operations: list[str] = dataclasses.field(default_factory=list)
    import_error: str = ""
    missing: list[str] = dataclasses.field(default_factory=list)
    """Operations of the document without a method."""
    replaced: list[str] = dataclasses.field(default_factory=list)
    """Methods without an operation, classes of the same name, components without a class."""
    failed: dict[str, str] = dataclasses.field(default_factory=dict)
    """Operations whose call failed, and why."""
    lost: dict[str, list[str]] = dataclasses.field(default_factory=dict)
    """Operations with values that do not survive a round trip."""
    untried: dict[str, list[str]] = dataclasses.field(default_factory=dict)
    """Operations with responses or bodies of which no valid instance is found."""
    values: int = 0
    """Bodies of requests and responses that were compared."""
    models: int = 0
    answers: int = 0
    untyped: list[Untyped] = dataclasses.field(default_factory=list)
    schemas: int = 0
    untyped_schemas: dict[str, int] = dataclasses.field(default_factory=dict)


def findings(spec: Path, module: str | None) -> Findings:
    """Judge a package; never raises for what is wrong with it."""
    result = Findings()
    try:
        document = Document(spec)
    except (ValueError, OSError):
        return result
    result.operations = [call.name for call in document.calls]
    if module is None:
        return result
    try:
        package = importlib.import_module(module)
        if inside := sys.modules.get(f"{module}._vendor.workflow_client_core"):
            sys.modules["workflow_client_core"] = inside
        for info in pkgutil.walk_packages(package.__path__, f"{module}."):
            importlib.import_module(info.name)
    except Exception as error:
        result.import_error = f"{type(error).__name__}: {error}"
        return result
    _judge(result, document, package)
    return result


def _judge(result: Findings, document: Document, package: Any) -> None:
    import workflow_client_core as core

    from tests.corpus.calls import Caller, described
    from tests.corpus.surface import methods
    from tests.corpus.untyped import untyped_schemas

    names = [name for name in sys.modules if f"{name}.".startswith(f"{package.__name__}.")]
    loaded = [sys.modules[name] for name in names if not name.startswith(f"{package.__name__}._vendor")]
    api = next(v for m in loaded for v in vars(m).values() if isinstance(v, core.Api))
    caller = Caller(document, package, api)
    own = methods(caller.client(False, None, None), core.Client)
    asynchronous = {m.dotted_name: m for m in methods(caller.client(True, None, None), core.AsyncClient)}
    paired = _paired(document.calls, own, result)
    for call, its_methods in paired.items():
        for method in its_methods:
            twin = asynchronous.get(method.dotted_name)
            try:
                if twin is None or twin.operation is not method.operation:
                    raise LookupError("the asynchronous client has no such method")
                judgment = caller.judge(call, method, twin)
            except Exception as error:
                result.failed[call.name] = _one_line(error)
                continue
            result.values += judgment.values
            if judgment.lost:
                result.lost[call.name] = described([*result.lost.get(call.name, ()), *judgment.lost])
            if judgment.untried:
                result.untried[call.name] = described(judgment.untried)
    caller.close()
    operations = {call.name: its[0].operation for call, its in paired.items()}
    result.answers, result.untyped = untyped_responses(document, operations)
    result.models, result.schemas, result.untyped_schemas = untyped_schemas(document, loaded)


def _paired(calls: list[Call], own: list[Any], result: Findings) -> dict[Call, list[Any]]:
    """The methods of each operation: one, or two where `..._stream` reads the same response as events.

    Operations with the same route (`/files/{id}`, `/files/{id}#shared`) are distinguished by their names.
    """
    calls_by_route: dict[tuple[str, str], list[Call]] = {}
    for call in calls:
        calls_by_route.setdefault((call.method.upper(), _route(call.path)), []).append(call)
    by_route: dict[tuple[str, str], list[list[Any]]] = {}
    for method in own:
        key = method.operation.method.upper(), _route(method.operation.path)
        by_route.setdefault(key, []).append([method])
    for key, candidates in by_route.items():
        for its in sorted(candidates, key=lambda its: len(its[0].dotted_name)):
            whole = next((w for w in candidates if its[0].dotted_name == f"{w[0].dotted_name}_stream"), None)
            if whole is not None and len(candidates) > len(calls_by_route.get(key, ())):
                whole += its
                candidates.remove(its)
    paired: dict[Call, list[Any]] = {}
    for key, same_route in calls_by_route.items():
        candidates = by_route.pop(key, [])
        for call in sorted(same_route, key=lambda c: -max((_similarity(c, its) for its in candidates), default=0)):
            if candidates:
                best = max(candidates, key=lambda its: _similarity(call, its))
                candidates.remove(best)
                paired[call] = best
            else:
                result.missing.append(call.name)
        for its in candidates:
            result.replaced.append(f"{its[0].dotted_name} is one method too many for {' '.join(key)}")
    for (method, path), candidates in by_route.items():
        result.replaced += [
            f"{its[0].dotted_name} calls {method} {path}, which the document does not have" for its in candidates
        ]
    return {call: paired[call] for call in calls if call in paired}


def _similarity(call: Call, its: list[Any]) -> float:
    """How similar an operation's id, or route, is to a method's name; an identical path counts for more."""
    names = call.operation_id, call.name.replace("#", " ")
    ratio: float = max(SequenceMatcher(None, _plain(name), _plain(its[0].name)).ratio() for name in names)
    return ratio + float(its[0].operation.path == call.path)


def _plain(name: str) -> str:
    return re.sub(r"[^0-9a-z]", "", name.casefold())


def _route(path: str) -> str:
    return re.sub(r"\{[^{}]*\}", "{}", path.partition("#")[0])


def _one_line(error: Exception) -> str:
    text = f"{type(error).__name__}: {error}".splitlines()[0][:300]
    if type(error).__name__ == "Wrong":
        return text
    frames = traceback.extract_tb(error.__traceback__)
    return f"{text} ({Path(frames[-1].filename).name}:{frames[-1].lineno})"


def main() -> None:
    """Print the findings as JSON."""
    gc.disable()
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]  # jsonschema's formats, which take seconds to load
    result = findings(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None)
    print(json.dumps(dataclasses.asdict(result)))


if __name__ == "__main__":
    main()
