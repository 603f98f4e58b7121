"""`normalization.yaml` and the two sides that it connects -> a checked mapping."""

from __future__ import annotations

import re
from collections.abc import Iterator
from string import Formatter

from generator.document import Object
from generator.facts import Facts, among
from generator.ir import Operation, Package, Parameter, Ref, Scalar, Type, UnionOf, without_null
from generator.normalization.coverage import check_coverage
from generator.normalization.mapping import RUN_ID, Envelope, Fill, Mapping, Part, Reason, Statuses, Unified
from generator.normalization.pointers import Answers
from generator.normalization.read_statuses import StatusReader
from generator.normalization.read_values import ValueReader
from generator.normalization.unified import ROOT
from generator.problems import Problems, Source

_KEYS = {
    *("operation", "credentials", "ref", "parameters", "envelope", "status", "fields", "lists", "present_when"),
    *("raw_only", "absent", "differences"),
}
_PART = re.compile(r"[a-z][a-z0-9_]*")


def read_mapping(document: Object, provider: str, package: Package, unified: Unified, problems: Problems) -> Mapping:
    """Check a mapping against the provider's API and the unified model. Raises ProblemsFound."""
    facts = Facts("mapping-shape", problems)
    facts.known(document, _KEYS)
    operation = _operation(document, package, facts)
    problems.stop_on_errors()
    assert operation is not None
    answer = _answer(operation, document.where("operation"), package, problems)
    parts = _parts(document, facts)
    fills = _fills(document, operation, parts, package, facts)
    _check_credentials(document, operation, facts)
    problems.stop_on_errors()
    answers = Answers.of(package.api, problems)
    values = ValueReader(answers, unified, facts, parts)
    statuses = StatusReader(answers, unified, facts).read(facts.mapping(document, "status"), answer)
    mapping = Mapping(
        provider=provider,
        package=package,
        operation=operation,
        answer=answer,
        form=str(document["ref"]),
        parts=parts,
        fills=fills,
        statuses=statuses or Statuses((), (), True, document.source, {}),
        values=values.values(facts.mapping(document, "fields"), answer, ROOT),
        flags=values.flags(facts.mapping(document, "present_when")),
        lists=values.lists(facts.mapping(document, "lists"), answer),
        raw_only=tuple(_reasons(document, "raw_only", "at", facts)),
        absent=tuple(_reasons(document, "absent", "fields", facts)),
        differences=tuple(text for text, _ in facts.texts(document, "differences")),
        source=document.source,
        envelope=_envelope(document, operation, answer, answers, facts) if "envelope" in document else None,
    )
    check_coverage(mapping, answers, unified, document)
    problems.stop_on_errors()
    return mapping


# The call


def _operation(document: Object, package: Package, facts: Facts) -> Operation | None:
    """The operation that is named by its operationId, or by its method and path."""
    name = facts.text(document, "operation")
    by_name = {f"{o.method} {o.path}": o for o in package.api.operations}
    by_name |= {o.operation_id: o for o in package.api.operations if o.operation_id}
    if name and name not in by_name:
        message = f"{package.api.title} has no operation {name!r} ({package.api.source})"
        facts.problems.error("unknown-operation", document.where("operation"), message, among(name, [*by_name]))
    return by_name.get(name)


def _answer(operation: Operation, place: Source, package: Package, problems: Problems) -> str:
    """The client's model of the operation's success."""
    models = {model.name for model in package.api.models}
    found = {
        without_null(media.type)
        for response in operation.responses
        if response.success
        for media in response.content
        if media.type is not None
    }
    names = [type_.name for type_ in found if isinstance(type_, Ref) and type_.name in models]
    if len(found) == len(names) == 1:
        return names[0]
    what = "one" if not found else "a single object with documented properties"
    message = f"the success of {operation.method} {operation.path} is not {what} ({operation.source})"
    problems.error("unusable-answer", place, message, "only such an answer can be mapped")
    return ""


def _parts(document: Object, facts: Facts) -> tuple[Part, ...]:
    """The parts of the text form: names in braces, in path segments or as `name={name}` after a `?`."""
    form = facts.text(document, "ref")
    path, _, query = form.partition("?")
    parts: list[Part] = []
    for segment in path.split("/") if form else ():
        parts += [Part(name, "path") for name in _braced(segment)]
    for item in query.split("&") if query else ():
        key, _, value = item.partition("=")
        parts += [Part(name, "query") for name in _braced(value) if name == key]
    names = [part.name for part in parts]
    again = "/".join(f"{{{p.name}}}" for p in parts if p.place == "path")
    rest = "&".join(f"{p.name}={{{p.name}}}" for p in parts if p.place == "query")
    good = form == again + (f"?{rest}" if rest else "") and len(set(names)) == len(names)
    good = good and Part(RUN_ID, "path") in parts and not {"base_url", "provider"} & {*names}
    if form and not good:
        hint = "such as '{run_id}', '{workflow_id}/{run_id}' or '{run_id}?tenant={tenant}'"
        message = f"{form!r} is no form of a reference: parts in lower case, `run_id` in the path, each once"
        facts.problems.error("ref-form", document.where("ref"), message, hint)
    return tuple(parts)


def _braced(text: str) -> Iterator[str]:
    try:
        found = [*Formatter().parse(text)]
    except ValueError:
        return
    for literal, name, spec, conversion in found:
        if not literal and name and not spec and not conversion and _PART.fullmatch(name):
            yield name


def _fills(
    document: Object, operation: Operation, parts: tuple[Part, ...], package: Package, facts: Facts
) -> tuple[Fill, ...]:
    """What fills each parameter of the operation; every required one is filled, every part is used."""
    error = facts.problems.error
    table = facts.mapping(document, "parameters")
    known = {p.wire: p for p in operation.parameters}
    found = []
    for wire in table:
        place, target = table.where(wire), table[wire]
        parameter = known.get(wire)
        if parameter is None:
            message = f"{operation.method} {operation.path} has no parameter {wire!r} ({operation.source})"
            error("unknown-parameter", place, message, among(wire, [*known]))
        elif isinstance(target, Object) and isinstance(target.get("value"), (str, int)) and not parameter.from_client:
            found.append(Fill(parameter, "", target["value"]))
        elif not isinstance(target, str) or target not in {part.name for part in parts}:
            hint = f"{among(str(target), [p.name for p in parts])}; a constant is written {{value: ...}}"
            error("unknown-part", place, f"{target!r} is no part of the reference ({document.where('ref')})", hint)
        else:
            fill = Fill(parameter, target)
            found.append(fill)
            _check_fill(fill, next(part for part in parts if part.name == target), package, place, facts)
    for parameter in operation.parameters:
        if parameter.required and parameter.wire not in table:
            message = f"the {parameter.location} parameter {parameter.wire!r} is required ({parameter.source})"
            error("unfilled-parameter", table.source, message, f"add {parameter.wire}: and a part of the reference")
    used = {fill.part for fill in found}
    for part in parts:
        if part.name not in used and not any(isinstance(v, str) and v == part.name for v in table.values()):
            message = f"the part {part.name!r} fills no parameter of {operation.method} {operation.path}"
            error("unknown-part", document.where("ref"), f"{message} ({operation.source})", "remove it from the form")
    return tuple(found)


def _check_fill(fill: Fill, part: Part, package: Package, place: Source, facts: Facts) -> None:
    parameter = fill.parameter
    if part.place == "query" and parameter.required and not parameter.from_client:
        message = (
            f"{part.name!r} may be left out of a reference, but {parameter.wire!r} is required ({parameter.source})"
        )
        facts.problems.error("unfilled-parameter", place, message, f"put {{{part.name}}} into the path of the form")
    if not _takes_text(parameter, package):
        message = f"{parameter.wire!r} takes neither text nor an integer ({parameter.source})"
        facts.problems.error("unfilled-parameter", place, message, "only such a parameter is filled from a reference")


def _takes_text(parameter: Parameter, package: Package) -> bool:
    def takes(type_: Type) -> bool:
        match type_:
            case UnionOf(members):
                return any(takes(member) for member in members)
            case Ref(name):
                return any(enum.name == name for enum in package.api.enums)
            case Scalar("str", format_):
                return format_ not in ("date", "date-time")
            case Scalar(kind):
                return kind == "int"
            case _:
                return False

    return takes(parameter.type)


def _check_credentials(document: Object, operation: Operation, facts: Facts) -> None:
    """The schemes that the mapping was made for are those that the operation takes."""
    named = facts.texts(document, "credentials")
    taken = {name for choice in operation.security for name in choice}
    for name, place in named:
        if name not in taken:
            message = f"{operation.method} {operation.path} does not take {name!r} ({operation.source})"
            facts.problems.error("unknown-credential", place, message, among(name, [*taken]))
    for name in sorted(taken - {name for name, _ in named}):
        message = f"{operation.method} {operation.path} takes {name!r}, too ({operation.source})"
        facts.problems.error(
            "unlisted-credential", document.where("credentials"), message, "add it, or correct the spec"
        )


# What is around the run


def _envelope(document: Object, operation: Operation, answer: str, answers: Answers, facts: Facts) -> Envelope | None:
    value = facts.mapping(document, "envelope")
    facts.known(value, {"at", "status", "success", "failure"})
    at = answers.path(facts.text(value, "at") or "/", answer, value.where("at"))
    status = answers.path(facts.text(value, "status") or "/", answer, value.where("status"))
    success = facts.texts(value, "success")
    failure = facts.mapping(value, "failure")
    facts.known(failure, {"answer", "status", "words", "code"})
    words = facts.texts(failure, "words")
    error, code = "", None
    if "answer" in failure:
        error = _failure_model(failure, operation, answers, facts)
        if error:
            code = answers.path(facts.text(failure, "code") or "/", error, failure.where("code"))
            if (pointer := facts.text(failure, "status")) and (
                path := answers.path(pointer, error, failure.where("status"))
            ):
                _check_envelope_words(words, path.type, failure.where("words"), answers, facts)
    if at is None or status is None:
        return None
    if not isinstance(at.type, Ref) or at.type.name not in answers.models:
        message = f"{at.pointer} is no object with documented properties ({at.described})"
        facts.problems.error("converter-mismatch", at.source, message)
        return None
    _check_envelope_words(success, status.type, value.where("success"), answers, facts)
    return Envelope(
        at=at,
        status=status,
        success=tuple(word for word, _ in success),
        failure=tuple(word for word, _ in words),
        error=error,
        code=code,
        source=value.source,
    )


def _failure_model(failure: Object, operation: Operation, answers: Answers, facts: Facts) -> str:
    status = facts.text(failure, "answer")
    response = next((r for r in operation.responses if r.status == status), None)
    types = [without_null(m.type) for m in response.content if m.type is not None] if response else []
    if len(types) == 1 and isinstance(types[0], Ref) and types[0].name in answers.models:
        return types[0].name
    message = f"{operation.method} {operation.path} documents no object as its answer {status!r} ({operation.source})"
    facts.problems.error("unusable-answer", failure.where("answer"), message, "name the status of an error with a body")
    return ""


def _check_envelope_words(
    words: list[tuple[str, Source]], type_: Type, place: Source, answers: Answers, facts: Facts
) -> None:
    enum = answers.enums.get(type_.name) if isinstance(type_, Ref) else None
    if enum is None:
        return
    known = {str(m.value): m for m in enum.members}
    for word, where in words:
        if word not in known:
            message = f"{word!r} is named, but the spec does not list it ({enum.source})"
            facts.problems.error("stale-status", where, message, among(word, [*known]))
    for word in sorted(known.keys() - {word for word, _ in words}):
        message = f"{word!r} of the envelope is not named ({known[word].source})"
        facts.problems.error("unmapped-status", place, message, "name it under `success` or `failure`")


def _reasons(document: Object, key: str, names: str, facts: Facts) -> Iterator[Reason]:
    for entry in facts.mappings(document, key):
        facts.known(entry, {names, "because"})
        listed = tuple(name for name, _ in facts.texts(entry, names))
        yield Reason(listed, facts.text(entry, "because"), entry.source)
