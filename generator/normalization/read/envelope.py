"""What is around a run in an answer, and what tells that there is none."""

from __future__ import annotations

from ...document.field_reader import FieldReader, name_hint
from ...document.problems import Source
from ...document.tree import Object
from ...ir.model import Enum, Operation
from ...ir.types import Ref, without_null
from ..converters import kind
from ..mapping import Envelope, FieldPath
from .response_models import ResponseModels


def read_envelope(
    document: Object, operation: Operation, answer: str, answers: ResponseModels, facts: FieldReader
) -> Envelope | None:
    """The key `envelope`; None when there is none, or problems stand in the way."""
    if "envelope" not in document:
        return None
    value = facts.mapping(document, "envelope")
    facts.check_keys(value, {"at", "status", "success", "failure"})
    at = _path(value, "at", answer, answers, facts)
    if at and not (isinstance(at.type, Ref) and at.type.name in answers.models):
        message = f"{at.pointer} is no object with documented properties ({at.described})"
        facts.problems.error("converter-mismatch", at.source, message)
    status = _word(value, "status", answer, answers, facts)
    success = facts.texts(value, "success", required=True)
    failure = facts.mapping(value, "failure")
    facts.check_keys(failure, {"words", "answer", "status", "code"} if "answer" in failure else {"words", "answer"})
    words = facts.texts(failure, "words", required="failure" in value)
    error = _failure_model(failure, operation, answers, facts) if "answer" in failure else ""
    other = _word(failure, "status", error, answers, facts, required=False) if error else None
    code = _word(failure, "code", error, answers, facts) if error else None
    if at is None or status is None:
        return None
    enums = [_enum(status, answers), *([_enum(other, answers) if other else None] if "answer" in failure else [])]
    _check_words(success, words, enums, value, facts)
    return Envelope(
        at=at,
        status=status,
        success=tuple(word for word, _ in success),
        failure=tuple(word for word, _ in words),
        error=error,
        code=code,
        source=value.source,
    )


def _path(
    holder: Object, key: str, model: str, answers: ResponseModels, facts: FieldReader, *, required: bool = True
) -> FieldPath | None:
    pointer = facts.text(holder, key, required=required)
    return answers.path(pointer, model, holder.where(key)) if pointer else None


def _word(
    holder: Object, key: str, model: str, answers: ResponseModels, facts: FieldReader, *, required: bool = True
) -> FieldPath | None:
    """The place of a word."""
    path = _path(holder, key, model, answers, facts, required=required)
    if path and kind(path.type, answers.enums) not in ("text", "word"):
        facts.problems.error("converter-mismatch", path.source, f"{path.pointer} holds no text ({path.described})")
    return path


def _failure_model(failure: Object, operation: Operation, answers: ResponseModels, facts: FieldReader) -> str:
    status = facts.text(failure, "answer")
    response = next((r for r in operation.responses if r.status == status), None)
    types = [without_null(m.type) for m in response.content if m.type is not None] if response else []
    if len(types) == 1 and isinstance(types[0], Ref) and types[0].name in answers.models:
        return types[0].name
    if not status:
        return ""
    message = f"{operation.method} {operation.path} documents no object as its answer {status!r} ({operation.source})"
    known = ", ".join(repr(r.status) for r in operation.responses)
    facts.problems.error("unusable-answer", failure.where("answer"), message, f"there are the answers {known}")
    return ""


def _enum(path: FieldPath, answers: ResponseModels) -> Enum | None:
    return answers.enums.get(path.type.name) if isinstance(path.type, Ref) else None


def _check_words(
    success: list[tuple[str, Source]],
    failure: list[tuple[str, Source]],
    enums: list[Enum | None],
    value: Object,
    facts: FieldReader,
) -> None:
    """The words of the envelope's status are known: those of success, and all of them."""
    named = {word for word, _ in success}
    for word, place in failure:
        if word in named:
            message = f"{word!r} is a word of success, too (at {value.where('success')})"
            facts.problems.error("repeated-status", place, message, "keep one of them")
    for words, known in ((success, enums[:1]), (failure, enums)):
        listed = [enum for enum in known if enum]
        members = [str(member.value) for enum in listed for member in enum.values]
        for word, place in words if len(listed) == len(known) else ():
            if word not in members:
                message = f"{word!r} is named, but the spec does not list it ({listed[-1].source})"
                facts.problems.error("stale-status", place, message, name_hint(word, members))
    for member in (member for enum in enums if enum for member in enum.values):
        if str(member.value) not in named | {word for word, _ in failure}:
            message = f"{str(member.value)!r} of the envelope is not named ({member.source})"
            hint = "name it under `success`, or under `words` of `failure`"
            facts.problems.error("unmapped-status", value.source, message, hint)
