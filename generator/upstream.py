"""The only importer of `openapi_python_client`: names, gate, second reader.

Its parser alone would lose operations and properties without a word, so it never decides what is generated. It gives
names that people who know its clients expect, refuses documents that are not OpenAPI (gate), and reads every prepared
document once more: whatever it sees otherwise than `read.py` is an error of ours. Pinned exactly, imported late
(0.3 to 0.45 s).
"""

from __future__ import annotations

import dataclasses
import unicodedata
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from generator.document import Array, Object, nearest
from generator.ir import AnyType, Api, Enum, ListOf, MapOf, Model, Operation, Ref, Scalar, Type, UnionOf
from generator.prepare.names import Naming
from generator.prepare.walk import METHODS, operations, rewrite_document
from generator.problems import Problems

_PREFIX = "field_"


def naming() -> Naming:
    """The library's names, made fixpoints: `ClassName` is not idempotent."""
    from openapi_python_client.strings import ClassName, PythonIdentifier

    def fixpoint(change: Callable[[str], str], text: str) -> str:
        name = change(text)
        while (again := change(name)) != name:
            name = again
        return name

    # Python reads identifiers in normal form NFKC (its reference, section 2.3): two spellings can be one name.
    def identifier(text: str) -> str:
        return unicodedata.normalize("NFKC", PythonIdentifier(text, _PREFIX))

    def class_name(text: str) -> str:
        return unicodedata.normalize("NFKC", ClassName(text, "Model"))

    return Naming(identifier=partial(fixpoint, identifier), class_name=partial(fixpoint, class_name))


def gate(document: Object, problems: Problems) -> None:
    """Report where the document is not OpenAPI 3, judged by the library's document schema."""
    from openapi_python_client.schema import OpenAPI
    from pydantic import ValidationError

    try:
        OpenAPI.model_validate(document)
    except ValidationError as error:
        hint = "correct it by an overlay action"
        for finding in _deepest(error.errors(include_url=False, include_input=False)):
            place = nearest(document, finding["loc"])
            what = place.pointer.rpartition("/")[2].replace("~1", "/").replace("~0", "~") or "the document"
            if finding["type"] == "missing":
                what = str(finding["loc"][-1])
            message = f"`{what}`: {finding['msg'][:1].lower()}{finding['msg'][1:]}"
            problems.error("not-openapi", place, message, hint)


def _deepest(findings: list[Any]) -> Iterator[Any]:
    """Of the branches of a union that all failed at one place, the one that got furthest: the others are noise."""
    by_start: dict[tuple[object, ...], list[Any]] = {}
    for finding in findings:
        start = tuple(t for t in finding["loc"] if t not in ("Reference", "Schema", "Parameter", "Response", "Header"))
        by_start.setdefault(start, []).append(finding)
    starts = sorted(by_start, key=len, reverse=True)
    for start in starts:
        last = start[-1] if start else ""
        if last == "$ref" and len(starts) > 1:
            continue  # "a reference needs $ref": it was not meant as one
        yield by_start[start][0]


def second_reading(prepared: Object, api: Api, problems: Problems) -> None:
    """Have the library read the prepared document, and report whatever it sees otherwise than `api`."""
    from openapi_python_client.config import Config, ConfigFile, MetaType
    from openapi_python_client.parser import GeneratorData
    from openapi_python_client.parser.errors import GeneratorError

    config = Config.from_sources(ConfigFile(), MetaType.NONE, Path("openapi.yaml"), "utf-8", False, None)
    document, numbers = _for_the_library(prepared)
    data = GeneratorData.from_dict(document, config=config)
    reading = _Comparison(api, problems)
    if isinstance(data, GeneratorError):
        reading.differ("the document", api.source, f"{data.header}: {data.detail}")
        return
    for error in data.errors:
        reading.differ("a schema", api.source, f"{error.header} {error.detail}")
    reading.models({str(m.class_info.name): m for m in data.models}, {str(e.class_info.name): e for e in data.enums})
    endpoints: dict[str, Any] = {}
    for collection in data.endpoint_collections_by_tag.values():
        endpoints |= {str(endpoint.name): endpoint for endpoint in collection.endpoints}
        for error in collection.parse_errors:
            reading.differ("an operation", api.source, f"{error.header} {error.detail}")
    for operation in api.operations:
        reading.operation(operation, endpoints.get(numbers[operation.path, operation.method.lower()]))


def _for_the_library(prepared: Object) -> tuple[Object, dict[tuple[str, str], str]]:
    """The document under names that the library neither changes nor lets clash, and the operationId of each call.

    Names are judged elsewhere; here the n-th property or parameter is called by its number.
    """
    numbers = {(path, method): f"op_{i}" for i, (path, method, _) in enumerate(operations(prepared))}

    def schema(value: Object) -> Object:
        value = value.without("title", "default", "example", "examples", "discriminator")
        if "enum" in value:
            words = Array([f"word_{i}" for i in range(len(value["enum"]))])
            value = value.derive([*value.items(), ("x-enum-varnames", words)])
        if "properties" in value:
            numbered = {wire: f"f_{i}" for i, wire in enumerate(value["properties"])}
            properties = Object((numbered[wire], child) for wire, child in value["properties"].items())
            required = Array(numbered[wire] for wire in value.get("required") or () if wire in numbered)
            value = value.without("properties", "required")
            value = value.derive([*value.items(), ("properties", properties), ("required", required)])
        return value

    def parameter(index: int, value: Object) -> Object:
        kept = value.without("name", "example", "examples", "style", "explode")
        return kept.derive([*kept.items(), ("name", f"p_{index}")])

    def operation(path: str, method: str, value: Any) -> Any:
        if (path, method) not in numbers:
            return value
        parameters = Array(parameter(i, p) for i, p in enumerate(value["parameters"]))
        kept = value.without("operationId", "parameters", "tags", "servers", "security", "callbacks")
        return kept.derive([*kept.items(), ("operationId", numbers[path, method]), ("parameters", parameters)])

    def holes(item: Object) -> str:
        found = next((value for method, value in item.items() if method in METHODS), Object())
        return "".join(f"/{{p_{i}}}" for i, p in enumerate(found.get("parameters") or ()) if p["in"] == "path")

    paths = Object(
        (f"/{i}{holes(item)}", item.derive((key, operation(path, key, value)) for key, value in item.items()))
        for i, (path, item) in enumerate(prepared["paths"].items())
        if path.startswith("/")
    )
    kept = prepared.derive((k, paths if k == "paths" else v) for k, v in prepared.items() if k != "webhooks")
    return rewrite_document(kept, schema), numbers


@dataclasses.dataclass
class _Comparison:
    api: Api
    problems: Problems

    def __post_init__(self) -> None:
        self.classes = {model.name for model in self.api.models}

    def differ(self, what: str, source: Any, message: str) -> None:
        hint = "this is a defect of the generator: please report it with the document"
        self.problems.error("second-reading", source, f"a second reader sees {what} otherwise: {message}", hint)

    def models(self, theirs: dict[str, Any], enums: dict[str, Any]) -> None:
        for model in self.api.models:
            if model.name not in theirs:
                self.differ(f"the model {model.name}", model.source, "it has none of this name")
                continue
            seen = theirs[model.name]
            properties = [*(seen.required_properties or ()), *(seen.optional_properties or ())]
            self.fields(model, {p.name.get_untrusted_value(): p for p in properties})
        for enum in self.api.enums:
            self.enum(enum, enums.get(enum.name))

    def enum(self, enum: Enum, seen: Any) -> None:
        words = sorted(map(str, seen.values.values())) if seen is not None else None
        if words != sorted(str(member.value) for member in enum.members):
            self.differ(f"the enum {enum.name}", enum.source, f"its words are {words}")

    def fields(self, model: Model, theirs: dict[str, Any]) -> None:
        if len(theirs) != len(model.fields):
            self.differ(f"the model {model.name}", model.source, f"it has {len(theirs)} properties")
            return
        for index, field in enumerate(model.fields):
            seen = theirs[f"f_{index}"]
            if seen.required != field.required:
                self.differ(f"{model.name}.{field.wire}", field.source, f"required is {seen.required}")
            self.same_type(f"{model.name}.{field.wire}", field.source, field.type, seen)

    def operation(self, operation: Operation, seen: Any) -> None:
        what = f"{operation.method} {operation.path}"
        if seen is None:
            self.differ(what, operation.source, "it has no such operation")
            return
        theirs = {(loc.value, p.name.get_untrusted_value()): p for loc, p in seen.iter_all_parameters()}
        ours = {(p.location, f"p_{i}"): p for i, p in enumerate(operation.parameters)}
        if theirs.keys() != ours.keys():
            self.differ(what, operation.source, f"its parameters are {sorted(theirs)}")
            return
        for key, parameter in ours.items():
            if theirs[key].required != parameter.required:
                self.differ(f"{what}, {parameter.wire}", parameter.source, f"required is {theirs[key].required}")
            self.same_type(f"{what}, {parameter.wire}", parameter.source, parameter.type, theirs[key])
        answers = {response.status_code.pattern.upper(): response for response in seen.responses}
        if answers.keys() != {response.status.upper() for response in operation.responses}:
            self.differ(what, operation.source, f"its answers are {sorted(answers)}")
            return
        for response in operation.responses:
            typed = [media for media in response.content if media.type is not None]
            if typed:
                prop = answers[response.status.upper()].prop
                self.same_type(f"{what}, {response.status}", response.source, _first(typed), prop)
        bodies = [body.prop for body in seen.bodies]
        if bool(bodies) != (operation.body is not None):
            self.differ(what, operation.source, f"it has {len(bodies)} request bodies")

    def same_type(self, what: str, source: Any, ours: Type, theirs: Any) -> None:
        expected, seen = _ours(ours), _theirs(theirs, self.classes)
        if "any" not in (expected, seen) and expected != seen:
            self.differ(what, source, f"{' | '.join(sorted(seen))} instead of {' | '.join(sorted(expected))}")


def _first(media: list[Any]) -> Any:
    """The library takes the first media type that it knows."""
    for item in media:
        kind = item.media_type.partition(";")[0].strip().lower()
        if kind.startswith("text/"):
            return Scalar("str") if isinstance(item.type, Scalar) else item.type
        if kind in ("application/json", "application/octet-stream") or kind.endswith("+json"):
            return item.type
    return media[0].type


def _ours(type_: Type) -> frozenset[str] | str:
    match type_:
        case AnyType():
            return "any"
        case Scalar(kind, format_):
            # The library has one type for each of these formats, and none for others.
            formatted = kind == "str" and format_ in ("date-time", "date", "uuid", "binary")
            return frozenset({f"str:{format_}" if formatted else kind})
        case Ref(name):
            return frozenset({name})
        case ListOf(item):
            return frozenset({f"list[{_text(_ours(item))}]"})
        case MapOf():
            return frozenset({"map"})
        case UnionOf(members):
            parts = [_ours(member) for member in members]
            return "any" if "any" in parts else frozenset(word for part in parts for word in part)


def _theirs(prop: Any, classes: set[str]) -> frozenset[str] | str:
    kind = type(prop).__name__
    if kind == "UnionProperty":
        parts = [_theirs(inner, classes) for inner in prop.inner_properties]
        return "any" if "any" in parts else _collapsed(frozenset(word for part in parts for word in part), prop)
    if kind == "ListProperty":
        return frozenset({f"list[{_text(_theirs(prop.inner_property, classes))}]"})
    if kind == "ModelProperty":
        name = str(prop.class_info.name)  # its properties are filled in after the copy that stands here was made
        return frozenset({name if name in classes else "map"})
    if kind == "EnumProperty":
        return frozenset({str(prop.class_info.name)})
    names = {
        "AnyProperty": "any", "BooleanProperty": "bool", "FloatProperty": "float", "IntProperty": "int",
        "NoneProperty": "null", "StringProperty": "str", "DateTimeProperty": "str:date-time",
        "DateProperty": "str:date", "UuidProperty": "str:uuid", "FileProperty": "str:binary",
    }  # fmt: skip
    word = names.get(kind, kind)
    return "any" if word == "any" else frozenset({word})


def _collapsed(words: frozenset[str], prop: Any) -> frozenset[str]:
    """Our enums are open, so text beside one adds nothing."""
    text_enum = any(
        type(inner).__name__ == "EnumProperty" and inner.value_type is str for inner in prop.inner_properties
    )
    return frozenset(w for w in words if not w.startswith("str")) if text_enum else words


def _text(words: frozenset[str] | str) -> str:
    return words if isinstance(words, str) else "|".join(sorted(words))
