"""Findings of the Python layer for changes that look alike; the simple changes are the rules' witnesses."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from generator.diff.python.api import compare
from tests.diff.rules import documents

TEXT = {"type": "string"}
NUMBER = {"type": "integer"}
Shorthand = Mapping[str, Any]


def record(required: str = "", /, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": required.split()}


def words(*members: str) -> dict[str, Any]:
    return {"type": "string", "enum": list(members)}


def ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def listed(item: Any) -> dict[str, Any]:
    return {"type": "array", "items": item}


def schemas(**components: Any) -> dict[str, Any]:
    return {"components": {"schemas": components}}


def keyed(scheme: Any) -> Shorthand:
    """A part of a document whose calls need one credential."""
    return {"security": [{"Key": []}], "components": {"securitySchemes": {"Key": scheme}}}


def login(url: str) -> Shorthand:
    """A credential that clients get by themselves."""
    return {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": url, "scopes": {"look": "L", "plant": "P"}}}}


def calls(one_response: Any, other_response: Any, **components: Any) -> Shorthand:
    """A document of two operations, `one` and `other`, whose responses have these schemas."""

    def call(name: str, schema: Any) -> dict[str, Any]:
        success = {"description": "It.", "content": {"application/json": {"schema": schema}}}
        return {"get": {"operationId": name, "responses": {"200": success}}}

    paths = {documents.PATH: None, "/one": call("one", one_response), "/other": call("other", other_response)}
    return {"document": {"paths": paths, **schemas(**components)}}


def failing(**errors: Any) -> Shorthand:
    """A document whose operation has these error responses: schemas by status; all other names are components."""
    statuses = {name: schema for name, schema in errors.items() if name[0].isdecimal()}
    responses = {
        status: {"description": "No.", "content": {"application/json": {"schema": schema}}}
        for status, schema in statuses.items()
    }
    components = {name: schema for name, schema in errors.items() if name not in statuses}
    return {"operation": {"responses": responses}, "document": schemas(**components)}


def server(*allowed: str, variable: str = "region") -> dict[str, Any]:
    """A server with a variable in its address, which takes only these values."""
    enum = {"enum": list(allowed)} if allowed else {}
    return {"url": f"https://{{{variable}}}.example.com", "variables": {variable: {"default": "eu", **enum}}}


def credentials(**headers: str) -> dict[str, Any]:
    schemes = {name: {"type": "apiKey", "in": "header", "name": header} for name, header in headers.items()}
    return {"components": {"securitySchemes": schemes}}


TOKEN_CALL = {"/other": {"get": {"operationId": "other", "security": [{"token": []}], "responses": {"204": {}}}}}


def changes(before: Shorthand, after: Shorthand, folder: Path) -> list[str]:
    """The findings, without documentation, as "rule place: before -> after"."""
    findings = compare(documents.read(before, folder / "before"), documents.read(after, folder / "after"))
    return sorted(
        f"{f.rule.removeprefix('python-')} {f.place}: {f.before} -> {f.after}"
        for f in findings
        if f.rule != "python-docstring-changed"
    )


RUN, STEP = record(id=TEXT, name=TEXT, size=NUMBER), record(key=TEXT, at=TEXT, of=TEXT)
CASES: dict[str, tuple[Shorthand, Shorthand, list[str]]] = {
    "two classes swap their names": (
        calls(ref("Run"), ref("Step"), Run=RUN, Step=STEP),
        calls(ref("Step"), ref("Run"), Run=STEP, Step=RUN),
        ["class-renamed Run: Run -> Step", "class-renamed Step: Step -> Run"],
    ),
    "two methods swap their results": (
        calls(ref("Run"), ref("Step"), Run=RUN, Step=STEP),
        calls(ref("Step"), ref("Run"), Run=RUN, Step=STEP),
        [
            "return-type-changed ThingsClient.one: Run -> Step",
            "return-type-changed ThingsClient.other: Step -> Run",
        ],
    ),
    "a class is renamed, wherever it is mentioned": (
        calls(record(it=ref("Run"), all=listed(ref("Run"))), {"additionalProperties": ref("Run")}, Run=RUN),
        calls(record(it=ref("Job"), all=listed(ref("Job"))), {"additionalProperties": ref("Job")}, Job=RUN),
        ["class-renamed Run: Run -> Job"],
    ),
    "a class is renamed and changed": (
        calls(ref("Run"), TEXT, Run=RUN),
        calls(ref("Job"), TEXT, Job=record(id=TEXT, size=TEXT, more=TEXT, name=TEXT)),
        [
            "attribute-added Job.more:  -> more: str",
            "attribute-type-changed Job.size: int -> str",
            "class-renamed Run: Run -> Job",
        ],
    ),
    "a class makes way for another one": (
        calls(ref("Run"), TEXT, Run=RUN),
        calls(ref("Step"), TEXT, Step=STEP),
        [
            "class-added Step:  -> Step",
            "class-removed Run: Run -> ",
            "return-type-changed ThingsClient.one: Run -> Step",
        ],
    ),
    "a class that nothing mentions is renamed, with itself inside": (
        {"document": schemas(Run=record(id=TEXT, parent=ref("Run")))},
        {"document": schemas(Job=record(id=TEXT, parent=ref("Job")))},
        ["class-renamed Run: Run -> Job"],
    ),
    "a class that nothing mentions changes": (
        {"document": schemas(Run=record("id", id=TEXT))},
        {"document": schemas(Run=record(id=TEXT, name=TEXT))},
        [
            "attribute-added Run.name:  -> name: str",
            "attribute-became-optional Run.id: required -> may be absent",
        ],
    ),
    "a class is split": (
        calls(ref("Run"), ref("Run"), Run=RUN),
        calls(ref("Run"), ref("Job"), Run=RUN, Job=RUN),
        ["class-added Job:  -> Job", "return-type-changed ThingsClient.other: Run -> Job"],
    ),
    "two classes become one": (
        calls(ref("Run"), ref("Job"), Run=RUN, Job=RUN),
        calls(ref("Work"), ref("Work"), Work=RUN),
        ["class-renamed Job: Job -> Work", "class-renamed Run: Run -> Work"],
    ),
    "a class becomes part of another one": (
        calls(ref("Run"), ref("Job"), Run=RUN, Job=record(id=TEXT, name=TEXT, late=NUMBER)),
        calls(ref("Run"), ref("Run"), Run=RUN),
        [
            "attribute-added Run.size:  -> size: int",
            "attribute-removed Run.late: late -> ",
            "class-renamed Job: Job -> Run",
        ],
    ),
    "equal inline classes become one": (
        calls(record(a=STEP, b=record(key=TEXT, at=TEXT, of=NUMBER)), TEXT),
        calls(record(a=STEP, b=STEP), TEXT),
        [
            "attribute-type-changed OneResponseA.of: int -> str",
            "class-renamed OneResponseB: OneResponseB -> OneResponseA",
        ],
    ),
    "an enum is renamed and gets a word": (
        calls(record(state=ref("State")), listed(ref("State")), State=words("a", "b")),
        calls(record(state=ref("Status")), listed(ref("Status")), Status=words("a", "b", "c")),
        ["class-renamed State: State -> Status", "enum-member-added Status.C:  -> 'c'"],
    ),
    "an enum becomes text everywhere": (
        calls(record(state=ref("State")), listed(ref("State")), State=words("a", "b")),
        calls(record(state=TEXT), listed(TEXT)),
        ["enum-became-text State: State -> str"],
    ),
    "an enum becomes text at one place": (
        calls(record(state=ref("State")), listed(ref("State")), State=words("a", "b")),
        calls(record(state=TEXT), listed(ref("State")), State=words("a", "b")),
        ["attribute-type-widened OneResponse.state: State -> str"],
    ),
    "an enum becomes text at one place, and another enum elsewhere": (
        calls(record(state=ref("State")), listed(ref("State")), State=words("a", "b")),
        calls(record(state=TEXT), listed(ref("Phase")), Phase=words("x", "y")),
        [
            "attribute-type-widened OneResponse.state: State -> str",
            "class-added Phase:  -> Phase",
            "class-removed State: State -> ",
            "return-type-changed ThingsClient.other: list[State] -> list[Phase]",
        ],
    ),
    "text becomes an enum": (
        calls(record(state=TEXT), TEXT),
        calls(record(state=ref("State")), TEXT, State=words("a", "b")),
        ["attribute-type-narrowed OneResponse.state: str -> State", "class-added State:  -> State"],
    ),
    "a model becomes a map": (
        calls(ref("Run"), TEXT, Run=RUN),
        calls({"type": "object"}, TEXT),
        ["class-removed Run: Run -> ", "return-type-changed ThingsClient.one: Run -> dict[str, Any]"],
    ),
    "an answer becomes 204": (
        {"answer": TEXT},
        {"operation": {"responses": {"200": None, "204": {"description": "Nothing."}}}},
        ["return-value-removed ThingsClient.get_thing: str -> None"],
    ),
    "an answer gets an attribute that is always there": (
        {"answer": record("id", id=TEXT)},
        {"answer": record("id name", id=TEXT, name=TEXT)},
        ["attribute-added GetThingResponse.name:  -> name: str"],
    ),
    "an attribute that callers send takes less": (
        {"body": record(a={})},
        {"body": record(a=TEXT)},
        ["body-attribute-type-narrowed GetThingBody.a: Any -> str"],
    ),
    "an attribute becomes one that a server alone writes": (
        {"answer": record("id", id=TEXT)},
        {"answer": record("id", id={**TEXT, "readOnly": True})},
        ["attribute-became-optional GetThingResponse.id: required -> may be absent"],
    ),
    "a parameter is deprecated": (
        {"parameters": [{"name": "of", "in": "query", "schema": TEXT}]},
        {"parameters": [{"name": "of", "in": "query", "deprecated": True, "schema": TEXT}]},
        ["deprecated ThingsClient.get_thing(of):  -> deprecated"],
    ),
    "a parameter makes way for another one": (
        {"parameters": [{"name": "of", "in": "query", "schema": TEXT}]},
        {"parameters": [{"name": "by", "in": "query", "schema": TEXT}]},
        [
            "parameter-added ThingsClient.get_thing(by):  -> by: str",
            "parameter-removed ThingsClient.get_thing(of): of -> ",
        ],
    ),
    "a class comes with the method that gives it": (
        {},
        {
            "document": {
                **calls(ref("Run"), TEXT, Run=RUN)["document"],
                "paths": {"/one": calls(ref("Run"), TEXT)["document"]["paths"]["/one"]},
            }
        },
        ["method-added ThingsClient.one:  -> one"],
    ),
    "an error with any body gets a body of a class": (
        failing(**{"404": {}}),
        failing(**{"404": ref("Run")}, Run=RUN),
        ["class-added Run:  -> Run", "exception-added ThingsClient.get_thing raises NotFound 404: Any -> Run"],
    ),
    "the error of a status is documented by its range": (
        failing(**{"404": ref("Run")}, Run=RUN),
        failing(**{"4XX": ref("Run")}, Run=RUN),
        [
            "exception-added ThingsClient.get_thing raises StatusError 4XX:  -> 4XX",
            "exception-removed ThingsClient.get_thing raises NotFound 404: 404 -> ",
        ],
    ),
    "types inside lists and maps": (
        {"answer": record(a=listed(TEXT), b={"additionalProperties": NUMBER}, c={"type": "object"})},
        {"answer": record(a=listed({"type": ["string", "null"]}), b={"additionalProperties": TEXT}, c=RUN)},
        [
            "attribute-type-changed GetThingResponse.b: dict[str, int] -> dict[str, str]",
            "attribute-type-changed GetThingResponse.c: dict[str, Any] -> GetThingResponseC",
            "attribute-type-widened GetThingResponse.a: list[str] -> list[str | None]",
            "class-added GetThingResponseC:  -> GetThingResponseC",
        ],
    ),
    "numbers, integers and booleans": (
        {"answer": record(a=NUMBER, b={"type": "number"}, c={"type": "boolean"})},
        {"answer": record(a={"type": "number"}, b=NUMBER, c=NUMBER)},
        [
            "attribute-type-changed GetThingResponse.c: bool -> int",
            "attribute-type-narrowed GetThingResponse.b: float -> int",
            "attribute-type-widened GetThingResponse.a: int -> float",
        ],
    ),
    "an identifier is plain text, and was a UUID": (
        {"parameters": [{"name": "of", "in": "query", "schema": {"type": "string", "format": "uuid"}}]},
        {"parameters": [{"name": "of", "in": "query", "schema": TEXT}]},
        ["parameter-type-narrowed ThingsClient.get_thing(of): UUID | str -> str"],
    ),
    "a name with an underscore after it is already used": (
        {"answer": record("", **{"class": TEXT})},
        {"answer": record("", **{"class": TEXT, "class_": NUMBER})},
        [
            "attribute-added GetThingResponse.class_:  -> class_: int",
            "attribute-renamed GetThingResponse.class__2: class_ -> class__2",
        ],
    ),
    "a parameter moves from the query to a header": (
        {"parameters": [{"name": "of", "in": "query", "schema": TEXT}]},
        {"parameters": [{"name": "of", "in": "header", "schema": TEXT}]},
        ["requests-changed ThingsClient.get_thing(of): query of -> header of"],
    ),
    "a list is written otherwise": (
        {"parameters": [{"name": "of", "in": "query", "schema": {"type": "array", "items": TEXT}}]},
        {"parameters": [{"name": "of", "in": "query", "explode": False, "schema": {"type": "array", "items": TEXT}}]},
        ["requests-changed ThingsClient.get_thing(of): query of repeated -> query of joined with commas"],
    ),
    "a header is written in other capitals": (
        {"parameters": [{"name": "X-Of", "in": "header", "schema": TEXT}]},
        {"parameters": [{"name": "x-of", "in": "header", "schema": TEXT}]},
        [],
    ),
    "a body is of another media type": (
        {"body": RUN},
        {
            "body": RUN,
            "operation": {
                "requestBody": {
                    "content": {"application/json": None, "application/merge-patch+json": {"schema": RUN}},
                }
            },
        },
        ["requests-changed ThingsClient.get_thing(body): application/json -> application/merge-patch+json"],
    ),
    "an operation gets a server of its own": (
        {},
        {"operation": {"servers": [{"url": "https://other.example.com"}]}},
        [
            "constructor-argument-added ThingsClient(server_urls):  -> server_urls",
            "requests-changed ThingsClient.get_thing: GET /things/{id} -> GET /things/{id} at https://other.example.com",
        ],
    ),
    "the server of an operation moves": (
        {"operation": {"servers": [{"url": "https://one.example.com"}]}},
        {"operation": {"servers": [{"url": "https://two.example.com"}]}},
        [
            "parameter-type-narrowed ThingsClient(server_urls): https://one.example.com -> https://two.example.com",
            "requests-changed ThingsClient.get_thing: GET /things/{id} at https://one.example.com"
            " -> GET /things/{id} at https://two.example.com",
        ],
    ),
    "an operation has the first absolute server of a document": (
        {"document": {"servers": [{"url": "/v1"}]}},
        {
            "document": {
                "servers": [{"url": "/v1"}],
                "paths": {
                    "/other": {
                        "servers": [{"url": "https://other.example.com"}],
                        "get": {"operationId": "other", "responses": {"204": {}}},
                    }
                },
            }
        },
        [
            "constructor-argument-added ThingsClient(server_urls):  -> server_urls",
            "constructor-argument-not-needed ThingsClient(base_url): base_url -> ",
            "method-added ThingsClient.other:  -> other",
        ],
    ),
    "the server moves": (
        {},
        {"document": {"servers": [{"url": "https://api.example.com/v2"}]}},
        ["requests-changed ThingsClient: to https://api.example.com -> to https://api.example.com/v2"],
    ),
    "a credential of the same name is sent otherwise": (
        {"document": keyed({"type": "http", "scheme": "bearer"})},
        {"document": keyed({"type": "apiKey", "in": "header", "name": "X-Key"})},
        ["requests-changed ThingsClient(key): bearer in header authorization -> apiKey in header x-key"],
    ),
    "tokens are fetched elsewhere, for other scopes": (
        {"document": keyed(login("https://login.example.com/token")), "operation": {"security": [{"Key": ["look"]}]}},
        {"document": keyed(login("https://id.example.com/token")), "operation": {"security": [{"Key": ["plant"]}]}},
        [
            "requests-changed ThingsClient(scopes): the scopes look -> the scopes plant",
            "requests-changed ThingsClient(token_url): the token URL https://login.example.com/token"
            " -> the token URL https://id.example.com/token",
        ],
    ),
    "a client can no longer fetch tokens": (
        {"document": keyed(login("https://login.example.com/token"))},
        {"document": keyed({"type": "oauth2", "flows": {}})},
        [
            f"constructor-argument-removed ThingsClient({name}): {name} -> "
            for name in ("client_id", "client_secret", "scopes", "token_url")
        ],
    ),
    "an operation moves, and keeps its name": (
        {"answer": RUN},
        {
            "document": {
                "paths": {
                    documents.PATH: None,
                    "/v2/things/{id}": documents.document({"answer": RUN})["paths"][documents.PATH],
                }
            }
        },
        ["requests-changed ThingsClient.get_thing: GET /things/{id} -> GET /v2/things/{id}"],
    ),
    "two operations swap their names": (
        {
            "document": {
                "paths": {"/other": {"get": {"operationId": "other", "responses": {"200": {"description": ""}}}}}
            }
        },
        {
            "operation": {"operationId": "other"},
            "document": {
                "paths": {"/other": {"get": {"operationId": "getThing", "responses": {"200": {"description": ""}}}}}
            },
        },
        [
            "method-renamed ThingsClient.get_thing: get_thing -> other",
            "method-renamed ThingsClient.other: other -> get_thing",
        ],
    ),
    "a model that is read and sent": (
        {"answer": ref("Run"), "body": ref("Run"), "document": schemas(Run=record("id", id=TEXT, name=TEXT))},
        {"answer": ref("Run"), "body": ref("Run"), "document": schemas(Run=record("name", id=TEXT, name=TEXT))},
        [
            "attribute-became-optional Run.id: required -> may be absent",
            "body-attribute-became-required Run.name: may be absent -> required",
        ],
    ),
    "a server takes other words in its address": (
        {"document": {"servers": [server("us", "eu", "de")]}},
        {"document": {"servers": [server("eu", "us")]}},
        ["parameter-type-narrowed ThingsClient(region): de, eu, us -> eu, us"],
    ),
    "a variable of the server's address has another name": (
        {"document": {"servers": [server()]}},
        {"document": {"servers": [server(variable="area")]}},
        ["constructor-argument-renamed ThingsClient(area): region -> area"],
    ),
    "a credential makes way for another one": (
        {"operation": {"security": [{"key": []}]}, "document": credentials(key="X-Key")},
        {"operation": {"security": [{"token": []}]}, "document": credentials(token="X-Token")},
        [
            "constructor-argument-added ThingsClient(token):  -> token",
            "constructor-argument-removed ThingsClient(key): key -> ",
        ],
    ),
    "a pair of credentials became a choice, and both are passed": (
        {"operation": {"security": [{"key": [], "token": []}]}, "document": credentials(key="X-Key", token="X-Token")},
        {
            "operation": {"security": [{"key": []}, {"token": []}]},
            "document": credentials(key="X-Key", token="X-Token"),
        },
        ["requests-changed ThingsClient.get_thing: key with token -> key (given key, token)"],
    ),
    "credentials change places, and both are passed": (
        {
            "operation": {"security": [{"key": []}, {"token": []}]},
            "document": credentials(key="X-Key", token="X-Token"),
        },
        {
            "operation": {"security": [{"token": []}, {"key": []}]},
            "document": credentials(key="X-Key", token="X-Token"),
        },
        ["requests-changed ThingsClient.get_thing: key -> token (given key, token)"],
    ),
    "a credential of another call goes first": (
        {
            "operation": {"security": [{"key": []}]},
            "document": {**credentials(key="X-Key", token="X-Token"), "paths": TOKEN_CALL},
        },
        {
            "operation": {"security": [{"token": []}, {"key": []}]},
            "document": {**credentials(key="X-Key", token="X-Token"), "paths": TOKEN_CALL},
        },
        ["requests-changed ThingsClient.get_thing: key -> token (given key, token)"],
    ),
    "a constant of a body became one of several words": (
        {"body": {"type": "object", "required": ["a"], "properties": {"a": {"const": "x"}}}},
        {"body": {"type": "object", "required": ["a"], "properties": {"a": {"enum": ["x", "y"]}}}},
        [
            "attribute-type-changed GetThingBody.a: Literal['x'] -> GetThingBodyA",
            "body-attribute-became-required GetThingBody.a: constant -> required",
            "class-added GetThingBodyA:  -> GetThingBodyA",
        ],
    ),
    "one of several words of a body became a constant": (
        {"body": {"type": "object", "required": ["a"], "properties": {"a": {"enum": ["x", "y"]}}}},
        {"body": {"type": "object", "required": ["a"], "properties": {"a": {"const": "x"}}}},
        [
            "attribute-type-changed GetThingBody.a: GetThingBodyA -> Literal['x']",
            "body-attribute-became-optional GetThingBody.a: required -> constant",
            "class-removed GetThingBodyA: GetThingBodyA -> ",
        ],
    ),
    "a constant became text": (
        {"answer": {"type": "object", "required": ["a"], "properties": {"a": {"const": "x"}}}},
        {"answer": {"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}}},
        ["attribute-type-widened GetThingResponse.a: Literal['x'] -> str"],
    ),
    "a constant of a response became one of two": (
        {"answer": {"type": "object", "required": ["a"], "properties": {"a": {"const": True}}}},
        {"answer": {"type": "object", "required": ["a"], "properties": {"a": {"type": "boolean"}}}},
        ["attribute-type-extended GetThingResponse.a: Literal[True] -> bool"],
    ),
    "a new constant of a body": (
        {"body": {"type": "object", "properties": {"b": {"type": "string"}}}},
        {"body": {"type": "object", "required": ["a"], "properties": {"a": {"const": "x"}, "b": {"type": "string"}}}},
        ["attribute-added GetThingBody.a:  -> a: Literal['x']"],
    ),
    "the document's only server is removed": (
        {},
        {"document": {"servers": None}},
        ["constructor-argument-needed ThingsClient(base_url):  -> base_url"],
    ),
}


@pytest.mark.parametrize(("before", "after", "expected"), CASES.values(), ids=CASES.keys())
def test_findings_of_the_python_layer(before: Shorthand, after: Shorthand, expected: list[str], tmp_path: Path) -> None:
    assert changes(before, after, tmp_path) == expected


EQUAL: dict[str, tuple[Shorthand, Shorthand]] = {
    "the order of everything": (
        calls(record("a b", a=words("x", "y"), b={"type": ["string", "integer", "null"]}), TEXT, Run=RUN, Step=STEP),
        calls(record("b a", b={"type": ["null", "integer", "string"]}, a=words("y", "x")), TEXT, Step=STEP, Run=RUN),
    ),
    "a schema that is extracted under the name that it had": (
        {"answer": record(inner=RUN)},
        {
            "answer": ref("GetThingResponse"),
            "document": schemas(GetThingResponse=record(inner=ref("GetThingResponseInner")), GetThingResponseInner=RUN),
        },
    ),
    "the spellings of null": (
        {"answer": record(a={"type": ["string", "null"]}, b={"type": "string", "enum": ["x", "y"]})},
        {"answer": record(a={"oneOf": [{"type": "null"}, TEXT]}, b={"anyOf": [words("x", "y")]})},
    ),
    "another version of OpenAPI": (
        {"answer": record(a={"type": ["string", "null"]})},
        {"answer": record(a={"type": "string", "nullable": True}), "document": {"openapi": "3.0.3"}},
    ),
    "the name of a path variable that is the same in Python": (
        {},
        {
            "document": {
                "paths": {
                    documents.PATH: None,
                    "/things/{ID}": {"get": {"operationId": "getThing", "responses": {"200": {"description": ""}}}},
                }
            }
        },
    ),
}


@pytest.mark.parametrize(("before", "after"), EQUAL.values(), ids=EQUAL.keys())
def test_equal_documents_give_nothing(before: Shorthand, after: Shorthand, tmp_path: Path) -> None:
    assert changes(before, after, tmp_path) == []
    assert changes(after, before, tmp_path) == []
