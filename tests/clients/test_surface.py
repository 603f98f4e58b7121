"""The public surface of each package: names, signatures, types and metadata."""

from __future__ import annotations

import inspect
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from typing import Any, get_args, get_type_hints
from uuid import UUID

import msgspec
import pytest
import workflow_client_core as core
from packaging.requirements import Requirement

from tests.clients.documented import document, schema
from tests.clients.providers import GENERATED, MODES, Mode, Provider
from tests.lazy_names import modules_after

NEEDED_BY_CALLS = (
    *("anyio", "httpcore2", "httpx2"),
    *("asyncio", "base64", "copy", "email", "hashlib", "http", "ipaddress", "logging", "random", "ssl", "threading"),
    "urllib.parse",
)
"""Modules that making a client, or a call, imports."""
FOLDERS_NEEDED_BY_CALLS = ("_connections", "_credentials", "_pages", "_response", "_streams")
SNAKE_CASE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*_?")


def classes(provider: Provider, base: type) -> list[Any]:
    """The classes of the models module that inherit from `base`."""
    members = vars(provider.models).values()
    subclasses = [member for member in members if isinstance(member, type) and issubclass(member, base)]
    return [member for member in subclasses if member.__module__ == provider.models.__name__]


def types_in(hint: object) -> set[object]:
    """The plain types that a hint such as `list[str] | None` is made of."""
    parts = get_args(hint)
    return {inner for part in parts for inner in types_in(part)} if parts else {hint}


def project(folder: str) -> dict[str, Any]:
    table: dict[str, Any] = tomllib.loads((GENERATED / folder / "pyproject.toml").read_text("utf-8"))["project"]
    return table


def test_there_is_one_client_of_each_kind_and_nothing_else(provider: Provider) -> None:
    names = {f"{provider.brand}Client", f"Async{provider.brand}Client"}
    assert {*provider.package.__all__} == names
    assert len(provider.package.__all__) == 2
    exposed = {name for name, value in vars(provider.package).items() if not name.startswith("_")}
    assert exposed - {"client", "models"} == names
    assert issubclass(provider.client_class("sync"), core.Client)
    assert issubclass(provider.client_class("async"), core.AsyncClient)


def test_both_clients_offer_the_same(provider: Provider) -> None:
    names = [{name for name in vars(provider.client_class(mode)) if not name.startswith("_")} for mode in MODES]
    assert names[0] == names[1]
    assert provider.method in names[0]
    sync_method, async_method = (getattr(provider.client_class(mode), provider.method) for mode in MODES)
    assert inspect.signature(sync_method) == inspect.signature(async_method)
    assert inspect.getdoc(sync_method) == inspect.getdoc(async_method)
    assert inspect.getdoc(sync_method)
    assert (inspect.iscoroutinefunction(sync_method), inspect.iscoroutinefunction(async_method)) == (False, True)


def test_identifiers_are_positional_and_documented_uuids_are_welcome(mode: Mode, provider: Provider) -> None:
    method = getattr(provider.client_class(mode), provider.method)
    _, *parameters = inspect.signature(method).parameters.values()
    options = [parameters.pop() for _ in ("timeout", "extra_query", "extra_headers")]
    assert [option.name for option in options] == ["timeout", "extra_query", "extra_headers"]
    assert {option.kind for option in options} == {inspect.Parameter.KEYWORD_ONLY}
    (item,) = document(provider)["paths"].values()
    in_path = [declared for declared in item["get"]["parameters"] if declared.get("in") == "path"]
    assert len(parameters) == len(in_path) == len(provider.ids)
    hints = get_type_hints(method, {**vars(sys.modules[method.__module__])})
    for parameter, documented in zip(parameters, in_path, strict=True):
        assert parameter.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
        assert parameter.default is inspect.Parameter.empty
        uuid = documented["schema"].get("format") == "uuid"
        assert types_in(hints[parameter.name]) == ({str, UUID} if uuid else {str})


def test_constructor_arguments_are_keywords_and_optional(mode: Mode, provider: Provider) -> None:
    parameters = inspect.signature(provider.client_class(mode)).parameters
    assert {parameter.kind for parameter in parameters.values()} == {inspect.Parameter.KEYWORD_ONLY}
    assert parameters.keys() >= {*provider.arguments, "base_url", "timeout", "http_client", "transport"}
    assert inspect.Parameter.empty not in {parameter.default for parameter in parameters.values()}


def test_models_are_frozen_and_keyword_only(provider: Provider) -> None:
    structs = classes(provider, msgspec.Struct)
    assert structs
    for struct in structs:
        assert struct.__struct_config__.frozen, struct
        kinds = {parameter.kind for parameter in inspect.signature(struct).parameters.values()}
        assert kinds == {inspect.Parameter.KEYWORD_ONLY}, struct


def test_attributes_are_snake_case(provider: Provider) -> None:
    names = {field.name for struct in classes(provider, msgspec.Struct) for field in msgspec.structs.fields(struct)}
    assert [name for name in names if not SNAKE_CASE.fullmatch(name)] == []


def documented_models(provider: Provider) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Each named schema with the model generated from it."""
    for name in document(provider)["components"]["schemas"]:
        yield getattr(provider.models, name), schema(provider, name)


def test_models_have_the_documented_properties_and_no_others(provider: Provider) -> None:
    for model, documented in documented_models(provider):
        fields = msgspec.structs.fields(model)
        assert {field.encode_name for field in fields} == documented["properties"].keys()
        assert {field.encode_name for field in fields if field.required} == {*documented.get("required", [])}


def test_identifiers_in_answers_stay_text(provider: Provider) -> None:
    for model in classes(provider, msgspec.Struct):
        assert UUID not in {inner for field in msgspec.structs.fields(model) for inner in types_in(field.type)}
    for model, documented in documented_models(provider):
        for field in msgspec.structs.fields(model):
            if documented["properties"][field.encode_name].get("format") == "uuid":
                assert types_in(field.type) - {type(None), core.UnsetType} == {str}


def test_enums_are_open(provider: Provider) -> None:
    enums = classes(provider, core.OpenStrEnum)
    assert bool(enums) == (provider.name != "tamtam")  # Tamtam documents none
    for enum in enums:
        assert all(word.documented for word in enum)
        unknown = enum("no such word")
        assert (unknown, unknown.documented, unknown in [*enum]) == ("no such word", False, False)


def test_importing_a_package_does_not_import_the_http_library(provider: Provider) -> None:
    program = (
        f"import sys, workflow_client_{provider.name} as package, workflow_client_{provider.name}.models\n"
        f"package.{provider.brand}Client(**{dict(provider.arguments)!r}).close()\n"
        "print([name for name in ('httpx2', 'httpcore2', 'ssl', 'asyncio') if name in sys.modules])"
    )
    folders = (str(provider.folder), str(GENERATED / "workflow-client-core"))
    environment = {"PYTHONPATH": os.pathsep.join(folders), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_importing_a_package_imports_only_what_declares_its_models_and_calls(provider: Provider) -> None:
    path = os.pathsep.join((str(provider.folder), str(GENERATED / "workflow-client-core")))
    loaded = modules_after(f"import workflow_client_{provider.name}, workflow_client_{provider.name}.models", path)
    assert loaded.isdisjoint(NEEDED_BY_CALLS)
    assert loaded.isdisjoint(f"workflow_client_core.{folder}" for folder in FOLDERS_NEEDED_BY_CALLS)


def test_type_checkers_are_told_that_it_is_typed(provider: Provider) -> None:
    assert (files(provider.package) / "py.typed").is_file()
    assert "Typing :: Typed" in project(provider.folder.name)["classifiers"]


@pytest.mark.parametrize("folder", sorted(path.name for path in GENERATED.glob("workflow-client-*")))
def test_only_what_the_design_allows_is_a_dependency(folder: str) -> None:
    names = {re.split(r"[<>=!~\[; ]", requirement)[0] for requirement in project(folder)["dependencies"]}
    allowed = {"anyio", "httpx2", "msgspec"} if folder.endswith("-core") else {"msgspec", "workflow-client-core"}
    assert names == allowed


def test_the_core_that_lies_beside_it_is_one_that_it_works_with(provider: Provider) -> None:
    client_project = project(provider.folder.name)
    assert client_project["name"] == provider.folder.name
    (needed,) = [Requirement(text) for text in client_project["dependencies"] if "workflow-client-core" in text]
    assert needed.specifier.contains(core.__version__)
    assert {specifier.operator for specifier in needed.specifier} == {">=", "<"}


def test_the_version_is_a_literal_of_the_package(provider: Provider) -> None:
    assert provider.package.__version__ == project(provider.folder.name)["version"]
    assert core.__version__ == project("workflow-client-core")["version"]


def test_the_project_file_says_what_people_look_for(provider: Provider) -> None:
    about = project(provider.folder.name)
    assert "Development Status :: 4 - Beta" in about["classifiers"]
    assert not any(classifier.startswith("License ::") for classifier in about["classifiers"])
    assert about["license"] == "MIT"
    assert about["urls"]["Documentation"].startswith("https://")
