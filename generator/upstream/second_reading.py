"""The second reader: openapi-python-client reads the simplified document too, and both readings must agree.

So nothing can be dropped or misread unnoticed. Both readings are turned into facts of one form (`facts.py`), which are
compared. A difference is a defect of the generator, or one of the library: those that are known are allowed for in
`document_for_library` and `facts`, each with its reason.
"""

from __future__ import annotations

from ..document.problems import Problems, Source
from ..document.tree import Object
from ..ir.model import Api
from ..ir.types import UnionOf
from .document_for_library import document_for_library
from .facts import Forms, agree, facts_of_api, facts_of_library, text_of
from .partial_import import read_again

MAX_READ_TWICE = 400
"""Operations and models up to which a document has a second reading unless somebody asks for it, or against it."""


def second_reading(simplified: Object, api: Api, problems: Problems) -> None:
    """Have the library read the simplified document, and report what it reads differently from `api`."""

    def report(subject: str, source: Source, difference: str) -> None:
        hint = "this is a defect of the generator: please report it with the document"
        message = f"a second reader sees {subject} differently: {difference}"
        problems.error("second-reading", source, message, hint)

    document, names = document_for_library(simplified)
    reading, refusal = read_again(document)
    if refusal:
        report("the document", api.source, refusal)
        return
    collections = reading.endpoint_collections_by_tag.values()
    for error in [*reading.errors, *(error for collection in collections for error in collection.parse_errors)]:
        report("the document", api.source, f"{error.header} {error.detail}")
    forms = Forms(api, names)
    read_by_library = dict(facts_of_library(reading, forms))
    for name, subject in facts_of_api(api, names, forms):
        actual = read_by_library.get(name)
        if actual is None or actual.keys() != subject.facts.keys():
            difference = "it is missing" if actual is None else f"it has {sorted(actual)}"
            report(subject.text, subject.source, f"{difference} instead of {sorted(subject.facts)}")
            continue
        for key, fact in subject.facts.items():
            if not agree(fact.value, actual[key]):
                difference = f"{text_of(actual[key])} instead of {text_of(fact.value)}"
                report(f"{subject.text}, {fact.text}", fact.source, difference)


def is_large(api: Api) -> bool:
    """Whether a second reading would take longer than everything else: its time grows with the square of the size, of
    the document and of each object, union and list of parameters in it."""
    sizes = [len(model.fields) for model in api.models] + [len(operation.parameters) for operation in api.operations]
    sizes += [len(alias.type.members) for alias in api.aliases if isinstance(alias.type, UnionOf)]
    is_wide = sum(size * size for size in sizes) > 10 * MAX_READ_TWICE**2
    return len(api.operations) + len(api.models) > MAX_READ_TWICE or is_wide
