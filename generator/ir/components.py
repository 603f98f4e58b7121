"""The schemas of `components` that have a Python name -> models, enums and aliases."""

from __future__ import annotations

from typing import Any

from ..document.problems import Problems, Source
from ..document.tree import Array, Object
from ..simplify.discriminators import constants
from ..simplify.enums import DESCRIPTIONS, NAMES
from ..simplify.names import Naming, unique_names
from ..simplify.schemas import is_class
from .discriminators import read_discriminator, report_indistinct
from .model import Alias, Enum, EnumValue, Field, Model
from .schema_types import TypeReader, restrictions_of
from .types import MapOf, Ref, Type
from .values import default_of, examples_of, flag, mapping, text

_ADDITIONAL = "additionalProperties*"
"""The run-time core's name for the attribute of properties beyond the declared ones."""
_MOST_WORDS = 5
"""Words in the name of an enum's member; a title of more is a sentence."""
_SIGNS = {"+": "plus", "-": "minus", "*": "star", "/": "slash", "%": "percent", "=": "equal", "!": "not"}
_SIGNS |= {"<": "less", ">": "greater", "&": "and", "|": "or", "~": "like", "^": "caret", ".": "dot"}


class ComponentReader:
    """Reads the components of one document; what cannot be represented goes to `problems`."""

    def __init__(self, types: TypeReader, naming: Naming, problems: Problems) -> None:
        self.schemas, self.types, self.naming, self.problems = types.schemas, types, naming, problems

    def models(self) -> tuple[Model, ...]:
        """The components that are objects with declared properties."""
        return tuple(self._model(name, s) for name, s in self.schemas.items() if is_class(s) and "enum" not in s)

    def enums(self) -> tuple[Enum, ...]:
        """The components that are enums."""
        return tuple(self._enum(name, s) for name, s in self.schemas.items() if is_class(s) and "enum" in s)

    def aliases(self) -> tuple[Alias, ...]:
        """The components that are aliases."""
        return tuple(self._alias(name, s) for name, s in self.schemas.items() if self.types.aliases.is_alias(name))

    def _alias(self, name: str, schema: Object) -> Alias:
        type_ = self.types.alias_type(name)
        discriminator = read_discriminator(schema, type_, self.types, self.problems)
        report_indistinct(schema, type_, discriminator, self.types, self.problems)
        return Alias(name, type_, schema.source, text(schema, "description"), flag(schema, "deprecated"), discriminator)

    def _model(self, name: str, schema: Object) -> Model:
        properties = schema["properties"]
        names = unique_names({wire: self.naming.identifier(wire) for wire in properties})
        required = set(schema.get("required") or ())
        additional = schema.get("additionalProperties", True)
        additional_field = self._additional_field(schema, set(names.values()))
        return Model(
            name=name,
            fields=tuple(
                self._field(names[wire], wire, child, wire in required, properties.where(wire))
                for wire, child in properties.items()
            ),
            source=schema.source,
            description=text(schema, "description"),
            deprecated=flag(schema, "deprecated"),
            additional=None if additional is False else self.types.type(additional),
            additional_field=additional_field,
            restrictions=restrictions_of(schema),
        )

    def _additional_field(self, schema: Object, names: set[str]) -> Field | None:
        """The field of the properties beyond the declared ones: only where the document says that there are any."""
        additional = schema.get("additionalProperties", False)
        if additional is False:
            return None
        source = schema.where("additionalProperties")
        if _ADDITIONAL in schema["properties"]:
            message = f"a property is called {_ADDITIONAL!r}: additional properties are not read"
            self.problems.warning("additional-properties", source, message)
            return None
        name = "additional_properties"
        while name in names:
            name += "_"
        documented = text(mapping(schema, "additionalProperties"), "description")
        description = f"Properties beyond the declared ones.\n\n{documented}".strip()
        type_ = MapOf(self.types.type(additional))
        return Field(name, "", type_, required=False, source=source, description=description)

    def _field(self, name: str, wire: str, schema: Any, required: bool, source: Source) -> Field:
        annotations, type_ = schema if isinstance(schema, Object) else Object(), self.types.type(schema)
        return Field(
            name=name,
            wire=wire,
            type=type_,
            required=required,
            source=source,
            description=text(annotations, "description") or self._description_of_constant(type_),
            deprecated=flag(annotations, "deprecated"),
            read_only=flag(annotations, "readOnly"),
            write_only=flag(annotations, "writeOnly"),
            default=default_of(schema),
            constants=tuple(value for value in constants(self.schemas, schema) if not isinstance(value, bool)),
            type_source=self.types.source(schema),
            examples=examples_of(schema),
        )

    def _description_of_constant(self, type_: Type) -> str:
        """The description of a component that is a constant, and has no class that could show it."""
        if not isinstance(type_, Ref) or type_.constant is None:
            return ""
        return text(self.schemas[type_.name], "description")

    def _enum(self, name: str, schema: Object) -> Enum:
        listed, descriptions, titles = schema["enum"], mapping(schema, DESCRIPTIONS), mapping(schema, NAMES)
        names = self._given_names(listed, titles)
        if names:  # a title that is the name says nothing more
            described = ((key, value) for key, value in descriptions.items() if value != titles.get(key))
            descriptions = Object(described, descriptions.source)
        names = names or unique_names({str(value): _constant_name(value, self.naming) for value in listed})
        values = tuple(
            EnumValue(names[str(value)], value, listed.where(index), text(descriptions, str(value)))
            for index, value in enumerate(listed)
        )
        return Enum(name, values, schema.source, text(schema, "description"), flag(schema, "deprecated"))

    def _given_names(self, listed: Array, given: Object) -> dict[str, str]:
        """The names that the document gives to the values of an enum; none where they are not names of all of them."""
        texts = {str(value): text(given, str(value)) for value in listed}
        names = {value: _member_name(name, self.naming) for value, name in texts.items()}
        return names if all(names.values()) and len({*names.values()}) == len(names) else {}


def _member_name(given: str, naming: Naming) -> str:
    """A name as that of an enum's member; "" where it is not a name, but a sentence."""
    name = naming.identifier(given).upper().strip("_")
    return name if name.isidentifier() and len(given.split()) <= _MOST_WORDS else ""


def _constant_name(value: str | int, naming: Naming) -> str:
    if isinstance(value, int):
        return f"VALUE_{value}" if value >= 0 else f"VALUE_NEGATIVE_{-value}"
    if not value.strip():
        return "EMPTY"
    name = naming.identifier(f"value {_signs_spelled(value)}").upper().removeprefix("VALUE_").strip("_")
    return name if name.isidentifier() else f"VALUE_{name}".rstrip("_")


def _signs_spelled(value: str) -> str:
    """A value of signs alone in words, so that `>=` and `<` differ; else its first sign, as in `-created`."""
    if not any(c.isalnum() for c in value):
        return " ".join(_SIGNS.get(c, c) for c in value)
    return f"{_SIGNS[value[0]]} {value[1:]}" if value[0] in "+-" and value[1].isalnum() else value
