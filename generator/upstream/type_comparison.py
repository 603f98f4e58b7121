"""Types of both readers in one form, in which equal types are equal.

The form of a type is the set of its alternatives: names of primitives with a format that matters, classes, "map", and
("list", form of the items) - or ANY. Differences that are known of the library are allowed for here:

- It has a type of its own for four formats of strings, and for no others.
- Of a map only that it is one is compared (`library_document`).
- Our enums are open: beside one a plain string, or an integer, adds nothing. A string includes dates in a union.
- A type that one of the readers takes as anything is not compared: they give up at different schemas.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from ..ir.model import Api
from ..ir.types import AnyType, ListOf, MapOf, Ref, Scalar, Type, UnionOf

ANY: Final = "any"
Form = frozenset[Any] | str
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


class TypeComparison:
    """Compares types of the intermediate representation with properties of the library.

    `classes` are the library's names of our components.
    """

    def __init__(self, api: Api, classes: Mapping[str, str]) -> None:
        self.classes = classes
        self._aliases = {alias.name: alias.type for alias in api.aliases}
        first_values = {classes.get(enum.name, enum.name): enum.values[0].value for enum in api.enums}
        self._string_enums = {name for name, value in first_values.items() if isinstance(value, str)}
        self._integer_enums = first_values.keys() - self._string_enums
        self._models = {classes.get(model.name, model.name) for model in api.models}
        self._alias_forms: dict[str, Form] = {}
        self._property_forms: dict[int, Form] = {}

    def difference(self, type_: Type, library_property: Any) -> str:
        """How the library's type differs from ours; "" if it does not."""
        expected, actual = self.form(type_), self.form_of_property(library_property)
        return "" if _agree(expected, actual) else f"{_text(actual)} instead of {_text(expected)}"

    def form(self, type_: Type) -> Form:
        """The form of a type of ours."""
        match type_:
            case AnyType():
                return ANY
            case Scalar(primitive, format_):
                has_type = primitive == "str" and format_ in _FORMATS
                return frozenset({f"str:{format_}" if has_type else primitive})
            case Ref(name) if name in self._aliases:
                return self._form_of_alias(name)
            case Ref(name):
                return frozenset({self.classes.get(name, name)})
            case ListOf(item):
                return frozenset({("list", self.form(item))})
            case MapOf():
                return frozenset({"map"})
            case UnionOf(members):
                return self._union([self.form(member) for member in members])

    def _form_of_alias(self, name: str) -> Form:
        if name not in self._alias_forms:
            self._alias_forms[name] = ANY  # inside itself: it contains itself without end
            self._alias_forms[name] = self.form(self._aliases[name])
        return self._alias_forms[name]

    def form_of_property(self, library_property: Any) -> Form:
        """The form of a type of the library; each object is read once, as very many can contain the same."""
        key = id(library_property)
        if key not in self._property_forms:
            self._property_forms[key] = self._read_property(library_property)
        return self._property_forms[key]

    def _read_property(self, library_property: Any) -> Form:
        match type(library_property).__name__:
            case "AnyProperty":
                return ANY
            case "UnionProperty":
                return self._union([self.form_of_property(member) for member in library_property.inner_properties])
            case "ListProperty":
                return frozenset({("list", self.form_of_property(library_property.inner_property))})
            case "ModelProperty":  # its own properties are filled in after the copy that stands here was made
                name = str(library_property.class_info.name)
                return frozenset({name if name in self._models else "map"})
            case "EnumProperty":
                return frozenset({str(library_property.class_info.name)})
            case name:
                return frozenset({_PRIMITIVES.get(name, name)})

    def _union(self, members: list[Form]) -> Form:
        """The alternatives of all members, without those that add nothing to others."""
        if ANY in members:
            return ANY
        alternatives = frozenset(alternative for member in members for alternative in member)
        if alternatives & self._string_enums:
            alternatives = frozenset(a for a in alternatives if not str(a).startswith("str"))
        elif alternatives & {"str", "str:uuid"}:
            alternatives -= {"str:date-time", "str:date"}
        return alternatives - {"int"} if alternatives & self._integer_enums else alternatives


@lru_cache(maxsize=4096)
def _agree(left: Form, right: Form) -> bool:
    if isinstance(left, str) or isinstance(right, str):
        return True
    return all(any(_same(a, b) for b in right) for a in left) and all(any(_same(a, b) for a in left) for b in right)


def _same(left: Any, right: Any) -> bool:
    if isinstance(left, tuple) and isinstance(right, tuple):
        return _agree(left[1], right[1])
    return bool(left == right)


def _text(form: Form) -> str:
    if isinstance(form, str):
        return form
    return " | ".join(sorted(f"list[{_text(a[1])}]" if isinstance(a, tuple) else a for a in form))
