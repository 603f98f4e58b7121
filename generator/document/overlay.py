"""OpenAPI Overlay 1.0 (https://spec.openapis.org/overlay/v1.0.0.html), applied strictly.

Where the standard is silent an action that matches nothing, or changes nothing, is an error: the correction it once
was has gone stale. Nested arrays are concatenated (as Overlay 1.1 words it); to replace one, remove it first. Each
action needs a `description`: the reason why the published document is corrected.
"""

from __future__ import annotations

import re
from typing import Any

from ..steps import TooManySteps, steps_bounded
from .field_reader import MARK
from .problems import UNDECIDED, Problems, Source
from .tree import Array, Mark, Object, reroot, size_of, source_of

MISFITS = {"overlay-no-match", "overlay-no-change", "overlay-incompatible"}
"""The problems of an action that the document has outgrown; all others are mistakes in the overlay."""
_FIELDS = {"overlay", "info", "extends", "actions"}
_ACTION_FIELDS = {"target", "description", "update", "remove"}


def apply_overlay(document: Object, overlay: Object, problems: Problems) -> Object:
    """The document with every action of the overlay applied in order; what is wrong is added to `problems`."""
    copy: Object = reroot(document)
    for action in _actions(overlay, problems):
        try:
            with steps_bounded(size_of(copy)):
                _apply(copy, action, problems)
        except TooManySteps:
            message = f"{action['target']!r} takes too many steps"
            hint = "name what is meant, without `..` in or behind `..`, and with simpler patterns"
            problems.error("overlay-target", action.where("target"), message, hint)
            break
    corrected: Object = reroot(copy)
    return corrected


def _actions(overlay: Object, problems: Problems) -> list[Object]:
    version = overlay.get("overlay")
    if not isinstance(version, str) or not re.fullmatch(r"1\.0\.[0-9]+", version):
        problems.error("overlay-version", overlay.where("overlay"), f"overlay: {version!r} is not 1.0.x")
    info = overlay.get("info")
    if not isinstance(info, Object) or not all(isinstance(info.get(key), str) for key in ("title", "version")):
        problems.error("overlay-shape", overlay.where("info"), "an overlay needs info.title and info.version as text")
    _check_fields(overlay, _FIELDS, problems)
    actions = overlay.get("actions")
    if not isinstance(actions, Array) or not actions:
        problems.error("overlay-shape", overlay.where("actions"), "an overlay needs at least one action")
        return []
    return [action for i, action in enumerate(actions) if _is_well_formed(action, actions.where(i), problems)]


def _is_well_formed(action: Any, source: Source, problems: Problems) -> bool:
    errors = len(problems.errors)
    if isinstance(action, Object) and action.get("description") == MARK:
        hint = "say why in `description`, or remove the action"
        problems.error(UNDECIDED, action.where("description"), f"is this right, at {action.get('target')}?", hint)
        errors += 1
    if not isinstance(action, Object):
        problems.error("overlay-shape", source, "an action must be a mapping")
        return False
    if not isinstance(action.get("target"), str):
        problems.error("overlay-shape", source, "an action needs a target, an RFC 9535 JSONPath")
    if not isinstance(action.get("description"), str) or not action["description"].strip():
        problems.error("overlay-reason", source, "an action needs a description: the reason for the correction")
    remove = action.get("remove", False)
    if not isinstance(remove, bool):
        problems.error("overlay-shape", action.where("remove"), "`remove` must be true or false")
    elif ("update" in action) == remove:
        problems.error("overlay-shape", source, "an action needs either `update` or `remove`")
    _check_fields(action, _ACTION_FIELDS, problems)
    return len(problems.errors) == errors


def _check_fields(value: Object, known: set[str], problems: Problems) -> None:
    for key in value:
        if key not in known and not key.startswith("x-"):
            hint = f"the fields here are: {', '.join(sorted(known))}"
            problems.error("overlay-shape", value.where(key), f"unknown field {key!r}", hint)


def _apply(document: Object, action: Object, problems: Problems) -> None:
    """Change the document in place by one action."""
    from ..jsonpath.queries import InvalidPath, selected_nodes  # late: most documents have no overlay

    target, source = action["target"], action.where("target")
    try:
        nodes = selected_nodes(target, document)
    except InvalidPath as error:
        problems.error("overlay-target", source, f"{target!r} is not an RFC 9535 JSONPath: {error}")
        return
    if not nodes:
        hint = "the published document changed, or the target is misspelled; correct or delete the action"
        problems.error("overlay-no-match", source, f"{target!r} matches nothing", hint, subject=target)
    elif not all(isinstance(node.value, (Object, Array)) for node in nodes):
        hint = "target the mapping that contains it, and update its key"
        message = f"{target!r} selects a value that is not a mapping or a list"
        problems.error("overlay-incompatible", source, message, hint, subject=target)
    elif action.get("remove"):
        _remove(document, [node.location for node in nodes], action, problems)
    else:
        changes = [_update(node.value, action["update"], action, problems) for node in nodes]
        if not any(changes):
            hint = "the published document now has this value itself; delete the action"
            message = f"the update of {target!r} changes nothing"
            problems.error("overlay-no-change", source, message, hint, subject=target)


def _remove(document: Object, locations: list[tuple[int | str, ...]], action: Object, problems: Problems) -> None:
    if () in locations:
        problems.error("overlay-target", action.where("target"), "the whole document cannot be removed")
        return
    # Longest and last first: what is still to be removed keeps its location.
    for location in sorted(set(locations), key=lambda keys: [(isinstance(k, int), k) for k in keys], reverse=True):
        parent: Any = document
        for key in location[:-1]:
            parent = parent[key]
        del parent[location[-1]]
        del parent.marks[location[-1]]


def _update(target: Any, update: Any, action: Object, problems: Problems) -> bool:
    """Append to a list or merge into a mapping, in place; whether that changed anything."""
    if isinstance(target, Array):
        source = source_of(update, action.where("update"))
        target.append(reroot(update))
        target.marks.append(Mark(source.file, source.line, action.mark("update").spelling))
        return True
    if not isinstance(update, Object):
        problems.error("overlay-shape", action.where("update"), "the update of a mapping must be a mapping")
        return True
    return _merge(target, update, problems)


def _merge(target: Object, update: Object, problems: Problems) -> bool:
    changed = False
    for key, new in update.items():
        old = target.get(key)
        if isinstance(old, Object) and isinstance(new, Object):
            changed |= _merge(old, new, problems)
        elif isinstance(old, Array) and isinstance(new, Array):
            old.extend(reroot(new))
            old.marks.extend(new.marks)
            changed |= bool(new)
        elif key in target and (isinstance(old, (Object, Array)) or isinstance(new, (Object, Array))):
            hint = "remove it first, in a separate action"
            problems.error(
                "overlay-incompatible", update.where(key), f"{key!r} has another JSON type in the document", hint
            )
            changed = True
        elif key not in target or type(old) is not type(new) or target.as_written(key) != update.as_written(key):
            target[key] = reroot(new)
            target.marks[key] = update.marks[key]
            changed = True
    return changed
