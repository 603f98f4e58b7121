"""Names are valid, distinct and stable: other parts of a document, and its order, do not change them."""

from __future__ import annotations

import ast
import keyword
import random
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import workflow_client_core as core
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.document.loading import parse
from generator.document.problems import Problems
from generator.document.tree import Object
from generator.ir.model import Api, Package
from generator.ir.provider import Provider
from generator.pipeline import read_api
from generator.render.package import client_files
from generator.simplify import components as naming_of_components
from generator.simplify.names import RESERVED_CLASS_NAMES, RESERVED_METHOD_NAMES, ClassNames, Naming, unique_names
from generator.upstream.naming import naming
from tests.examples import examples, shufflers
from tests.generator.expectations import time_limit


def ending(change: Callable[[str], str]) -> Callable[[str], str]:
    def ended(text: str) -> str:
        with time_limit():
            return change(text)

    return ended


NAMING = Naming(ending(naming().identifier), ending(naming().class_name))
WORDS = [
    *("", "a", "A", "aA", "a_a", "a-a", "a a", "id", "ID", "userId", "UserID", "class", "None", "self", "type", "list"),
    *("datetime", "1st", "+1", "-1", "_x", "__x__", "_", "$ref", "@type", "größe", "Größe", "straße", "名前", "file"),
    *("\ufb01le", "\xaa", "\u0130", "\u0131", "\u017f", "\u01c6", "\xdf", "\u0390", "Any", "Struct", "UNSET", "P2P"),
    *("p2p_oci", "HTTPServer", "body", "api", "Thing", "thing", "THING", "Thing2", "with.dot"),
]
texts = st.text(max_size=12) | st.sampled_from(WORDS)


def read(document: dict[str, Any]) -> Api:
    head = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {}}
    with time_limit():
        return read_api(_located(head | document), Provider("T"), Problems(), read_twice=False)


def _located(value: Any) -> Any:
    """The document as the loader would give it: places matter to no name."""
    if isinstance(value, dict):
        return Object((key, _located(item)) for key, item in value.items())
    return type(parse("[]", ""))(map(_located, value)) if isinstance(value, list) else value


def folded(names: list[str]) -> set[str]:
    """Names as Python, and a file system without case, tell them apart."""
    return {unicodedata.normalize("NFKC", name) for name in names}


# Single names


@given(texts)
def test_an_identifier_is_valid_for_python(text: str) -> None:
    name = NAMING.identifier(text)
    assert name.isidentifier()
    assert not keyword.iskeyword(name)


@given(texts)
def test_an_identifier_of_an_identifier_is_itself(text: str) -> None:
    name = NAMING.identifier(text)
    assert NAMING.identifier(name) == name


@given(texts)
def test_no_identifier_is_private(text: str) -> None:
    assert not NAMING.identifier(text).startswith("_")


@given(texts)
def test_a_class_name_is_valid_for_python(text: str) -> None:
    name = NAMING.class_name(text)
    assert name.isidentifier()
    assert not keyword.iskeyword(name)


@given(texts)
def test_a_class_name_of_a_class_name_is_itself(text: str) -> None:
    name = NAMING.class_name(text)
    assert NAMING.class_name(name) == name


@given(texts)
def test_names_are_in_the_normal_form_in_which_python_compares_them(text: str) -> None:
    for name in (NAMING.identifier(text), NAMING.class_name(text)):
        assert unicodedata.normalize("NFKC", name) == name


@pytest.mark.parametrize("text", ["Größe", "Straße", "ß", "aßb"])
def test_a_letter_without_a_capital_form_keeps_no_name_from_being_found(text: str) -> None:
    name = NAMING.class_name(text)
    assert name.isidentifier()
    assert NAMING.class_name(name) == name


@pytest.mark.parametrize(
    ("text", "identifier", "class_name"),
    [
        ("userId", "user_id", "UserId"),
        ("UserID", "user_id", "UserID"),
        ("HTTPStatusCode", "http_status_code", "HTTPStatusCode"),
        ("class", "class_", "Class"),
        ("type", "type_", "Type"),
        ("1st", "field_1st", "Model1St"),
        ("with.dot", "with_dot", "WithDot"),
        ("_x", "field_x", "X"),
        ("WorkflowRunDetailResponse", "workflow_run_detail_response", "WorkflowRunDetailResponse"),
    ],
)
def test_names_are_those_that_people_know(text: str, identifier: str, class_name: str) -> None:
    assert (NAMING.identifier(text), NAMING.class_name(text)) == (identifier, class_name)


# Several names


@given(st.dictionaries(texts, texts, max_size=8), st.sets(st.sampled_from(["a", "body", "id", "close"])))
def test_names_are_distinct_and_not_reserved(wanted: dict[str, str], reserved: set[str]) -> None:
    names = unique_names({key: NAMING.identifier(text) for key, text in wanted.items()}, reserved)
    assert names.keys() == wanted.keys()
    assert len(set(names.values())) == len(names)
    assert not set(names.values()) & reserved


def test_no_method_takes_the_name_of_a_member_that_every_client_has() -> None:
    members = {name for class_ in (core.Client, core.AsyncClient) for name in dir(class_) if name[0] != "_"}
    assert {*RESERVED_METHOD_NAMES} == members | {"paginated", "raw"}, "which generated classes define"


@given(st.lists(texts, unique=True, max_size=8), shufflers())
def test_the_order_of_keys_changes_no_name(keys: list[str], shuffler: random.Random) -> None:
    names = unique_names({key: NAMING.identifier(key) for key in keys})
    shuffler.shuffle(keys)
    assert unique_names({key: NAMING.identifier(key) for key in keys}) == names


@given(st.sets(texts, max_size=8))
def test_class_names_differ_in_more_than_case(keys: set[str]) -> None:
    names = ClassNames(NAMING).components(keys)
    assert len({name.lower() for name in names.values()}) == len(keys)
    assert not set(names.values()) & set(RESERVED_CLASS_NAMES)


@given(st.sets(texts, max_size=8))
def test_class_names_are_fixpoints_also_where_they_are_numbered(keys: set[str]) -> None:
    for name in ClassNames(NAMING).components(keys).values():
        assert NAMING.class_name(name) == name


@given(st.sets(texts, max_size=8), shufflers())
def test_the_order_of_components_changes_no_class_name(keys: set[str], shuffler: random.Random) -> None:
    shuffled = sorted(keys)
    shuffler.shuffle(shuffled)
    assert ClassNames(NAMING).components(shuffled) == ClassNames(NAMING).components(sorted(keys))


@given(
    st.sets(st.sampled_from(["Thing", "Other", "ThingTwo", "Word"])),
    st.sets(st.sampled_from(["zzz", "yyy-x", "Unrelated"])),
)
def test_unrelated_components_change_no_class_name(keys: set[str], others: set[str]) -> None:
    before = ClassNames(NAMING).components(keys)
    after = ClassNames(NAMING).components(keys | others)
    assert {key: after[key] for key in keys} == before


# Whole documents


def thing(*properties: str) -> dict[str, Any]:
    inner = {"type": "object", "properties": {"a": {"type": "string", "enum": ["x"]}}}
    return {"type": "object", "properties": dict.fromkeys(properties, inner)}


SCHEMAS: dict[str, Any] = {
    "Thing": thing("one", "two"),
    "thing": thing("one"),
    "ThingOne": thing("x", "X"),
    "Other": thing("thing"),
    "p2p_oci": thing("class"),
}


def operation(name: str | None) -> dict[str, Any]:
    response = {"description": "D", "content": {"application/json": {"schema": thing("one")}}}
    value: dict[str, Any] = {"responses": {"200": response}}
    return value | ({"operationId": name} if name else {})


PATHS: dict[str, Any] = {
    "/a": {"get": operation("getThing"), "post": operation("get_thing")},
    "/b": {"get": operation(None), "put": operation("close")},
    "/c": {"get": operation("GetThing")},
}


def shared(name: str) -> dict[str, Any]:
    response = {"$ref": f"#/components/responses/{name}"}
    return {"parameters": [{"$ref": f"#/components/parameters/{name}"}], "responses": {"503": response}}


def components(*keys: str) -> dict[str, Any]:
    content = {"application/json": {"schema": thing("one", "two")}}
    enum = {"type": "string", "enum": ["x", "y"]}
    return {
        "responses": {key: {"description": "D", "content": content} for key in keys},
        "parameters": {key: {"name": "p", "in": "query", "schema": enum} for key in keys},
    }


SHARED: dict[str, Any] = {
    "paths": {
        "/a": {"get": shared("busy"), "post": shared("Busy")},
        "/b": {"get": shared("busy"), "parameters": [{"name": "q", "in": "query", "schema": {"enum": ["x"]}}]},
        "/c": {"$ref": "#/components/pathItems/item"},
        "/d": {"$ref": "#/components/pathItems/item"},
    },
    "components": {**components("busy", "Busy"), "pathItems": {"item": {"get": operation(None)}}},
}


def names(api: Api) -> dict[str, str]:
    """Every name of a generated package by the part of the document that it belongs to."""
    names = {f"{o.method} {o.path}": o.name for o in api.operations}
    names |= {f"class {m.source.pointer}": m.name for m in api.models if m.source.pointer}
    for model in api.models:
        names |= {f"{model.name}.{field.wire}": field.name for field in model.fields}
    return names | {name: name for name in (*(m.name for m in api.models), *(e.name for e in api.enums))}


def shuffled(value: Any, shuffler: random.Random) -> Any:
    """The same document with the keys of every mapping in another order."""
    if not isinstance(value, dict):
        return value
    keys = list(value)
    shuffler.shuffle(keys)
    return {key: shuffled(value[key], shuffler) for key in keys}


def test_many_classes_of_one_outline_are_written_out_once_each(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[Object] = []
    as_seen = naming_of_components._seen

    def seen(schema: Object) -> str:
        written.append(schema)
        return as_seen(schema)

    monkeypatch.setattr(naming_of_components, "_seen", seen)
    properties = {f"bed{number}": {"properties": {"plants": thing(f"plant{number % 50}")}} for number in range(100)}
    api = read({"components": {"schemas": {"Garden": {"type": "object", "properties": properties}}}})
    assert len([model for model in api.models if model.name.endswith("Plants")]) == 50
    assert len(written) <= len(api.models) + len(properties)


@given(shufflers())
@settings(max_examples=examples(20))
def test_the_order_of_a_document_changes_no_name(shuffler: random.Random) -> None:
    document = {"paths": PATHS, "components": {"schemas": SCHEMAS}}
    assert names(read(shuffled(document, shuffler))) == names(read(document))


def test_unrelated_parts_of_a_document_change_no_name() -> None:
    document = {"paths": PATHS, "components": {"schemas": SCHEMAS}}
    more = {
        "paths": {**PATHS, "/0": {"get": operation("unrelated")}},
        "components": {"schemas": {"Aaa": thing("z"), **SCHEMAS}},
    }
    before, after = names(read(document)), names(read(more))
    assert before.items() <= after.items()
    assert len(after) > len(before)


@given(shufflers())
@settings(max_examples=examples(10))
def test_the_order_of_a_document_changes_no_name_of_what_is_shared(shuffler: random.Random) -> None:
    assert names(read(shuffled(SHARED, shuffler))) == names(read(SHARED))


def test_unrelated_parts_of_a_document_change_no_name_of_what_is_shared() -> None:
    more = {
        "paths": {"/0": {"get": shared("Aaa")}, **SHARED["paths"], "/1": {"get": shared("busy")}},
        "components": {**SHARED["components"], **components("Aaa", "busy", "Busy"), "schemas": {"busy": thing("one")}},
    }
    before, after = names(read(SHARED)), names(read(more))
    assert before.items() <= after.items()
    assert {"BusyResponse", "BusyParameter", "Busy", "AaaResponse"} <= after.keys()


def test_a_position_that_a_document_claims_is_not_believed() -> None:
    def classes(**claim: Any) -> list[str]:
        parameter = {"name": "p", "in": "query", "schema": {"enum": ["y"], **claim}, **claim}
        response = {"description": "D", "content": {"application/json": {"schema": thing("one")}}, **claim}
        get = {"operationId": "get", "parameters": [parameter], "responses": {"200": response}, **claim}
        api = read({"paths": {"/a": {"get": get}}})
        return [*(model.name for model in api.models), *(enum.name for enum in api.enums)]

    for claim in (["response", "busy"], "busy", {"a": 1}, None, 1):
        assert classes(**{"x-python-origin": claim}) == classes()


def test_a_title_names_no_class() -> None:
    titled = {**SCHEMAS, "Thing": SCHEMAS["Thing"] | {"title": "Title"}}
    assert names(read({"components": {"schemas": titled}})) == names(read({"components": {"schemas": SCHEMAS}}))


# Generated modules


@given(st.sets(texts.filter(lambda t: not set(t) & set('"\\') and t.isprintable()), min_size=1, max_size=6))
@settings(max_examples=25)
def test_no_two_names_of_a_generated_module_are_one_to_python(words: set[str]) -> None:
    keys = sorted(words)
    schemas = {key: thing(*keys) for key in keys} | {"Enum of all": {"type": "string", "enum": keys}}
    paths = {f"/{i}": {"get": operation(key)} for i, key in enumerate(keys)}
    parameters = [{"name": key or "-", "in": "query", "schema": {"type": "string"}} for key in keys if key != "-"]
    paths["/all"] = {
        "get": {"operationId": "all", "parameters": parameters, "responses": {"204": {"description": "D"}}}
    }
    api = read({"paths": paths, "components": {"schemas": schemas}})
    assert [clash for text in modules(api) for clash in clashes(ast.parse(text))] == []


@pytest.mark.parametrize(
    "names", [("api", "get"), ("straße", "strasse"), ("i", "\u0131"), ("core", "models"), ("type_checking", "any")]
)
def test_no_operation_takes_the_name_of_something_else_in_the_module(names: tuple[str, str]) -> None:
    paths = {f"/{name}": {"get": operation(name)} for name in names}
    assert [clash for text in modules(read({"paths": paths})) for clash in clashes(ast.parse(text))] == []


def modules(api: Api) -> list[str]:
    package = Package("x-client", "x_client", "X", "x.yaml", api)
    return [text for path, text in client_files(package).items() if path.endswith(".py")]


def clashes(tree: ast.AST) -> Iterator[str]:
    """Names that one body, or one signature, defines twice."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef)):
            names = [name for statement in node.body for name in defined(statement)]
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            names = [a.arg for a in (*node.args.args, *node.args.kwonlyargs)]
        else:
            continue
        names = [unicodedata.normalize("NFKC", name) for name in names]
        yield from {name for name in names if names.count(name) > 1}


def defined(statement: ast.stmt) -> list[str]:
    match statement:
        case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            return [name]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
        case ast.Assign(targets=[ast.Name(id=name)]):
            return [name]
        case ast.Import(names=names) | ast.ImportFrom(names=names) if getattr(statement, "module", "") != "__future__":
            return [alias.asname or alias.name for alias in names]
    return []
