"""Groups: the tags of a document with many operations become attributes of the client, each with its own methods.

A name depends on the group's own operations alone, and no number tells groups apart: tags that make one identifier are
one group. So what is added to a document changes no name, save where two operations of one group would like the same
short one; then both have their long ones (see `settled`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..document.operations import METHODS, operations
from ..document.tree import Object
from ..simplify.names import RESERVED_METHOD_NAMES, Naming, operation_names, preferred_names
from .model import Group

GROUPED_FROM = 40
"""As many operations as make groups of a document's tags, unless somebody says otherwise."""
GROUP_NAMES_IN_USE = ("raw",)
"""Public members of the run-time core's groups."""
BUILTINS = frozenset(
    (
        *(
            "all",
            "any",
            "compile",
            "eval",
            "exec",
            "filter",
            "format",
            "hash",
            "help",
            "input",
            "list",
            "map",
            "max",
            "min",
        ),
        *("next", "open", "print", "range", "round", "set", "sorted", "sum", "vars", "zip"),
    )
)
"""Functions of Python whose names methods may have: nobody mistakes `client.runs.list()` for one. `list` apart, no
annotation of a generated module mentions any of them."""
_LONGEST = 60
"""Characters of a group's name, which is that of a file, too."""
_NO_BEGINNING = frozenset(("by", "of", "for", "in", "with", "and", "or", "to", "from", "at", "on"))


@dataclass(frozen=True, slots=True)
class Place:
    """Where an operation is a method: of the client where `group` is "", and what it is called there."""

    group: str
    name: str


def read_groups(
    document: Object, naming: Naming, grouped: bool | None
) -> tuple[tuple[Group, ...], dict[tuple[str, str], Place]]:
    """The groups by name, and the place of each operation by path and method; `grouped` None: if there are many."""
    found = [(path, method, value) for path, method, value in operations(document)]
    if grouped is None:
        grouped = len(found) >= GROUPED_FROM
    if not grouped:
        return (), {}
    tags: dict[str, set[str]] = {}
    inside: dict[str, dict[str, tuple[str, str, Object]]] = {}
    for path, method, value in found:
        tag = _tag(value)
        name = _group_name(tag, naming) if tag else ""
        inside.setdefault(name, {})[f"{path} {METHODS.index(method)}"] = (path, method, value)
        if name:
            tags.setdefault(name, set()).add(tag)
    places: dict[tuple[str, str], Place] = {}
    for group, members in inside.items():
        wanted = {key: operation_names(*member, naming) for key, member in members.items()}
        if group:
            wanted = {key: _inside(group, names, naming) for key, names in wanted.items()}
        reserved = GROUP_NAMES_IN_USE if group else (*RESERVED_METHOD_NAMES, *inside)
        names = preferred_names(wanted, reserved)
        places |= {(path, method): Place(group, names[key]) for key, (path, method, _) in members.items()}
    descriptions = _descriptions(document)
    groups = (_group(name, sorted(tags[name]), descriptions, naming) for name in sorted(tags))
    return tuple(groups), places


def _tag(operation: Object) -> str:
    """The first tag; "" when there is none that could be a name."""
    tags = operation.get("tags")
    first = next((tag for tag in tags if isinstance(tag, str)), "") if isinstance(tags, list) else ""
    return first if any(c.isalnum() for c in first) else ""


def _group_name(tag: str, naming: Naming) -> str:
    name = naming.identifier(naming.identifier(tag)[:_LONGEST].rstrip("_"))
    return f"{name}_" if name in RESERVED_METHOD_NAMES else name


def _group(name: str, tags: list[str], descriptions: dict[str, str], naming: Naming) -> Group:
    described = next((descriptions[tag] for tag in tags if descriptions.get(tag)), "")
    return Group(name, f"{_class_stem(tags[0], naming)}Group", tags[0], described)


def _class_stem(tag: str, naming: Naming) -> str:
    """The class name of a tag; where that could be another tag's too (a1, a_1), one that keeps the words apart."""
    stem = naming.class_name(tag).rstrip("_")  # a name of Python's own is none any more with `Group` behind it
    if naming.identifier(stem) != naming.identifier(tag):
        stem = "_".join(word.capitalize() for word in naming.identifier(tag).split("_"))
    return naming.class_name(stem[:_LONGEST]) if len(stem) > _LONGEST else stem


def _descriptions(document: Object) -> dict[str, str]:
    tags = document.get("tags")
    entries = [tag for tag in tags if isinstance(tag, Object)] if isinstance(tags, list) else []
    return {str(tag.get("name")): text for tag in entries if isinstance(text := tag.get("description"), str)}


def _inside(group: str, names: tuple[str, ...], naming: Naming) -> tuple[str, ...]:
    """What an operation would like to be called inside its group: without the group's own words, if it can be."""
    shorter = [_rest(group.split("_"), name.split("_"), naming) for name in names]
    plain = [_plain(name) for name in names]
    return tuple(dict.fromkeys(name for name in (*shorter, *plain) if name))


def _rest(group: list[str], words: list[str], naming: Naming) -> str:
    """`get` of `workflow_run_get` in the group `workflow_runs`; "" when what is left is no good name."""
    head, rest = words[: len(group)], words[len(group) :]
    same = head[:-1] == group[:-1] and head and head[-1].removesuffix("s") == group[-1].removesuffix("s")
    if not same or not rest or rest[0] in _NO_BEGINNING or re.fullmatch(r"v?\d+", rest[0]):
        return ""
    name = _plain(naming.identifier("_".join(rest)))
    return name if name == "_".join(rest) else ""


def _plain(name: str) -> str:
    return name[:-1] if name.endswith("_") and name[:-1] in BUILTINS else name
