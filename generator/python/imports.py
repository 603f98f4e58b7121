"""The names that generated modules import, and the lines that import them."""

from __future__ import annotations

from collections.abc import Iterable

from .expressions import ANY, CORE, PREFIXES, Name, names_in
from .quoting import Code

MAPPING = Name("Mapping", "collections.abc", "_Mapping")
DATE, TIME, TIMEDELTA = (Name(name, "datetime", f"_{name}") for name in ("date", "time", "timedelta"))
DATETIME, UNIFIED_TIMEDELTA = Name("datetime", "datetime"), Name("timedelta", "datetime")
DECIMAL = Name("Decimal", "decimal", "_Decimal")
TYPE_CHECKING, BINARY_IO, LITERAL = (Name(name, "typing") for name in ("TYPE_CHECKING", "BinaryIO", "Literal"))
TYPE_ALIAS, UNION = (Name(name, "typing", f"_{name}") for name in ("TypeAlias", "Union"))
UUID = Name("UUID", "uuid")
UNSET, STRUCT, UNSET_TYPE = (Name(name, "msgspec") for name in ("UNSET", "Struct", "UnsetType"))
FIELD = Name("field", "msgspec", "_field")
ABSENT, ACCEPTS, ADDITIONAL_PROPERTIES, ALIAS, DECIMAL_NUMBER, ENUM_OR_INT, ENUM_OR_STR, FILE = (
    Name(name, CORE, f"_{name}")
    for name in (
        *("ABSENT", "Accepts", "additional_properties", "Alias", "DecimalNumber"),
        *("EnumOrInt", "EnumOrStr", "File"),
    )
)
MODEL_MAPPING, OPEN_STRUCT, SEQUENCE_NOT_STR, STRUCT_WITH_CONSTANTS = (
    Name(name, CORE, f"_{name}") for name in ("Mapping", "OpenStruct", "SequenceNotStr", "StructWithConstants")
)
OPEN_INT_ENUM, OPEN_STR_ENUM = Name("OpenIntEnum", CORE), Name("OpenStrEnum", CORE)
OPEN_LITERAL = Name("Literal", CORE)
"""`Literal` for type checkers, and any value of its JSON type at run time."""
AWARE_DATETIME = Name("AwareDatetime", ".aware")

_SECTIONS = (
    (
        *(MAPPING, DATE, DATETIME, TIME, UNIFIED_TIMEDELTA, TIMEDELTA, DECIMAL),
        *(TYPE_CHECKING, *names_in(ANY), BINARY_IO, LITERAL, TYPE_ALIAS, UNION, UUID),
    ),
    (
        *(UNSET, STRUCT, UNSET_TYPE, FIELD),
        *(ABSENT, ACCEPTS, ADDITIONAL_PROPERTIES, ALIAS, DECIMAL_NUMBER, ENUM_OR_INT, ENUM_OR_STR, FILE),
        *(
            OPEN_LITERAL,
            MODEL_MAPPING,
            OPEN_INT_ENUM,
            OPEN_STR_ENUM,
            OPEN_STRUCT,
            SEQUENCE_NOT_STR,
            STRUCT_WITH_CONSTANTS,
        ),
    ),
    (AWARE_DATETIME,),
)
"""All names that modules import, in the order of the lines: the standard library, libraries, the package itself."""


def import_lines(names: Iterable[Name], module: str = "", *, standalone: bool = False) -> list[Code]:
    """The lines, blank ones among them, that import what a module (see `code_of`) writes without a prefix.

    `standalone`: the core is a part of the package.
    """
    used = {name for name in names if module or name.module not in PREFIXES}
    lines: list[Code] = []
    for section in _SECTIONS:
        origins = list(dict.fromkeys(name.module for name in section if name in used))
        lines += [Code("")] if lines and origins else []
        for origin in origins:
            imported = [name for name in section if name in used and name.module == origin]
            texts = (f"{name.name} as {name.alias}" if name.alias else name.name for name in imported)
            is_inside = standalone and origin == CORE
            lines += [Code("")] if is_inside and origin != origins[0] else []
            lines.append(Code(f"from {f'._vendor.{CORE}' if is_inside else origin} import {', '.join(texts)}"))
    return lines
