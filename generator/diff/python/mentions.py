"""Where the old version mentions classes, and the new one no longer does."""

from __future__ import annotations

from collections.abc import Iterator

from ...document.problems import Source
from ...python.expressions import MODELS, Annotation, names_in
from .pairs import paired_attributes, paired_errors, paired_methods, paired_parameters
from .surface import Class, Method
from .view import View

Mention = tuple[Source, Annotation]
"""A place of the old version, and what it mentions."""


def sources_of_lost_mentions(view: View) -> dict[str, Source]:
    """The first place that mentioned an old class and was removed or changed, by the names of the classes."""
    sources: dict[str, Source] = {}
    for source, annotation in _changed_annotations(view):
        for name in names_in(annotation):
            if name.module == MODELS:
                sources.setdefault(name.name, source)
    return sources


def _changed_annotations(view: View) -> Iterator[Mention]:
    """Where an annotation of the old version differs in the new one: methods first, then classes."""
    methods = paired_methods(view.old, view.new)
    for method in methods.only_old:
        yield from ((method.source, annotation) for annotation in method.annotations())
    for old, new in methods.pairs:
        yield from _in_method(view, old, new)
    new_classes = {class_.in_annotations: class_ for class_ in view.new.classes}
    for class_ in view.old.classes:
        successor = new_classes.get(view.names.get(class_.in_annotations, class_.in_annotations))
        yield from _in_class(view, class_, successor)


def _in_method(view: View, old: Method, new: Method) -> Iterator[Mention]:
    if view.in_new_names(old.returns) != new.returns:
        yield old.returns_source, old.returns
    parameters, errors = paired_parameters(old.parameters, new.parameters), paired_errors(old, new)
    yield from ((parameter.source, parameter.annotation) for parameter in parameters.only_old)
    for before, after in parameters.pairs:
        if view.in_new_names(before.annotation) != after.annotation:
            yield before.source, before.annotation
    yield from ((error.source, error.body) for error in errors.only_old)
    for old_error, new_error in errors.pairs:
        if view.in_new_names(old_error.body) != new_error.body:
            yield old_error.source, old_error.body


def _in_class(view: View, old: Class, new: Class | None) -> Iterator[Mention]:
    if new is None or old.kind != new.kind:
        yield from ((old.source, annotation) for annotation in old.annotations())
        return
    attributes = paired_attributes(old.attributes, new.attributes)
    yield from ((attribute.source, attribute.annotation) for attribute in attributes.only_old)
    for before, after in attributes.pairs:
        if view.in_new_names(before.annotation) != after.annotation:
            yield before.source, before.annotation
    if old.members and new.members and view.in_new_names(old.members) != new.members:
        yield old.source, old.members
