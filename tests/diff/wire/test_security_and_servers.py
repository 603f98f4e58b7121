"""Credentials are compared by how they are sent, servers by their URLs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from generator.diff.wire.api import compare
from tests.diff.rules.documents import read


def test_a_credential_that_all_operations_ask_for_is_one_change(tmp_path: Path) -> None:
    def api(name: str, paths: int) -> Any:
        scheme = {"type": "apiKey", "in": "header", "name": name}
        operations = {f"/{i}": {"get": {"responses": {"200": {"description": "D"}}}} for i in range(paths)}
        document = {"components": {"securitySchemes": {"K": scheme}}, "security": [{"K": []}], "paths": operations}
        return read({"document": document}, tmp_path / name)

    (change,) = compare(api("X-Key", 3), api("X-Token", 3))
    assert (change.operation, change.before, change.after) == ("", "key in header x-key", "key in header x-token")


def test_credentials_are_compared_by_how_they_are_sent_and_not_by_name(diff: Any) -> None:
    def secured(name: str, /, **scheme: Any) -> dict[str, Any]:
        return {
            "document": {"components": {"securitySchemes": {name: scheme}}},
            "operation": {"security": [{name: []}]},
        }

    bearer = secured("A", type="http", scheme="bearer")
    assert diff(bearer, secured("B", type="openIdConnect", openIdConnectUrl="https://example.com")) == []
    assert diff(bearer, secured("A", type="apiKey", **{"in": "header", "name": "Authorization"})) == [
        "api-security-component-type-changed: security: bearer token in header authorization"
        " -> key in header authorization"
    ]


def test_an_additional_credential_is_not_an_alternative_to_those_that_are_refused(diff: Any) -> None:
    schemes = {name: {"type": "apiKey", "in": "header", "name": name} for name in "ABC"}

    def secured(*security: dict[str, list[str]]) -> dict[str, Any]:
        return {"document": {"components": {"securitySchemes": schemes}}, "operation": {"security": list(security)}}

    a, b, c = ({name: list[str]()} for name in "ABC")
    both = "key in header a with key in header b"
    refused = "api-security-removed: security: key in header a ->"
    assert diff(secured(a), secured({**a, **b})) == [f"{refused} {both}"]
    assert diff(secured(a, c), secured({**a, **b}, c)) == [
        f"{refused} {both} or key in header c",
        f"api-security-alternative-added: security: key in header c -> {both}",
    ]


def test_a_scope_that_an_operation_needed_before_is_not_a_change(diff: Any) -> None:
    def login(url: str, *scopes: str) -> dict[str, Any]:
        declared = dict.fromkeys(("look", "plant"), "S")
        flows = {
            "clientCredentials": {"tokenUrl": url, "scopes": declared},
            "implicit": {"authorizationUrl": "/authorize", "scopes": {"profile": "S"}},
        }
        scheme = {"type": "oauth2", "flows": flows}
        return {
            "document": {"components": {"securitySchemes": {"Login": scheme}}},
            "operation": {"security": [{"Login": list(scopes)}]},
        }

    before = login("/token", "look", "profile")
    assert diff(before, login("/token", "look", "profile")) == []
    assert diff(before, login("/id", "look", "plant", "profile")) == [
        "api-security-component-oauth-token-url-changed: credential bearer token in header authorization"
        " flow clientCredentials: /token -> /id",
        "api-security-scope-added: security: look profile -> plant",
    ]


def test_the_values_of_a_server_variable_may_become_any(diff: Any) -> None:
    def served(**more: Any) -> dict[str, Any]:
        server = {"url": "https://{region}.example.com", "variables": {"region": {"default": "eu", **more}}}
        return {"document": {"servers": [server]}}

    place = "server https://eu.example.com variable 1"
    few = served(enum=["us", "eu"])
    assert diff(few, served()) == [f"api-server-variable-value-added: {place}: eu, us -> any"]
    assert diff(served(), few) == [f"api-server-variable-value-removed: {place}: any -> eu, us"]


def test_a_server_of_one_operation_is_a_change_of_that_operation(tmp_path: Path) -> None:
    own = {"operation": {"servers": [{"url": "https://other.example.com"}]}}
    findings = compare(read({}, tmp_path / "old"), read(own, tmp_path / "new"))
    assert [(f.rule, f.operation) for f in findings] == [
        ("api-server-removed", "GET /things/{}"),
        ("api-server-added", "GET /things/{}"),
    ]


def test_a_final_slash_and_the_names_of_variables_do_not_tell_servers_apart(diff: Any) -> None:
    def served(variable: str, end: str) -> dict[str, Any]:
        server = {"url": f"https://{{{variable}}}.example.com{end}", "variables": {variable: {"default": "eu"}}}
        return {"document": {"servers": [server]}}

    assert diff(served("region", "/"), served("area", "")) == []


def test_a_server_that_all_operations_use_is_one_change(tmp_path: Path) -> None:
    def api(url: str) -> Any:
        operations = {f"/{i}": {"get": {"responses": {"200": {"description": "D"}}}} for i in range(3)}
        return read({"document": {"servers": [{"url": url}], "paths": operations}}, tmp_path / url[-1])

    findings = list(compare(api("https://example.com/1"), api("https://example.com/2")))
    assert [(f.rule, f.operation) for f in findings] == [("api-server-removed", ""), ("api-server-added", "")]


def test_a_credential_that_one_operation_asks_for_is_a_change_of_that_operation(tmp_path: Path) -> None:
    scheme = {"type": "http", "scheme": "bearer"}
    secured = {"components": {"securitySchemes": {"K": scheme}}, "security": [{"K": []}]}
    (change,) = compare(read({}, tmp_path / "old"), read({"document": secured}, tmp_path / "new"))
    assert (change.rule, change.operation) == ("api-security-added", "GET /things/{}")
