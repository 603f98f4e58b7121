"""What is around a run in a response, and what says that there is none."""

from __future__ import annotations

from ...document.problems import Source
from ...document.tree import Object
from ...ir.model import Operation
from ...ir.types import without_null
from ..mapping import Envelope, FieldPath
from .context import Context
from .selectors import NO_WORD, is_word, listed_words, lister, words_at


def read_envelope(context: Context, operation: Operation, response_model: str) -> Envelope | None:
    """The key `envelope`; None when there is none, or problems stand in the way."""
    reader = context.reader
    if "envelope" not in context.document:
        return None
    table = reader.mapping(context.document, "envelope")
    reader.check_keys(table, {"at", "status", "success", "failure"})
    run = context.path(table, "at", response_model)
    if run and not context.models.model_of(run.type):
        _mismatch(run, "is not an object with documented properties", context)
    status = _word_path(table, "status", response_model, context)
    success = words_at(table, "success", context)
    failure = reader.mapping(table, "failure")
    has_response = "answer" in failure
    reader.check_keys(failure, {"words", "answer"} | ({"status", "code", "not_found"} if has_response else set()))
    words = words_at(failure, "words", context, required="failure" in table)
    error_model = _failure_model(failure, operation, context) if has_response else ""
    failure_status = _word_path(failure, "status", error_model, context, required=False) if error_model else None
    code = _word_path(failure, "code", error_model, context) if error_model else None
    not_found = words_at(failure, "not_found", context, required=False) if error_model else []
    if run is None or status is None:
        return None
    paths = [status, *([failure_status] if has_response else [])]
    _check_documented(success, paths[:1], context)
    _check_documented(words, paths, context)
    _check_documented(not_found, [code], context)
    _check_named(dict(success), dict(words), paths, table, context)
    return Envelope(
        run=run,
        status=status,
        success=tuple(word for word, _ in success),
        failure=tuple(word for word, _ in words),
        error_model=error_model,
        code=code,
        not_found=tuple(word for word, _ in not_found),
        source=table.source,
    )


def _word_path(holder: Object, key: str, model: str, context: Context, *, required: bool = True) -> FieldPath | None:
    """The path to a word."""
    path = context.path(holder, key, model, required=required)
    if path and not is_word(path.type, context):
        _mismatch(path, NO_WORD, context)
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


def _check_documented(words: list[tuple[str, Source]], paths: list[FieldPath | None], context: Context) -> None:
    """Report words that the spec lists at none of `paths`; where it lists none at one of them, any can be sent."""
    lists = [(path, listed_words(path.type, context) if path else ()) for path in paths]
    values = [value for _, listed in lists for value in listed]
    for word, source in words if all(listed for _, listed in lists) else ():
        if word not in values:
            message = f"{word!r} is named, but the spec does not list it"
            path = paths[-1]
            context.unknown("stale-status", source, message, word, values, *([lister(path, context)] if path else []))


def _check_named(
    success: dict[str, Source],
    failure: dict[str, Source],
    paths: list[FieldPath | None],
    table: Object,
    context: Context,
) -> None:
    """Report words that are named as both success and failure, and documented ones that are named as neither."""
    for word in success.keys() & failure.keys():
        message, see = f"{word!r} is under `success` as well", table.where("success")
        context.error("repeated-status", failure[word], message, "keep one of them", see, subject=word)
    for path in filter(None, paths):
        for word in listed_words(path.type, context):
            if word not in success | failure:
                message = f"{word!r} of the envelope is not named"
                hint, see = "name it under `success`, or under `words` of `failure`", lister(path, context, word)
                context.error("unmapped-status", table.source, message, hint, see, subject=word)
