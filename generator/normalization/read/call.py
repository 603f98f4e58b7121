"""The call that fetches a run: its operation, its answer, and how a reference fills its parameters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from string import Formatter

from ...document.field_reader import FieldReader, name_hint
from ...document.problems import ProblemsFound, Source
from ...document.tree import Object
from ...ir.media_types import decoding, preferred
from ...ir.model import Enum, Operation, Package, Parameter
from ...ir.types import Ref, Scalar, Type, alternatives
from ..mapping import RUN_ID, Argument, RefPart

_PART = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Call:
    """An operation with its answer; the attributes are those of `Mapping`."""

    operation: Operation
    answer: str
    form: str
    parts: tuple[RefPart, ...]
    fills: tuple[Argument, ...]


def read_call(document: Object, package: Package, facts: FieldReader) -> Call:
    """The keys `operation`, `credentials`, `ref` and `parameters`. Raises ProblemsFound: nothing goes without them."""
    operation = _operation(document, package, facts)
    form, parts = _parts(document, facts)
    answer, fills = "", tuple[Argument, ...]()
    if operation:
        answer = _answer(operation, document.where("operation"), package, facts)
        fills = _Fills(document, operation, parts, package, facts).read() if parts else ()
        _check_credentials(document, operation, facts)
    if operation and answer and parts:
        return Call(operation, answer, form, parts, fills)
    raise ProblemsFound(facts.problems)


def _operation(document: Object, package: Package, facts: FieldReader) -> Operation | None:
    """The operation that is named by its operationId, or by its method and path."""
    name = facts.text(document, "operation")
    by_name = {f"{o.method} {o.path}": o for o in package.api.operations}
    by_name |= {o.operation_id: o for o in package.api.operations if o.operation_id}
    if name and name not in by_name:
        message = f"{package.api.title} has no operation {name!r} ({package.api.source})"
        facts.problems.error("unknown-operation", document.where("operation"), message, name_hint(name, [*by_name]))
    return by_name.get(name)


def _answer(operation: Operation, place: Source, package: Package, facts: FieldReader) -> str:
    """The client's model of the operation's success, which is never anything else."""
    successes = [r for r in operation.responses if r.success]
    successes = successes or [r for r in operation.responses if r.status == "default"]
    found = set()
    for response in successes:
        media = preferred(response.content)
        found.add(media.type if media and decoding(media) == "json" else None)
    models = {model.name for model in package.api.models}
    names = [type_.name for type_ in found if isinstance(type_, Ref) and type_.name in models]
    if len(found) == len(names) == 1:
        return names[0]
    what = "documented" if not found else "always the same object with documented properties"
    message = f"the success of {operation.method} {operation.path} is not {what} ({operation.source})"
    facts.problems.error("unusable-answer", place, message, "only such an answer can be mapped; correct the spec")
    return ""


def _parts(document: Object, facts: FieldReader) -> tuple[str, tuple[RefPart, ...]]:
    """The text form and its parts: names in braces, in path segments or as `name={name}` after a `?`. No parts when
    it is none."""
    form = facts.text(document, "ref")
    path, _, query = form.partition("?")
    parts = [RefPart(name, "path") for segment in path.split("/") for name in _braced(segment)]
    parts += [RefPart(name, "query") for item in query.split("&") for name in _braced(item.partition("=")[2])]
    names = [part.name for part in parts]
    again = "/".join(f"{{{p.name}}}" for p in parts if p.place == "path")
    rest = "&".join(f"{p.name}={{{p.name}}}" for p in parts if p.place == "query")
    good = form == again + (f"?{rest}" if rest else "") and len(set(names)) == len(names)
    good = good and RefPart(RUN_ID, "path") in parts and not {"base_url", "provider"} & {*names}
    if good:
        return form, tuple(parts)
    if form:
        hint = "such as '{run_id}', '{workflow_id}/{run_id}' or '{run_id}?tenant={tenant}'"
        message = (
            f"{form!r} is no form of a reference: it has parts in braces, in lower case, each once, {RUN_ID!r} in the"
            " path, and none is called 'base_url' or 'provider'"
        )
        facts.problems.error("ref-form", document.where("ref"), message, hint)
    return form, ()


def _braced(text: str) -> Iterator[str]:
    try:
        found = [*Formatter().parse(text)]
    except ValueError:
        return
    for literal, name, spec, conversion in found:
        if not literal and name and not spec and not conversion and _PART.fullmatch(name):
            yield name


@dataclass(frozen=True)
class _Fills:
    """What fills each parameter of the operation; every required one is filled, every part is used."""

    document: Object
    operation: Operation
    parts: tuple[RefPart, ...]
    package: Package
    facts: FieldReader

    def read(self) -> tuple[Argument, ...]:
        """The entries of `parameters`, and what is not among them."""
        table = self.facts.mapping(self.document, "parameters")
        # A name can be there in the path and in the query: what is required is filled.
        known = {p.wire: p for p in sorted(self.operation.parameters, key=lambda p: p.required)}
        found = []
        for wire in table:
            if parameter := known.get(wire):
                target, place = table[wire], table.where(wire)
                is_constant = isinstance(target, Object)
                fill = self._constant(parameter, target) if is_constant else self._part(parameter, target, place)
                found += [fill] if fill else []
            else:
                message = f"{self._call} has no parameter {wire!r} ({self.operation.source})"
                self.facts.problems.error("unknown-parameter", table.where(wire), message, name_hint(wire, [*known]))
        self._check_required({wire: known.get(wire) for wire in table})
        used = {target for target in table.values() if isinstance(target, str)}
        for part in self.parts:
            if part.name not in used:
                message = f"the part {part.name!r} fills no parameter of {self._call} ({self.operation.source})"
                hint = "name it under `parameters`, or remove it from the form"
                self.facts.problems.error("unknown-part", self.document.where("ref"), message, hint)
        return tuple(found)

    @property
    def _call(self) -> str:
        return f"{self.operation.method} {self.operation.path}"

    def _check_required(self, named: dict[str, Parameter | None]) -> None:
        for parameter in self.operation.parameters:
            # What the client's constructor is told need not be told again.
            if parameter.required and not parameter.from_client and named.get(parameter.wire) != parameter:
                message = f"the {parameter.location} parameter {parameter.wire!r} is required ({parameter.source})"
                hint = f"add it under `parameters`: {parameter.wire}: and a part of the reference"
                if other := named.get(parameter.wire):
                    hint = f"the {other.location} parameter of that name is filled: rename one, or correct the spec"
                self._unfilled(self.document.where("parameters"), message, hint)
        body = self.operation.body
        if body and body.required:
            message = f"{self._call} requires a body, which no reference fills ({body.source})"
            self._unfilled(self.document.where("operation"), message, "name an operation without one")

    def _unfilled(self, place: Source, message: str, hint: str = "") -> None:
        self.facts.problems.error("unfilled-parameter", place, message, hint)

    def _part(self, parameter: Parameter, target: object, place: Source) -> Argument | None:
        part = next((part for part in self.parts if part.name == target), None)
        if part is None:
            hint = f"{name_hint(str(target), [p.name for p in self.parts])}; a constant is written {{value: ...}}"
            message = f"{target!r} is no part of the reference ({self.document.where('ref')})"
            self.facts.problems.error("unknown-part", place, message, hint)
            return None
        if part.place == "query" and parameter.required and not parameter.from_client:
            message = f"{part.name!r} may be left out of a reference, but {parameter.wire!r} is required"
            hint = f"put {{{part.name}}} into the path of the form"
            self._unfilled(place, f"{message} ({parameter.source})", hint)
        is_integer = all(isinstance(t, Scalar) and t.primitive == "int" for t in alternatives(parameter.type))
        if "str" not in self._kinds(parameter) and not is_integer:
            message = f"{parameter.wire!r} takes neither text nor an integer ({parameter.source})"
            self._unfilled(place, message, "a reference fills no other ones")
        return Argument(parameter, part.name)

    def _constant(self, parameter: Parameter, target: Object) -> Argument | None:
        self.facts.check_keys(target, {"value"})
        value = target.get("value")
        if parameter.from_client:
            message = f"{parameter.wire!r} is filled by the client, not by a constant ({parameter.source})"
            self._unfilled(target.source, message, "name a part of the reference, or nothing")
        elif type(value).__name__ not in self._kinds(parameter) or not self._is_word(parameter, value):
            message = f"{parameter.wire!r} does not take {value!r} ({parameter.source})"
            self._unfilled(target.where("value"), message)
        elif isinstance(value, (str, int)):
            return Argument(parameter, "", value)
        return None

    def _kinds(self, parameter: Parameter) -> set[str]:
        """The names of the Python types that the client's method takes for a parameter, and a mapping can give."""
        return {kind for type_ in alternatives(parameter.type) for kind in self._kind(type_)}

    def _kind(self, type_: Type) -> set[str]:
        match type_:
            case Ref(name) if enum := self._enum(name):
                return {type(enum.values[0].value).__name__}
            case Scalar("str", "date" | "date-time"):
                return set()
            case Scalar("str" | "int" | "bool"):
                return {type_.primitive}
            case _:
                return set()

    def _is_word(self, parameter: Parameter, value: object) -> bool:
        """Whether a constant is among the words of a parameter that has a list of them."""
        enums = [self._enum(t.name) if isinstance(t, Ref) else None for t in alternatives(parameter.type)]
        return any(enum is None or value in [m.value for m in enum.values] for enum in enums)

    def _enum(self, name: str) -> Enum | None:
        return next((enum for enum in self.package.api.enums if enum.name == name), None)


def _check_credentials(document: Object, operation: Operation, facts: FieldReader) -> None:
    """The schemes that the mapping was made for are those that the operation takes."""
    named = facts.texts(document, "credentials")
    taken = {name for choice in operation.security for name in choice}
    for name, place in named:
        if name not in taken:
            message = f"{operation.method} {operation.path} does not take {name!r} ({operation.source})"
            facts.problems.error("unknown-credential", place, message, name_hint(name, [*taken]))
    for name in sorted(taken - {name for name, _ in named}):
        message = f"{operation.method} {operation.path} takes {name!r}, too ({operation.source})"
        facts.problems.error(
            "unlisted-credential", document.where("credentials"), message, "add it, or correct the spec"
        )
