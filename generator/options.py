"""What users decide about a package: in its pyproject.toml, in `provider.yaml`, or by options of a command.

A new option is a field of `Options`, and a line of `_READERS`, which says how its key is read. What has been decided is
printed into the package's pyproject.toml, and read from there when the package is generated again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from .document.field_reader import FieldReader
from .document.tree import Object

TAGS = "tags"
"""The value of `group-by` that is not a path."""


@dataclass(frozen=True, slots=True)
class Options:
    """What has been decided; None, or another empty value, is undecided."""

    groups: bool | None = None
    """Whether methods are in groups."""
    group_by: str = ""
    """What makes the groups: tags, or the first segments of paths behind this one."""
    pagination: Object = field(default_factory=Object)
    """How operations get their next pages, by operationId or by method and path; False where they have none."""

    def table(self) -> dict[str, Any]:
        """What has been decided, by key; the values are those of TOML."""
        values = {_key(each.name): getattr(self, each.name) for each in fields(self)}
        return {key: value for key, value in values.items() if value is False or value}

    def overridden(self, **values: Any) -> Options:
        """The options with those `values` that are not None in their place."""
        return replace(self, **{name: value for name, value in values.items() if value is not None})


UNDECIDED = Options()


def _key(attribute: str) -> str:
    return attribute.replace("_", "-")


def _group_by(reader: FieldReader, table: Object, key: str) -> str:
    value = table[key]
    if isinstance(value, str) and (value == TAGS or value.startswith("/")):
        return value
    hint = f'write "{TAGS}", or the path behind which the first segment names the group, such as "/"'
    reader.error(table.where(key), f"`{key}` is neither {TAGS} nor a path", hint)
    return ""


_READERS: Mapping[str, Callable[[FieldReader, Object, str], Any]] = {
    "groups": FieldReader.flag,
    "group-by": _group_by,
    "pagination": FieldReader.mapping,
}
"""How the value of each key is read and checked."""
OPTION_KEYS = frozenset(_READERS)


def read_options(table: Object, reader: FieldReader) -> Options:
    """The options in `table`, which may have other keys as well; what is wrong with their values is reported."""
    values = {key: read(reader, table, key) for key, read in _READERS.items() if key in table}
    return Options(**{key.replace("-", "_"): value for key, value in values.items()})
