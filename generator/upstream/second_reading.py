"""The second reader: openapi-python-client reads the simplified document too, and both readings must agree.

So nothing can be dropped or misread unnoticed. A difference is a defect of the generator, or one of the library: those
that are known are allowed for in `library_document` and `type_comparison`, each with its reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..document.operations import webhooks
from ..document.problems import Problems, Source
from ..document.tree import Object
from ..ir.model import Api, Enum, Model, Operation, Webhook
from ..ir.types import Type
from ..simplify.names import PYTHON_NAME
from .library import read_again
from .library_document import can_hold, library_document
from .type_comparison import TypeComparison


def second_reading(simplified: Object, api: Api, problems: Problems) -> None:
    """Have the library read the simplified document, and report what it reads differently from `api`."""
    document = library_document(simplified, api)
    reading, refusal = read_again(document.content)
    enums = frozenset(enum.name for enum in api.enums)
    comparison = _Comparison(document.classes, enums, TypeComparison(api, document.classes), problems)
    if refusal:
        comparison.report("the document", api.source, refusal)
        return
    for error in reading.errors:
        comparison.report("a schema", api.source, f"{error.header} {error.detail}")
    collections = reading.endpoint_collections_by_tag.values()
    for error in (error for collection in collections for error in collection.parse_errors):
        comparison.report("an operation", api.source, f"{error.header} {error.detail}")

    models = {str(model.class_info.name): model for model in reading.models}
    enums_by_class = {str(enum.class_info.name): enum for enum in reading.enums}
    endpoints = {str(endpoint.name): endpoint for collection in collections for endpoint in collection.endpoints}
    keys = {value[PYTHON_NAME]: (key, method) for key, method, value in webhooks(simplified)}
    for model in api.models:
        comparison.model(model, models.get(document.classes.get(model.name, "")))
    for enum in api.enums:
        comparison.enum(enum, enums_by_class.get(document.classes.get(enum.name, "")))
    for operation in api.operations:
        id_ = document.operation_ids[operation.path, operation.method.lower()]
        comparison.operation(operation, endpoints.get(id_))
    for webhook in api.webhooks:
        comparison.webhook(webhook, endpoints.get(document.operation_ids[keys[webhook.name]]))


@dataclass(frozen=True, slots=True)
class _Comparison:
    """Each method compares one thing of ours with the library's, which is None where it has no such thing."""

    classes: Mapping[str, str]
    enums: frozenset[str]
    types: TypeComparison
    problems: Problems

    def report(self, subject: str, source: Source, difference: str) -> None:
        hint = "this is a defect of the generator: please report it with the document"
        message = f"a second reader sees {subject} differently: {difference}"
        self.problems.error("second-reading", source, message, hint)

    def type(self, subject: str, source: Source, type_: Type, library_property: Any) -> None:
        difference = self.types.difference(type_, library_property)
        if difference:
            self.report(subject, source, difference)

    def model(self, model: Model, library_model: Any) -> None:
        subject = f"the model {model.name}"
        if library_model is None:
            self.report(subject, model.source, "it has no such model")
            return
        every_property = [*(library_model.required_properties or ()), *(library_model.optional_properties or ())]
        properties = {p.name.get_untrusted_value(): p for p in every_property}
        if len(properties) != len(model.fields):
            self.report(subject, model.source, f"it has {len(properties)} properties")
            return
        for number, field in enumerate(model.fields):
            subject, library_property = f"{model.name}.{field.wire}", properties[f"f_{number}"]
            if library_property.required != field.required:
                self.report(subject, field.source, f"required is {library_property.required}")
            self.type(subject, field.source, field.type, library_property)

    def enum(self, enum: Enum, library_enum: Any) -> None:
        # The library drops control characters from values, and escapes others: only plain values can be compared.
        plain = {str(value.value) for value in enum.values if _is_plain(str(value.value))}
        values = [str(value) for value in library_enum.values.values()] if library_enum is not None else []
        if len(values) != len(enum.values) or not plain <= set(values):
            self.report(f"the enum {enum.name}", enum.source, f"its values are {sorted(values)}")

    def operation(self, operation: Operation, endpoint: Any) -> None:
        subject = f"{operation.method} {operation.path}"
        if endpoint is None:
            self.report(subject, operation.source, "it has no such operation")
            return
        self.parameters(subject, operation, endpoint)
        self.responses(subject, operation, endpoint)
        if bool(endpoint.bodies) != (operation.body is not None):
            self.report(subject, operation.source, f"it has {len(endpoint.bodies)} request bodies")

    def parameters(self, subject: str, operation: Operation, endpoint: Any) -> None:
        parameters = {(p.location, f"p_{number}"): p for number, p in enumerate(operation.parameters)}
        library_parameters = {
            (location.value, p.name.get_untrusted_value()): p for location, p in endpoint.iter_all_parameters()
        }
        if library_parameters.keys() != parameters.keys():
            self.report(subject, operation.source, f"its parameters are {sorted(library_parameters)}")
            return
        for key, parameter in parameters.items():
            required = library_parameters[key].required
            if required != parameter.required:
                self.report(f"{subject}, {parameter.wire}", parameter.source, f"required is {required}")
            if can_hold(parameter, self.enums):
                self.type(f"{subject}, {parameter.wire}", parameter.source, parameter.type, library_parameters[key])

    def responses(self, subject: str, operation: Operation, endpoint: Any) -> None:
        library_responses = {response.status_code.pattern.upper(): response for response in endpoint.responses}
        if library_responses.keys() != {response.status.upper() for response in operation.responses}:
            self.report(subject, operation.source, f"its responses are {sorted(library_responses)}")
            return
        for response in operation.responses:
            types = [media.type for media in response.content if media.type is not None]
            if types:
                library_property = library_responses[response.status.upper()].prop
                self.type(f"{subject}, {response.status}", response.source, types[0], library_property)

    def webhook(self, webhook: Webhook, endpoint: Any) -> None:
        subject = f"the webhook {webhook.wire}"
        content = webhook.body.content if webhook.body else ()
        types = [media.type for media in content if media.type is not None]
        if endpoint is None:
            self.report(subject, webhook.source, "it has no such webhook")
        elif len(endpoint.bodies) != (webhook.body is not None):
            self.report(subject, webhook.source, "it has another body")
        elif types:
            self.type(subject, webhook.source, types[0], endpoint.bodies[0].prop)


def _is_plain(value: str) -> bool:
    return value.isprintable() and not set(value) & {'"', "\\"}
