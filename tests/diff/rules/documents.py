"""Witnesses of rules as documents, and as clients that were really generated from them.

package = generated({"answer": {"type": "string"}}, tmp_path)  # a client package in the folder
module = imported(package, tmp_path)                           # from tests.packages: module.ThingsClient, .models
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

from generator.document.loading import load
from generator.document.overlay import apply_overlay
from generator.document.problems import Problems, ProblemsFound
from generator.ir.model import Package
from generator.project.packages import single_package
from generator.render.package import client_files
from tests.packages import write_files

KEYS = {"answer", "body", "method", "parameters", "operation", "document", "overlay"}
"""What the shorthand of a document may hold."""
SERVER = "https://api.example.com"
PATH = "/things/{id}"


def document(shorthand: Mapping[str, Any]) -> dict[str, Any]:
    """The OpenAPI document that a witness's `before` or `after` stands for: one operation `getThing`.

    - `answer`: the schema of the JSON in its 200; without it, the response has no content.
    - `body`: the schema of the required JSON that is sent, by POST; otherwise it is a GET, or what `method` says.
    - `parameters`: those beside the path's `id`.
    - `operation`, `document`: merged into the operation and the whole; null removes a key (RFC 7396).
    - `overlay`: an action of an overlay beside it; the document is read without it where it does not fit.
    """
    assert set(shorthand) <= KEYS, f"unknown in a witness: {sorted(set(shorthand) - KEYS)}"
    identifier = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    success: dict[str, Any] = {"description": "The thing."}
    operation: dict[str, Any] = {
        "operationId": "getThing",
        "parameters": [identifier, *shorthand.get("parameters", ())],
        "responses": {"200": success},
    }
    if "answer" in shorthand:
        success["content"] = {"application/json": {"schema": shorthand["answer"]}}
    if "body" in shorthand:
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": shorthand["body"]}}}
    method = shorthand.get("method", "post" if "body" in shorthand else "get")
    whole = {
        "openapi": "3.1.0",
        "info": {"title": "Things", "version": "1"},
        "servers": [{"url": SERVER}],
        "paths": {PATH: {method: merged(operation, shorthand.get("operation", {}))}},
    }
    patched: dict[str, Any] = merged(whole, shorthand.get("document", {}))
    return patched


def merged(value: Any, patch: Any) -> Any:
    """`value` after a merge patch (RFC 7396)."""
    if not isinstance(patch, Mapping):
        return patch
    result = dict(value) if isinstance(value, Mapping) else {}
    for key, part in patch.items():
        if part is None:
            result.pop(key, None)
        else:
            result[key] = merged(result.get(key), part)
    return result


def read(shorthand: Mapping[str, Any], folder: Path, distribution: str = "things-client") -> Package:
    """The package that the generator makes of a witness's document, which is written to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    spec = folder / "openapi.json"
    spec.write_text(json.dumps(document(shorthand), indent=1), "utf-8")  # a line for each thing, as in real ones
    problems, misfits, overlay = Problems(), Problems(), None
    if "overlay" in shorthand:
        overlay = folder / "overlay.json"
        information = {"title": "Corrections", "version": "1"}
        text = json.dumps({"overlay": "1.0.0", "info": information, "actions": [shorthand["overlay"]]})
        overlay.write_text(text, "utf-8")
        apply_overlay(load(spec), load(overlay), misfits)
    package = single_package(spec, distribution, problems, read_twice=False, overlay=None if misfits else overlay)
    if package is None or problems.errors:
        raise ProblemsFound(problems)
    return replace(package, misfits=tuple(misfits))


def generated(shorthand: Mapping[str, Any], folder: Path, distribution: str = "things-client") -> Package:
    """The same, and its files are written: `<folder>/things-client/things_client/models.py`."""
    package = read(shorthand, folder, distribution)
    write_files(client_files(package), folder)
    return package


def client(module: ModuleType, base_url: str | None = None, arguments: Mapping[str, Any] | None = None) -> Any:
    """A client of an imported package that does not try again; `arguments` are its constructor's own."""
    from workflow_client_core import Retry

    (name,) = (n for n in module.__all__ if n.endswith("Client") and not n.startswith("Async"))
    return getattr(module, name)(base_url=base_url, retry=Retry(max_retries=0), **(arguments or {}))
