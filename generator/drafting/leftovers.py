"""What no unified field is drafted from, and the unified fields without a candidate: each group with a question why."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

from ..ir.model import Field
from .lines import Line, comment, listed
from .places import snake


def raw_only(values: Mapping[str, Field], mapped: Collection[str], root: str) -> Iterator[Line]:
    """The entries of `raw_only`: of an object from which nothing is mapped as a whole, else what is left of it."""
    left = [pointer for pointer in values if not any(_is_within(pointer, name) for name in mapped)]
    if not left:
        return
    yield Line("raw_only:", "what has no place in WorkflowRun, with the reason")
    for place, pointers in _grouped(left, lambda pointer: _object_of(pointer, root)).items():
        if place == root:
            for related in _related(pointers):
                yield from _entry("at", related, values)
        elif any(_is_within(name, place) for name in mapped):
            yield from _entry("rest_of", [place], values)
        else:
            yield from _entry("at", [place], values)


def _related(pointers: list[str]) -> Iterator[list[str]]:
    """Values whose names begin with the same word, each such group, and at last those of no group."""
    groups = _grouped(pointers, _topic)
    yield from (group for group in groups.values() if len(group) > 1)
    if single := [pointer for group in groups.values() if len(group) == 1 for pointer in group]:
        yield single


def _topic(pointer: str) -> str:
    """What values of a group have in common: they are addresses, or their names begin with the same word."""
    words = snake(pointer.rpartition("/")[2]).split("_")
    return "url" if words[-1] in ("url", "href", "link", "uri") else words[0]


def _grouped(pointers: list[str], key: Callable[[str], str]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for pointer in pointers:
        groups.setdefault(key(pointer), []).append(pointer)
    return groups


def _entry(name: str, pointers: list[str], values: Mapping[str, Field]) -> Iterator[Line]:
    first, *rest = listed(f"  - {name}: ", pointers)
    note = comment(values[pointers[0]].description) if pointers[0] in values and len(pointers) == 1 else ""
    yield Line(first.text, note)
    yield from rest
    yield Line("    because: '?'")


def absent(fields: Collection[str], filled: Collection[str], objects: Collection[str]) -> Iterator[Line]:
    """The entry of `absent`: all fields that nothing fills; an object stands for all that is in it."""
    left = [name for name in fields if not any(_is_inside(name, target) for target in filled)]
    names: list[str] = []
    for name in left:
        whole = next((o for o in objects if _is_inside(name, o) and not any(_is_inside(t, o) for t in filled)), name)
        if whole not in names:
            names.append(whole)
    if names:
        yield Line("absent:", "the fields that nothing fills, with the reason")
        yield from listed("  - fields: ", names)
        yield Line("    because: '?'", "such as: The response has no such field.")


def _object_of(pointer: str, root: str) -> str:
    """The outermost object around a value, below the run; the run itself where there is none."""
    inside = pointer.removeprefix(root).split("/")[1:] if _is_within(pointer, root) else []
    if not inside:
        return f"/{pointer.split('/')[1]}"
    return f"{root}/{inside[0]}" if len(inside) > 1 else root


def _is_within(pointer: str, container: str) -> bool:
    return pointer == container or pointer.startswith(f"{container}/")


def _is_inside(name: str, container: str) -> bool:
    return name == container or name.startswith(f"{container}.")
