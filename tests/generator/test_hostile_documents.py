"""Documents made to exhaust the generator end in a clear problem, in bounded time and memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from generator import steps
from generator.document import files, loading
from generator.document.problems import Problems
from generator.document.reading import limits
from generator.output.formatting import formatted
from generator.project.packages import single_package
from generator.render.package import client_files
from generator.repair import references, resolve
from generator.upstream.second_reading import is_large
from tests.generator.expectations import ROOT, time_limit


@pytest.fixture(autouse=True)
def _no_document_keeps_the_generator_busy_for_ever() -> Iterator[None]:
    with time_limit(60):
        yield


def document(schemas: Any = None, paths: Any = None, **components: Any) -> str:
    head = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}}
    return json.dumps({**head, "paths": paths or {}, "components": {"schemas": schemas or {}, **components}})


def ids(folder: Path, text: str, name: str = "openapi.json") -> list[str]:
    """The ids of the errors that a document ends in."""
    (folder / name).write_text(text, encoding="utf-8")
    problems = Problems()
    single_package(folder / name, "x-client", problems, read_twice=False)
    return list(dict.fromkeys(problem.id for problem in problems.errors))


def schema(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def chain(length: int, last: Any) -> dict[str, Any]:
    return {**{f"A{i}": schema(f"A{i + 1}") for i in range(length)}, f"A{length}": last}


def test_a_long_chain_of_references_is_followed(tmp_path: Path) -> None:
    assert ids(tmp_path, document(chain(5_000, {"type": "string"}))) == []


def test_a_chain_of_inheritance_that_is_too_long_is_a_problem(tmp_path: Path) -> None:
    parents = {f"A{i}": {"allOf": [schema(f"A{i + 1}"), {"properties": {f"p{i}": {}}}]} for i in range(2_000)}
    assert ids(tmp_path, document({**parents, "A2000": {"type": "object"}})) in ([], ["too-deep"])


@pytest.mark.parametrize("keyword", ["allOf", "oneOf", "anyOf"])
def test_doubling_does_not_take_exponential_time(keyword: str, tmp_path: Path) -> None:
    doubled = {f"A{i}": {keyword: [schema(f"A{i + 1}"), schema(f"A{i + 1}")]} for i in range(60)}
    ids(tmp_path, document({**doubled, "A60": {"type": "object", "properties": {"a": {}}}}))


def test_a_web_of_unions_and_all_of_is_a_problem_soon(tmp_path: Path) -> None:
    random, kinds = Random(1), ("allOf", "oneOf", "anyOf")
    web: dict[str, Any] = {
        f"A{i}": {kinds[i % 3]: [*(schema(f"A{random.randrange(91)}") for _ in range(8)), {"type": "array"}]}
        for i in range(90)
    }
    assert ids(tmp_path, document({**web, "A90": {"type": "object", "properties": {"a": {}}}})) == ["too-large"]


def test_lists_of_lists_in_unions_do_not_take_exponential_time_in_the_second_reading(tmp_path: Path) -> None:
    def union(i: int) -> dict[str, Any]:
        beds = {"type": "object", "properties": {f"p{i}": {"type": "string"}}}
        return {"oneOf": [*({"type": "array", "items": schema(f"A{i + n}")} for n in (1, 2)), beds]}

    unions = {f"A{i}": union(i) for i in range(60)}
    (tmp_path / "openapi.json").write_text(document({**unions, "A60": {"type": "object"}, "A61": {"type": "object"}}))
    problems = Problems()
    package = single_package(tmp_path / "openapi.json", "x-client", problems, read_twice=True)
    assert problems == []
    assert package is not None
    assert len(package.api.models) == 60


def test_unions_of_each_other_that_take_too_many_steps_are_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "BASE", 10_000)
    monkeypatch.setattr(steps, "PER_VALUE", 1)
    beds = {f"A{i}": {"oneOf": [schema(f"A{j}") for j in range(30)]} for i in range(30)}
    (tmp_path / "openapi.json").write_text(document(beds))
    problems = Problems(strict=False)
    assert single_package(tmp_path / "openapi.json", "x-client", problems, skip_unsupported=True) is None
    (problem,) = problems.errors
    assert str(problem).replace(f"{tmp_path}/", "") == (
        "openapi.json:1: error[too-expensive]: reading the document takes too many steps: much of it is contained in "
        "much else, again and again\n"
        "    hint: name what is repeated here in components, refer to it, and join unions of unions to a single one"
    )


def test_steps_are_counted_for_each_document_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "BASE", 10_000)
    for _ in range(20):
        assert ids(tmp_path, document(chain(100, {"type": "string"}))) == []


def test_many_problems_of_a_long_name_do_not_quote_all_of_it_each(tmp_path: Path) -> None:
    path = "/" + "/".join(f"{{v{i}}}" for i in range(2_000))
    (tmp_path / "openapi.json").write_text(document(paths={path: {"get": {"responses": {}}}, "/beds": {path: {}}}))
    problems = Problems(strict=False)
    single_package(tmp_path / "openapi.json", "x-client", problems)
    assert len(problems) > 2_000
    assert max(len(problem.message) for problem in problems) < 5_000


@pytest.mark.parametrize("begin", ['{"a":', "[", "a: {b: [", "- ", "? "])
def test_nesting_of_ten_thousand_levels_is_a_problem(begin: str, tmp_path: Path) -> None:
    assert ids(tmp_path, begin * 10_000)[0] in ("too-deep", "invalid-yaml", "key-not-text")


def test_a_file_that_is_too_large_is_not_read_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "MAX_SIZE", 1_000)
    assert ids(tmp_path, document() + " " * 1_000) == ["too-large"]


def test_long_keys_around_many_values_are_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_POINTERS", 1_000_000)
    text = document()[:-1] + ', "x": ' + ('{"' + "k" * 1_000 + '": ') * 50 + "[" + "{}, " * 100 + "{}]" + "}" * 51
    assert ids(tmp_path, text) == ["too-large"]


def test_responses_that_many_operations_share_do_not_multiply(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resolve, "MAX_VALUES", 10_000)
    answer = {"description": "D", "content": {"application/json": {"schema": {"enum": list(range(1_000))}}}}
    get = {"get": {"responses": {"200": {"$ref": "#/components/responses/R"}}}}
    text = document(None, {f"/a{i}": get for i in range(100)}, responses={"R": answer})
    assert ids(tmp_path, text) == ["too-large"]


def test_what_replaces_references_does_not_multiply(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(references, "MAX_REPAIRED", 10_000)
    parts = {f"p{i}": {name: {"properties": {"$ref": f"#/x-p/p{i + 1}"}} for name in "abc"} for i in range(40)}
    text = document({"A": {"properties": {"$ref": "#/x-p/p0"}}})[:-1] + f', "x-p": {json.dumps({**parts, "p40": {}})}}}'
    assert "too-large" in ids(tmp_path, text)


def test_an_error_in_each_of_many_operations_takes_linear_time(tmp_path: Path) -> None:
    get = {"get": {"responses": {"200": {"$ref": "#/gone"}}}}
    assert ids(tmp_path, document(None, {f"/a{i}": get for i in range(2_000)})) == ["dangling-reference"]


def test_unions_of_one_another_do_not_take_exponential_time(tmp_path: Path) -> None:
    objects = {f"M{i}": {"type": "object", "properties": {f"p{i}": {}}} for i in range(300)}
    steps = {f"U{i}": {"oneOf": [schema(f"U{i + 1}"), schema(f"M{i}")]} for i in range(300)}
    assert ids(tmp_path, document({**objects, **steps, "U300": {"type": "string"}})) == []
    rings = {f"A{i}": {"anyOf": [*(schema(f"A{j}") for j in range(40)), {"type": "integer"}]} for i in range(40)}
    assert ids(tmp_path, document(rings)) == []


def test_a_union_of_thousands_is_code_that_python_and_type_checkers_can_read(tmp_path: Path) -> None:
    objects = {f"C{i}": {"type": "object", "properties": {f"p{i}": {"type": "string"}}} for i in range(3_000)}
    text = document({**objects, "All": {"oneOf": [schema(name) for name in objects]}})
    (tmp_path / "openapi.json").write_text(text)
    package = single_package(tmp_path / "openapi.json", "x-client", Problems())
    assert package is not None
    models = formatted(client_files(package))["x-client/x_client/models.py"]
    names = sorted(objects)
    program = f"{models}\nfrom typing import get_args, get_type_hints\n"
    program += "print(*sorted(member.__name__ for member in get_args(get_type_hints(All)['members'])))"
    (tmp_path / "program.py").write_text(program)
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "generated" / "workflow-client-core")}
    command = [sys.executable, str(tmp_path / "program.py")]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (run.stdout.split(), run.stderr) == (names, "")


def test_a_wide_document_is_not_read_twice(tmp_path: Path) -> None:
    wide = {"A": {"type": "object", "properties": {f"p{i}": {"type": "string"} for i in range(1_500)}}}
    for schemas, large in ((wide, True), ({"A": {"type": "object", "properties": {"a": {}}}}, False)):
        (tmp_path / "openapi.json").write_text(document(schemas))
        package = single_package(tmp_path / "openapi.json", "x-client", Problems(), read_twice=False)
        assert package is not None
        assert is_large(package.api) == large


def test_files_that_refer_to_one_another_come_to_an_end(tmp_path: Path) -> None:
    for i in range(200):
        text = {"A": {"type": "object", "properties": {"next": {"$ref": f"f{(i + 1) % 200}.json#/A"}}}}
        (tmp_path / f"f{i}.json").write_text(json.dumps(text))
    assert ids(tmp_path, document({"A": {"$ref": "f0.json#/A"}})) == []


def test_too_many_files_are_a_problem_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_FILES", 3)
    for i in range(5):
        (tmp_path / f"f{i}.json").write_text('{"A": {"type": "string"}}')
    few, many = ({f"A{i}": {"$ref": f"f{i}.json#/A"} for i in range(count)} for count in (2, 5))
    assert ids(tmp_path, document(few)) == []
    assert ids(tmp_path, document(many))[0] == "too-large"


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.json").write_text('{"A": {"type": "string"}}')
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "link.json").symlink_to(tmp_path / "secret.json")
    (inside / "loop.json").symlink_to(inside / "loop.json")
    (inside / "folder").symlink_to(tmp_path)
    os.mkfifo(inside / "pipe.json")
    for name in ("link.json", "folder/secret.json", "loop.json", "pipe.json"):
        assert ids(inside, document({"A": {"$ref": f"{name}#/A"}})) == ["external-reference"], name


def test_nothing_is_opened_but_the_document_and_files_in_its_folder(tmp_path: Path) -> None:
    (tmp_path / "outside.json").write_text("{}")
    (tmp_path / "specs").mkdir()
    references_ = ["../outside.json", "/etc/hostname", "file:///etc/hostname", "http://127.0.0.1:9/a", "//127.0.0.1/a"]
    text = document({f"A{i}": {"$ref": f"{reference}#/A"} for i, reference in enumerate(references_)})
    (tmp_path / "specs" / "openapi.json").write_text(text)
    program = f"""
import sys
from generator.project.packages import single_package
from generator.document.problems import Problems
from pathlib import Path

def hook(event, arguments):
    name = str(arguments[0]) if event == "open" else ""
    if event == "socket.connect" or "hostname" in name or "outside" in name:
        print("opened", arguments[0])

sys.addaudithook(hook)
problems = Problems()
single_package(Path({str(tmp_path / "specs" / "openapi.json")!r}), "x-client", problems)
print(len(problems.errors))
"""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    run = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False)
    assert (run.stdout, run.stderr) == ("5\n", "")


@pytest.mark.parametrize("key", ["~0", "~1", "a/b", "~01", "/"])
def test_base_classes_and_nulls_may_have_names_that_references_escape(key: str, tmp_path: Path) -> None:
    ref = f"#/components/schemas/{key.replace('~', '~0').replace('/', '~1')}"
    base = {"type": "object", "properties": {"k": {"type": "string"}}, "discriminator": {"propertyName": "k"}}
    subtype = {"allOf": [{"$ref": ref}, {"type": "object", "properties": {"a": {"type": "string"}}}]}
    assert ids(tmp_path, document({key: base, f"{key} kind": subtype, "B": {"items": {"$ref": ref}}})) == []
    null = {"anyOf": [{"type": "string"}, {"type": "null"}]}
    assert ids(tmp_path, document({key: null, "B": {"type": "array", "items": {"$ref": ref}}})) == []


def test_an_object_schema_that_nothing_fits_is_an_object_in_a_union(tmp_path: Path) -> None:
    impossible = {"type": "object", "properties": {"b": {"type": "string"}}, "not": {}}
    possible = {"type": "object", "properties": {"a": {"type": "string"}}}
    holder = {"type": "object", "properties": {"u": {"anyOf": [possible, impossible, {"type": "null"}]}}}
    (tmp_path / "openapi.json").write_text(document({"A": holder}))
    package = single_package(tmp_path / "openapi.json", "x-client", Problems(), read_twice=False)
    assert package is not None
    assert [type(alias.type).__name__ for alias in package.api.aliases] == ["UnionOf"]
