"""Groups: tags, or segments of paths, become attributes of the client, each with its own methods (see `grouping.py`).

A method's name depends on the operations of its group alone, and groups are never numbered: tags that give the same
identifier are the same group. So additions to a document change no name, except where two operations of a group prefer
the same short name; then both get their long names (see `preferred_names`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..document.operations import METHODS, operations
from ..document.tree import Object
from ..interpreter.fast_dataclasses import dataclass
from ..simplify.names import RESERVED_METHOD_NAMES, Naming, operation_names, preferred_names
from .grouping import Label, label_of
from .model import Group

GROUP_NAMES_IN_USE = ("paginated", "raw")
"""Public members of the run-time core's groups."""
BUILTINS = frozenset((
    "all", "any", "compile", "eval", "exec", "filter", "format", "hash", "help", "input", "list", "map", "max", "min",
    "next", "open", "print", "range", "round", "set", "sorted", "sum", "vars", "zip",
))  # fmt: skip
"""Functions of Python whose names methods may have: nobody mistakes `client.runs.list()` for the builtin. No annotation
of a generated module mentions any of them but `list`."""
_LONGEST = 60
"""Characters of a group's name, which is that of a file, too."""
_KINDS = ("controller", "service", "resource", "handler", "endpoint", "endpoints", "router", "api")
"""What frameworks append to the name of a class of operations, which then begins operationIds: `BedsApi_get`."""
_CLASS = re.compile(rf"([A-Za-z0-9]*[a-z0-9])(?:{'|'.join(kind.title() for kind in _KINDS)}|API)(?=[^A-Za-z0-9])")
_NO_BEGINNING = frozenset(("by", "of", "for", "in", "with", "and", "or", "to", "from", "at", "on"))


@dataclass(frozen=True, slots=True)
class MethodName:
    """The name of an operation's method: of the client where `group` is "", else of this group."""

    group: str
    name: str


def read_groups(
    document: Object, naming: Naming, group_by: str
) -> tuple[tuple[Group, ...], dict[tuple[str, str], MethodName]]:
    """The groups by name, and the name of each operation by path and method. `group_by`: see `Options`."""
    labels: dict[str, set[Label]] = {}
    members: dict[str, list[tuple[str, str, Object]]] = {}
    for path, method, value in operations(document):
        label = label_of(path, value, group_by)
        group = _group_name(label.text, naming) if label.text else ""
        members.setdefault(group, []).append((path, method, value))
        if group:
            labels.setdefault(group, set()).add(label)
    names: dict[tuple[str, str], MethodName] = {}
    for group, operations_ in members.items():
        reserved = GROUP_NAMES_IN_USE if group else (*RESERVED_METHOD_NAMES, *members)
        names |= _method_names(group, operations_, reserved, naming)
    descriptions = _descriptions(document)
    groups = (_group(name, sorted(labels[name]), descriptions, naming) for name in sorted(labels))
    return tuple(groups), names


def _method_names(
    group: str, members: list[tuple[str, str, Object]], reserved: Iterable[str], naming: Naming
) -> dict[tuple[str, str], MethodName]:
    """The names of a group's operations, by path and method. They do not depend on the order in the document."""
    wanted: dict[str, tuple[str, ...]] = {}
    keys: dict[str, tuple[str, str]] = {}
    for path, method, value in members:
        names, key = operation_names(path, method, value, naming), f"{path} {METHODS.index(method)}"
        wanted[key] = _names_in_group(group, names, _without_kind(value, naming), naming) if group else names
        keys[key] = path, method
    return {keys[key]: MethodName(group, name) for key, name in preferred_names(wanted, reserved).items()}


def _group_name(tag: str, naming: Naming) -> str:
    name = naming.identifier(naming.identifier(tag)[:_LONGEST].rstrip("_"))
    return f"{name}_" if name in RESERVED_METHOD_NAMES else name


def _group(name: str, labels: list[Label], descriptions: dict[str, str], naming: Naming) -> Group:
    description = next((descriptions[label.tag] for label in labels if descriptions.get(label.tag)), "")
    return Group(name, f"{_class_stem(labels[0].text, naming)}Group", labels[0].tag, description, labels[0].segment)


def _class_stem(tag: str, naming: Naming) -> str:
    """The class name of a tag; with its words kept apart where another tag could have the same name (a1, a_1)."""
    stem = naming.class_name(tag).rstrip("_")  # the `_` behind a name of Python's own is superfluous before `Group`
    if naming.identifier(stem) != naming.identifier(tag):
        stem = "_".join(word.capitalize() for word in naming.identifier(tag).split("_"))
    return naming.class_name(stem[:_LONGEST]) if len(stem) > _LONGEST else stem


def _descriptions(document: Object) -> dict[str, str]:
    tags = document.get("tags")
    entries = [tag for tag in tags if isinstance(tag, Object)] if isinstance(tags, list) else []
    return {str(tag.get("name")): text for tag in entries if isinstance(text := tag.get("description"), str)}


def _names_in_group(
    group: str, names: tuple[str, ...], without_kind: tuple[str, ...], naming: Naming
) -> tuple[str, ...]:
    """The names of an operation in its group, in order of preference: first those without the group's own words.

    If there are names `without_kind`, the shorter names are made from them.
    """
    shorter = [_without_group(group.split("_"), name.split("_"), naming) for name in without_kind or names]
    unescaped = [_unescaped(name) for name in names]
    return tuple(dict.fromkeys(name for name in (*shorter, *unescaped) if name))


def _without_kind(operation: Object, naming: Naming) -> tuple[str, ...]:
    """`beds_get` for the operationId `BedsApi_get`; none where it does not begin with such a name."""
    match = _CLASS.match(id_) if isinstance(id_ := operation.get("operationId"), str) else None
    return (naming.identifier(f"{match[1]}{match.string[match.end() :]}"),) if match else ()


def _without_group(group: list[str], words: list[str], naming: Naming) -> str:
    """`get` of `workflow_run_get` in the group `workflow_runs`; "" when the words behind the group's are not a name."""
    stems = [[*group, "controller"], group, group[:-1] if group[-1] in _KINDS else []]
    stem = next((stem for stem in stems if stem and all(map(_is_same, stem, words))), None)
    tail = words[len(stem) :] if stem else []
    if not tail or tail[0] in _NO_BEGINNING or re.fullmatch(r"v?[0-9]+", tail[0]):
        return ""
    name = _unescaped(naming.identifier("_".join(tail)))
    return name if name == "_".join(tail) else ""


def _is_same(word: str, another: str) -> bool:
    """Whether two words are the same, or one is the other's plural."""
    return word == another or word in _plurals(another) or another in _plurals(word)


def _plurals(word: str) -> tuple[str, ...]:
    return f"{word}s", f"{word}es", re.sub("y$", "ies", word)


def _unescaped(name: str) -> str:
    """A name without the trailing `_` that distinguishes it from a builtin function of Python."""
    return name[:-1] if name.endswith("_") and name[:-1] in BUILTINS else name
