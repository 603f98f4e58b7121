"""What changed for code that calls the methods of clients, or the functions that read webhooks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from ...ir.model import without_names
from ...python.expressions import NONE, Annotation
from ..finding import Finding
from .pairs import paired_errors, paired_headers, paired_methods, paired_parameters, paired_webhooks
from .surface import Header, Method, Parameter
from .view import View, added, changed, docstring_changed, documentation_changed, removed, type_changed

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


def compare_methods(view: View) -> Iterator[Finding]:
    """What changed in the methods."""
    client = view.new.client
    methods = paired_methods(view.old, view.new)
    for method in methods.only_old:
        yield removed("python-method-removed", f"{client}.{method.name}", method, method.name, method.operation)
    for method in methods.only_new:
        yield added("python-method-added", f"{client}.{method.name}", method, method.name, method.operation)
    for old, new in methods.pairs:
        if old.name != new.name:
            place = f"{client}.{old.name}"
            yield changed("python-method-renamed", place, old, new, old.name, new.name, new.operation)
        place = f"{client}.{new.name}"
        yield from documentation_changed(place, old, new, new.operation)
        yield from _requests(place, old, new)
        yield from _parameters(view, place, old, new)
        yield from _returns(view, place, old, new)
        yield from _errors(view, place, old, new)
        yield from _headers(view, place, old, new)
        yield from _pages(place, old, new)


def compare_webhooks(view: View) -> Iterator[Finding]:
    """What changed in the functions for webhooks and callbacks."""
    functions = paired_webhooks(view.old, view.new)
    for function in functions.only_old:
        yield removed("python-webhook-removed", f"webhooks.{function.name}", function, function.name)
    for function in functions.only_new:
        yield added("python-webhook-added", f"webhooks.{function.name}", function, function.name)
    for old, new in functions.pairs:
        place = f"webhooks.{new.name}"
        if old.name != new.name:
            yield changed("python-webhook-renamed", place, old, new, old.name, new.name)
        if rule := _return_rule(view, old.returns, new.returns):
            before = view.in_new_names(old.returns)
            yield changed(rule, place, old, new, before, new.returns)
        yield from documentation_changed(place, old, new)


def _requests(place: str, old: Method, new: Method) -> Iterator[Finding]:
    if (old.operation, old.server) != (new.operation, new.server) and old.urls != new.urls:
        before, after = (f"{side.call} at {side.server}" if side.server else side.call for side in (old, new))
        identity = " to ".join(map(without_names, (before, after)))
        finding = changed("python-requests-changed", place, old, new, before, after, new.operation)
        yield replace(finding, identity=identity)
    media_types = (old.media_type, new.media_type)
    if all(media_types) and old.media_type != new.media_type:
        yield changed("python-requests-changed", f"{place}(body)", old, new, *media_types, new.operation)
    new_bodies = dict(new.bodies)
    for media_type, writing in old.bodies:
        new_writing = new_bodies.get(media_type, writing)
        if new_writing != writing:
            writings = writing or "as JSON", new_writing or "as JSON"
            body = f"{place}(body as {media_type})"
            yield changed("python-requests-changed", body, old, new, *writings, new.operation)


def _parameters(view: View, method: str, old: Method, new: Method) -> Iterator[Finding]:
    parameters = paired_parameters(old.parameters, new.parameters)
    operation = new.operation
    for parameter in parameters.only_old:
        yield removed("python-parameter-removed", f"{method}({parameter.name})", parameter, parameter.name, operation)
    for parameter in parameters.only_new:
        rule = "python-parameter-added-required" if parameter.required else "python-parameter-added"
        text = f"{parameter.name}: {parameter.annotation}"
        yield added(rule, f"{method}({parameter.name})", parameter, text, operation)
    for before, after in parameters.pairs:
        yield from _parameter(view, f"{method}({after.name})", before, after, operation)
    yield from _order(method, old, new, {before.name: after for before, after in parameters.pairs})


def _order(method: str, old: Method, new: Method, successors: Mapping[str, Parameter]) -> Iterator[Finding]:
    """Whether positional arguments now fill other parameters; `successors`: new parameters by their old names."""
    positional = [successors[p.name] for p in old.parameters if not p.keyword_only and p.name in successors]
    before = [parameter.name for parameter in positional if not parameter.keyword_only]
    after = [parameter.name for parameter in new.parameters if parameter.name in before]
    if before != after:
        rule = "python-parameters-reordered"
        yield changed(rule, method, old, new, ", ".join(before), ", ".join(after), new.operation)


def _parameter(view: View, place: str, old: Parameter, new: Parameter, operation: str) -> Iterator[Finding]:
    if old.name != new.name:
        yield changed("python-parameter-renamed", place, old, new, old.name, new.name, operation)
    if new.keyword_only and not old.keyword_only:
        yield changed("python-parameter-became-keyword-only", place, old, new, "positional", "keyword-only", operation)
    if old.required != new.required:
        rule = "python-parameter-became-required" if new.required else "python-parameter-became-optional"
        before, after = ("required" if side.required else "optional" for side in (old, new))
        yield changed(rule, place, old, new, before, after, operation)
    if _sending(old) != _sending(new):
        yield changed("python-requests-changed", place, old, new, _sending(old), _sending(new), operation)
    relation = view.relation(old.annotation, new.annotation)
    if relation != "same":
        before_type = view.in_new_names(old.annotation)
        yield type_changed(_PARAMETER_TYPES[relation], place, old, new, before_type, new.annotation, operation)
    yield from documentation_changed(place, old, new, operation)


def _sending(parameter: Parameter) -> str:
    """How a parameter is sent; the name of a path parameter is not sent."""
    return f"{'path' if parameter.in_path else parameter.wire} {parameter.style}".strip()


def _returns(view: View, place: str, old: Method, new: Method) -> Iterator[Finding]:
    rule = _return_rule(view, old.returns, new.returns)
    if not rule:
        return
    if old.returns == NONE:
        rule = "python-return-value-added"
    elif new.returns == NONE:
        rule = "python-return-value-removed"
    finding = changed(rule, place, old, new, view.in_new_names(old.returns), new.returns, new.operation)
    yield replace(finding, old=old.returns_source, new=new.returns_source)


def _return_rule(view: View, old: Annotation, new: Annotation) -> str:
    """The rule for what is returned; "" where it is the same."""
    relation = view.relation(old, new)
    if relation == "same":
        return ""
    is_extended = relation in ("widened", "other") and view.extends(old, new)
    return "python-return-type-extended" if is_extended else _RETURN_TYPES[relation]


def _errors(view: View, method: str, old: Method, new: Method) -> Iterator[Finding]:
    errors, operation = paired_errors(old, new), new.operation
    for error in errors.only_old:
        place, instead = f"{method} raises {error.name} {error.status}", _body_of(error.status, new)
        if _body_is_lost(view, error.body, instead):
            before = view.in_new_names(error.body)
            yield changed("python-exception-body-changed", place, error, new, before, instead, operation)
        else:
            yield removed("python-exception-removed", place, error, error.status, operation)
    for error in errors.only_new:
        place, instead = f"{method} raises {error.name} {error.status}", _body_of(error.status, old)
        if _body_is_lost(view, instead, error.body):
            before = view.in_new_names(instead)
            yield changed("python-exception-body-changed", place, old, error, before, error.body, operation)
        else:
            yield added("python-exception-added", place, error, error.status, operation)
    for old_error, new_error in errors.pairs:
        place = f"{method} raises {new_error.name} {new_error.status}"
        if view.relation(old_error.body, new_error.body) != "same":
            lost = _body_is_lost(view, old_error.body, new_error.body)
            rule = "python-exception-body-changed" if lost else "python-exception-added"
            before = view.in_new_names(old_error.body)
            finding = changed(rule, place, old_error, new_error, before, new_error.body, operation)
            yield replace(finding, old=old_error.body_source, new=new_error.body_source)
        yield from docstring_changed(place, old_error, new_error, operation)


def _headers(view: View, method: str, old: Method, new: Method) -> Iterator[Finding]:
    headers, operation = paired_headers(old, new), new.operation
    before, after = ({header.status for header in version.headers} for version in (old, new))
    for header in headers.only_old:
        finding = changed(
            "python-header-removed", _header_place(method, header), header, new, header.name, "", operation
        )
        yield finding if header.status in after else replace(finding, follows=header.answer)
    for header in headers.only_new:
        finding = changed("python-header-added", _header_place(method, header), old, header, "", header.name, operation)
        yield finding if header.status in before else replace(finding, follows=header.answer)
    for old_header, new_header in headers.pairs:
        if view.relation(old_header.annotation, new_header.annotation) in ("widened", "other"):
            place, type_ = _header_place(method, new_header), view.in_new_names(old_header.annotation)
            yield changed(
                "python-header-type-changed", place, old_header, new_header, type_, new_header.annotation, operation
            )


def _pages(method: str, old: Method, new: Method) -> Iterator[Finding]:
    if old.pages != new.pages:
        if not old.pages:
            rule = "python-pagination-added"
        else:
            rule = "python-pagination-changed" if new.pages else "python-pagination-removed"
        yield changed(rule, f"{method} in `paginated`", old, new, old.pages, new.pages, new.operation)


def _header_place(method: str, header: Header) -> str:
    return f"{method} header {header.name} of {header.status}"


def _body_of(status: str, method: Method) -> Annotation:
    """What is read of a response whose status is not documented by itself."""
    bodies = {error.status: error.body for error in method.raises}
    return bodies.get(f"{status[0]}XX") or bodies.get("default") or NONE


def _body_is_lost(view: View, old: Annotation, new: Annotation) -> bool:
    """Whether code that reads the body of an error may find something else there."""
    if old == NONE:  # callers could not rely on anything
        return False
    return view.relation(old, new) not in ("same", "narrowed", "declared")
