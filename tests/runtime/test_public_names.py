"""The names of the package: each is imported from its module when it is first used."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest
import workflow_client_core as core

from tests.lazy_names import modules_after, seen_by_type_checkers

FOLDER = str(Path(core.__path__[0]).parent)


def test_names_come_from_the_modules_that_type_checkers_see() -> None:
    modules = seen_by_type_checkers(core)
    assert modules == vars(core)["_MODULE_OF"]
    assert sorted(modules) == sorted(core.__all__)
    for name, module in modules.items():
        assert getattr(core, name) is getattr(import_module(module, core.__name__), name)


def test_importing_the_package_imports_no_module_of_it() -> None:
    loaded = modules_after("import workflow_client_core", FOLDER)
    assert {name for name in loaded if name.startswith(("workflow_client_core", "msgspec"))} == {"workflow_client_core"}


def test_a_name_is_listed_before_it_is_used_and_is_an_attribute_afterwards() -> None:
    program = (
        "import workflow_client_core as core\n"
        "assert {*core.__all__, '__version__'} <= {*dir(core)} and 'Retry' not in vars(core)\n"
        "assert core.Retry is vars(core)['Retry']\n"
        "from workflow_client_core import *\n"
        "assert NotFound and Client"
    )
    assert "workflow_client_core._transport.retry" in modules_after(program, FOLDER)


def test_an_error_is_imported_without_the_clients() -> None:
    loaded = modules_after("from workflow_client_core import NotFound", FOLDER)
    assert "workflow_client_core._clients" not in loaded


def test_unknown_names_are_refused_as_usual() -> None:
    with pytest.raises(AttributeError, match=r"^module 'workflow_client_core' has no attribute 'Retri'"):
        core.Retri  # type: ignore[attr-defined]  # noqa: B018
    with pytest.raises(ImportError, match=r"^cannot import name 'Retri' from 'workflow_client_core'"):
        from workflow_client_core import Retri  # type: ignore[attr-defined]  # noqa: F401
