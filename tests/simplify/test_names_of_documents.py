"""Names do not depend on the order of a document, nor on parts that have nothing to do with them: whole documents.

One document is our own; the real ones are read where they are.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from generator.document.loading import load
from generator.document.problems import Problems
from generator.document.tree import Array, Object
from generator.ir.model import Alias, Api, Enum, Model
from generator.ir.provider import Provider
from generator.options import Options
from generator.pipeline import read_api
from generator.upstream.naming import naming

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
Names = dict[str, set[str]]


def thing(*properties: str, **more: Any) -> dict[str, Any]:
    word = {"type": "string", "enum": ["a", "A", "+1", "-1", "a b"]}
    return {"type": "object", "properties": dict.fromkeys(properties, word), **more}


def call(id_: str | None, *tags: str) -> dict[str, Any]:
    content = {"application/json": {"schema": thing("kind", "Kind")}}
    operation = {
        "tags": [*tags],
        "parameters": [{"name": "filter[kind]", "in": "query", "schema": {"type": "string", "enum": ["x", "y"]}}],
        "requestBody": {"content": content},
        "responses": {"200": {"description": "D", "content": content}, "404": {"description": "D", "content": content}},
    }
    return operation | ({"operationId": id_} if id_ else {})


def synthetic() -> Object:
    """A document with names of everything that has one, a few of which clash."""
    paths: dict[str, Any] = {}
    for number, noun in enumerate(["run", "flow", "task", "pool", "key", "log", "tag", "user"]):
        many, item = f"/{noun}s/", f"/{noun}s/{{id}}"
        paths[many] = {
            "get": call(f"{noun}s_list", noun),
            "post": call(f"create_{noun}_{noun}s__post", f"{noun}s"),
        }
        paths[item] = {"get": call(f"read_{noun}s__id__get", noun), "delete": call(f"{noun}:delete", noun)}
        paths[f"/admin{item}"] = {"get": call(["list", "List", None, "get"][number % 4], "Admin")}
        paths[f"/other/{noun}"] = {"get": call(["other", None][number % 2]), "put": call(noun.upper())}
    schemas = {name: thing("one", "two") for name in ("Run", "run", "RunKind", "Flow", "p2p_oci", "Any", "UNSET")}
    schemas["RunOne"] = thing("x", "X", "+1", "-1", "class", "\u540d\u524d")
    hook = {"post": {"requestBody": {"content": {"application/json": {"schema": thing("a")}}}}}
    located: Object = _located(
        {
            "openapi": "3.1.0",
            "info": {"title": "T", "version": "1"},
            "paths": paths,
            "components": {"schemas": schemas},
            "webhooks": {"runDone": hook, "flow.done": hook},
        }
    )
    return located


def _located(value: Any, pointer: str = "") -> Any:
    """A document as it would be loaded, so that every object has its own source."""
    if isinstance(value, dict):
        from generator.document.problems import Source

        return Object(((k, _located(v, f"{pointer}/{k}")) for k, v in value.items()), Source("", pointer))
    return Array(_located(item, f"{pointer}/{i}") for i, item in enumerate(value)) if isinstance(value, list) else value


def read(document: Object) -> Api:
    return read_api(document, Provider("T", options=Options(groups=True)), Problems(), read_twice=False)


def names(api: Api) -> Names:
    """All names, by the part of the document that each belongs to; a shared part may have several names."""
    result: Names = {}
    for operation in api.operations:
        called = f"{operation.method} {operation.path}"
        result.setdefault(called, set()).add(operation.dotted_name)
        for parameter in operation.parameters:
            result.setdefault(f"{called} {parameter.location} {parameter.wire}", set()).add(parameter.name)
    classes: list[Model | Enum | Alias] = [*api.models, *api.enums, *api.aliases]
    for class_ in classes:
        result.setdefault(f"class {class_.source.pointer}", set()).add(class_.name)
    for model in api.models:
        for field in model.fields:
            result.setdefault(f"{model.name} {field.wire}", set()).add(field.name)
    for enum in api.enums:
        for member in enum.values:
            result.setdefault(f"{enum.name} {member.value}", set()).add(member.name)
    for webhook in api.webhooks:
        result.setdefault(f"webhook {webhook.source.pointer}", set()).add(webhook.name)
    return result


def shuffled(value: Any, shuffler: random.Random) -> Any:
    """The same document with the keys of every mapping in another order."""
    if isinstance(value, Object):
        keys = list(value)
        shuffler.shuffle(keys)
        return value.derive((key, shuffled(value[key], shuffler)) for key in keys)
    return value.derive([shuffled(item, shuffler) for item in value]) if isinstance(value, Array) else value


def without(document: Object, share: float, shuffler: random.Random) -> Object:
    """The document without a share of its paths, and of the schemas that then nothing refers to."""
    paths = document["paths"]
    fewer_paths = paths.derive((path, item) for path, item in paths.items() if shuffler.random() >= share)
    rest = document.replacing("paths", fewer_paths)
    schemas = document["components"]["schemas"]
    further = rest["components"].without("schemas")
    todo = {word for value in (*rest.without("components").values(), further) for word in _references(value)}
    todo = {name for name in schemas if name in todo or shuffler.random() >= share}
    used = set[str]()
    while todo:
        used |= todo
        todo = {word for name in todo for word in _references(schemas[name])} & schemas.keys() - used
    fewer_schemas = schemas.derive((k, v) for k, v in schemas.items() if k in used)
    return rest.replacing("components", rest["components"].replacing("schemas", fewer_schemas))


def _references(value: Any) -> set[str]:
    """The last part of each reference, and every text by which a discriminator may refer to a schema."""
    if isinstance(value, Object):
        return {word for child in value.values() for word in _references(child)}
    if isinstance(value, Array):
        return {word for child in value for word in _references(child)}
    return {value.rpartition("/")[2].replace("~1", "/").replace("~0", "~")} if isinstance(value, str) else set()


# The share of names that clash, and may therefore change when a part of the document goes.
DOCUMENTS = {
    "synthetic": 0.02,
    "temporal.yaml": 0.02,
    "airflow_v2.yaml": 0.0,
    "n8n_2.8.4.yaml": 0.02,
    "flowise.yaml": 0.0,
}


@pytest.fixture(scope="module", params=DOCUMENTS)
def document(request: pytest.FixtureRequest) -> tuple[str, Object]:
    name: str = request.param
    if name == "synthetic":
        return name, synthetic()
    if not (CORPUS / name).exists():
        pytest.skip("the corpus is not here")
    return name, load(CORPUS / name, name)


@pytest.fixture(scope="module")
def whole(document: tuple[str, Object]) -> Names:
    return names(read(document[1]))


def test_the_order_of_keys_changes_no_name(document: tuple[str, Object], whole: Names) -> None:
    assert names(read(shuffled(document[1], random.Random(1)))) == whole


@pytest.mark.parametrize("share", [0.3, 0.4])
def test_removing_parts_changes_only_names_that_clashed(
    document: tuple[str, Object], whole: Names, share: float
) -> None:
    file, value = document
    rest = names(read(without(value, share, random.Random(share))))
    assert len(rest) < len(whole)
    changed = {part: (whole[part], new) for part, new in rest.items() if not new <= whole.get(part, new)}
    # Every named part prefers a name, and so does a component that is not a class.
    components = r"class .*/components/schemas/[^/]+"
    wanted = [name for part, own in whole.items() if not re.fullmatch(components, part) for name in own]
    wanted += map(naming().class_name, value["components"]["schemas"])
    stems = Counter(_stem(name.rpartition(".")[2]) for name in wanted)
    # A method of the client makes way for a group.
    stems.update({name.partition(".")[0] for name in wanted if "." in name})
    clashing = tuple(stem for stem, times in stems.items() if times > 1)  # inline classes are called after their owner
    names_ = [(name, pair) for pair in changed.values() for name in pair[1]]
    assert [pair for name, pair in names_ if not _stem(name.rpartition(".")[2]).startswith(clashing)] == []
    assert len(changed) <= len(rest) * DOCUMENTS[file]


def _stem(name: str) -> str:
    """A name without the numbers, and the underscore, that clashes gave it."""
    return re.sub(r"_?\d+|_$", "", name).lower()
