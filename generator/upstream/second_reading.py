"""The second reader: openapi-python-client reads the simplified document too, and both readings must agree.

So nothing can be dropped or misread unnoticed. What differs is a defect of the generator, or of the library: one that
is known of the library is allowed for here, where it is named.
"""

from __future__ import annotations

import dataclasses
from functools import lru_cache
from typing import Any

from ..document.operations import METHODS, operations, webhooks
from ..document.problems import Problems
from ..document.schemas import rewrite_document
from ..document.tree import Array, Object
from ..ir.model import Api, Enum, Model, Operation, Parameter, Webhook
from ..ir.types import NULL, AnyType, ListOf, MapOf, Ref, Scalar, Type, UnionOf, types_in
from ..simplify.graph import every_nth_in_chains, self_containing
from ..simplify.names import PYTHON_NAME
from ..simplify.schemas import component_name
from .library import read_again

_SCHEMAS = "#/components/schemas/"
_LONGEST = 20
_NOT_IN_HEADERS = ("date", "date-time", "binary")
_Words = frozenset[Any] | str
"""A type: the words of its alternatives, a list as ("list", its items); "any"."""


def second_reading(simplified: Object, api: Api, problems: Problems) -> None:
    """Have the library read the simplified document, and report whatever it sees otherwise than `api`."""
    document, numbers, classes = _for_the_library(simplified, api)
    data, refusal = read_again(document)
    reading = _Comparison(api, problems, classes)
    if refusal:
        reading.differ("the document", api.source, refusal)
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
    received = {value[PYTHON_NAME]: endpoints.get(numbers[key, method]) for key, method, value in webhooks(simplified)}
    for webhook in api.webhooks:
        reading.webhook(webhook, received.get(webhook.name))


def _holds(parameter: Parameter, enums: frozenset[str]) -> bool:
    """Whether the library can hold a parameter's type where it stands."""
    if parameter.media_type:
        return False
    if parameter.location == "query":
        return True
    found = [*types_in(parameter.type)]
    if parameter.location == "header" and any(isinstance(t, Scalar) and t.format in _NOT_IN_HEADERS for t in found):
        return False
    inside = [t.name in enums if isinstance(t, Ref) else isinstance(t, (Scalar, UnionOf)) for t in found]
    return all(inside) and NULL not in found


def _enums(api: Api) -> frozenset[str]:
    return frozenset(enum.name for enum in api.enums)


def _for_the_library(simplified: Object, api: Api) -> tuple[Object, dict[tuple[str, str], str], dict[str, str]]:
    """The document under names that the library neither changes nor lets clash.

    Names are judged elsewhere; here everything is called by its number. Also gives the operationId of each call, and
    the class of each component.
    """
    classes = {name: f"C{i}" for i, name in enumerate(simplified["components"]["schemas"])}
    called = [*operations(simplified), *webhooks(simplified)]  # to the library a webhook is one more operation
    numbers = {(path, method): f"op_{i}" for i, (path, method, _) in enumerate(called)}
    schemas: Object = simplified["components"]["schemas"]
    cut = self_containing(schemas)[0] | every_nth_in_chains(schemas, _LONGEST)
    enums = _enums(api)
    held = {
        (o.path, o.method.lower(), p.location, p.wire): _holds(p, enums) for o in api.operations for p in o.parameters
    }

    def schema(value: Object) -> Object:
        value = value.without("title", "default", "example", "examples", "discriminator")
        if "$ref" in value and (name := target(value["$ref"])) in cut:
            return Object()  # it has no class to close such a loop, and comes to no end in a long chain
        if "$ref" in value:  # it makes a second class of a component that is a reference
            return Object([("$ref", _SCHEMAS + classes[name])])
        if value.get("type") == "object" and not value.get("properties"):  # of a map it compares no more than that
            value = value.without("additionalProperties")
        if "enum" in value:
            words = Array([f"word_{i}" for i in range(len(value["enum"]))])
            value = value.derive([*value.items(), ("x-enum-varnames", words)])
        if "properties" in value:
            numbered = {wire: f"f_{i}" for i, wire in enumerate(value["properties"])}
            properties = Object((numbered[wire], child) for wire, child in value["properties"].items())
            wires = value.get("required") or ()
            required = Array(numbered[wire] for wire in wires if wire in numbered)
            value = value.without("properties", "required")
            value = value.derive([*value.items(), ("properties", properties), ("required", required)])
        return value

    def target(ref: str) -> str:
        seen: set[str] = set()
        while (name := component_name(ref)) not in seen and "$ref" in schemas[name]:
            seen.add(name)
            ref = schemas[name]["$ref"]
        return name

    def as_json(value: Object, *, always: bool = False) -> Object:
        """Media types that the library knows, or not, are judged elsewhere: here the first schema counts."""
        found = value.get("content") or Object()
        typed = [media for media in found.values() if isinstance(media, Object) and "schema" in media]
        schema = typed[0]["schema"] if typed else Object()
        content = Object([("application/json", Object([("schema", schema)]))] if found or always else [])
        kept = value.without("content", "links")
        return kept.derive([*kept.items(), ("content", content)])

    def parameter(index: int, value: Object, held: bool) -> Object:
        kept = value.without("name", "schema", "content", "example", "examples", "style", "explode")
        schema = (value.get("schema") or Object()) if held else Object([("type", "string")])
        return kept.derive([*kept.items(), ("name", f"p_{index}"), ("schema", schema)])

    def operation(path: str, method: str, value: Any) -> Any:
        if (path, method) not in numbers:
            return value
        parameters = Array(
            parameter(i, p, held.get((path, method, p["in"], p["name"]), True))
            for i, p in enumerate(value["parameters"] if path.startswith("/") else ())
        )
        answers = value["responses"].derive(
            (status if status == "default" else status.upper(), as_json(r)) for status, r in value["responses"].items()
        )
        items: list[tuple[str, Any]] = [("operationId", numbers[path, method]), ("parameters", parameters)]
        items += [("responses", answers)]
        if isinstance(value.get("requestBody"), Object):
            items.append(("requestBody", as_json(value["requestBody"], always=True)))
        return value.derive(items)

    def holes(item: Object) -> str:
        found = next((value for method, value in item.items() if method in METHODS), Object())
        return "".join(f"/{{p_{i}}}" for i, p in enumerate(found.get("parameters") or ()) if p["in"] == "path")

    paths = Object(
        (f"/{i}{holes(item)}", item.derive((k, operation(path, k, v)) for k, v in item.items() if k in METHODS))
        for i, (path, item) in enumerate([*simplified["paths"].items(), *simplified.get("webhooks", Object()).items()])
        if not path.startswith("x-")
    )
    own = Object((classes[name], value) for name, value in schemas.items() if "$ref" not in value)
    components = Object([("schemas", own)])
    parts = (("openapi", "3.1.1"), ("info", simplified["info"]), ("paths", paths), ("components", components))
    return rewrite_document(Object(parts), schema), numbers, classes


@dataclasses.dataclass
class _Comparison:
    api: Api
    problems: Problems
    classes: dict[str, str]

    def __post_init__(self) -> None:
        self.known: dict[str | int, _Words] = {}
        self.aliases = {alias.name: alias.type for alias in self.api.aliases}
        own = {self.classes.get(enum.name, enum.name): enum.values[0].value for enum in self.api.enums}
        self.text_enums = {name for name, word in own.items() if isinstance(word, str)}
        self.integer_enums = own.keys() - self.text_enums
        self.enums = _enums(self.api)
        self.models_called = {self.classes.get(model.name, model.name) for model in self.api.models}

    def differ(self, what: str, source: Any, message: str) -> None:
        hint = "this is a defect of the generator: please report it with the document"
        self.problems.error("second-reading", source, f"a second reader sees {what} otherwise: {message}", hint)

    def models(self, theirs: dict[str, Any], enums: dict[str, Any]) -> None:
        for model in self.api.models:
            seen = theirs.get(self.classes.get(model.name, ""))
            if seen is None:
                self.differ(f"the model {model.name}", model.source, "it has no such model")
                continue
            properties = [*(seen.required_properties or ()), *(seen.optional_properties or ())]
            self.fields(model, {p.name.get_untrusted_value(): p for p in properties})
        for enum in self.api.enums:
            self.enum(enum, enums.get(self.classes.get(enum.name, "")))

    def enum(self, enum: Enum, seen: Any) -> None:
        # The library drops control characters from words, and escapes others: only plain words can be compared.
        ours = sorted(str(member.value) for member in enum.values if _is_plain(str(member.value)))
        theirs = [str(word) for word in seen.values.values()] if seen is not None else []
        if len(theirs) != len(enum.values) or not set(ours) <= set(theirs):
            self.differ(f"the enum {enum.name}", enum.source, f"its words are {sorted(theirs)}")

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
            if _holds(parameter, self.enums):
                self.same_type(f"{what}, {parameter.wire}", parameter.source, parameter.type, theirs[key])
        answers = {response.status_code.pattern.upper(): response for response in seen.responses}
        if answers.keys() != {response.status.upper() for response in operation.responses}:
            self.differ(what, operation.source, f"its answers are {sorted(answers)}")
            return
        for response in operation.responses:
            types = [media.type for media in response.content if media.type is not None]
            if types:
                prop = answers[response.status.upper()].prop
                self.same_type(f"{what}, {response.status}", response.source, types[0], prop)
        bodies = [body.prop for body in seen.bodies]
        if bool(bodies) != (operation.body is not None):
            self.differ(what, operation.source, f"it has {len(bodies)} request bodies")

    def webhook(self, webhook: Webhook, seen: Any) -> None:
        what = f"the webhook {webhook.wire}"
        types = [media.type for media in webhook.body.content if media.type is not None] if webhook.body else []
        if seen is None or len(seen.bodies) != (webhook.body is not None):
            self.differ(what, webhook.source, "it has no such webhook" if seen is None else "it has another body")
        elif types:
            self.same_type(what, webhook.source, types[0], seen.bodies[0].prop)

    def ours(self, type_: Type) -> _Words:
        match type_:
            case AnyType():
                return "any"
            case Scalar(kind, format_):
                # The library has one type for each of these formats, and none for others.
                formatted = kind == "str" and format_ in ("date-time", "date", "uuid", "binary")
                return frozenset({f"str:{format_}" if formatted else kind})
            case Ref(name) if name in self.aliases:
                return self.alias(name)
            case Ref(name):
                return frozenset({self.classes.get(name, name)})
            case ListOf(item):
                return frozenset({("list", self.ours(item))})
            case MapOf():
                return frozenset({"map"})
            case UnionOf(members):
                parts = [self.ours(member) for member in members]
                return self.union(parts)

    def alias(self, name: str) -> _Words:
        """What an alias stands for; one that holds itself has no end."""
        if name not in self.known:
            self.known[name] = "any"
            self.known[name] = self.ours(self.aliases[name])
        return self.known[name]

    def union(self, parts: list[_Words]) -> _Words:
        """The words of a union without those that add nothing: our enums are open, and text holds times as well."""
        words = frozenset(word for part in parts for word in part)
        if "any" in parts:
            return "any"
        if words & self.text_enums:
            words = frozenset(word for word in words if not str(word).startswith("str"))
        elif words & {"str", "str:uuid"}:
            words -= {"str:date-time", "str:date"}
        return words - {"int"} if words & self.integer_enums else words

    def same_type(self, what: str, source: Any, ours: Type, theirs: Any) -> None:
        expected, seen = self.ours(ours), self.theirs(theirs)
        if not _agree(expected, seen):
            self.differ(what, source, f"{_text(seen)} instead of {_text(expected)}")

    def theirs(self, prop: Any) -> _Words:
        """A type of the library; the types inside one another are not seen twice, as there can be very many."""
        if id(prop) not in self.known:
            self.known[id(prop)] = self.theirs_anew(prop)
        return self.known[id(prop)]

    def theirs_anew(self, prop: Any) -> _Words:
        kind = type(prop).__name__
        if kind == "UnionProperty":
            return self.union([self.theirs(inner) for inner in prop.inner_properties])
        if kind == "ListProperty":
            return frozenset({("list", self.theirs(prop.inner_property))})
        if kind == "ModelProperty":
            name = str(prop.class_info.name)  # its properties are filled in after the copy that stands here was made
            return frozenset({name if name in self.models_called else "map"})
        if kind == "EnumProperty":
            return frozenset({str(prop.class_info.name)})
        names = {
            "AnyProperty": "any", "BooleanProperty": "bool", "FloatProperty": "float", "IntProperty": "int",
            "NoneProperty": "null", "StringProperty": "str", "DateTimeProperty": "str:date-time",
            "DateProperty": "str:date", "UuidProperty": "str:uuid", "FileProperty": "str:binary",
        }  # fmt: skip
        word = names.get(kind, kind)
        return "any" if word == "any" else frozenset({word})


def _is_plain(word: str) -> bool:
    return word.isprintable() and not set(word) & {'"', "\\"}


@lru_cache(maxsize=4096)
def _agree(one: _Words, two: _Words) -> bool:
    """Whether two types are the same, where neither is any: the readers give up at different places."""
    if isinstance(one, str) or isinstance(two, str):
        return True
    return all(any(_same(a, b) for b in two) for a in one) and all(any(_same(a, b) for a in one) for b in two)


def _same(one: Any, two: Any) -> bool:
    if isinstance(one, tuple) and isinstance(two, tuple):
        return _agree(one[1], two[1])
    return bool(one == two)


def _text(words: _Words) -> str:
    if isinstance(words, str):
        return words
    return " | ".join(sorted(f"list[{_text(word[1])}]" if isinstance(word, tuple) else word for word in words))
