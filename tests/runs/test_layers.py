"""The folders of `workflow-runs` import in one direction."""

from __future__ import annotations

from pathlib import Path

import workflow_runs

from tests.imports import folder_graph, import_graph

PACKAGE = Path(workflow_runs.__path__[0])

# Each imports only those before it.
LAYERS = (
    *(
        "_text",
        "_version",
        "_errors",
        "_form",
        "_providers",
        "_refs",
        "_run",
        "_provider_errors",
        "_reading",
        "_normalize",
    ),
    *("_calls", "_polling", "_stores", "_watching", "_base", "runs", "adapters", "", "testing", "cli", "__main__"),
)


def test_folders_import_those_before_them() -> None:
    for folder, imported in folder_graph(import_graph(PACKAGE)).items():
        assert {LAYERS.index(name) for name in imported} <= set(range(LAYERS.index(folder))), folder
