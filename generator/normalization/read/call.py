"""The call that fetches a run: its operation, its response, and how a reference fills its parameters."""

from __future__ import annotations

import re

from ...document.field_reader import name_hint
from ...document.problems import ProblemsFound, Source
from ...document.tree import Array, Object
from ...interpreter.fast_dataclasses import dataclass
from ...ir.model import Operation, Parameter
from ...ir.types import Ref, Scalar, Type, alternatives
from .. import spellings
from ..mapping import RUN_ID, Argument, RefPart
from .context import Context

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_BRACES = re.compile("{([^{}]*)}")
_RESERVED = {"base_url", "account", "provider"}


@dataclass(frozen=True, slots=True)
class Call:
    """An operation with its response; the attributes are those of `Mapping`."""

    operation: Operation
    response_model: str
    ref_form: str
    parts: tuple[RefPart, ...]
    arguments: tuple[Argument, ...]


def read_call(context: Context) -> Call:
    """The keys `operation`, `credentials`, `ref` and `parameters`. Raises ProblemsFound: nothing goes without them."""
    operation = _operation(context)
    ref_form, parts = _ref_form(context)
    if operation:
        model = _response_model(operation, context)
        arguments = _ArgumentReader(context, operation, parts).read() if parts else ()
        _check_credentials(operation, context)
        if model and parts:
            return Call(operation, model, ref_form, parts, arguments)
    raise ProblemsFound(context.reader.problems)


def _operation(context: Context) -> Operation | None:
    """The operation that is named by its operationId, or by its method and path."""
    document, api = context.document, context.api
    name = context.reader.text(document, "operation")
    operations = {_title(operation): operation for operation in api.operations}
    operations |= {operation.operation_id: operation for operation in api.operations if operation.operation_id}
    if name and name not in operations:
        message = f"{api.title} has no operation {name!r}"
        context.unknown("unknown-operation", document.where("operation"), message, name, operations, api.source)
    return operations.get(name)


def _title(operation: Operation) -> str:
    return f"{operation.method} {operation.path}"


def _response_model(operation: Operation, context: Context) -> str:
    """The client's model of the operation's success; "" when it can be anything else, which is reported."""
    model = context.models.success_model(operation)
    if not model:
        documented = any(response.success or response.status == "default" for response in operation.responses)
        what = "always the same object with documented properties" if documented else "documented"
        message = f"the success of {_title(operation)} is not {what}"
        hint = "only such a response can be mapped; correct the spec"
        context.error("unusable-answer", context.document.where("operation"), message, hint, operation.source)
    return model


def _ref_form(context: Context) -> tuple[str, tuple[RefPart, ...]]:
    """The text form of references and its parts: names in braces, in path segments or as `name={name}` behind a `?`.

    There are no parts when the form is malformed, which is reported.
    """
    if isinstance(written := context.document.get("ref"), Object):
        hint = f"write it in quotes: ref: {spellings.reference(written)!r}"
        context.reader.error(context.document.where("ref"), "`ref` is not text: braces begin a table in YAML", hint)
        return "", ()
    form = context.reader.text(context.document, "ref")
    path, _, query = form.partition("?")
    in_path, in_query = (re.findall(r"{([^{}]*)}", text) for text in (path, query))
    names = [*in_path, *in_query]
    rebuilt = "/".join(f"{{{name}}}" for name in in_path)
    rebuilt += "?" + "&".join(f"{name}={{{name}}}" for name in in_query) if in_query else ""
    valid = form == rebuilt and all(map(_NAME.fullmatch, names)) and len({*names}) == len(names)
    if valid and RUN_ID in in_path and not _RESERVED & {*names}:
        return form, (*(RefPart(name, "path") for name in in_path), *(RefPart(name, "query") for name in in_query))
    if form:
        message = (
            f"{form!r} is not the form of a reference: it has parts in braces, in lower case, each once, {RUN_ID!r} in"
            " the path, and no part is called 'base_url', 'account' or 'provider'"
        )
        near = spellings.reference(form)
        hint = "such as '{run_id}', '{workflow_id}/{run_id}' or '{run_id}?tenant={tenant}'"
        hint = f"write ref: {near!r}" if near != form and not _RESERVED & {*_BRACES.findall(near)} else hint
        context.error("ref-form", context.document.where("ref"), message, hint)
    return form, ()


@dataclass(frozen=True)
class _ArgumentReader:
    """Reads what fills each parameter of the operation: every required one is filled, every part is used."""

    context: Context
    operation: Operation
    parts: tuple[RefPart, ...]

    def read(self) -> tuple[Argument, ...]:
        """The entries of `parameters`."""
        if isinstance(names := self.context.document.get("parameters"), Array):
            self._list(names)
            return ()
        table = self.context.reader.mapping(self.context.document, "parameters")
        # A name can be there in the path and in the query: what is required is filled.
        parameters = {p.wire: p for p in sorted(self.operation.parameters, key=lambda p: p.required)}
        arguments = []
        for wire, target in table.items():
            source = table.where(wire)
            parameter = parameters.get(wire)
            if parameter and isinstance(target, Object):
                arguments.append(self._constant(parameter, target))
            elif parameter:
                arguments.append(self._part(parameter, target, source))
            else:
                message, see = f"{_title(self.operation)} has no parameter {wire!r}", self.operation.source
                self.context.unknown("unknown-parameter", source, message, wire, parameters, see)
        self._check_required({wire: parameters.get(wire) for wire in table})
        self._check_parts_used({target for target in table.values() if isinstance(target, str)})
        return tuple(argument for argument in arguments if argument)

    def _list(self, names: Array) -> None:
        """Report that the names of parameters are a list instead of a table."""
        parts = [part.name for part in self.parts]
        texts = [name for name in names if isinstance(name, str)]
        entries = ", ".join(f"{name}: {name if name in parts else RUN_ID}" for name in texts or ["PARAMETER"])
        hint = f"write what fills each of them: {{{entries}}}"
        self.context.reader.error(self.context.document.where("parameters"), "`parameters` is not a mapping", hint)

    def _unfilled(self, source: Source, message: str, hint: str, see: Source, subject: str) -> None:
        self.context.error("unfilled-parameter", source, message, hint, see, subject=subject)

    def _check_required(self, named: dict[str, Parameter | None]) -> None:
        """Report required parameters, and a required body, that nothing fills.

        What the client's constructor takes need not be given again.
        """
        document, body = self.context.document, self.operation.body
        for parameter in self.operation.parameters:
            if parameter.required and not parameter.from_client and named.get(parameter.wire) != parameter:
                message = f"the {parameter.location} parameter {parameter.wire!r} is required"
                hint = f"add it under `parameters`: {parameter.wire}: and a part of the reference"
                if namesake := named.get(parameter.wire):
                    hint = f"the {namesake.location} parameter of that name is filled: rename one, or correct the spec"
                subject = f"{parameter.location} {parameter.wire}"
                self._unfilled(document.where("parameters"), message, hint, parameter.source, subject)
        if body and body.required:
            message = f"{_title(self.operation)} requires a request body, which a reference cannot fill"
            hint = "name an operation that does not require one"
            self._unfilled(document.where("operation"), message, hint, body.source, "body")

    def _check_parts_used(self, used: set[str]) -> None:
        for part in self.parts:
            if part.name not in used:
                message = f"the part {part.name!r} fills no parameter of {_title(self.operation)}"
                hint = "name it under `parameters`, or remove it from the form"
                source, see = self.context.document.where("ref"), self.operation.source
                self.context.error("unknown-part", source, message, hint, see, subject=part.name)

    def _part(self, parameter: Parameter, target: object, source: Source) -> Argument | None:
        """The argument that is a part of the reference; None when there is no such part, which is reported."""
        part = next((part for part in self.parts if part.name == target), None)
        if part is None:
            names, constant = (
                [p.name for p in self.parts],
                str(target).lower() if isinstance(target, bool) else repr(target),
            )
            hint = f"{name_hint(str(target), names)}; a constant is written {parameter.wire}: {{value: {constant}}}"
            message, see = f"{target!r} is not a part of the reference", self.context.document.where("ref")
            self.context.error("unknown-part", source, message, hint, see, subject=str(target))
            return None
        if part.location == "query" and parameter.required and not parameter.from_client:
            message = f"{part.name!r} may be left out of a reference, but {parameter.wire!r} is required"
            hint = f"put {{{part.name}}} into the path of the form"
            self._unfilled(source, message, hint, parameter.source, "required")
        argument = Argument(parameter, part.name)
        if "str" not in self._python_types(parameter) and not argument.is_integer:
            message, hint = f"{parameter.wire!r} takes neither text nor an integer", "a reference can fill only these"
            self._unfilled(source, message, hint, parameter.source, "type")
        return argument

    def _constant(self, parameter: Parameter, target: Object) -> Argument | None:
        """The argument that is a constant; None when the parameter does not take it, which is reported."""
        names = [part.name for part in self.parts]
        if "value" not in target:
            name = next((key for key in target if key in names), RUN_ID)
            hint = f"write {parameter.wire}: {name}, or for a constant {parameter.wire}: {{value: CONSTANT}}"
            self.context.reader.error(target.source, f"the table of {parameter.wire!r} has no `value`", hint)
            return Argument(parameter, name)
        self.context.reader.check_keys(target, {"value"})
        value = target.get("value")
        if parameter.from_client:
            message = f"{parameter.wire!r} is filled by the client, not by a constant"
            hint = "name a part of the reference, or remove the entry"
            self._unfilled(target.source, message, hint, parameter.source, "constant")
        elif type(value).__name__ not in self._python_types(parameter) or not self._is_documented(parameter, value):
            message = f"{parameter.wire!r} does not take {value!r}"
            self._unfilled(target.where("value"), message, "", parameter.source, repr(value))
        elif isinstance(value, (str, int)):
            return Argument(parameter, "", value)
        return None

    def _python_types(self, parameter: Parameter) -> set[str]:
        """The names of the Python types that the client's method takes for a parameter, and a mapping can give."""
        return {self._python_type(type_) for type_ in alternatives(parameter.type)} - {""}

    def _python_type(self, type_: Type) -> str:
        match type_:
            case Ref(name) if enum := self.context.models.enums.get(name):
                return type(enum.values[0].value).__name__
            case Scalar("str", "date" | "date-time"):
                return ""
            case Scalar("str" | "int" | "bool" as primitive):
                return primitive
            case _:
                return ""

    def _is_documented(self, parameter: Parameter, value: object) -> bool:
        """Whether a constant is among the values of a parameter that has a list of them."""
        enums = [self.context.models.enum_of(type_) for type_ in alternatives(parameter.type)]
        return any(enum is None or value in [v.value for v in enum.values] for enum in enums)


def _check_credentials(operation: Operation, context: Context) -> None:
    """Report differences between the schemes that the mapping was made for and those that the operation takes."""
    listed, document, see = context.reader.texts(context.document, "credentials"), context.document, operation.source
    schemes = {name for alternative in operation.security for name in alternative}
    for name, source in listed:
        if name not in schemes:
            message = f"{_title(operation)} does not take {name!r}"
            context.unknown("unknown-credential", source, message, name, schemes, see)
    for name in sorted(schemes - {name for name, _ in listed}):
        message, hint = f"{_title(operation)} takes {name!r}, too", "add it, or correct the spec"
        context.error("unlisted-credential", document.where("credentials"), message, hint, see, subject=name)
