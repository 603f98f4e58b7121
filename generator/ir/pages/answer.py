"""The answer of an operation, as far as it tells about pages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from ..model import Field, Model, Operation
from ..types import ListOf, Ref, Type, without_null
from .model import Path

ENVELOPES = frozenset({"responsemetadata", "metadata", "meta", "pagination", "paging"})
"""Objects of an answer that tell about its page."""


def answer_of(operation: Operation) -> Type | None:
    """The type of its only success, where that is JSON and nothing else."""
    contents = [response.content for response in operation.responses if response.success]
    if len(contents) != 1 or len(contents[0]) != 1 or not contents[0][0].base_name.endswith("json"):
        return None
    return contents[0][0].type


def lists_in(answer: Type, models: Mapping[str, Model]) -> dict[Path, Type]:
    """The lists in an answer by their paths: the types of their items."""
    return lists_among(dict(properties_of(answer, models)))


def lists_among(properties: Mapping[Path, Type]) -> dict[Path, Type]:
    """The lists among the properties of an answer: the types of their items."""
    return {path: type_.item for path, type_ in properties.items() if isinstance(type_, ListOf)}


def type_at(answer: Type, path: Path, models: Mapping[str, Model]) -> Type | None:
    """The type of what is at `path`, apart from null; None where the document does not say."""
    for name in path:
        fields = {field.wire: field.type for field in fields_of(answer, models)}
        if name not in fields:
            return None
        answer = fields[name]
    return without_null(answer)


def properties_of(answer: Type, models: Mapping[str, Model]) -> Iterator[tuple[Path, Type]]:
    """The answer if it is a list, else its properties and those of its objects that tell about a page."""
    answer = without_null(answer)
    if isinstance(answer, ListOf):
        yield (), answer
    for field in fields_of(answer, models):
        yield (field.wire,), without_null(field.type)
        if plain(field.wire) in ENVELOPES:
            for inner in fields_of(field.type, models):
                yield (field.wire, inner.wire), without_null(inner.type)


def fields_of(type_: Type, models: Mapping[str, Model]) -> tuple[Field, ...]:
    """The fields of a model; none where the type is not one."""
    type_ = without_null(type_)
    model = models.get(type_.name) if isinstance(type_, Ref) else None
    return model.fields if model is not None else ()


@lru_cache(maxsize=4096)
def plain(name: str) -> str:
    """The name without what spellings differ in: `page_token`, `pageToken`, `page-token`."""
    return re.sub(r"[^a-z0-9]", "", name.lower())
