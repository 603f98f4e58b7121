"""`normalization.yaml` and the two sides that it connects -> a checked mapping."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ...document.field_reader import FieldReader
from ...document.problems import Problems, ProblemsFound
from ...document.tree import Object
from ...interpreter.fast_dataclasses import dataclass
from ...ir.model import Package
from ...undecided import Marks, without_marks
from ..mapping import RUN_ID, EventMapping, FieldPath, Mapping, Reason, StatusTable
from ..spellings import placeholders
from ..unified import ROOT, UnifiedModel
from .call import Call, read_call
from .context import Context
from .coverage import check_coverage, inherited_by
from .envelope import read_envelope
from .fields import FieldMappingReader
from .lists import read_lists, read_present_when
from .response_models import Elsewhere, ResponseModels
from .selectors import is_word
from .statuses import StatusTableReader

_RUN_KEYS = {"status", "fields", "lists", "present_when", "raw_only", "absent"}
_CALL_KEYS = {"operation", "credentials", "ref", "parameters", "identifiers"}
_KEYS = _CALL_KEYS | _RUN_KEYS | {"envelope", "events", "differences"}
_STATUS = "status: {at: /POINTER, words: {WORD: STATUS}}"
_EACH = f"each: /POINTER, {_STATUS}, fields: {{name: /POINTER}}"
_WORDS = "because: REASON, words: {WORD: STATUS}"
_EXAMPLES = {
    "status": _STATUS,
    "parameters": "parameters: {PARAMETER: run_id}",
    "identifiers": "identifiers: {PART: /POINTER}",
    "fields": "fields: {name: /POINTER}",
    "lists": f"lists: {{steps: {{{_EACH}}}}}",
    "steps": f"steps: {{{_EACH}}}",
    "each": "each: /POINTER",
    "beyond_spec": f"beyond_spec: {{{_WORDS}}}",
    "inferred": f"inferred: {{{_WORDS}}}",
    "words": "words: {WORD: STATUS}",
    "where": "where: {/POINTER: WORD}",
    "envelope": "envelope: {at: /POINTER, status: /POINTER, success: WORD, failure: {words: WORD}}",
    "failure": "failure: {words: WORD}",
    "events": "events: {NAME: {model: MODEL}}",
    "present_when": "present_when: {pending: [WAITING_FOR_INPUT]}",
    "raw_only": "raw_only: [{at: [/POINTER], because: REASON}]",
    "absent": "absent: [{fields: [FIELD], because: REASON}]",
    "because": "because: REASON",
    "as": "as: CONVERTER, or as: [CONVERTER, CONVERTER]",
}
"""What to write at the keys of a mapping; what is in capitals stands for something else."""
MARKS = Marks(
    opaque=frozenset({"differences", "nothing", "where", "template"}),
    words=frozenset({"words", "parameters"}),
    texts=frozenset({"operation", "status", "others"}),
    choices=frozenset({"fields", "lists"}),
    questions={
        "parameters WORD": "what fills WORD?",
        "raw_only": "why raw_only: NAMES?",
        "absent": "why absent: NAMES?",
        "inferred": "why are words inferred?",
        "beyond_spec": "where do these words come from?",
        "at": "at which pointer is it?",
        "operation": "which call gets one run?",
        "ref": "by which parts does a reference name a run?",
        "success": "which words say that there is a run?",
        "words": "which words say that there is none?",
        "not_found": "which words say that there is no such run?",
        "others": "what do all other words mean?",
    },
    openings={"rest_of": "the rest of "},
    hints={
        "[not_found]": "write the reasons, such as [no_such_run]; if there are none, leave it out",
        "[success]": "write the words, such as [ok, done]",
        "[words]": "write the words, such as [error, denied]",
        "choices": "write one of them, or {first: [POINTER, POINTER]} for the first that is there; then remove the `?`",
        "because": "write the reason in a sentence, such as `The response has no such field.`",
        "operation": "if it is right, remove the `?`; else write another operationId, or method and path",
        "words": "if it is right, remove the `?`; else write STATUS, or STATUS/result where such a run has ended",
        "others": "write STATUS, or STATUS/result where such a run has ended; UNKNOWN where nobody can know",
        "fields": "if it is right, remove the `?`; else write another place, or list the field under `absent`",
        "lists": "if it is right, remove the `?`; else list it under `absent`, and its pointer under `raw_only`",
        "at": "if it is right, remove the `?`; else write another pointer, or a list of pointers to several words",
        "envelope": "if it is right, remove the `?`; else remove all of it, if nothing is around the run",
        "parameters": "write a part of the reference, or {value: CONSTANT}; an optional parameter can be left out",
    },
)
"""What is a mark in a mapping, and what to do at it."""
_EVENT_KEYS = _RUN_KEYS | {"model", "at", "name_at", "ref"}


def read_mapping(
    document: Object, provider: str, package: Package, unified: UnifiedModel, problems: Problems
) -> Mapping:
    """Check a mapping against the provider's API and the unified model. Raises ProblemsFound.

    What is marked as undecided is an error, and is read as if the guesses were right.
    """
    enums = {name: unified.enums.get(getattr(field.type, "name", "")) for name, field in unified.fillable().items()}
    words = {name: ", ".join(str(value.value) for value in enum.values) for name, enum in enums.items() if enum}
    hints = {name: f"if it is right, remove the `?`; else write one of {known}" for name, known in words.items()}
    decided = without_marks(document, replace(MARKS, words_of=hints))
    own = problems.of_part()
    try:
        return _read(decided.document, provider, package, unified, own)
    except ProblemsFound as error:
        own[:] = error.problems
    finally:
        decided.add_to(problems, own)
        problems.stop_on_errors()
    raise ProblemsFound(problems)


def _read(document: Object, provider: str, package: Package, unified: UnifiedModel, problems: Problems) -> Mapping:
    reader = FieldReader("mapping-shape", problems, _EXAMPLES)
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
    identifiers, events = tuple(_identifiers(context, call)), tuple(_events(context, mapping, call))
    problems.stop_on_errors()
    return replace(mapping, identifiers=identifiers, events=events)


def _identifiers(context: Context, call: Call) -> Iterator[tuple[str, FieldPath]]:
    """Where the response has parts of the reference beside `run_id`, which the field `id` is compared with."""
    table = context.reader.mapping(context.document, "identifiers")
    parts = [part.name for part in call.parts if part.location == "path" and part.name != RUN_ID]
    for part in table:
        path = _word(context, table, part, call.response_model)
        if part == RUN_ID:
            context.reader.error(table.where(part), f"{RUN_ID!r} is compared with the field `id`", "remove it")
        elif part not in parts:
            message, see = f"{part!r} is not a part that every reference has", context.document.where("ref")
            context.unknown("unknown-part", table.where(part), message, part, parts, see)
        elif path:
            yield part, path


def _word(context: Context, holder: Object, key: str, model: str) -> FieldPath | None:
    """The path to a word; None when there is no word, which is reported."""
    path = context.path(holder, key, model, required=False)
    if path and not is_word(path.type, context):
        message = f"{path.pointer} contains neither text, an integer nor a truth value"
        context.error("converter-mismatch", path.source, message, "", path.described_at, subject=path.pointer)
        return None
    return path


def _events(context: Context, mapping: Mapping, call: Call) -> Iterator[EventMapping]:
    """The entries of `events`; `mapping` is that of runs."""
    table = context.reader.mapping(context.document, "events")
    for name in table:
        entry = context.reader.mapping(table, name)
        reader = _EventReader(replace(context, document=entry), mapping, context.document, call)
        if isinstance(table[name], Object) and (event := reader.read(name)):
            yield event


@dataclass(frozen=True)
class _EventReader:
    """Reads the entry of an event, which holds what differs from the mapping of runs."""

    context: Context
    """With the entry as its document."""
    mapping: Mapping
    document: Object
    """That of the whole mapping."""
    call: Call

    def read(self, name: str) -> EventMapping | None:
        """The event; None when its body is unknown, which is reported."""
        context, entry = self.context, self.context.document
        context.reader.check_keys(entry, _EVENT_KEYS)
        model = context.reader.text(entry, "model")
        if model and model not in context.models.models:
            message, known = f"the client has no model {model!r}", context.models.models
            context.unknown("unknown-model", entry.where("model"), message, model, known, context.api.source)
        run_at = context.path(entry, "at", model, required=False) if model in context.models.models else None
        if model not in context.models.models or ("at" in entry and run_at is None):
            return None
        elsewhere = Elsewhere(model)
        elsewhere.at = run_at.pointer if run_at else ""
        elsewhere.before = self.mapping.envelope.run.pointer if self.mapping.envelope else ""
        inherited = inherited_by(entry, self.document)
        mapping = self._mapping(model, elsewhere, inherited)
        name_at = _word(self.context, entry, "name_at", model)
        event = EventMapping(name, mapping, name_at, tuple(self._ref(model)))
        check_coverage(context, elsewhere, inherited)
        return event

    def _mapping(self, model: str, elsewhere: Elsewhere, inherited: Object) -> Mapping:
        """The mapping of the body: what the event says, and what it inherits."""
        entry, reader = self.context.document, self.context.reader
        own = Problems()
        models = replace(self.context.models, problems=own)
        below = replace(self.context, document=inherited, reader=FieldReader(reader.id, own, _EXAMPLES), models=models)
        statuses = self._statuses(below, model, elsewhere)
        mappers = ((below, elsewhere), (self.context, model))
        fields = [(FieldMappingReader(context, self.call), context, name) for context, name in mappers]
        mapping = replace(
            self.mapping,
            response_model=model,
            statuses=statuses or StatusTable((), (), entry.source, {}),
            fields=tuple(f for r, c, name in fields for f in r.read(reader.mapping(c.document, "fields"), name, ROOT)),
            lists=tuple(item for r, c, name in fields for item in read_lists(c, r, name)),
            present_when=tuple(flag for _, c, _ in fields for flag in read_present_when(c, statuses)),
            raw_only=tuple(_reasons(entry, "raw_only", "at", reader, "rest_of")),
            absent=(*_reasons(entry, "absent", "fields", reader), *self.mapping.absent),
            differences=(),
            source=entry.source,
            envelope=None,
        )
        self._report(own)
        return mapping

    def _statuses(self, below: Context, model: str, elsewhere: Elsewhere) -> StatusTable | None:
        """The table of the event, a status that it has by itself, or the table of runs."""
        entry, reader = self.context.document, StatusTableReader(self.context)
        if "status" not in entry:
            return StatusTableReader(below).read(below.reader.mapping(below.document, "status"), elsewhere)
        if isinstance(entry["status"], Object):
            return reader.read(entry["status"], model)
        return reader.constant(entry["status"], entry.where("status"))

    def _report(self, inherited: Problems) -> None:
        """Report at the event what does not fit of what it inherits, unless it does not fit runs either."""
        known = {(problem.id, problem.source) for problem in self.context.reader.problems}
        for problem in inherited:
            if (problem.id, problem.source) not in known:
                hint = "map it under `fields`, `lists` or `status` of the event, or list it there under `absent`"
                if problem.id.endswith("-status"):
                    hint = "correct the schema of the body, or write a `status` for the event, with a table of its own"
                source, see = self.context.document.source, (problem.source, *problem.see)
                message = f"in the body of the event: {problem.message}"
                self.context.error(problem.id, source, message, hint, *see, subject=problem.subject)

    def _ref(self, model: str) -> Iterator[tuple[str, FieldPath]]:
        """Where the body has the parts of a reference: all of them that every reference has."""
        entry, context = self.context.document, self.context
        parts = {part.name: part for part in self.mapping.parts}
        if "ref" in entry and not isinstance(entry["ref"], Object):
            hint = f"write ref: {placeholders(self.mapping.parts_in('path'), '/POINTER')}, or leave it out"
            context.reader.error(entry.where("ref"), "`ref` of an event is not a mapping", hint)
            return
        table = context.reader.mapping(entry, "ref")
        for part in table:
            path = _word(context, table, part, model)
            if part not in parts:
                message, see = f"{part!r} is not a part of the reference", self.document.where("ref")
                context.unknown("unknown-part", table.where(part), message, part, parts, see)
            elif path:
                yield part, path
        for part in self.mapping.parts_in("path") if "ref" in entry else ():
            if part not in table:
                message = f"every reference has the part {part!r}, which the body has nowhere"
                context.error("unknown-part", table.source, message, "leave out `ref`: callers give it", subject=part)


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
