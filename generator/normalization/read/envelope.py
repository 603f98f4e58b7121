"""What is around a run in a response, and what says that there is none."""

from __future__ import annotations

from ...document.problems import Source
from ...document.tree import Object
from ...ir.model import Enum, Operation
from ...ir.types import without_null
from ..converters import value_type
from ..mapping import Envelope, FieldPath
from .context import Context


def read_envelope(context: Context, operation: Operation, response_model: str) -> Envelope | None:
    """The key `envelope`; None when there is none, or problems stand in the way."""
    reader, enum_of = context.reader, context.models.enum_of
    if "envelope" not in context.document:
        return None
    table = reader.mapping(context.document, "envelope")
    reader.check_keys(table, {"at", "status", "success", "failure"})
    run = context.path(table, "at", response_model)
    if run and not context.models.model_of(run.type):
        _mismatch(run, "is not an object with documented properties", context)
    status = _word_path(table, "status", response_model, context)
    success = reader.texts(table, "success", required=True)
    failure = reader.mapping(table, "failure")
    has_response = "answer" in failure
    reader.check_keys(failure, {"words", "answer"} | ({"status", "code"} if has_response else set()))
    words = reader.texts(failure, "words", required="failure" in table)
    error_model = _failure_model(failure, operation, context) if has_response else ""
    failure_status = _word_path(failure, "status", error_model, context, required=False) if error_model else None
    code = _word_path(failure, "code", error_model, context) if error_model else None
    if run is None or status is None:
        return None
    enums = [enum_of(status.type)]
    if has_response:
        enums.append(enum_of(failure_status.type) if failure_status else None)
    _check_documented(success, enums[:1], context)
    _check_documented(words, enums, context)
    _check_named(dict(success), dict(words), enums, table, context)
    return Envelope(
        run=run,
        status=status,
        success=tuple(word for word, _ in success),
        failure=tuple(word for word, _ in words),
        error_model=error_model,
        code=code,
        source=table.source,
    )


def _word_path(holder: Object, key: str, model: str, context: Context, *, required: bool = True) -> FieldPath | None:
    """The path to a word."""
    path = context.path(holder, key, model, required=required)
    if path and value_type(path.type, context.models.enums) not in ("text", "word"):
        _mismatch(path, "does not contain text", context)
    return path


def _mismatch(path: FieldPath, what: str, context: Context) -> None:
    context.error("converter-mismatch", path.source, f"{path.pointer} {what}", "", path.described_at)


def _failure_model(failure: Object, operation: Operation, context: Context) -> str:
    """The client's model of the response at `answer`; "" when it is anything else, which is reported."""
    status = context.reader.text(failure, "answer")
    media = [media for response in operation.responses if response.status == status for media in response.content]
    models = [context.models.model_of(without_null(item.type)) for item in media if item.type is not None]
    if len(models) == 1 and models[0]:
        return models[0].name
    if status:
        message = f"{operation.method} {operation.path} does not document an object as its response {status!r}"
        hint = f"the documented responses are {', '.join(repr(r.status) for r in operation.responses)}"
        context.error("unusable-answer", failure.where("answer"), message, hint, operation.source, subject=status)
    return ""


def _check_documented(words: list[tuple[str, Source]], enums: list[Enum | None], context: Context) -> None:
    """Report words that are in no enum. An enum is None where the spec lists no values: then any word can be sent."""
    listed = [enum for enum in enums if enum]
    values = [str(value.value) for enum in listed for value in enum.values]
    for word, source in words if len(listed) == len(enums) else ():
        if word not in values:
            message = f"{word!r} is named, but the spec does not list it"
            context.unknown("stale-status", source, message, word, values, listed[-1].source)


def _check_named(
    success: dict[str, Source], failure: dict[str, Source], enums: list[Enum | None], table: Object, context: Context
) -> None:
    """Report words that are named as both success and failure, and documented ones that are named as neither."""
    for word in success.keys() & failure.keys():
        message, see = f"{word!r} is under `success` as well", table.where("success")
        context.error("repeated-status", failure[word], message, "keep one of them", see, subject=word)
    for value in (value for enum in enums if enum for value in enum.values):
        word = str(value.value)
        if word not in success | failure:
            message = f"{word!r} of the envelope is not named"
            hint = "name it under `success`, or under `words` of `failure`"
            context.error("unmapped-status", table.source, message, hint, value.source, subject=word)
