"""Names that stay: decided from keys and places, never from titles, the order of keys, or equal structure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from ..document.operations import METHODS, map_operations, operations
from ..document.tree import Object

PYTHON_NAME = "x-python-name"
"""The extension by which the simplified document carries the Python name of an operation."""

RESERVED_CLASS_NAMES = ("Any", "Struct", "UNSET", "UnsetType", "OpenStrEnum", "OpenIntEnum")
"""What a generated module of models imports under names that a class of the document could have."""
RESERVED_METHOD_NAMES = ("close", "aclose", "base_url", "globals", "raw", "with_options")
"""Public members of the run-time core's clients."""


@dataclass(frozen=True)
class Naming:
    """How texts become Python names; both are total, and stable under repetition."""

    identifier: Callable[[str], str]
    class_name: Callable[[str], str]


@dataclass
class ClassNames:
    """Hands out class names that differ in more than case."""

    naming: Naming
    taken: set[str] = field(default_factory=set)

    def take(self, text: str) -> str:
        """The class name of `text`; where it is taken, with the next free number."""
        name = self.naming.class_name(text)
        if name in RESERVED_CLASS_NAMES:
            name = f"{name}Model"
        free, number = name, 1
        while free.lower() in self.taken:
            number += 1
            free = self.naming.class_name(f"{name}{number}")
        self.taken.add(free.lower())
        return free

    def components(self, keys: Iterable[str]) -> dict[str, str]:
        """Names of components: keys that are class names keep them, the others follow in sorted order."""
        first = sorted(keys, key=lambda key: (self.naming.class_name(key) != key, key))
        return {key: self.take(key) for key in first}


def unique_names(names: Mapping[str, str], reserved: Iterable[str] = ()) -> dict[str, str]:
    """Distinct names by key: keys that are their own names keep them, the others follow in sorted order.

    A reserved name gets `_`, one that is taken the next free number.
    """
    held, taken = set(reserved), set[str]()
    result: dict[str, str] = {}
    for key in sorted(names, key=lambda key: (names[key] != key, key)):
        name = f"{names[key]}_" if names[key] in held else names[key]
        free, number = name, 1
        while free in taken:
            number += 1
            free = f"{name}_{number}"
        taken.add(free)
        result[key] = free
    return result


def preferred_names(wanted: Mapping[str, tuple[str, ...]], reserved: Iterable[str] = ()) -> dict[str, str]:
    """A name for each key: the first of those that it would like which nobody else would, else the last one.

    So whoever comes later takes a short name from nobody: both then have their long ones. Long names that are alike
    are numbered as by `unique`.
    """
    held = set(reserved)
    asked = Counter(name for names in wanted.values() for name in dict.fromkeys(names))
    long = unique_names({key: names[-1] for key, names in wanted.items()}, held)
    taken = Counter(long.values())
    result: dict[str, str] = {}
    for key, names in wanted.items():
        short = (n for n in names[:-1] if asked[n] == 1 and n not in held and taken[n] == (long[key] == n))
        result[key] = next(short, long[key])
    return result


def name_operations(document: Object, naming: Naming) -> Object:
    """The document with the Python name of every operation; duplicates are numbered by path and method."""
    wanted = {
        f"{path} {METHODS.index(method)}": operation_names(path, method, operation, naming)
        for path, method, operation in operations(document)
    }
    names = preferred_names(wanted, RESERVED_METHOD_NAMES)

    def named(path: str, method: str, operation: Object) -> Object:
        return operation.replacing(PYTHON_NAME, names[f"{path} {METHODS.index(method)}"])

    return map_operations(document, named)


def operation_names(path: str, method: str, operation: Object, naming: Naming) -> tuple[str, ...]:
    """What an operation would like to be called; the last one is always good, the others are shorter."""
    text = _operation_text(path, method, operation)
    short = _without_route(text, path, method)
    return tuple(dict.fromkeys(naming.identifier(one) for one in (short, text)))


def _operation_text(path: str, method: str, operation: Object) -> str:
    for key in ("x-speakeasy-name-override", "operationId"):
        if isinstance(operation.get(key), str) and operation[key].strip():
            return str(operation[key])
    return f"{method} {path.replace('{', ' ').replace('}', ' ').replace('/', ' ')}"


def _without_route(text: str, path: str, method: str) -> str:
    """An operationId without its own path and method, which FastAPI appends (`fastapi.utils.generate_unique_id`).

    `read_flow_flows__id__get` of GET /flows/{id} is the function `read_flow`. Only just what FastAPI appends goes.
    """
    stem = text.removesuffix(re.sub(r"\W", "_", path) + f"_{method}")
    return stem if re.search(r"[A-Za-z]", stem) else text
