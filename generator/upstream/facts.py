"""Facts of both readings in one form, in which they can be compared.

A fact is about a part of a model, an enum, an operation or a webhook: a property, a value, a parameter, a response or
the body. Its key is the name that the library is given for that part. Its value is the enum's value, or the form of a
type, for properties and parameters with whether they are required. The form of a type is the set of its alternatives:
names of primitives with a format that matters, classes, "map", and ("list", form of the items) - or ANY.

Differences that are known of the library are allowed for here:

- It has a type for four formats of strings, and for no others.
- It drops control characters from the values of enums, and escapes some others.
- Values of maps are not compared (`document_for_library`), nor parameters that are written by `content`.
- Our enums are open: beside one a plain string, or an integer, adds nothing. A string includes dates in a union.
- A type that one of the readers takes as anything is not compared: they give up at different schemas.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from ..document.problems import Source
from ..ir.model import Api, Body, Parameter, Response
from ..ir.types import ANY, AnyType, ListOf, MapOf, Ref, Scalar, Type, UnionOf
from .document_for_library import LibraryNames

Form = frozenset[Any] | AnyType
_FORMATS = ("date-time", "date", "uuid", "binary")
_PRIMITIVES = {
    "BooleanProperty": "bool",
    "FloatProperty": "float",
    "IntProperty": "int",
    "NoneProperty": "null",
    "StringProperty": "str",
    "DateTimeProperty": "str:date-time",
    "DateProperty": "str:date",
    "UuidProperty": "str:uuid",
    "FileProperty": "str:binary",
}


class Fact(NamedTuple):
    """Our fact about a part, whose name is `text` in messages."""

    text: str
    source: Source
    value: Any


class Subject(NamedTuple):
    """A model, an enum, an operation or a webhook; our facts about its parts."""

    text: str
    source: Source
    facts: Mapping[str, Fact]


def facts_of_api(api: Api, names: LibraryNames, forms: Forms) -> Iterator[tuple[str, Subject]]:
    """What we read, by the names that the library is given."""
    for model in api.models:
        facts = {
            f"f_{i}": Fact(field.wire, field.source, (field.required, forms.of_type(field.type)))
            for i, field in enumerate(model.fields)
        }
        yield names.classes[model.name], Subject(f"the model {model.name}", model.source, facts)
    for enum in api.enums:
        values = [str(value.value) for value in enum.values]
        facts = {f"VALUE_{i}": Fact(v, enum.source, v if _is_plain(v) else ANY) for i, v in enumerate(values)}
        yield names.classes[enum.name], Subject(f"the enum {enum.name}", enum.source, facts)
    for operation in api.operations:
        facts = {
            f"{p.location}_{i}": Fact(p.wire, p.source, (p.required, forms.of_parameter(p)))
            for i, p in enumerate(operation.parameters)
        }
        facts |= {r.status.upper(): Fact(r.status, r.source, forms.of_content(r)) for r in operation.responses}
        facts |= _body(operation.body, forms)
        name = f"{operation.method.lower()} {names.paths[operation.path]}"
        yield name, Subject(f"{operation.method} {operation.path}", operation.source, facts)
    for webhook in api.webhooks:
        name = f"{webhook.method.lower()} {names.paths[webhook.name]}"
        yield name, Subject(f"the webhook {webhook.wire}", webhook.source, _body(webhook.body, forms))


def _body(body: Body | None, forms: Forms) -> dict[str, Fact]:
    return {"body": Fact("body", body.source, forms.of_content(body))} if body else {}


def facts_of_library(reading: Any, forms: Forms) -> Iterator[tuple[str, dict[str, Any]]]:
    """What the library reads: the values of its facts about each subject."""
    for model in reading.models:
        properties = [*(model.required_properties or ()), *(model.optional_properties or ())]
        yield str(model.class_info.name), forms.of_properties(properties)
    for enum in reading.enums:
        yield str(enum.class_info.name), {name: str(value) for name, value in enum.values.items()}
    for collection in reading.endpoint_collections_by_tag.values():
        for endpoint in collection.endpoints:
            values: dict[str, Any] = dict(forms.of_properties(endpoint.query_parameters))
            values |= {r.status_code.pattern.upper(): forms.of_property(r.prop) for r in endpoint.responses}
            if endpoint.bodies:
                values["body"] = forms.of_property(endpoint.bodies[0].prop)
            yield f"{endpoint.method} {endpoint.path.get_untrusted_value()}", values


class Forms:
    """The forms of types of both readings, with the library's names of classes."""

    def __init__(self, api: Api, names: LibraryNames) -> None:
        self.classes = names.classes
        self.aliases = {alias.name: alias.type for alias in api.aliases}
        self.models = {self.classes[model.name] for model in api.models}
        first_values = {self.classes[enum.name]: enum.values[0].value for enum in api.enums}
        self.string_enums = {name for name, value in first_values.items() if isinstance(value, str)}
        self.integer_enums = first_values.keys() - self.string_enums
        self.cache: dict[str | int, Form] = {}
        """Forms of aliases by name, and of properties by id: very many can contain the same."""

    def of_content(self, holder: Body | Response) -> Form:
        """The form of the first type of a body or response."""
        types = (media.type for media in holder.content if not media.events)  # those of events are our own invention
        return next((self.of_type(type_) for type_ in types if type_ is not None), ANY)

    def of_parameter(self, parameter: Parameter) -> Form:
        """The form of a parameter's type; the library does not know `content`."""
        return ANY if parameter.media_type else self.of_type(parameter.type)

    def of_type(self, type_: Type) -> Form:
        match type_:
            case AnyType():
                return ANY
            case Scalar(primitive, format_):
                has_type = primitive == "str" and format_ in _FORMATS
                return frozenset({f"str:{format_}" if has_type else primitive})
            case Ref(name) if name in self.aliases:
                if name not in self.cache:
                    self.cache[name] = ANY  # inside itself: it contains itself without end
                    self.cache[name] = self.of_type(self.aliases[name])
                return self.cache[name]
            case Ref(name):
                return frozenset({self.classes[name]})
            case ListOf(item):
                return frozenset({("list", self.of_type(item))})
            case MapOf():
                return frozenset({"map"})
            case UnionOf(members):
                return self.union([self.of_type(member) for member in members])

    def of_properties(self, properties: Iterable[Any]) -> dict[str, tuple[bool, Form]]:
        """Whether the library's properties are required, and their forms, by name."""
        return {p.name.get_untrusted_value(): (p.required, self.of_property(p)) for p in properties}

    def of_property(self, library_property: Any) -> Form:
        key = id(library_property)
        if key not in self.cache:
            self.cache[key] = self._read_property(library_property)
        return self.cache[key]

    def _read_property(self, library_property: Any) -> Form:
        match type(library_property).__name__:
            case "AnyProperty":
                return ANY
            case "UnionProperty":
                return self.union([self.of_property(member) for member in library_property.inner_properties])
            case "ListProperty":
                return frozenset({("list", self.of_property(library_property.inner_property))})
            case "ModelProperty":  # its own properties are filled in after the copy that stands here was made
                name = str(library_property.class_info.name)
                return frozenset({name if name in self.models else "map"})
            case "EnumProperty":
                return frozenset({str(library_property.class_info.name)})
            case name:
                return frozenset({_PRIMITIVES.get(name, name)})

    def union(self, members: list[Form]) -> Form:
        """The alternatives of all members, without those that add nothing to others."""
        alternatives = frozenset[Any]()
        for member in members:
            if isinstance(member, AnyType):
                return ANY
            alternatives |= member
        if alternatives & self.string_enums:
            alternatives = frozenset(a for a in alternatives if not str(a).startswith("str"))
        elif alternatives & {"str", "str:uuid"}:
            alternatives -= {"str:date-time", "str:date"}
        return alternatives - {"int"} if alternatives & self.integer_enums else alternatives


@lru_cache(maxsize=4096)
def agree(left: Any, right: Any) -> bool:
    """Whether the values of two facts are equal, as far as neither says ANY."""
    if ANY in (left, right):
        return True
    if isinstance(left, frozenset) and isinstance(right, frozenset):
        return all(any(agree(a, b) for b in right) for a in left) and all(any(agree(a, b) for a in left) for b in right)
    if isinstance(left, tuple) and isinstance(right, tuple):
        return all(map(agree, left, right))
    return bool(left == right)


def text_of(value: Any) -> str:
    """A value of a fact, for messages."""
    match value:
        case frozenset():
            return " | ".join(sorted(map(text_of, value)))
        case ("list", items):
            return f"list[{text_of(items)}]"
        case AnyType():
            return "any"
        case (required, form):
            return f"{'required' if required else 'optional'} {text_of(form)}"
        case _:
            return str(value)


def _is_plain(value: str) -> bool:
    """Whether the library leaves a value of an enum as it is."""
    return value.isprintable() and not set(value) & {'"', "\\"}
