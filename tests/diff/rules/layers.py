"""Witnesses of normalized rules as versions of a provider, and as layers that were really generated from them.

The provider is `acme`. A witness's `before` holds what differs from this standard, its `after` what differs from its
`before`, as merge patches (RFC 7396):

- `properties`, `required`: of the response's schema, which has an `id` and a `status`, `running` or `done`;
- the other keys of `tests.diff.rules.documents`, without `answer`;
- `mapping`: of the mapping, which maps these two; what it leaves out is `absent`. null: there is none;
- `model`: of specs/workflow-run.yaml;
- `polling`: of provider.yaml;
- `ordered`: the unified model's keys in the opposite order.

Beside them a witness has

- `payload`: the response of the server, or {before: ..., after: ...};
- `ref` (`acme:1`), `environment` ({}): for which run, and what is configured;
- `shows`: {before: ..., after: ...}: Python expressions and what they give, as JSON; "raises X" for an exception.
  They know what workflow_runs offers, `run` (what `Runs().get(ref)` gives for the payload), `sent` (its request),
  `pause` (the seconds after which `Runs().poll(ref)` says to ask again), and `acme_client`. The server refuses a
  request that its document does not allow. Where the mapping no longer fits, `after` is what the layer of `before`
  makes of the new server;
- `also`: other rules that the comparison gives.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import cache, cached_property, lru_cache
from importlib import import_module, invalidate_caches
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType, SimpleNamespace
from typing import Any
from unittest import mock

import httpx2
import msgspec
import pytest
from openapi_core.testing import MockRequest

from generator.diff.versions import Version
from generator.document.field_reader import FieldReader
from generator.document.loading import load, parse
from generator.document.problems import Problems, ProblemsFound
from generator.ir.provider import Provider
from generator.normalization.mapping import Mapping as Normalization
from generator.normalization.read.mapping import read_mapping
from generator.normalization.read.unified import read_unified
from generator.normalization.render.package import runs_files
from generator.normalization.unified import UnifiedModel
from generator.pipeline import read_api
from generator.polling import Polling, read_polling
from generator.render.package import client_files
from tests.diff.rules import documents
from tests.diff.rules.observed import judged

PROVIDER = "acme"
MODEL = Path(__file__).parents[3] / "specs" / "workflow-run.yaml"
STANDARD: dict[str, Any] = {
    "properties": {"id": {"type": "string"}, "status": {"type": "string", "enum": ["running", "done"]}},
    "required": [],
    "mapping": {
        "operation": "getThing",
        "ref": "{run_id}",
        "parameters": {"id": "run_id"},
        "status": {"at": "/status", "words": {"running": "RUNNING", "done": "SUCCEEDED/success"}},
        "fields": {"id": {"at": "/id", "missing": "run_id"}},
    },
    "model": load(MODEL),
}
_OWN = {"properties", "required", "mapping", "model", "ordered", "polling"}
_MODULES = ("workflow_runs", f"{PROVIDER}_client")


def sides(witness: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The two versions in full."""
    before = documents.merged(STANDARD, witness.get("before", {}))
    return before, documents.merged(before, witness.get("after", {}))


def described(side: Mapping[str, Any]) -> dict[str, Any]:
    """The provider's document."""
    return documents.document(_shorthand(side))


def schema(side: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of the 200, with what it refers to."""
    whole = described(side)
    (item,) = whole["paths"].values()
    (operation,) = item.values()
    success = operation["responses"]["200"]["content"]["application/json"]["schema"]
    return {**success, "components": whole.get("components", {})}


def _shorthand(side: Mapping[str, Any]) -> dict[str, Any]:
    response = {"type": "object", "properties": side["properties"], "required": side["required"]}
    return {"answer": response, **{key: value for key, value in side.items() if key not in _OWN}}


def version(side: Mapping[str, Any], folder: Path) -> Version:
    """One version, as the generator reads it."""
    package = documents.read(_shorthand(side), folder, f"{PROVIDER}-client")
    package = replace(package, polling=_polling(side))
    model = unified(json.dumps(side["model"], indent=1), bool(side.get("ordered")))
    if side.get("mapping") is None:
        return Version(PROVIDER, package, unified=model)
    text = json.dumps(_whole(side["mapping"], model), indent=1)
    problems = Problems()
    mapping: Normalization | None = None
    try:
        mapping = read_mapping(parse(text, "normalization.yaml"), PROVIDER, package, model, problems)
    except ProblemsFound as error:
        return Version(PROVIDER, package, None, tuple(error.problems), model)
    return Version(PROVIDER, package, mapping, (), model)


def _polling(side: Mapping[str, Any]) -> Polling:
    problems = Problems()
    document = parse(json.dumps({"polling": side.get("polling", {})}), "provider.yaml")
    polling = read_polling(document, FieldReader("provider-shape", problems))
    problems.stop_on_errors()
    return polling


@lru_cache
def unified(text: str, reordered: bool = False) -> UnifiedModel:
    """The unified model that a document in JSON describes."""
    if reordered:
        text = json.dumps(_reversed(json.loads(text)))
    document = parse(text, "workflow-run.yaml")
    problems = Problems()
    return read_unified(document, read_api(document, Provider(""), problems, read_twice=False), problems)


def _reversed(value: Any) -> Any:
    """The same with its keys in the opposite order, but required properties first, which the model asks for."""
    if not isinstance(value, dict):
        return value[::-1] if isinstance(value, list) else value
    turned = {key: _reversed(value[key]) for key in reversed(value)}
    if isinstance(turned.get("required"), list):
        required = {key: turned["properties"][key] for key in turned["required"]}
        turned["properties"] = {**required, **turned["properties"]}
    return turned


def _whole(mapping: Mapping[str, Any], model: UnifiedModel) -> dict[str, Any]:
    """The mapping, with every unified field that it leaves out under `absent`, as a mapping has to say it."""
    named = [name for reason in mapping.get("absent", ()) for name in reason["fields"]]
    for target, items in mapping.get("lists", {}).items():
        named += [f"{target}.{name}" for name in items["fields"]]
    named += mapping["fields"]
    absent = [
        target for target in model.fillable() if not any(target == n or target.startswith(f"{n}.") for n in named)
    ]
    reason = {"fields": absent, "because": "It is not in the response."}
    return {**mapping, "absent": [*mapping.get("absent", ()), reason]}


def write(version: Version, folder: Path) -> None:
    """Generate the client and the layer of a version; without a mapping, the layer knows `other` alone."""
    assert version.package is not None
    assert version.unified is not None
    mapping = version.mapping or replace(_standard(folder / "other"), provider="other")
    for path, text in {**client_files(version.package), **runs_files(version.unified, [mapping])}.items():
        if path.endswith((".py", ".json")):
            place = folder.joinpath(*path.split("/")[1:])
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, "utf-8")


def _standard(folder: Path) -> Normalization:
    mapping = version(STANDARD, folder).mapping
    assert mapping is not None
    return mapping


@dataclass
class Layer:
    """A generated layer in a folder, which reads a response; `server` is the document that the server obeys."""

    folder: Path
    server: dict[str, Any]
    payload: str
    ref: str
    environment: Mapping[str, str] = field(default_factory=dict)

    def shows(self, expressions: Mapping[str, Any]) -> dict[str, Any]:
        """The values of the expressions, as JSON."""
        with _importing(self.folder), pytest.MonkeyPatch.context() as patch:
            for name, value in self.environment.items():
                patch.setenv(name, value)
            names = _Names(self)
            return {text: _given(text, names) for text in expressions}


class _Names(dict[str, Any]):
    """Names that expressions may use; a run is requested when its name is first used."""

    def __init__(self, layer: Layer) -> None:
        runs = import_module("workflow_runs")
        super().__init__({name: getattr(runs, name) for name in runs.__all__})
        self.layer = layer
        self.requests: list[str] = []

    def __missing__(self, name: str) -> Any:
        if name == "run":
            return self.got
        if name == "sent":
            try:
                self.got  # noqa: B018
            except Exception:
                if not self.requests:
                    raise
            return self.requests[-1]
        if name == "pause":
            return self.pause()
        if name == f"{PROVIDER}_client":
            return import_module(name)
        raise KeyError(name)

    @cached_property
    def got(self) -> Any:
        with self.runs() as runs:
            return runs.get(self.layer.ref)

    def pause(self) -> float:
        """The seconds after which the run is to be asked for again."""
        now = datetime(2026, 11, 28, tzinfo=UTC)
        use_clock = import_module("workflow_runs._polling.clock").use_clock
        with use_clock(SimpleNamespace(utc=lambda: now)), self.runs() as runs:
            poll = runs.poll(self.layer.ref)
        return float((poll.next_poll - now).total_seconds())

    @contextmanager
    def runs(self) -> Iterator[Any]:
        """`Runs` of the layer, whose requests are noted and answered here."""
        client = import_module(f"{PROVIDER}_client").AcmeClient(transport=httpx2.MockTransport(self.answer))
        with client, self["Runs"](**{PROVIDER: client}) as runs:
            yield runs

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        """Note the request, and send the payload, unless the document refuses it, as openapi-core reads it."""
        headers = ("authorization", "x-key")
        sent_headers = [f"{name}: {request.headers[name]}" for name in headers if name in request.headers]
        self.requests.append(" ".join([request.method, str(request.url), *sent_headers]))
        if _refused(self.layer.server, request):
            return httpx2.Response(400)
        return httpx2.Response(200, headers={"content-type": "application/json"}, content=self.layer.payload.encode())


def _refused(document: dict[str, Any], request: httpx2.Request) -> bool:
    address = f"{request.url.scheme}://{request.url.netloc.decode()}"
    query = {name: [value] for name, value in request.url.params.items()}
    asked = MockRequest(address, request.method, request.url.path, args=query, headers=dict(request.headers))
    return judged(document, asked) == "invalid"


def _given(expression: str, names: _Names) -> Any:
    try:
        return _plain(eval(expression, {}, names))
    except Exception as error:
        return f"raises {type(error).__name__}"


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, datetime):
        return value.isoformat()
    return msgspec.json.decode(msgspec.json.encode(value))


@cache
def _compiled(text: bytes) -> CodeType:
    return compile(text, "one of the layers", "exec", dont_inherit=True)


def _compiled_once(loader: SourceFileLoader, text: bytes, path: str) -> CodeType:
    """What a loader compiles: most modules of a layer are those of the layer before it."""
    return _compiled(text)


@contextmanager
def _importing(folder: Path) -> Iterator[None]:
    """Imports find the packages in `folder`; afterwards those that were there before."""
    saved = {name: sys.modules.pop(name) for name in [*sys.modules] if name.partition(".")[0] in _MODULES}
    sys.path.insert(0, str(folder))
    invalidate_caches()
    try:
        with mock.patch.object(SourceFileLoader, "source_to_code", _compiled_once):
            yield
    finally:
        sys.path.remove(str(folder))
        for name in [name for name in sys.modules if name.partition(".")[0] in _MODULES]:
            del sys.modules[name]
        sys.modules.update(saved)
