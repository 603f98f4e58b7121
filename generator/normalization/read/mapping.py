"""`normalization.yaml` and the two sides that it connects -> a checked mapping."""

from __future__ import annotations

from collections.abc import Iterator

from ...document.field_reader import FieldReader
from ...document.problems import Problems
from ...document.tree import Object
from ...ir.model import Package
from ..mapping import Mapping, Reason, StatusTable
from ..unified import ROOT, UnifiedModel
from .call import read_call
from .coverage import check_coverage
from .envelope import read_envelope
from .fields import ValueReader
from .response_models import ResponseModels
from .statuses import StatusReader

_KEYS = {
    *("operation", "credentials", "ref", "parameters", "envelope", "status", "fields", "lists", "present_when"),
    *("raw_only", "absent", "differences"),
}


def read_mapping(
    document: Object, provider: str, package: Package, unified: UnifiedModel, problems: Problems
) -> Mapping:
    """Check a mapping against the provider's API and the unified model. Raises ProblemsFound."""
    facts = FieldReader("mapping-shape", problems)
    facts.check_keys(document, _KEYS)
    call = read_call(document, package, facts)
    answers = ResponseModels.of(package.api, problems)
    statuses = StatusReader(answers, unified, facts).read(facts.mapping(document, "status"), call.answer)
    values = ValueReader(answers, unified, facts, call.parts)
    mapping = Mapping(
        provider=provider,
        package=package,
        operation=call.operation,
        answer=call.answer,
        form=call.form,
        parts=call.parts,
        fills=call.fills,
        statuses=statuses or StatusTable((), (), document.source, {}),
        values=values.values(facts.mapping(document, "fields"), call.answer, ROOT),
        lists=values.lists(facts.mapping(document, "lists"), call.answer),
        flags=values.flags(document, statuses),
        raw_only=tuple(_reasons(document, "raw_only", "at", facts)),
        absent=tuple(_reasons(document, "absent", "fields", facts)),
        differences=tuple(text for text, _ in facts.texts(document, "differences")),
        source=document.source,
        envelope=read_envelope(document, call.operation, call.answer, answers, facts),
    )
    check_coverage(document, call.answer, answers, unified)
    problems.stop_on_errors()
    return mapping


def _reasons(document: Object, key: str, names: str, facts: FieldReader) -> Iterator[Reason]:
    seen = set[str]()
    for entry in facts.mappings(document, key):
        facts.check_keys(entry, {names, "because"})
        listed = facts.texts(entry, names, required=True)
        for name, place in listed:
            if name in seen:
                facts.problems.error(facts.id, place, f"{name} stands twice under `{key}`", "keep one of them")
            seen.add(name)
        yield Reason(tuple(name for name, _ in listed), facts.text(entry, "because"), entry.source)
