"""Scopes, flows and addresses of tokens, in any flow and under any name of a scheme."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from generator.diff.compare import compare_versions
from generator.diff.versions import read_versions
from generator.diff.wire.api import compare
from tests.diff.rules.documents import read

LOGIN = "https://login.example.com"
PLACE = "credential bearer token in header authorization flow"
FLOWS: dict[str, Any] = {
    "implicit": {"authorizationUrl": f"{LOGIN}/authorize"},
    "password": {"tokenUrl": f"{LOGIN}/token"},
    "clientCredentials": {"tokenUrl": f"{LOGIN}/token"},
    "authorizationCode": {"authorizationUrl": f"{LOGIN}/authorize", "tokenUrl": f"{LOGIN}/token"},
}
every_flow = pytest.mark.parametrize("flow", FLOWS)


def login(
    *security: tuple[str, ...], scheme: str = "Login", scopes: Any = ("look", "plant"), **flows: Any
) -> dict[str, Any]:
    """A document whose operation asks for tokens, with the scopes of each alternative."""
    described = {name: {"scopes": dict.fromkeys(scopes, "S"), **flow} for name, flow in flows.items()}
    return {
        "document": {"components": {"securitySchemes": {scheme: {"type": "oauth2", "flows": described}}}},
        "operation": {"security": [{scheme: list(names)} for names in security]},
    }


@every_flow
def test_a_scope_that_is_newly_asked_for_and_one_that_is_not_any_more(flow: str, diff: Any) -> None:
    few, many = (login(names, **{flow: FLOWS[flow]}) for names in (("look",), ("look", "plant")))
    assert diff(few, many) == ["api-security-scope-added: security: look -> plant"]
    assert diff(many, few) == ["api-security-scope-removed: security: plant -> look"]
    renamed = login(("plant",), scheme="Other", **{flow: FLOWS[flow]})
    assert diff(few, renamed) == ["api-security-scope-added: security: look -> plant"]


def test_any_alternative_is_enough(diff: Any) -> None:
    flow = {"implicit": FLOWS["implicit"]}
    look, either, plant = (login(*names, **flow) for names in ([("look",)], [("look",), ("plant",)], [("plant",)]))
    name = "bearer token in header authorization"
    assert diff(look, either) == [f"api-security-alternative-added: security: look -> {name} for plant"]
    assert diff(either, plant) == ["api-security-scope-added: security: look -> plant"]
    assert diff(login((), **flow), look) == ["api-security-scope-added: security: no scopes -> look"]


@every_flow
def test_scopes_that_a_flow_offers(flow: str, diff: Any) -> None:
    both = login(("look",), **{flow: FLOWS[flow]})
    one = login(("look",), scopes=("look",), **{flow: FLOWS[flow]})
    assert diff(both, one) == [f"api-security-component-oauth-scope-removed: {PLACE} {flow}: plant -> look"]
    assert diff(one, both) == [f"api-security-component-oauth-scope-added: {PLACE} {flow}:  -> plant"]


@every_flow
def test_addresses(flow: str, diff: Any) -> None:
    before = login(("look",), **{flow: FLOWS[flow]})
    moved = {key: url.replace("login", "id") for key, url in FLOWS[flow].items()}
    urls = FLOWS[flow]
    rules = {"authorizationUrl": "oauth-url-changed", "tokenUrl": "oauth-token-url-changed"}
    assert diff(before, login(("look",), scheme="Other", **{flow: moved})) == [
        f"api-security-component-{rules[key]}: {PLACE} {flow}: {urls[key]} -> {moved[key]}" for key in sorted(moved)
    ]


def test_addresses_of_renewal(diff: Any) -> None:
    plain, same, renewed, moved = (
        login((), password=FLOWS["password"] | ({"refreshUrl": f"{LOGIN}/{path}"} if path else {}))
        for path in ("", "token", "renew", "again")
    )
    rule = "api-security-component-oauth-refresh-url"
    assert diff(plain, same) == []
    assert diff(plain, renewed) == [f"{rule}-added: {PLACE} password:  -> {LOGIN}/renew"]
    assert diff(renewed, moved) == [f"{rule}-changed: {PLACE} password: {LOGIN}/renew -> {LOGIN}/again"]
    assert diff(renewed, plain) == [f"{rule}-changed: {PLACE} password: {LOGIN}/renew -> "]


def test_flows_that_come_and_go(diff: Any) -> None:
    implicit, code, both = (
        login(("look",), **{name: FLOWS[name] for name in names})
        for names in (["implicit"], ["authorizationCode"], ["implicit", "authorizationCode"])
    )
    added = f"api-security-component-oauth-flow-added: {PLACE} authorizationCode:  -> authorizationCode"
    assert diff(implicit, both) == [added]
    assert diff(implicit, code) == [
        added,
        f"api-security-component-oauth-flow-removed: {PLACE} implicit: implicit -> authorizationCode",
    ]


def test_the_discovery_of_openid_connect(diff: Any) -> None:
    def described(host: str) -> dict[str, Any]:
        scheme = {"type": "openIdConnect", "openIdConnectUrl": f"https://{host}.example.com"}
        return {
            "document": {"components": {"securitySchemes": {host: scheme}}},
            "operation": {"security": [{host: ["openid"]}]},
        }

    rule = "api-security-component-openid-url-changed"
    assert diff(described("login"), described("id")) == [
        f"{rule}: {PLACE} openIdConnect: https://login.example.com -> https://id.example.com"
    ]


def test_findings_about_scopes_are_where_these_are_asked_for(tmp_path: Path) -> None:
    old, new = (login(names, implicit=FLOWS["implicit"]) for names in (("look",), ("plant",)))
    (finding,) = compare(read(old, tmp_path / "old"), read(new, tmp_path / "new"))
    assert finding.new
    assert finding.new.pointer == "/paths/~1things~1{id}/get/security/0"


@pytest.mark.parametrize(
    ("flow", "urls"),
    [
        ("implicit", ["authorizationUrl"]),
        ("password", ["tokenUrl"]),
        ("application", ["tokenUrl"]),
        ("accessCode", ["authorizationUrl", "tokenUrl"]),
    ],
)
def test_the_flows_of_swagger(flow: str, urls: list[str], tmp_path: Path) -> None:
    def written(name: str, host: str, *scopes: str) -> str:
        described = {"type": "oauth2", "flow": flow, "scopes": {"look": "L", "plant": "P"}}
        described |= {url: f"https://{host}.example.com/{url}" for url in urls}
        document = {
            "swagger": "2.0",
            "info": {"title": "Gardens", "version": "1"},
            "host": "gardens.example.com",
            "securityDefinitions": {"Login": described},
            "security": [{"Login": list(scopes)}],
            "paths": {"/beds": {"get": {"operationId": "beds", "responses": {"200": {"description": "OK"}}}}},
        }
        (tmp_path / name).write_text(json.dumps(document, indent=1), "utf-8")
        return str(tmp_path / name)

    old, new, _ = read_versions(written("old.json", "login", "look"), written("new.json", "id", "look", "plant"))
    rules = {"authorizationUrl": "component-oauth-url-changed", "tokenUrl": "component-oauth-token-url-changed"}
    expected = [*(rules[url] for url in urls), "scope-added"]
    changes = [change for change in compare_versions(old, new) if change.layer == "wire"]
    assert sorted(change.rule for change in changes) == sorted(f"api-security-{rule}" for rule in expected)
    assert {change.severity for change in changes} == {"breaking"}
