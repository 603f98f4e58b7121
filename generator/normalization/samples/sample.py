"""A checked mapping -> the sample of its provider: one call, its answer, and what that has for each status word."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ...document.media_types import base_name
from ...document.pointer import split
from ...ir.media_types import decoding, preferred, successes
from ...ir.model import Field, Operation, Response
from ...ir.types import NULL, Ref, UnionOf
from ..mapping import ABSENT, FieldPath, Mapping
from ..unified import UNKNOWN, UnifiedModel
from .call import credentials, environment, path_of, place_of
from .readings import paths_of, prefixes, sampler_of
from .statuses import StatusWriter, pointer_in
from .types import Types
from .values import MISSING, Sampler, typed_word

_TIMES = ("created_at", "started_at", "updated_at", "finished_at", "elapsed")
_TEXT_FORMS = ("", "rfc3339", "utc_time")
"""Converters of times that are written as text."""
_FORMS = ("seconds", "milliseconds", "epoch_seconds", "epoch_milliseconds", "epoch_microseconds", "epoch_nanoseconds")
"""Converters of times that are written as numbers."""
_DURATIONS = ("iso_duration", "unit_duration", "clock_duration")
"""Converters of durations that are written as text."""


def sample_text(mapping: Mapping, unified: UnifiedModel) -> str:
    """The sample of a provider as JSON: a line for each status word, and for each place."""
    members = [f"  {json.dumps(key)}: {_lines(value)}" for key, value in sample(mapping, unified).items()]
    return "{\n" + ",\n".join(members) + "\n}\n"


def _lines(value: Any) -> str:
    if isinstance(value, list) and value:
        return "[\n    " + ",\n    ".join(map(json.dumps, value)) + "\n  ]"
    return json.dumps(value, indent=2).replace("\n", "\n  ")


def sample(mapping: Mapping, unified: UnifiedModel) -> dict[str, Any]:
    """The sample of a provider; `Sample` in `workflow_runs.testing` says what its members are."""
    types = Types(mapping.package.api)
    sampler = sampler_of(mapping, types)
    payload = _payload(mapping, types, sampler)
    return {
        "method": mapping.operation.method,
        "path": path_of(mapping),
        "parts": [place_of(item) for item in mapping.arguments if item.part and item.parameter.location != "path"],
        "integers": sorted({item.part for item in mapping.arguments if item.part and item.is_integer}),
        "credentials": credentials(mapping),
        "environment": environment(mapping),
        "content_type": _content_type(mapping.operation),
        "payload": payload,
        "run_at": mapping.envelope.run.pointer if mapping.envelope else "",
        "identifiers": list(_identifiers(mapping, types, payload)),
        "times": list(_times(mapping, payload)),
        "only_for": list(_only_for(mapping, unified)),
        "statuses": list(_statuses(mapping, types, sampler, payload, unified)),
        "errors": dict(_errors(mapping, types, sampler)),
    }


def _payload(mapping: Mapping, types: Types, sampler: Sampler) -> Any:
    """An answer with a run in it."""
    model = next(item for item in mapping.package.api.models if item.name == mapping.response_model)
    payload = sampler.object(model, "", _example(mapping.operation, model.name, types))
    if envelope := mapping.envelope:
        _put(payload, envelope.status, typed_word(envelope.success[0], envelope.status.type, types))
    return payload


def _content_type(operation: Operation) -> str:
    """The media type of a success."""
    media = [preferred(response.content) for response in successes(operation)]
    return next((item.base_name for item in media if item), "application/json")


def _example(operation: Operation, model: str, types: Types) -> Any:
    """The first documented example of a success, rather one that is of the model; MISSING where there is none."""
    media = [item for response in successes(operation) for item in response.content]
    examples = [value for item in media for value in item.examples]
    return next((value for value in examples if types.fits(value, Ref(model))), next(iter(examples), MISSING))


def _identifiers(mapping: Mapping, types: Types, payload: Any) -> Iterator[dict[str, Any]]:
    """Where an answer has a part of its reference: the run's identifier, what a part stands in for, further parts."""
    parts = {part.name for part in mapping.parts}
    words = [path.pointer for path in mapping.statuses.paths]
    for field in mapping.fields:
        part = field.default.part if field.default else ""
        part = "run_id" if field.target == "id" else part or (field.target if field.target in parts else "")
        for path in field.paths if part else ():
            at = pointer_in(payload, path)
            if at and path.pointer not in words:
                yield {"at": at, "part": part, "integer": not types.fits("", path.type)}
    for part, path in mapping.identifiers:
        yield {"at": path.pointer, "part": part, "integer": not types.fits("", path.type)}


def _times(mapping: Mapping, payload: Any) -> Iterator[dict[str, str]]:
    """Where an answer has the times of its run, and how long it took, and how they are written."""
    for field in mapping.fields:
        converter = field.converter.rpartition(", then ")[2].removesuffix("_or_rfc822")
        for path in field.paths if field.target in _TIMES else ():
            value = next(iter(_at(payload, path.pointer)), None)
            is_number = isinstance(value, (int, float)) and converter in _FORMS
            is_text = isinstance(value, str) and field.converter in _TEXT_FORMS
            is_duration = isinstance(value, str) and field.converter in _DURATIONS
            if path.item is None and (is_number or is_duration):
                yield {"at": path.pointer, "field": field.target, "form": converter}
            elif path.item is None and is_text and field.target != "elapsed":
                yield {"at": path.pointer, "field": field.target, "form": "rfc3339"}


def _only_for(mapping: Mapping, unified: UnifiedModel) -> Iterator[dict[str, Any]]:
    """What an answer has for some statuses alone, by what the unified model says of them.

    That is the outermost property that can be left out, or null, and from which nothing else is read.
    """
    allowed = _statuses_by_pointer(mapping, unified)
    paths = [path for base, path in paths_of(mapping) if not base]
    words = {path.pointer for path in mapping.statuses.paths}
    done: set[str] = set()
    for path in paths:
        statuses = allowed.get(path.pointer, ())
        for at, field in _around(path) if statuses and not path.item else ():
            inside = [other.pointer for other in paths if at in prefixes(other.pointer)]
            can_go = not field.required or _is_nullable(field.type)
            if can_go and all(allowed.get(p) == statuses and p not in words for p in inside):
                if at not in done:
                    yield {"at": at, "statuses": sorted(map(str.lower, statuses)), "null": _is_nullable(field.type)}
                done.add(at)
                break


def _statuses_by_pointer(mapping: Mapping, unified: UnifiedModel) -> dict[str, tuple[str, ...]]:
    """For what a run has for some statuses alone: these statuses, by the pointers from which it is read."""
    statuses: dict[str, tuple[str, ...]] = {
        "error": ("FAILED",),
        "pending": tuple(status for status in unified.resting if status not in unified.terminal),
        "outputs": ("SUCCEEDED",),
        **dict.fromkeys(("finished_at", "message", "outcome_code"), unified.terminal),
    }
    pointers = [(path.pointer, field.target) for field in mapping.fields for path in field.paths]
    pointers += [(item.items.path.pointer, item.target) for item in mapping.lists]
    return {pointer: statuses.get(target.partition(".")[0], ()) for pointer, target in pointers}


def _around(path: FieldPath) -> Iterator[tuple[str, Field]]:
    """The properties that lead to a value, the outermost first, with their pointers."""
    return zip(reversed([*prefixes(path.pointer)]), path.fields, strict=True)


def _is_nullable(type_: Any) -> bool:
    return isinstance(type_, UnionOf) and NULL in type_.members


def _statuses(
    mapping: Mapping, types: Types, sampler: Sampler, payload: Any, unified: UnifiedModel
) -> Iterator[dict[str, Any]]:
    """For each row of the status table that an answer can have, and for a word of none: what differs then."""
    writer = StatusWriter(mapping.statuses, types, sampler)
    for row in (*mapping.statuses.rows, None):
        answer = writer.answer(payload, row)
        if answer is MISSING:
            continue
        yield {
            "words": [word for word in row.words if word != ABSENT] if row else [],
            "status": (row.status if row else UNKNOWN).lower(),
            "result": row.result.lower() if row and row.result else None,
            "basis": row.basis if row else "unknown",
            "changes": dict(_changes(payload, answer, mapping)),
        }


def _changes(before: Any, after: Any, mapping: Mapping) -> Iterator[tuple[str, Any]]:
    """The values at the pointers of the status table, as lists of one value, or of none where there is none.

    Or at the outermost place around one that is there in one of both answers only.
    """
    for path in mapping.statuses.paths:
        pointer = path.item.path.pointer if path.item else path.pointer
        outermost = reversed([*prefixes(pointer)])
        at = next((at for at in outermost if not _are_objects(_at(before, at), _at(after, at))), pointer)
        yield at, _at(after, at)


def _are_objects(*found: list[Any]) -> bool:
    return all(values and isinstance(values[0], dict) for values in found)


def _at(value: Any, pointer: str) -> list[Any]:
    """The value at a pointer as a list of one; an empty list where there is none."""
    for key in split(pointer):
        if not isinstance(value, dict) or key not in value:
            return []
        value = value[key]
    return [value]


def _errors(mapping: Mapping, types: Types, sampler: Sampler) -> Iterator[tuple[str, dict[str, Any]]]:
    """The documented answers that report an error, by their status, as in OpenAPI."""
    for response in mapping.operation.responses:
        if response not in successes(mapping.operation) and (body := _error(response, mapping, types, sampler)):
            yield response.status, body


def _error(response: Response, mapping: Mapping, types: Types, sampler: Sampler) -> dict[str, Any] | None:
    media = preferred(response.content)
    if media is None or media.type is None or decoding(media) != "json":
        return None
    fitting = (value for value in media.examples if types.fits(value, media.type))
    body = Sampler(types, {}, {}, frozenset(), with_examples=True).value(
        media.type, "", "error", next(fitting, MISSING)
    )
    envelope = mapping.envelope
    if body is MISSING:
        return None
    if envelope and envelope.code and envelope.not_found and getattr(media.type, "name", "") == envelope.error_model:
        _put(body, envelope.code, typed_word(envelope.not_found[0], envelope.code.type, types))
    return {"content_type": base_name(media.media_type), "body": body}


def _put(payload: Any, path: FieldPath, value: Any) -> None:
    for field in path.fields[:-1]:
        payload = payload.setdefault(field.wire, {})
    payload[path.fields[-1].wire] = value
