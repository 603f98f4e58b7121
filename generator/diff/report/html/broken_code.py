"""A cause -> the code that no longer works because of it, in the names of the API: the idea of each rule's witness."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING

from ....escaping import one_line
from ....interpreter.fast_dataclasses import dataclass
from ....ir.model import without_names
from ....simplify.names import Naming
from ....upstream.naming import naming
from ...finding import Change

if TYPE_CHECKING:
    from ...causes.cause import Cause

_MOST = 3
"""Pieces of code for a cause."""

_ATTRIBUTE_ERROR, _TYPE_ERROR = "AttributeError", "TypeError"
_CHECKER = "a type checker refuses it"
_READ = "answer = {call}(...)\nanswer{path}"

CODE = {
    "python-method-removed": ("client.{before}(...)", _ATTRIBUTE_ERROR, ""),
    "python-method-renamed": ("client.{before}(...)", _ATTRIBUTE_ERROR, "client.{after}(...)"),
    "python-pagination-removed": ("{call}.paginated(...)", _ATTRIBUTE_ERROR, ""),
    "python-parameter-removed": ("{call}(..., {before}=...)", _TYPE_ERROR, "{call}(...)"),
    "python-parameter-renamed": ("{call}(..., {before}=...)", _TYPE_ERROR, "{call}(..., {after}=...)"),
    "python-parameter-added-required": ("{call}(...)", _TYPE_ERROR, "{call}(..., {argument}=...)"),
    "python-parameter-became-required": ("{call}(...)", _TYPE_ERROR, "{call}(..., {argument}=...)"),
    "python-parameter-became-keyword-only": ("{call}({argument})", _TYPE_ERROR, "{call}({argument}={argument})"),
    "python-parameters-reordered": ("{call}({before})", "no error: the values are swapped", "{call}({after})"),
    "python-parameter-type-changed": ("{argument}: {before}\n{call}(..., {argument}={argument})", _CHECKER, ""),
    "python-parameter-type-narrowed": ("{argument}: {before}\n{call}(..., {argument}={argument})", _CHECKER, ""),
    "python-return-type-changed": ("result: {before} = {call}(...)", _CHECKER, "result: {after} = {call}(...)"),
    "python-return-type-widened": ("result: {before} = {call}(...)", _CHECKER, "result: {after} = {call}(...)"),
    "python-return-value-removed": ("result: {before} = {call}(...)", "the result is None", "{call}(...)"),
    "python-exception-body-changed": (
        "except {error} as error:\n    body: {before} = error.body",
        "the body is {after}",
        "",
    ),
    "python-attribute-removed": ("{variable}.{before}", _ATTRIBUTE_ERROR, ""),
    "python-attribute-renamed": ("{variable}.{before}", _ATTRIBUTE_ERROR, "{variable}.{after}"),
    "python-attribute-type-changed": (
        "value: {before} = {variable}.{name}",
        _CHECKER,
        "value: {after} = {variable}.{name}",
    ),
    "python-attribute-type-widened": (
        "value: {before} = {variable}.{name}",
        _CHECKER,
        "value: {after} = {variable}.{name}",
    ),
    "python-attribute-became-nullable": (
        "value: {before} = {variable}.{name}",
        "the value may be None",
        "if {variable}.{name} is not None: ...",
    ),
    "python-attribute-became-optional": (
        "{variable}.{name}",
        "the value may be UNSET",
        "if {variable}.{name} is not UNSET: ...",
    ),
    "python-body-attribute-added-required": ("models.{class_}(...)", _TYPE_ERROR, "models.{class_}(..., {name}=...)"),
    "python-body-attribute-became-required": ("models.{class_}(...)", _TYPE_ERROR, "models.{class_}(..., {name}=...)"),
    "python-body-attribute-type-narrowed": ("value: {before}\nmodels.{class_}(..., {name}=value)", _CHECKER, ""),
    "python-class-removed": ("models.{before}", _ATTRIBUTE_ERROR, ""),
    "python-class-renamed": ("models.{before}", _ATTRIBUTE_ERROR, "models.{after}"),
    "python-enum-became-text": ("models.{before}", _ATTRIBUTE_ERROR, ""),
    "python-enum-member-removed": ("models.{place}", _ATTRIBUTE_ERROR, ""),
    "python-enum-member-renamed": ("models.{class_}.{before}", _ATTRIBUTE_ERROR, "models.{class_}.{after}"),
    "python-enum-member-value-changed": ("models.{place} == {before}", "this is False", "models.{place} == {after}"),
    "python-enum-member-added": (
        "match {variable}:\n    ...  # a case for each member",
        "no case fits",
        "    case models.{place}: ...",
    ),
    "python-constructor-argument-removed": ("{client}(..., {before}=...)", _TYPE_ERROR, "{client}(...)"),
    "python-constructor-argument-renamed": ("{client}(..., {before}=...)", _TYPE_ERROR, "{client}(..., {after}=...)"),
    "python-package-removed": ("import {before}", "ModuleNotFoundError", ""),
    "python-webhook-removed": ("webhooks.{before}(...)", _ATTRIBUTE_ERROR, ""),
    "python-webhook-renamed": ("webhooks.{before}(...)", _ATTRIBUTE_ERROR, "webhooks.{after}(...)"),
    "python-alias-changed": ("match value:\n    ...  # a case for each of {before}", "no case fits {after}", ""),
    "python-alias-widened": ("match value:\n    ...  # a case for each of {before}", "no case fits {after}", ""),
    "python-body-alias-narrowed": ("value: {before}  # passed as models.{place}", _CHECKER, ""),
    "python-class-kind-changed": ("models.{class_}(...)", "it is of kind {after} now", ""),
    "python-constructor-argument-needed": ("{client}(...)", "an error before anything is sent", ""),
    "python-constructor-environment-changed": (
        'os.environ["{before}"] = ...\n{client}()',
        "the variable is not read",
        'os.environ["{after}"] = ...',
    ),
    "python-credential-no-longer-enough": ("{client}({before}=...)", "CredentialsError", ""),
    "normalized-field-retyped": ("runs.get(...).{place}", "the value is None, and an issue says why", ""),
    "normalized-status-changed": ("runs.get(...).status", "{after}, where it was {before}", ""),
    "normalized-provider-removed": ('runs.get("{before}")', "the reference is refused", ""),
    "normalized-field-lost": ("runs.get(...).{place}", "the value is always None", ""),
    "normalized-status-removed": ("runs.get(...).status", "RunStatus.UNKNOWN: waiting does not end", ""),
    "normalized-status-unmapped": ("runs.get(...).status", "RunStatus.UNKNOWN: waiting does not end", ""),
    "api-removed-with-deprecation": ("{call}(...)", "StatusError: the new server has no such operation", ""),
    "api-removed-without-deprecation": ("{call}(...)", "StatusError: the new server has no such operation", ""),
    "response-required-property-removed": (_READ, "InvalidResponse", ""),
    "response-property-became-optional": (_READ, "InvalidResponse where it is absent", ""),
    "response-property-became-nullable": (_READ, "no value, or InvalidResponse, where it is null", ""),
    "response-property-enum-value-added": (
        "match answer{path}:\n    ...  # a case for each documented value",
        "no case fits {after}",
        "",
    ),
}
"""By rule: code that worked, what becomes of it, and what takes its place, if that is known."""
WITHOUT_CODE = {
    *("python-constructor-argument-meaning-changed", "python-enum-base-changed"),
    *("python-header-removed", "python-header-type-changed"),
}
"""The rules of Python for which a sentence says more than code would."""
_FAMILIES = {
    "api-security-": ("{call}(...)", "StatusError: the new server refuses the credentials", ""),
    "new-required-request-": ("{call}(...)", "StatusError without {member}", ""),
    "request-parameter-became-required": ("{call}(...)", "StatusError without {member}", ""),
    "request-property-became-required": ("{call}(...)", "StatusError without {member}", ""),
    "request-parameter-": ("{call}(..., {member}=...)", "StatusError, except for {after}", ""),
    "request-property-": ("{call}(...)", "StatusError, except where {member} is {after}", ""),
    "request-": ("{call}(...)", "StatusError: the new server refuses the call", ""),
    "response-": (_READ, "no value, or InvalidResponse", ""),
}
"""The same for the other rules of the wire that break callers, by how their ids begin."""


@dataclass(frozen=True, slots=True)
class BrokenCode:
    """A few lines of a caller, what becomes of them, and what takes their place, if anything does."""

    before: str
    consequence: str
    after: str
    is_deployed: bool
    """Whether it breaks as it is, by what the new server does; otherwise with the new package."""


def broken_code(cause: Cause, calls: Mapping[tuple[str, str], str]) -> tuple[BrokenCode, ...]:
    """The code that a cause breaks; `calls` has the methods of operations, by package and route."""
    alike: dict[tuple[str, ...], Change] = {}
    for change in cause.changes:  # in many operations it is the same code: the first one is an example
        if change.severity in ("breaking", "attention"):
            alike.setdefault((change.rule, change.layer, change.place, change.before, change.after), change)
    codes = (_code(change, calls) for change in alike.values())
    return tuple(islice(dict.fromkeys(code for code in codes if code), _MOST))


def _code(change: Change, calls: Mapping[tuple[str, str], str]) -> BrokenCode | None:
    texts = CODE.get(change.rule)
    if texts is None and change.layer == "wire" and change.severity == "breaking":
        texts = next((texts for start, texts in _FAMILIES.items() if change.rule.startswith(start)), None)
    if texts is None or change.layer == "lagging":
        return None
    names = {name: one_line(text) for name, text in _names(change).items()}
    names["call"] = one_line(_call(change, calls))
    if any("{call}" in text for text in texts) and not names["call"]:
        return None
    before, consequence, after = (text.format_map(names) for text in texts)
    return BrokenCode(before, consequence, after, change.layer == "wire")


@cache
def _naming() -> Naming:
    return naming()


def _names(change: Change) -> dict[str, str]:
    """What the texts can name: of places such as "RunsClient.get(limit)", "Run.status", "answer 200 /data/*/status"."""
    place = change.place
    owner, _, rest = place.partition(".")
    name, _, argument = rest.partition("(")
    path = _path(place)
    return {
        **{"before": change.before, "after": change.after or "nothing", "place": place, "path": path},
        **{"class_": owner, "variable": _naming().identifier(owner), "client": place.partition("(")[0]},
        **{"name": name, "argument": argument.rstrip(")")},
        "error": place.partition(" raises ")[2].partition(" ")[0],
        "member": path.removeprefix(".") or _naming().identifier(_parameter(change)),
    }


def _parameter(change: Change) -> str:
    """The last word of a place: "parameter query limit"; "parameter path 1" is the first variable of the path."""
    word = change.place.rpartition(" ")[2]
    variables = re.findall(r"{([^{}]+)}", change.operation)
    is_variable = (
        change.place.startswith("parameter path ") and re.fullmatch("[0-9]+", word) and 0 < int(word) <= len(variables)
    )
    return variables[int(word) - 1] if is_variable else word


def _call(change: Change, calls: Mapping[tuple[str, str], str]) -> str:
    if change.layer == "python":
        name = re.split(r"[( ]", change.place.partition(".")[2])[0]
        return f"client.{name}" if name else ""
    return calls.get((change.package, without_names(change.operation)), "")


def _path(place: str) -> str:
    """The attributes that lead to a place in a response: ".data[0].status" for "answer 200 /data/*/status"."""
    return "".join(_steps(place.partition(" /")[2].split("/")))


def _steps(tokens: list[str]) -> Iterator[str]:
    for token in filter(None, tokens):
        if token == "*":
            yield "[0]"
        elif re.fullmatch(r"[\w .@$-]+", token):
            yield f".{_naming().identifier(token)}"
        else:  # a member of a union, or any name
            return
