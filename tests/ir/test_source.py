"""What `source` of provider.yaml says of a document that was cut, or merged from several."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from generator.document.loading import parse
from generator.document.problems import Problems
from generator.document.tree import Object
from generator.ir.provider import Provider, read_provider

SPEC = b"openapi: 3.1.0\n"


def read(source: str, folder: Path) -> tuple[Provider, list[str]]:
    spec = folder / "openapi.yaml"
    spec.write_bytes(SPEC)
    digest = hashlib.sha256(SPEC).hexdigest()
    document = parse(f"source: {{retrieved: 2026-01-02, sha256: '{digest}', transcribed: false, {source}}}\n", "p.yaml")
    assert isinstance(document, Object)
    problems = Problems()
    return read_provider(document, spec, "GARDEN", problems), [str(problem) for problem in problems]


def test_several_documents_have_several_addresses_and_digests(tmp_path: Path) -> None:
    source = "url: ['https://a.example', 'https://b.example'], published_sha256: [a, b], operations: ['GET /beds']"
    provider, problems = read(source, tmp_path)
    assert (provider.url, problems) == ("https://a.example", [])


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("url: []", "source.url is missing or of the wrong type"),
        ("url: a, published_sha256: 5", "source.published_sha256 is missing or of the wrong type"),
        ("url: a, published_sha256: []", "source.published_sha256 is missing or of the wrong type"),
        ("url: a, operations: getBed", "`operations` is not a list\n    hint: write operations: [getBed]"),
        ("url: a, operations: {}", "`operations` is not a list"),
    ],
)
def test_what_is_wrong_is_reported(source: str, problem: str, tmp_path: Path) -> None:
    assert read(source, tmp_path)[1] == [f"p.yaml:1: error[provider-shape]: {problem}"]
