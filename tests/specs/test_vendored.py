"""What lies in specs/ is what the providers' pages say: bytes, checksums, examples, overlays."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import jsonpath_rfc9535
import jsonschema
import pytest
from ruamel.yaml import YAML

from generator.document.problems import Problems
from generator.vendor.vendored import vendored

ROOT = Path(__file__).resolve().parents[2]
SPECS = ROOT / "specs"
PAGES = ROOT.parent / "shared" / "seeds"

PROVIDERS = sorted(path.parent.name for path in SPECS.glob("*/openapi.yaml"))
PAGE_OF = {"juo": "000_*", "anon": "001_*", "dify": "002_*", "tamtam": "003_*", "copyai": "004_*"}
PUBLISHED = ("dify", "juo", "tamtam")
TRANSCRIBED = tuple(provider for provider in PROVIDERS if provider not in PUBLISHED)
OF_PAGES = ("anon", "copyai")
"""Those of them whose page is prose with examples."""
OVERLAYS = sorted(path.parent.name for path in SPECS.glob("*/overlay.yaml"))


def load(path: Path) -> Any:
    return YAML(typ="safe", pure=True).load(path.read_bytes())


def page(provider: str) -> bytes:
    if not PAGES.is_dir():
        pytest.skip(f"the source pages are not here: no folder {PAGES.parent.name}/{PAGES.name} beside the repository")
    (path,) = PAGES.glob(PAGE_OF[provider])
    return path.read_bytes()


def fenced_yaml(text: bytes) -> bytes:
    """Every line between the ````yaml line and the closing fence, each with its newline, the last (blank) one too."""
    blocks: list[bytes] = re.findall(rb"^````yaml[^\n]*\n(.*?)^````$", text, re.MULTILINE | re.DOTALL)
    assert len(blocks) == 1
    return blocks[0]


def json_examples(text: str) -> list[Any]:
    fenced = [json.loads(block) for block in re.findall(r"^```json\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)]
    return fenced or [json.loads(block) for block in re.findall(r"^\{\n.*?^\}$", text, re.MULTILINE | re.DOTALL)]


def examples(document: Any) -> list[tuple[str, Any, Any]]:
    """Label, schema and value of each documented example of a response."""
    labeled = []
    for path, item in document["paths"].items():
        for method, operation in item.items():
            for status, response in operation["responses"].items():
                for content in response.get("content", {}).values():
                    values = {name: example["value"] for name, example in content.get("examples", {}).items()}
                    if "example" in content:
                        values["example"] = content["example"]
                    labeled += [
                        (f"{method} {path} {status} {name}", content["schema"], v) for name, v in values.items()
                    ]
    return labeled


def violations(document: Any, schema: Any, value: Any) -> list[str]:
    """Pointers of the places in `value` that do not obey `schema` of an OpenAPI 3.1 document."""
    validator = jsonschema.Draft202012Validator({"components": document["components"], "allOf": [schema]})
    return sorted("/" + "/".join(map(str, error.absolute_path)) for error in validator.iter_errors(value))


@pytest.mark.parametrize("provider", PUBLISHED)
def test_published_spec_is_the_page_byte_for_byte(provider: str) -> None:
    assert (SPECS / provider / "openapi.yaml").read_bytes() == fenced_yaml(page(provider))


@pytest.mark.parametrize("provider", PUBLISHED)
def test_vendoring_the_page_again_gives_the_same_bytes(provider: str) -> None:
    page(provider)
    result = vendored([str(*PAGES.glob(PAGE_OF[provider]))], (), Problems())
    assert result is not None
    assert result.text == (SPECS / provider / "openapi.yaml").read_bytes()


@pytest.mark.parametrize("provider", OF_PAGES)
def test_a_page_that_was_translated_embeds_no_openapi(provider: str) -> None:
    page(provider)
    problems = Problems()
    assert vendored([str(*PAGES.glob(PAGE_OF[provider]))], (), problems) is None
    assert [problem.id for problem in problems] == ["not-openapi"]


@pytest.mark.parametrize("provider", PROVIDERS)
def test_provider_facts(provider: str) -> None:
    source = load(SPECS / provider / "provider.yaml")["source"]
    assert source["sha256"] == hashlib.sha256((SPECS / provider / "openapi.yaml").read_bytes()).hexdigest()
    assert source["url"].startswith("https://")
    assert source["transcribed"] is (provider in TRANSCRIBED)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", str(source["retrieved"]))


@pytest.mark.parametrize("provider", PROVIDERS)
def test_credentials_name_security_schemes(provider: str) -> None:
    facts = load(SPECS / provider / "provider.yaml")
    schemes = set(load(SPECS / provider / "openapi.yaml")["components"].get("securitySchemes", {}))
    if provider in OVERLAYS:
        for action in load(SPECS / provider / "overlay.yaml")["actions"]:
            update = action.get("update", {})
            schemes |= set(update.get("components", update).get("securitySchemes", {}))
            if action.get("remove"):
                schemes.discard(action["target"].removeprefix("$.components.securitySchemes."))
    assert set(facts["credentials"]) == schemes
    named = [*facts["credentials"].values(), *facts.get("parameters", {}).values()]
    assert all(entry["environment"].startswith(f"{provider.upper()}_") for entry in named)


@pytest.mark.parametrize("provider", TRANSCRIBED)
def test_transcription_says_that_it_is_one(provider: str) -> None:
    assert (SPECS / provider / "openapi.yaml").read_text("utf-8").startswith("# A hand translation of ")


@pytest.mark.parametrize("provider", OF_PAGES)
def test_transcription_carries_every_example_of_the_page(provider: str) -> None:
    document = load(SPECS / provider / "openapi.yaml")
    assert [value for _, _, value in examples(document)] == json_examples(page(provider).decode())


def test_anon_transcription_carries_fields_patterns_and_words_of_the_page() -> None:
    text = page("anon").decode()
    document = load(SPECS / "anon" / "openapi.yaml")
    operation = document["paths"]["/workflow-runs/{id}"]["get"]
    run = document["components"]["schemas"]["WorkflowRun"]

    # A field of the page: its name, its type, "required", then its pattern or its words.
    listed = re.findall(r"^(\w+)\n((?:string|enum)[^\n]*)\n(required)(?:\nPattern: ([^\n]+))?", text, re.MULTILINE)
    (parameter,) = operation["parameters"]
    transcribed = [(parameter["name"], parameter["schema"], parameter["required"])]
    transcribed += [(name, schema, name in run["required"]) for name, schema in run["properties"].items()]

    def shown(schema: Any) -> str:
        types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        shown_type = "enum<string>" if "enum" in schema else types[0]
        shown_type += f"<{schema['format']}>" if "format" in schema else ""
        return " | ".join([shown_type, *types[1:]])

    assert listed == [
        (name, shown(schema), "required" if required else "", schema.get("pattern", ""))
        for name, schema, required in transcribed
    ]
    words = text.partition("Available options:\n")[2].partition("\ncompletedAt")[0]
    assert run["properties"]["status"]["enum"] == words.split(",\n")


def test_copyai_transcription_carries_fields_and_meanings_of_the_page() -> None:
    text = page("copyai").decode()
    schemas = load(SPECS / "copyai" / "openapi.yaml")["components"]["schemas"]

    table = dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", text, re.MULTILINE))
    status = schemas["WorkflowRunData"]["properties"]["status"]
    assert list(status["x-enum-descriptions"].items()) == list(table.items())
    assert status["enum"] == list(table)

    # The page's list of fields, e.g. "createdAtstring  (date-time)"; `status` and `input` stand only in the example.
    rows = text.partition("(WorkflowRunData)")[2].partition("\n400\n")[0]
    listed = re.findall(r"(\w+?)(string|object|integer)\s+(?:\((\S+)\)\s+)?", rows)
    assert [name for name, _, _ in listed] == [
        name for name in schemas["WorkflowRunData"]["properties"] if name not in ("status", "input")
    ]
    for name, json_type, form in listed:
        schema = schemas["WorkflowRunData"]["properties"][name]
        assert (schema["type"], schema.get("format", "")) == (json_type, form)


@pytest.mark.parametrize("provider", OF_PAGES)
def test_examples_obey_their_schemas(provider: str) -> None:
    document = load(SPECS / provider / "openapi.yaml")
    documented = examples(document)
    assert documented
    broken = {label: at for label, schema, value in documented if (at := violations(document, schema, value))}
    # The page contradicts itself in one place, which is what the overlay's actions on `credits` are for.
    known = {"get /workflow/{workflow_id}/run/{run_id} 200 success": ["/data/credits"]}
    assert broken == (known if provider == "copyai" else {})


@pytest.mark.parametrize("provider", OVERLAYS)
def test_overlay_gives_a_reason_for_each_action(provider: str) -> None:
    overlay = load(SPECS / provider / "overlay.yaml")
    assert overlay["overlay"] == "1.0.0"
    assert overlay["info"]["title"]
    assert overlay["info"]["version"]
    assert overlay["actions"]
    for action in overlay["actions"]:
        assert action["description"].strip()
        assert set(action) - {"target", "description"} in ({"update"}, {"remove"})
        assert action.get("remove", True) is True


@pytest.mark.parametrize("provider", OVERLAYS)
def test_overlay_targets_select_objects_or_arrays(provider: str) -> None:
    document = load(SPECS / provider / "openapi.yaml")
    for action in load(SPECS / provider / "overlay.yaml")["actions"]:
        nodes = jsonpath_rfc9535.find(action["target"], document)
        assert nodes, action["target"]
        assert all(isinstance(node.value, dict | list) for node in nodes), action["target"]
