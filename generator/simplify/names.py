"""Names that stay: decided from keys and positions, never from titles or the order of keys.

What operations share is named after its component. Classes below one parent (a component, an operation) that are equal
are one: it has the name of the outermost, then alphabetically first place.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import field

from ..document.operations import METHODS, map_operations, operations, webhooks
from ..document.schemas import SHARED, Position
from ..document.tree import Object
from ..interpreter.fast_dataclasses import dataclass
from ..repair.webhooks import SENT_BY

PYTHON_NAME = "x-python-name"
"""The extension by which the simplified document carries the Python name of an operation."""

RESERVED_CLASS_NAMES = ("Any", "Struct", "UNSET", "UnsetType", "Literal", "OpenStrEnum", "OpenIntEnum")
"""What a generated module of models imports under names that a class of the document could have."""
RESERVED_METHOD_NAMES = (
    "close",
    "aclose",
    "base_url",
    "globals",
    "paginated",
    "raw",
    "request",
    "server_urls",
    "timeout",
    "with_options",
)
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
    used: set[str] = field(default_factory=set)
    """In lower case."""
    numbers: dict[str, int] = field(default_factory=dict)
    """The last number of each name that several classes would have."""

    def take(self, text: str) -> str:
        """The class name of `text`; if another class has it already, with the next free number."""
        name = self.naming.class_name(text)
        if name in RESERVED_CLASS_NAMES:
            name = f"{name}Model"
        candidate = name
        while candidate.lower() in self.used:
            self.numbers[name] = self.numbers.get(name, 1) + 1
            candidate = self.naming.class_name(f"{name}{self.numbers[name]}")
        self.used.add(candidate.lower())
        return candidate

    def components(self, keys: Iterable[str]) -> dict[str, str]:
        """Class names of components: keys that are class names are first in the queue, all others follow it, sorted."""
        queue = sorted(keys, key=lambda key: (self.naming.class_name(key) != key, key))
        return {key: self.take(key) for key in queue}


@dataclass(frozen=True)
class ClassTexts:
    """What the names of classes begin with, by where their schemas are written."""

    naming: Naming
    operation_names: Mapping[tuple[str, str], str]
    """By method and path or key."""

    def text(self, position: Position) -> str:
        """The text for the name of a class at a position."""
        match position:
            case ("path", path, *details):
                stem, end = _words_of_path(path), _in_operation(details)
            case (kind, key, *details) if kind in SHARED:
                stem, end = self._with_kind(key, kind), _in_shared(details)
            case ("callback", key, _, method, *details):
                stem, end = f"{self._with_kind(key, 'callback')} {method}", _in_operation(details)
            case (method, path, *details):
                stem, end = self.operation_names[method, path], _in_operation(details)
        return f"{self.naming.class_name(stem)} {end}".strip()

    def _with_kind(self, key: str, kind: str) -> str:
        """The key of a component, and what it is, unless the key says so."""
        says_so = self.naming.class_name(key).lower().endswith((kind, "param") if kind == "parameter" else kind)
        return key if says_so else f"{key} {kind}"


def class_texts_of(document: Object, naming: Naming) -> ClassTexts:
    """The texts for the names of a document's classes, whose operations and webhooks are named."""
    names = {(method, path): str(operation[PYTHON_NAME]) for path, method, operation in operations(document)}
    for key, method, webhook in webhooks(document):
        names[method, key] = f"{webhook[PYTHON_NAME]} {key.partition(' ')[0]}"
    return ClassTexts(naming, names)


def _in_operation(details: list[str]) -> str:
    """What the name of a class in a part of an operation ends with; `details` as in `Position`."""
    match details:
        case ["parameter", name, *_]:
            return name
        case ["body", *_]:
            return "Body"
        case ["response", status, "header", name, *_]:
            return f"{status} {name}"
        case ["response", status, _, *event]:
            return " ".join(["Response" if status in ("200", "201") else f"Response {status}", *event])
    return ""


def _in_shared(details: list[str]) -> str:
    """What the name of a class in a shared component ends with."""
    match details:
        case ["header", name, *_]:
            return name
        case [_, *event]:
            return " ".join(event)
    return ""


def unique_names(names: Mapping[str, str], reserved: Iterable[str] = ()) -> dict[str, str]:
    """Distinct names by key: keys that are their own names keep them, all others follow, sorted.

    A reserved name gets `_`, one that is in use the next free number.
    """
    reserved, used = set(reserved), set[str]()
    result: dict[str, str] = {}
    numbers: dict[str, int] = {}  # the last one of each name that several keys would have
    for key in sorted(names, key=lambda key: (names[key] != key, key)):
        name = f"{names[key]}_" if names[key] in reserved else names[key]
        candidate = name
        while candidate in used or candidate in reserved:
            numbers[name] = numbers.get(name, 1) + 1
            candidate = f"{name}_{numbers[name]}"
        used.add(candidate)
        result[key] = candidate
    return result


def preferred_names(preferences: Mapping[str, tuple[str, ...]], reserved: Iterable[str] = ()) -> dict[str, str]:
    """A name for each key: the first of its preferences that no other key prefers, else the last one.

    So a key that is added later takes a short name from nobody: both then have their long ones. Equal long names are
    numbered as by `unique_names`.
    """
    reserved = set(reserved)
    wishes = Counter(name for names in preferences.values() for name in dict.fromkeys(names))
    long_names = unique_names({key: names[-1] for key, names in preferences.items()}, reserved)
    uses = Counter(long_names.values())

    def is_free(name: str, key: str) -> bool:
        used_by_others = uses[name] > (long_names[key] == name)
        return wishes[name] == 1 and name not in reserved and not used_by_others

    return {
        key: next((name for name in names[:-1] if is_free(name, key)), long_names[key])
        for key, names in preferences.items()
    }


def name_operations(document: Object, naming: Naming) -> Object:
    """The document with the Python name of every operation; duplicates are numbered by path and method."""

    def key(path: str, method: str) -> str:
        return f"{path} {METHODS.index(method)}"

    preferences = {
        key(path, method): operation_names(path, method, operation, naming)
        for path, method, operation in operations(document)
    }
    names = preferred_names(preferences, RESERVED_METHOD_NAMES)
    return map_operations(document, lambda path, method, o: o.replacing(PYTHON_NAME, names[key(path, method)]))


def name_webhooks(document: Object, naming: Naming) -> Object:
    """The document with the Python name of every webhook: its key, for a callback behind the operation's name.

    Where that is not enough the method follows, and then the expression.
    """
    if "webhooks" not in document:
        return document
    callers = {(path, method): str(operation[PYTHON_NAME]) for path, method, operation in operations(document)}
    preferences: dict[str, tuple[str, ...]] = {}
    for key, method, webhook in webhooks(document):
        sender = webhook[SENT_BY]
        caller = f"{callers[sender['path'], sender['method']]} " if "path" in sender else ""
        short = f"{caller}{sender['key']}"
        texts = (short, f"{short} {method}", f"{short} {method} {sender.get('expression', '')}")
        preferences[key] = tuple(dict.fromkeys(map(naming.identifier, texts)))
    names = preferred_names(preferences)

    def named(item: Object, name: str) -> Object:
        return item.derive((method, webhook.replacing(PYTHON_NAME, name)) for method, webhook in item.items())

    named_webhooks = document["webhooks"].derive((k, named(item, names[k])) for k, item in document["webhooks"].items())
    return document.replacing("webhooks", named_webhooks)


def operation_names(path: str, method: str, operation: Object, naming: Naming) -> tuple[str, ...]:
    """Names of an operation, as for `preferred_names`: the last one is complete, one before it shorter."""
    text = _operation_text(path, method, operation)
    short = _without_route(text, path, method)
    return tuple(dict.fromkeys(map(naming.identifier, (short, text))))


def _operation_text(path: str, method: str, operation: Object) -> str:
    for key in ("x-speakeasy-name-override", "operationId"):
        if isinstance(operation.get(key), str) and operation[key].strip():
            return str(operation[key])
    return f"{method} {_words_of_path(path)}"


def _words_of_path(path: str) -> str:
    return path.replace("{", " ").replace("}", " ").replace("/", " ")


def _without_route(text: str, path: str, method: str) -> str:
    """An operationId without its own path and method, which FastAPI appends (`fastapi.utils.generate_unique_id`).

    `read_flow_flows__id__get` of GET /flows/{id} is the function `read_flow`. Nothing else is removed.
    """
    stem = text.removesuffix(re.sub(r"\W", "_", path) + f"_{method}")
    return stem if re.search(r"[A-Za-z]", stem) else text
