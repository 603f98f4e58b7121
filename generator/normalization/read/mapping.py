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
from .context import Context
from .coverage import check_coverage
from .envelope import read_envelope
from .fields import FieldMappingReader
from .lists import read_lists, read_present_when
from .response_models import ResponseModels
from .statuses import StatusTableReader

_KEYS = {
    *("operation", "credentials", "ref", "parameters", "envelope", "status", "fields", "lists", "present_when"),
    *("raw_only", "absent", "differences"),
}


def read_mapping(
    document: Object, provider: str, package: Package, unified: UnifiedModel, problems: Problems
) -> Mapping:
    """Check a mapping against the provider's API and the unified model. Raises ProblemsFound."""
    reader = FieldReader("mapping-shape", problems)
    context = Context(document, package.api, unified, reader, ResponseModels.of(package.api, problems))
    reader.check_keys(document, _KEYS)
    call = read_call(context)
    statuses = StatusTableReader(context).read(reader.mapping(document, "status"), call.response_model)
    fields = FieldMappingReader(context, call)
    mapping = Mapping(
        provider=provider,
        package=package,
        operation=call.operation,
        response_model=call.response_model,
        ref_form=call.ref_form,
        parts=call.parts,
        arguments=call.arguments,
        statuses=statuses or StatusTable((), (), document.source, {}),
        fields=tuple(fields.read(reader.mapping(document, "fields"), call.response_model, ROOT)),
        lists=tuple(read_lists(context, fields, call.response_model)),
        present_when=tuple(read_present_when(context, statuses)),
        raw_only=tuple(_reasons(document, "raw_only", "at", reader, "rest_of")),
        absent=tuple(_reasons(document, "absent", "fields", reader)),
        differences=tuple(text for text, _ in reader.texts(document, "differences")),
        source=document.source,
        envelope=read_envelope(context, call.operation, call.response_model),
    )
    check_coverage(context, call.response_model)
    problems.stop_on_errors()
    return mapping


def _reasons(document: Object, key: str, names: str, reader: FieldReader, rest: str = "") -> Iterator[Reason]:
    """The entries of a list of reasons, whose names are at the key `names` of each, or at `rest`."""
    seen = set[str]()
    for entry in reader.mappings(document, key):
        is_rest = bool(rest) and rest in entry
        names_key = rest if is_rest else names
        reader.check_keys(entry, {names_key, "because"})
        listed = reader.texts(entry, names_key, required=True)
        for name, source in listed:
            if name in seen:
                message = f"{name} is listed twice under `{key}`"
                reader.error(source, message, "keep one of them", subject=name)
            seen.add(name)
        yield Reason(tuple(name for name, _ in listed), reader.text(entry, "because"), entry.source, is_rest)
