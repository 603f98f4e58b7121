"""What a package that has the core inside offers of it, and what its documents call it."""

from __future__ import annotations

import re
from pathlib import Path

import workflow_client_core as core

from generator.document.problems import Problems
from generator.options import Options
from generator.project.packages import single_package
from generator.render.core import FOR_CALLERS
from generator.render.package import client_files
from tests.generator.command_line import SPEC
from tests.search_path import ROOT

NOT_FOR_CALLERS = {"AsyncClient", "Client", "Literal", "UNSET", "additional_properties"}
"""What the core's README mentions, and callers have from elsewhere: their clients, `typing`, `msgspec` and models."""


def test_callers_get_what_the_cores_readme_is_about() -> None:
    readme = (ROOT / "templates/runtime/README.md").read_text("utf-8")
    code = " ".join(re.findall(r"```.*?```|`[^`]*`", readme, re.DOTALL))
    mentioned = {name for name in core.__all__ if re.search(rf"\b{name}\b", code)}
    assert mentioned <= {*FOR_CALLERS} | NOT_FOR_CALLERS
    assert {*FOR_CALLERS} <= {*core.__all__}
    assert [*FOR_CALLERS] == sorted(FOR_CALLERS, key=lambda name: (not name.isupper(), name))


def test_no_client_can_be_called_like_one_of_these() -> None:
    assert not [name for name in FOR_CALLERS if name.endswith("Client")]


def test_documents_name_the_package_and_never_the_core(tmp_path: Path) -> None:
    spec = tmp_path / "things.yaml"
    spec.write_text(SPEC)
    package = single_package(spec, "things-client", Problems(), options=Options(standalone=True))
    assert package
    files = client_files(package)
    vendored = "things-client/things_client/_vendor/"
    assert "workflow" not in re.sub(
        "workflow-client-generator|_vendor/workflow_client_core", "", files["things-client/README.md"]
    )
    reference = files[f"{vendored}workflow_client_core/README.md"]
    assert "from things_client import ApiError, NotFound, RateLimited" in reference
    assert "workflow_client_core" not in reference
    mentions = {
        path for path, text in files.items() if re.search("^(import|from) workflow_client_core", text, re.MULTILINE)
    }
    assert mentions == set()
