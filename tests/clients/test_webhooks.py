"""A package of an API that sends requests by itself has a module that reads them."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest
import workflow_client_core as core

from tests.packages import generated_package

ROOT = Path(__file__).parents[2]
CASE = ROOT / "tests/cases/webhooks-and-callbacks/openapi.yaml"
MODULE = "sends_client"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("webhooks")
    generated_package(CASE, "sends-client", folder)
    return folder / "sends-client"


@pytest.fixture(scope="module")
def webhooks(folder: Path) -> ModuleType:
    sys.path.insert(0, str(folder))
    try:
        return import_module(f"{MODULE}.webhooks")
    finally:
        sys.path.remove(str(folder))


def test_a_function_reads_the_body_of_its_webhook(webhooks: ModuleType) -> None:
    pet = webhooks.new_pet(b'{"id": 1, "name": "Rex"}')
    assert (type(pet).__name__, pet.id, pet.name) == ("Pet", 1, "Rex")
    assert webhooks.pets_changed_post("null") is None
    assert [pet.id for pet in webhooks.pets_changed_put("[{}, {}]")] == [core.UNSET, core.UNSET]
    assert webhooks.anything(b'{"any": [1]}') == {"any": [1]}


def test_a_function_reads_the_body_of_its_callback(webhooks: ModuleType) -> None:
    assert webhooks.subscribe_on_event_post_request_body_url('{"kind": "made"}').kind == "made"
    assert webhooks.subscribe_closed(b'{"a": 1}') == {"a": 1}


def test_what_is_not_as_documented_is_refused(webhooks: ModuleType) -> None:
    with pytest.raises(core.InvalidResponse, match="new_pet"):
        webhooks.new_pet(b'{"name": "Rex"}')


def test_importing_the_package_does_not_import_them(folder: Path) -> None:
    program = f"import sys, {MODULE}\nprint('{MODULE}.webhooks' in sys.modules)"
    environment = {"PYTHONPATH": f"{folder}:{ROOT / 'templates/runtime'}", "PYTHONDONTWRITEBYTECODE": "1"}
    run = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert run.stdout == "False\n"


def test_the_readme_lists_them(folder: Path) -> None:
    text = (folder / "README.md").read_text(encoding="utf-8")
    listed = text[text.index("## Webhooks") : text.index("## Arguments")]
    assert "- `new_pet`: A pet is new. `POST`\n" in listed
    assert "- `subscribe_closed`: `POST` to `https://example.com?at={$request.body#/at}` of `subscribe`\n" in listed
