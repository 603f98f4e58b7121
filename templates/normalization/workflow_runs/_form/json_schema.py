"""The JSON form of a run as JSON Schema, for other languages and for data pipelines."""

from __future__ import annotations

from typing import Any

import msgspec


def json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of what `WorkflowRun.to_json` writes; a new dict each time."""
    from importlib.resources import files

    text = files("workflow_runs").joinpath("workflow-run.schema.json").read_bytes()
    return msgspec.json.decode(text, type=dict[str, Any])
