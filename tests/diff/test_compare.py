"""Which layers of a provider are compared, and with which sides."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.diff.compare import compare_versions
from generator.diff.finding import Change
from generator.diff.versions import read_versions
from tests.diff.repositories import SPEC

SERVER = "[{url: https://things.example.com}]"


def changes(old_server: str, new_server: str, folder: Path) -> list[Change]:
    """The changes of a document in which a property and the servers change."""
    old, new = folder / "old.yaml", folder / "new.yaml"
    old.write_text(SPEC.replace(SERVER, old_server))
    new.write_text(SPEC.replace(SERVER, new_server).replace("size: {type: integer}", "size: {type: string}"))
    before, after, _ = read_versions(str(old), str(new))
    return compare_versions(before, after)


def test_a_self_hosted_server_may_lag_behind_in_everything_but_its_address(tmp_path: Path) -> None:
    server = "[{{url: '{{base}}', variables: {{base: {{default: {default}}}}}}}]"
    old, new = (server.format(default=f"https://{host}.example.com") for host in ("old", "new"))
    rules = {(change.layer, change.rule) for change in changes(old, new, tmp_path)}
    assert {rule for layer, rule in rules if layer == "lagging"} == {"response-property-type-changed"}
    assert ("wire", "api-server-removed") in rules


@pytest.mark.parametrize("servers", ["[]", "[{url: /api/v1}]", "[{url: /}, {url: ../v2}]"])
def test_a_server_whose_address_nobody_documents_may_lag_behind(servers: str, tmp_path: Path) -> None:
    rules = {(change.layer, change.rule) for change in changes(servers, servers, tmp_path)}
    assert {rule for layer, rule in rules if layer == "lagging"} == {"response-property-type-changed"}


def test_a_server_that_its_provider_runs_does_not_lag_behind(tmp_path: Path) -> None:
    assert "lagging" not in {change.layer for change in changes(SERVER, SERVER, tmp_path)}
