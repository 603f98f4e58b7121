"""OpenAPI Overlay 1.0 (https://spec.openapis.org/overlay/v1.0.0.html), applied strictly.

Where the standard is silent an action that matches nothing, or changes nothing, is an error: the correction it once
was has gone stale. Nested arrays are concatenated (as Overlay 1.1 words it); to replace one, remove it first. Each
action needs a `description`: the reason why the published document is corrected.
"""

from __future__ import annotations

import re
from typing import Any

import jsonpath_rfc9535 as jsonpath

from .problems import Problems
from .tree import Array, Mark, Object, reroot

_FIELDS = {"overlay", "info", "extends", "actions"}
_ACTION_FIELDS = {"target", "description", "update", "remove"}


def apply_overlay(document: Object, overlay: Object, problems: Problems) -> Object:
    """The document with every action of the overlay applied in order; what is wrong goes to `problems`."""
    result: Object = reroot(document)
    for action in _actions(overlay, problems):
        _apply(result, action, problems)
    corrected: Object = reroot(result)
    return corrected


def _actions(overlay: Object, problems: Problems) -> list[Object]:
    version = overlay.get("overlay")
    if not isinstance(version, str) or not re.fullmatch(r"1\.0\.\d+", version):
        problems.error("overlay-version", overlay.where("overlay"), f"overlay: {version!r} is not 1.0.x")
    info = overlay.get("info")
    if not isinstance(info, Object) or not all(isinstance(info.get(key), str) for key in ("title", "version")):
        problems.error("overlay-shape", overlay.where("info"), "an overlay needs info.title and info.version as text")
    _unknown_fields(overlay, _FIELDS, problems)
    actions = overlay.get("actions")
    if not isinstance(actions, Array) or not actions:
        problems.error("overlay-shape", overlay.where("actions"), "an overlay needs at least one action")
        return []
    return [action for i, action in enumerate(actions) if _well_formed(action, actions, i, problems)]


def _well_formed(action: Any, actions: Array, index: int, problems: Problems) -> bool:
    place, before = actions.where(index), len(problems.errors)
    if not isinstance(action, Object):
        problems.error("overlay-shape", place, "an action is a mapping")
        return False
    if not isinstance(action.get("target"), str):
        problems.error("overlay-shape", place, "an action needs a target, an RFC 9535 JSONPath")
    if not isinstance(action.get("description"), str) or not action["description"].strip():
        problems.error("overlay-reason", place, "an action needs a description: the reason for the correction")
    remove = action.get("remove", False)
    if not isinstance(remove, bool):
        problems.error("overlay-shape", action.where("remove"), "remove is true or false")
    elif ("update" in action) == remove:
        problems.error("overlay-shape", place, "an action either updates or removes")
    _unknown_fields(action, _ACTION_FIELDS, problems)
    return len(problems.errors) == before


def _unknown_fields(value: Object, known: set[str], problems: Problems) -> None:
    for key in value:
        if key not in known and not key.startswith("x-"):
            hint = f"known here: {', '.join(sorted(known))}"
            problems.error("overlay-shape", value.where(key), f"unknown field {key!r}", hint)


def _apply(document: Object, action: Object, problems: Problems) -> None:
    place = action.where("target")
    try:
        nodes = jsonpath.find(action["target"], document)
    except (jsonpath.JSONPathError, RecursionError) as error:
        problems.error("overlay-target", place, f"{action['target']!r} is not an RFC 9535 JSONPath: {error}")
        return
    if not nodes:
        hint = "the published document changed, or the target is misspelled; correct or delete the action"
        problems.error("overlay-no-match", place, f"{action['target']!r} matches nothing", hint)
        return
    if not all(isinstance(node.value, (Object, Array)) for node in nodes):
        hint = "target the mapping around it, and update its key"
        problems.error("overlay-target", place, f"{action['target']!r} selects a plain value", hint)
        return
    if action.get("remove"):
        _remove(document, [node.location for node in nodes], action, problems)
        return
    changed = [_update(node.value, action["update"], action, problems) for node in nodes]
    if not any(changed):
        hint = "the published document says so itself by now; delete the action"
        problems.error("overlay-no-change", place, f"the update of {action['target']!r} changes nothing", hint)


def _remove(document: Object, locations: list[tuple[int | str, ...]], action: Object, problems: Problems) -> None:
    if () in locations:
        problems.error("overlay-target", action.where("target"), "the whole document cannot be removed")
        return
    # Longest and last first: what is still to be removed keeps its place.
    for location in sorted(set(locations), key=lambda at: [(isinstance(t, int), t) for t in at], reverse=True):
        parent: Any = document
        for token in location[:-1]:
            parent = parent[token]
        del parent[location[-1]]
        del parent.marks[location[-1]]


def _update(target: Any, update: Any, action: Object, problems: Problems) -> bool:
    if isinstance(target, Array):
        target.append(reroot(update))
        target.marks.append(Mark(*_mark(action, update)))
        return True
    if not isinstance(update, Object):
        problems.error("overlay-shape", action.where("update"), "the update of a mapping is a mapping")
        return True
    return _merge(target, update, problems)


def _merge(target: Object, update: Object, problems: Problems) -> bool:
    changed = False
    for key, new in update.items():
        old = target.get(key)
        if key in target and isinstance(old, Object) and isinstance(new, Object):
            changed |= _merge(old, new, problems)
        elif key in target and isinstance(old, Array) and isinstance(new, Array):
            old.extend(reroot(new))
            old.marks.extend(new.marks)
            changed |= bool(new)
        elif key in target and (isinstance(old, (Object, Array)) or isinstance(new, (Object, Array))):
            hint = "remove it in an action of its own first"
            message = f"{key!r} has another shape in the document"
            problems.error("overlay-incompatible", update.where(key), message, hint)
            changed = True
        elif key not in target or type(old) is not type(new) or old != new:
            target[key] = reroot(new)
            target.marks[key] = update.marks[key]
            changed = True
    return changed


def _mark(action: Object, update: Any) -> tuple[str, int]:
    place = update.source if isinstance(update, (Object, Array)) else action.where("update")
    return place.file, place.line
