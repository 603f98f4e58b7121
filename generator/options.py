"""What users decide about a package: in its pyproject.toml, in `provider.yaml`, or by options of a command.

A new option is a field of `Options`, and a line of `_READERS`, which says how its key is read. What has been decided is
printed into the package's pyproject.toml, and read from there when the package is generated again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, fields, replace
from typing import Any

from .document.field_reader import FieldReader
from .document.problems import Source
from .document.tree import Object
from .interpreter.fast_dataclasses import dataclass
from .versions import VERSION_PATTERN

TAGS = "tags"
"""The value of `group-by` that is not a path."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """What names operations: a tag, a path with wildcards, or an operationId; and where it was written."""

    text: str
    source: Source = field(compare=False)


Patterns = tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class Options:
    """What has been decided; None, or another empty value, is undecided."""

    version: str = ""
    """The version of a package of `client`; those of providers' packages are in versions.yaml."""
    groups: bool | None = None
    """Whether methods are in groups."""
    group_by: str = ""
    """What makes the groups: tags, or the first segments of paths behind this one."""
    standalone: bool | None = None
    """Whether the core is inside the package, so that nothing else of ours has to be installed."""
    pagination: Object = field(default_factory=Object)
    """How operations get their next pages, by operationId or by method and path; False where they have none."""
    include_tags: Patterns = ()
    """With any `include`, only the operations that one of these names are in the package; see `selection.py`."""
    include_paths: Patterns = ()
    include_operations: Patterns = ()
    exclude_tags: Patterns = ()
    """Operations that are not in the package, whatever includes them."""
    exclude_paths: Patterns = ()
    exclude_operations: Patterns = ()

    @property
    def includes(self) -> Patterns:
        """All patterns of operations that are in the package."""
        return (*self.include_tags, *self.include_paths, *self.include_operations)

    @property
    def excludes(self) -> Patterns:
        """All patterns of operations that are not in the package."""
        return (*self.exclude_tags, *self.exclude_paths, *self.exclude_operations)

    @property
    def patterns(self) -> Patterns:
        """All patterns, of whatever they are."""
        return (*self.includes, *self.excludes)

    def table(self) -> dict[str, Any]:
        """What has been decided, by key; the values are those of TOML."""
        values = {_key(field.name): getattr(self, field.name) for field in fields(self)}
        texts = {key: _as_toml(value) for key, value in values.items()}
        return {key: value for key, value in texts.items() if value is False or value}

    def overridden(self, **values: Any) -> Options:
        """The options with those `values` that are not None in their place."""
        return replace(self, **{name: value for name, value in values.items() if value is not None})


UNDECIDED = Options()


def _as_toml(value: Any) -> Any:
    return [pattern.text for pattern in value] if isinstance(value, tuple) else value


def given_patterns(option: str, values: Sequence[str] | None) -> Patterns | None:
    """The patterns that an option of the command line gives; an empty text is none, so that it clears the key.

    None where the option is not given.
    """
    return tuple(Pattern(value, Source(option)) for value in values if value) if values else None


def _key(attribute: str) -> str:
    return attribute.replace("_", "-")


def _group_by(reader: FieldReader, table: Object, key: str) -> str:
    value = table[key]
    if isinstance(value, str) and (value == TAGS or value.startswith("/")):
        return value
    hint = f'write "{TAGS}", or the path behind which the first segment names the group, such as "/"'
    reader.error(table.where(key), f"`{key}` is neither {TAGS} nor a path", hint)
    return ""


def _version(reader: FieldReader, table: Object, key: str) -> str:
    value = table[key]
    if isinstance(value, str) and VERSION_PATTERN.fullmatch(value):
        return value
    reader.error(table.where(key), f"`{key}` is not three numbers", 'write "1.2.0", such as')
    return ""


def _patterns(reader: FieldReader, table: Object, key: str) -> Patterns:
    return tuple(Pattern(text, source) for text, source in reader.texts(table, key))


_READERS: Mapping[str, Callable[[FieldReader, Object, str], Any]] = {
    "version": _version,
    "groups": FieldReader.flag,
    "group-by": _group_by,
    "standalone": FieldReader.flag,
    "pagination": FieldReader.mapping,
    "include-tags": _patterns,
    "include-paths": _patterns,
    "include-operations": _patterns,
    "exclude-tags": _patterns,
    "exclude-paths": _patterns,
    "exclude-operations": _patterns,
}
"""How the value of each key is read and checked."""
OPTION_KEYS = frozenset(_READERS)


def read_options(table: Object, reader: FieldReader) -> Options:
    """The options in `table`, which may have other keys as well; what is wrong with their values is reported."""
    values = {key: read(reader, table, key) for key, read in _READERS.items() if key in table}
    return Options(**{key.replace("-", "_"): value for key, value in values.items()})
