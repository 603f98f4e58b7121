"""What is around a run in a response, and what says that there is none."""

from __future__ import annotations

from dataclasses import dataclass

from ...document.field_reader import name_hint
from ...document.problems import Source
from ...document.tree import Object
from ...ir.model import Enum, Operation
from ...ir.types import without_null
from ..converters import value_type
from ..mapping import Envelope, FieldPath
from .context import Context


def read_envelope(context: Context, operation: Operation, response_model: str) -> Envelope | None:
    """The key `envelope`; None when there is none, or problems stand in the way."""
    reader = context.reader
    if "envelope" not in context.document:
        return None
    table = reader.mapping(context.document, "envelope")
    reader.check_keys(table, {"at", "status", "success", "failure"})
    run = _run(table, response_model, context)
    status = _word_path(table, "status", response_model, context)
    success = reader.texts(table, "success", required=True)
    failure = _read_failure(table, operation, context)
    if run is None or status is None:
        return None
    enum_of = context.models.enum_of
    failure_enums = [enum_of(failure.status.type) if failure.status else None] if failure.has_response else []
    _WordCheck(context, table, [enum_of(status.type)], failure_enums).check(success, failure.words)
    return Envelope(
        run=run,
        status=status,
        success=tuple(word for word, _ in success),
        failure=tuple(word for word, _ in failure.words),
        error_model=failure.model,
        code=failure.code,
        source=table.source,
    )


@dataclass(frozen=True)
class _Failure:
    """The key `failure`: the words for which there is no run, and the response then."""

    words: list[tuple[str, Source]]
    has_response: bool
    model: str
    status: FieldPath | None
    code: FieldPath | None


def _read_failure(table: Object, operation: Operation, context: Context) -> _Failure:
    failure = context.reader.mapping(table, "failure")
    has_response = "answer" in failure
    context.reader.check_keys(failure, {"words", "answer"} | ({"status", "code"} if has_response else set()))
    words = context.reader.texts(failure, "words", required="failure" in table)
    model = _failure_model(failure, operation, context) if has_response else ""
    status = _word_path(failure, "status", model, context, required=False) if model else None
    code = _word_path(failure, "code", model, context) if model else None
    return _Failure(words, has_response, model, status, code)


def _run(table: Object, response_model: str, context: Context) -> FieldPath | None:
    path = context.path(table, "at", response_model)
    if path and not context.models.model_of(path.type):
        message = f"{path.pointer} is not an object with documented properties"
        context.error("converter-mismatch", path.source, message, "", path.described_at)
    return path


def _word_path(holder: Object, key: str, model: str, context: Context, *, required: bool = True) -> FieldPath | None:
    """The path to a word."""
    path = context.path(holder, key, model, required=required)
    if path and value_type(path.type, context.models.enums) not in ("text", "word"):
        context.error("converter-mismatch", path.source, f"{path.pointer} holds no text", "", path.described_at)
    return path


def _failure_model(failure: Object, operation: Operation, context: Context) -> str:
    status = context.reader.text(failure, "answer")
    response = next((response for response in operation.responses if response.status == status), None)
    types = [without_null(media.type) for media in response.content if media.type is not None] if response else []
    models = [context.models.model_of(type_) for type_ in types]
    if len(models) == 1 and models[0]:
        return models[0].name
    if status:
        message = f"{operation.method} {operation.path} documents no object as its response {status!r}"
        hint = f"there are the responses {', '.join(repr(r.status) for r in operation.responses)}"
        context.error("unusable-answer", failure.where("answer"), message, hint, operation.source, subject=status)
    return ""


@dataclass(frozen=True)
class _WordCheck:
    """Checks that the envelope's words are those of its status: `enums` in a success, `failure_enums` in a failure.

    An enum is None where the spec lists no values.
    """

    context: Context
    table: Object
    enums: list[Enum | None]
    failure_enums: list[Enum | None]

    def check(self, success: list[tuple[str, Source]], failure: list[tuple[str, Source]]) -> None:
        """Report words that are named twice or not listed, and listed ones that are not named."""
        successes = {word for word, _ in success}
        for word, source in failure:
            if word in successes:
                message, see = f"{word!r} is a word of success, too", self.table.where("success")
                self.context.error("repeated-status", source, message, "keep one of them", see, subject=word)
        all_enums = [*self.enums, *self.failure_enums]
        self._check_listed(success, self.enums)
        self._check_listed(failure, all_enums)
        named = successes | {word for word, _ in failure}
        for value in (value for enum in all_enums if enum for value in enum.values):
            if str(value.value) not in named:
                message = f"{str(value.value)!r} of the envelope is not named"
                hint = "name it under `success`, or under `words` of `failure`"
                subject = str(value.value)
                self.context.error("unmapped-status", self.table.source, message, hint, value.source, subject=subject)

    def _check_listed(self, words: list[tuple[str, Source]], enums: list[Enum | None]) -> None:
        listed = [enum for enum in enums if enum]
        if len(listed) < len(enums):
            return
        values = [str(value.value) for enum in listed for value in enum.values]
        for word, source in words:
            if word not in values:
                message, hint = f"{word!r} is named, but the spec does not list it", name_hint(word, values)
                self.context.error("stale-status", source, message, hint, listed[-1].source, subject=word)
