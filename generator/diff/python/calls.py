"""What changed for code that makes clients and calls their methods."""

from __future__ import annotations

from collections.abc import Iterator

from ..finding import Finding
from .annotations import NONE, Annotation
from .pairs import paired, paired_methods, paired_parameters
from .surface import Method, Parameter, Raised
from .view import View, added, changed, deprecated, removed, told

_NOTHING = Annotation((NONE,))
_PARAMETER_TYPES = {
    "widened": "python-parameter-type-widened",
    "narrowed": "python-parameter-type-narrowed",
    "declared": "python-parameter-type-narrowed",
    "other": "python-parameter-type-changed",
}
_RETURN_TYPES = {
    "widened": "python-return-type-widened",
    "narrowed": "python-return-type-narrowed",
    "declared": "python-type-declared",
    "other": "python-return-type-changed",
}


def methods(view: View) -> Iterator[Finding]:
    """What changed in the methods."""
    client = view.new.client
    pairs, gone, fresh = paired_methods(view.old, view.new)
    for one in gone:
        yield removed("python-method-removed", f"{client}.{one.name}", one, one.name, one.operation)
    for one in fresh:
        yield added("python-method-added", f"{client}.{one.name}", one, one.name, one.operation)
    for old, new in pairs:
        if old.name != new.name:
            place = f"{client}.{old.name}"
            yield changed("python-method-renamed", place, old, new, old.name, new.name, new.operation)
        place = f"{client}.{new.name}"
        yield from deprecated(place, old, new, new.operation)
        yield from told(place, old, new, new.operation)
        yield from _requests(place, old, new)
        yield from _parameters(view, place, old, new)
        yield from _returns(view, place, old, new)
        yield from _raises(view, place, old, new)
        yield from _headers(view, place, old, new)


def _requests(place: str, old: Method, new: Method) -> Iterator[Finding]:
    before, after = (f"{one.operation} at {one.server}" if one.server else one.operation for one in (old, new))
    if before != after:
        yield changed("python-requests-changed", place, old, new, before, after, new.operation)
    types = (old.media_type, new.media_type)
    if all(types) and types[0] != types[1]:
        yield changed("python-requests-changed", f"{place}(body)", old, new, *types, new.operation)
    later = dict(new.bodies)
    for media_type, written in old.bodies:
        if later.get(media_type, written) != written:
            words = written or "as JSON", later[media_type] or "as JSON"
            yield changed("python-requests-changed", f"{place}(body as {media_type})", old, new, *words, new.operation)


def _parameters(view: View, method: str, old: Method, new: Method) -> Iterator[Finding]:
    pairs, gone, fresh = paired_parameters(old.parameters, new.parameters)
    operation = new.operation
    for one in gone:
        yield removed("python-parameter-removed", f"{method}({one.name})", one, one.name, operation)
    for one in fresh:
        rule = "python-parameter-added-required" if one.required else "python-parameter-added"
        yield added(rule, f"{method}({one.name})", one, f"{one.name}: {one.annotation}", operation)
    for before, after in pairs:
        yield from _parameter(view, f"{method}({after.name})", before, after, operation)
    ours, theirs = (_positional(side) for side in (old.parameters, new.parameters))
    kept = [(a.name, b.name) for a in ours for one, b in pairs if one is a and not b.keyword_only]
    there = [one.name for one in theirs if one.name in {name for _, name in kept}]
    if [name for _, name in kept] != there:
        before_, after_ = ", ".join(name for name, _ in kept), ", ".join(there)
        yield changed("python-parameters-reordered", method, old, new, before_, after_, operation)


def _positional(parameters: tuple[Parameter, ...]) -> list[Parameter]:
    return [one for one in parameters if not one.keyword_only]


def _parameter(view: View, place: str, old: Parameter, new: Parameter, operation: str) -> Iterator[Finding]:
    if old.name != new.name:
        yield changed("python-parameter-renamed", place, old, new, old.name, new.name, operation)
    if new.keyword_only and not old.keyword_only:
        yield changed("python-parameter-became-keyword-only", place, old, new, "positional", "keyword-only", operation)
    if old.required != new.required:
        rule = "python-parameter-became-required" if new.required else "python-parameter-became-optional"
        before_, after_ = ("required" if side.required else "optional" for side in (old, new))
        yield changed(rule, place, old, new, before_, after_, operation)
    if _sent(old) != _sent(new):
        yield changed("python-requests-changed", place, old, new, _sent(old), _sent(new), operation)
    relation = view.relation(old.annotation, new.annotation)
    if relation != "same":
        rule = _PARAMETER_TYPES[relation]
        yield changed(rule, place, old, new, view.later(old.annotation), new.annotation, operation)
    yield from deprecated(place, old, new, operation)
    yield from told(place, old, new, operation)


def _sent(one: Parameter) -> str:
    """How a parameter is sent; path variables have a place there, and no name."""
    return f"{'path' if one.wire.startswith('path ') else one.wire} {one.form}".strip()


def _returns(view: View, place: str, old: Method, new: Method) -> Iterator[Finding]:
    relation = view.relation(old.returns, new.returns)
    if relation == "same":
        return
    if old.returns == _NOTHING:
        rule = "python-return-value-added"
    elif new.returns == _NOTHING:
        rule = "python-return-value-removed"
    else:
        rule = _RETURN_TYPES[relation]
    yield changed(rule, place, old, new, view.later(old.returns), new.returns, new.operation)


def _raises(view: View, method: str, old: Method, new: Method) -> Iterator[Finding]:
    pairs, gone, fresh = paired(old.raises, new.raises, lambda one: one.status)
    for before in gone:
        place, there = f"{method} raises {before.name} {before.status}", _covering(before.status, new.raises)
        if _body_is_lost(view, before.body, there):
            rule = "python-exception-body-changed"
            yield changed(rule, place, before, new, view.later(before.body), there, new.operation)
        else:
            yield removed("python-exception-removed", place, before, before.status, new.operation)
    for after in fresh:
        place, there = f"{method} raises {after.name} {after.status}", _covering(after.status, old.raises)
        if _body_is_lost(view, there, after.body):
            rule = "python-exception-body-changed"
            yield changed(rule, place, old, after, view.later(there), after.body, new.operation)
        else:
            yield added("python-exception-added", place, after, after.status, new.operation)
    for before, after in pairs:
        place = f"{method} raises {after.name} {after.status}"
        if view.relation(before.body, after.body) != "same":
            lost = _body_is_lost(view, before.body, after.body)
            rule = "python-exception-body-changed" if lost else "python-exception-added"
            yield changed(rule, place, before, after, view.later(before.body), after.body, new.operation)
        yield from told(place, before, after, new.operation)


def _headers(view: View, method: str, old: Method, new: Method) -> Iterator[Finding]:
    pairs, gone, fresh = paired(old.headers, new.headers, lambda one: (one.status, one.name.lower()))
    for one in gone:
        place = f"{method} header {one.name} of {one.status}"
        yield Finding("python-header-removed", new.operation, place, one.name, "", one.source, new.source)
    for one in fresh:
        place = f"{method} header {one.name} of {one.status}"
        yield Finding("python-header-added", new.operation, place, "", one.name, old.source, one.source)
    for before, after in pairs:
        if view.relation(before.annotation, after.annotation) in ("widened", "other"):
            place, words = (
                f"{method} header {after.name} of {after.status}",
                (view.later(before.annotation), after.annotation),
            )
            rule = "python-header-type-changed"
            yield Finding(rule, new.operation, place, str(words[0]), str(words[1]), before.source, after.source)


def _covering(status: str, errors: tuple[Raised, ...]) -> Annotation:
    """What is read of an answer whose status is not documented by itself."""
    wider = {one.status: one.body for one in errors}
    return wider.get(f"{status[0]}XX") or wider.get("default") or _NOTHING


def _body_is_lost(view: View, old: Annotation, new: Annotation) -> bool:
    """Whether code that reads the body of an error may find something else there."""
    if old == _NOTHING:  # callers could not rely on anything
        return False
    return view.relation(old, new) not in ("same", "narrowed", "declared")
