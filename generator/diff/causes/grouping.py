"""Which changes have the same cause: those at the same place of the document, whatever their layer and operation.

A few causes have no place of their own: servers, credentials, a prefix of paths, a convention of names, a package that
came or went. Their changes share what they say instead.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence

from ...interpreter.fast_dataclasses import dataclass
from ..finding import Change, in_order
from .cause import Cause, by_weight
from .places import Places
from .subject import MOVED, RENAMED, is_of_security_scheme

Key = tuple[Hashable, ...]
"""What changes with the same cause share."""

_CONVENTION = 3
"""In this many places, a change that is the same in all of them counts as a change of a convention."""
_MANY_NAMES = 10
"""So many new names have one cause, whatever they are: who gives that many has another convention for names."""
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^A-Za-z0-9]")
"""A word of a name in Python, or what separates words."""
_SHARED_PLACE = re.compile(r"(?:/(?:paths|webhooks)/[^/]*(?:/[a-z]+)?)?")
"""The pointer of an operation, a path or the whole document, where changes of several kinds are reported."""
_ASPECTS = {
    "python-method-added": "operation",
    "python-method-removed": "operation",
    "python-deprecated": "operation",
    "python-docstring-changed": "description",
    "summary": "description",
}
"""The kind of a change at a shared place, by its rule or by its place in words, if neither is the kind itself."""


def group(changes: Iterable[Change]) -> tuple[Cause, ...]:
    """The causes of the changes, the worst first."""
    ordered = in_order(changes)
    whole = {c.package for c in ordered if c.rule in ("python-package-added", "python-package-removed")}
    places = Places()
    kinds = [*map(_kind, ordered)]
    distinct = dict(zip(kinds, ordered, strict=True))
    conventional = {kind: [*_conventional(change, places)] for kind, change in distinct.items()}
    conventions = _conventions(distinct.values(), conventional.values(), places)
    shared = _Shared(conventions, _moved_operations(ordered), places)
    keys = {
        kind: [("package", change.package)] if change.package in whole else [*_keys(change, shared, conventional[kind])]
        for kind, change in distinct.items()
    }
    clients = {change.package for change in ordered if change.layer != "normalized"}
    causes = [_cause(members, len(clients) > 1) for members in _connected(ordered, kinds, keys)]
    return tuple(sorted(causes, key=Cause.weight))


def _kind(change: Change) -> Hashable:
    """What the keys of a change depend on: all that it says but the operation, unless it is about the operation itself.

    So what operations share has the same keys in all of them, and these are worked out once.
    """
    sources = id(change.old), id(change.new), id(change.follows)
    operation = change.operation if _is_of_operation(change) else bool(change.operation)
    return change.rule, change.layer, change.package, change.place, change.before, change.after, operation, sources


def _conventions(changes: Iterable[Change], keys: Iterable[Iterable[Key]], places: Places) -> frozenset[Key]:
    """What so many changes share that a convention of the document is their cause; `keys` as in `_conventional`."""
    values: dict[Key, set[str]] = {}
    for change, conventional in zip(changes, keys, strict=True):
        for key in conventional:
            values.setdefault(key, set()).add(places.value(change.new or change.old) or change.place)
    return frozenset(key for key, distinct in values.items() if len(distinct) >= _needed(key))


def _needed(key: Key) -> int:
    """How many places make a convention; a key of two parts says only that there are new names."""
    return _MANY_NAMES if len(key) == 2 else _CONVENTION


def _conventional(change: Change, places: Places) -> Iterator[Key]:
    """What a change may share with others by convention: new names, or the same change of what has the same name."""
    if change.rule in RENAMED:
        yield change.rule, change.package
        yield change.rule, change.package, _replaced_words(change.before, change.after)
    elif change.rule == "python-parameter-renamed":
        yield change.rule, change.package, change.before, change.after
    elif place := _parameter_or_answer(change):
        yield place, change.package, change.before, change.after
    elif (source := change.new or change.old) and (names := places.properties(source)):
        yield change.rule, change.package, change.before, change.after, names


def _replaced_words(before: str, after: str) -> tuple[str, str]:
    """What one name has where the other one differs: ("get", "fetch") for `get_bed` and `fetch_bed`."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    for _ in range(2):  # what both begin with, then what both end with
        while old and new and old[-1] == new[-1]:
            old, new = old[:-1], new[:-1]
        old, new = old[::-1], new[::-1]
    return "".join(old), "".join(new)


def _parameter_or_answer(change: Change) -> str:
    """What changed in an operation, if that is a whole parameter, body or answer; "" for a value inside."""
    if change.rule in ("python-exception-added", "python-exception-removed"):
        return f"answer {change.after or change.before}"
    is_whole = re.fullmatch(r"(?:parameter|body|answer)[^/]*", change.place)
    return f"{change.rule} {change.place}" if is_whole and change.layer == "wire" else ""


def _cause(changes: Sequence[Change], has_owner: bool) -> Cause:
    owners = {change.package for change in changes if change.layer != "normalized"}
    return Cause(tuple(sorted(changes, key=by_weight)), min(owners) if has_owner and owners else "")


def _connected(
    changes: Iterable[Change], kinds: Iterable[Hashable], keys: Mapping[Hashable, Sequence[Key]]
) -> Iterable[list[Change]]:
    """The changes in groups: changes that share a key are in the same, and so on from change to change.

    `kinds` are those of the changes, `keys` the keys of each kind.
    """
    leaders: dict[Key, Key] = {}

    def leader(key: Key) -> Key:
        while (above := leaders.setdefault(key, key)) != key:
            leaders[key] = key = leaders[above]
        return key

    for first, *further in keys.values():
        for key in further:
            leaders[leader(key)] = leader(first)
    leader_of = {kind: leader(first) for kind, (first, *_) in keys.items()}
    groups: dict[Key, list[Change]] = {}
    for change, kind in zip(changes, kinds, strict=True):
        groups.setdefault(leader_of[kind], []).append(change)
    return groups.values()


@dataclass(frozen=True, slots=True)
class _Shared:
    """What changes of a report share that is not said at one place."""

    conventions: frozenset[Key]
    moved: Mapping[tuple[str, str], Key]
    """What the operations whose paths moved share, by package and operation."""
    places: Places


def _moved_operations(changes: Iterable[Change]) -> dict[tuple[str, str], Key]:
    """The prefixes by which operations moved, by package and operation."""
    moved: dict[tuple[str, str], Key] = {}
    for change in changes:
        if change.rule in MOVED and change.operation and (prefixes := _prefixes(change.before, change.after)):
            moved.setdefault((change.package, change.operation), ("prefix", change.package, prefixes))
    return moved


def _keys(change: Change, shared: _Shared, conventional: Iterable[Key]) -> Iterator[Key]:
    """What a change shares with the others of its cause; at least one key. `conventional`: see there."""
    if _is_of_operation(change) and (prefix := shared.moved.get((change.package, change.operation))):
        yield prefix
        return
    conventions = [key for key in conventional if key in shared.conventions]
    yield from conventions
    if change.rule in RENAMED and conventions:
        return
    if _is_about_servers(change):
        scope = (change.before, change.after) if change.operation else ()
        yield "servers", change.package, scope
    elif change.rule.startswith("api-security") and change.place == "security":
        yield "security", change.package, change.rule, change.before, change.after
    if _is_about_all_credentials(change):
        yield "credentials", change.package
    yield from _places(change, shared.places)
    if not (change.old or change.new):
        yield change.package, change.rule, change.place
    if change.follows:
        pointer = shared.places.value(change.follows)
        aspect = "operation" if _SHARED_PLACE.fullmatch(pointer) else ""
        yield from ((version, change.follows.file, pointer, aspect) for version in ("old", "new"))


def _is_about_all_credentials(change: Change) -> bool:
    """Whether a change is about what all operations ask for, or about the argument that takes a credential."""
    if change.rule.startswith("python-constructor-argument"):
        return is_of_security_scheme(change.new or change.old)
    return change.rule.startswith("api-security") and change.place == "security" and not change.operation


def _is_about_servers(change: Change) -> bool:
    if change.rule == "python-requests-changed":
        return change.before.startswith("to ") and change.after.startswith("to ")
    return change.rule.startswith("api-server-")


def _is_of_operation(change: Change) -> bool:
    """Whether a change is about the path of an operation, or the name of its method."""
    is_path = change.rule in MOVED and _prefixes(change.before, change.after) is not None
    return is_path or change.rule == "python-method-renamed"


def _prefixes(before: str, after: str) -> tuple[str, str] | None:
    """What two routes have before the segments that they share at their ends; None for other texts."""
    old, new = (text.rpartition(" ")[2].split("/") for text in (before, after))
    if old[0] or new[0] or len(old) < 2 or len(new) < 2:
        return None
    while len(old) > 1 and len(new) > 1 and _unnamed(old[-1]) == _unnamed(new[-1]):
        old, new = old[:-1], new[:-1]
    return "/".join(old), "/".join(new)


def _unnamed(segment: str) -> str:
    return re.sub(r"\{[^{}]*\}", "{}", segment)


def _places(change: Change, places: Places) -> Iterator[Key]:
    """Where the document changed: in both versions, or in the only one that has what changed.

    Where that is only one, the place in the other version is merely what contained it.
    """
    old, new = places.value(change.old), places.value(change.new)
    has_two = bool(change.old and change.new) and old != new
    if change.new and not (has_two and change.before and not change.after):
        yield "new", change.new.file, new, _aspect(change, new)
    if change.old and not (has_two and change.after and not change.before):
        yield "old", change.old.file, old, _aspect(change, old)


def _aspect(change: Change, pointer: str) -> str:
    """The kind of a change at a place that several kinds share; "" at other places."""
    if not _SHARED_PLACE.fullmatch(pointer):
        return ""
    if "security" in change.rule or "credential" in change.rule:
        return "security"
    by_place = "" if change.layer == "python" else change.place
    return _ASPECTS.get(change.rule) or _ASPECTS.get(by_place) or by_place or change.rule
