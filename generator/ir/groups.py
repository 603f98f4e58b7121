"""Groups: the tags of a document with many operations become attributes of the client, each with its own methods.

A method's name depends on the operations of its group alone, and groups are never numbered: tags that give the same
identifier are the same group. So additions to a document change no name, except where two operations of a group prefer
the same short name; then both get their long names (see `preferred_names`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from ..document.operations import METHODS, operations
from ..document.tree import Object
from ..options import Options
from ..simplify.names import RESERVED_METHOD_NAMES, Naming, operation_names, preferred_names
from .model import Group

GROUPED_FROM = 40
"""Number of operations from which the tags of a document become groups, unless the user decides."""
GROUP_NAMES_IN_USE = ("raw",)
"""Public members of the run-time core's groups."""
BUILTINS = frozenset((
    "all", "any", "compile", "eval", "exec", "filter", "format", "hash", "help", "input", "list", "map", "max", "min",
    "next", "open", "print", "range", "round", "set", "sorted", "sum", "vars", "zip",
))  # fmt: skip
"""Functions of Python whose names methods may have: nobody mistakes `client.runs.list()` for the builtin. No annotation
of a generated module mentions any of them but `list`."""
_LONGEST = 60
"""Characters of a group's name, which is that of a file, too."""
_NO_BEGINNING = frozenset(("by", "of", "for", "in", "with", "and", "or", "to", "from", "at", "on"))


@dataclass(frozen=True, slots=True)
class MethodName:
    """The name of an operation's method: of the client where `group` is "", else of this group."""

    group: str
    name: str


def decided(document: Object, options: Options) -> Options:
    """The options with a decision about groups: where there is none, many operations make them."""
    many = sum(1 for _ in operations(document)) >= GROUPED_FROM
    return options if options.groups is not None else replace(options, groups=many)


def read_groups(document: Object, naming: Naming) -> tuple[tuple[Group, ...], dict[tuple[str, str], MethodName]]:
    """The groups by name, and the name of each operation by path and method."""
    tagged = [(path, method, value, _tag(value)) for path, method, value in operations(document)]
    tags: dict[str, set[str]] = {}
    members: dict[str, list[tuple[str, str, Object]]] = {}
    for path, method, value, tag in tagged:
        group = _group_name(tag, naming) if tag else ""
        members.setdefault(group, []).append((path, method, value))
        if group:
            tags.setdefault(group, set()).add(tag)
    names: dict[tuple[str, str], MethodName] = {}
    for group, operations_ in members.items():
        reserved = GROUP_NAMES_IN_USE if group else (*RESERVED_METHOD_NAMES, *members)
        names |= _method_names(group, operations_, reserved, naming)
    descriptions = _descriptions(document)
    groups = (_group(name, sorted(tags[name]), descriptions, naming) for name in sorted(tags))
    return tuple(groups), names


def _method_names(
    group: str, members: list[tuple[str, str, Object]], reserved: Iterable[str], naming: Naming
) -> dict[tuple[str, str], MethodName]:
    """The names of a group's operations, by path and method. They do not depend on the order in the document."""
    wanted: dict[str, tuple[str, ...]] = {}
    keys: dict[str, tuple[str, str]] = {}
    for path, method, value in members:
        names, key = operation_names(path, method, value, naming), f"{path} {METHODS.index(method)}"
        wanted[key] = _names_in_group(group, names, naming) if group else names
        keys[key] = path, method
    return {keys[key]: MethodName(group, name) for key, name in preferred_names(wanted, reserved).items()}


def _tag(operation: Object) -> str:
    """The first tag; "" when there is none that could be a name."""
    tags = operation.get("tags")
    name = next((tag for tag in tags if isinstance(tag, str)), "") if isinstance(tags, list) else ""
    return name if any(c.isalnum() for c in name) else ""


def _group_name(tag: str, naming: Naming) -> str:
    name = naming.identifier(naming.identifier(tag)[:_LONGEST].rstrip("_"))
    return f"{name}_" if name in RESERVED_METHOD_NAMES else name


def _group(name: str, tags: list[str], descriptions: dict[str, str], naming: Naming) -> Group:
    description = next((descriptions[tag] for tag in tags if descriptions.get(tag)), "")
    return Group(name, f"{_class_stem(tags[0], naming)}Group", tags[0], description)


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


def _names_in_group(group: str, names: tuple[str, ...], naming: Naming) -> tuple[str, ...]:
    """The names of an operation in its group, in order of preference: first those without the group's own words."""
    shorter = [_without_group(group.split("_"), name.split("_"), naming) for name in names]
    unescaped = [_unescaped(name) for name in names]
    return tuple(dict.fromkeys(name for name in (*shorter, *unescaped) if name))


def _without_group(group: list[str], words: list[str], naming: Naming) -> str:
    """`get` of `workflow_run_get` in the group `workflow_runs`; "" when the words behind the group's are not a name."""
    head, tail = words[: len(group)], words[len(group) :]
    is_same = head[:-1] == group[:-1] and head and head[-1].removesuffix("s") == group[-1].removesuffix("s")
    if not is_same or not tail or tail[0] in _NO_BEGINNING or re.fullmatch(r"v?\d+", tail[0]):
        return ""
    name = _unescaped(naming.identifier("_".join(tail)))
    return name if name == "_".join(tail) else ""


def _unescaped(name: str) -> str:
    """A name without the trailing `_` that distinguishes it from a builtin function of Python."""
    return name[:-1] if name.endswith("_") and name[:-1] in BUILTINS else name
