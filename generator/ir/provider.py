"""`provider.yaml`: where a vendored description came from, and what its credentials are called."""

from __future__ import annotations

import hashlib
import keyword
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..document.field_reader import FieldReader
from ..document.problems import Problems
from ..document.tree import Object

CLIENT_ARGUMENTS = (
    *("base_url", "timeout", "retry", "max_response_size", "auth", "http_client", "transport", "allow_insecure_http"),
)
"""Constructor arguments that every client has."""
_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*")
_ENVIRONMENT = re.compile(r"[A-Z][A-Z0-9_]*")


@dataclass(frozen=True, slots=True)
class Provider:
    """Facts that the API description itself does not hold. `prefix` begins the default environment names."""

    prefix: str
    url: str = ""
    arguments: Mapping[str, str] = field(default_factory=dict)
    """Security scheme -> constructor argument."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """Security scheme, or constructor argument of a parameter -> environment variable."""
    groups: bool | None = None
    """Whether tags become groups of methods; None: if there are many operations."""


def read_provider(document: Object, spec: Path, prefix: str, problems: Problems) -> Provider:
    """Check `provider.yaml` against the spec file beside it; what is wrong goes to `problems`."""
    facts = FieldReader("provider-shape", problems)
    facts.check_keys(document, {"source", "credentials", "parameters", "polling", "groups"})
    source = facts.mapping(document, "source")
    facts.check_keys(source, {"url", "retrieved", "sha256", "transcribed", "note"})
    for key, valid in (("url", _text), ("retrieved", _date), ("sha256", _text), ("transcribed", _boolean)):
        if not valid(source.get(key)):
            problems.error("provider-shape", source.where(key), f"source.{key} is missing or of the wrong kind")
    digest = hashlib.sha256(spec.read_bytes()).hexdigest()
    if _text(source.get("sha256")) and source["sha256"] != digest:
        hint = f"never edit it, correct it in overlay.yaml; after vendoring it anew record sha256: {digest}"
        message = f"{spec.name} is not the file that was vendored: its sha256 differs"
        problems.error("vendored-spec-changed", source.where("sha256"), message, hint)
    arguments, environment = {}, {}
    credentials = facts.mapping(document, "credentials")
    for scheme in credentials:
        entry = facts.mapping(credentials, scheme)
        facts.check_keys(entry, {"argument", "environment"})
        if argument := facts.matching(entry, "argument", _IDENTIFIER):
            arguments[scheme] = argument
        if variable := facts.matching(entry, "environment", _ENVIRONMENT):
            environment[scheme] = variable
    _check_clashes(credentials, arguments, environment, problems)
    parameters = facts.mapping(document, "parameters")
    for argument in parameters:
        entry = facts.mapping(parameters, argument)
        facts.check_keys(entry, {"environment"})
        if variable := facts.matching(entry, "environment", _ENVIRONMENT):
            environment[argument] = variable
    # Never by the number of operations: a new version of a vendored document must not move the methods of a client.
    return Provider(prefix, str(source.get("url", "")), arguments, environment, facts.flag(document, "groups"))


def check_used(document: Object, schemes: set[str], arguments: set[str], problems: Problems) -> None:
    """Report entries of `provider.yaml` that name nothing in the API description."""
    kinds = (("credentials", schemes, "security scheme"), ("parameters", arguments, "client parameter"))
    for key, known, what in kinds:
        entries = FieldReader("provider-shape", problems).mapping(document, key)
        for name in entries:
            if name not in known:
                hint = f"there are: {', '.join(sorted(known)) or 'none'}"
                problems.error("provider-stale", entries.where(name), f"{name!r} is no {what} of the document", hint)


def check_complete(document: Object, used: set[str], problems: Problems) -> None:
    """Report security schemes in use that have no entry: their public names are for a person to decide."""
    credentials = FieldReader("provider-shape", problems).mapping(document, "credentials")
    for name in sorted(used - credentials.keys()):
        hint = f"add it under credentials: {name}: {{argument: api_key, environment: EXAMPLE_API_KEY}}"
        problems.error("provider-incomplete", document.where("credentials"), f"{name!r} has no entry", hint)


def _check_clashes(
    credentials: Object, arguments: dict[str, str], environment: dict[str, str], problems: Problems
) -> None:
    for names, key in ((arguments, "argument"), (environment, "environment")):
        seen: dict[str, str] = {}
        for scheme, name in names.items():
            reserved = key == "argument" and (name in CLIENT_ARGUMENTS or name == "self" or keyword.iskeyword(name))
            if reserved or name in seen:
                why = "every client has it" if reserved else f"{seen[name]!r} has it"
                where = credentials[scheme].where(key)
                problems.error("argument-clash", where, f"the {key} {name!r} is taken: {why}", "choose another name")
            seen.setdefault(name, scheme)


def _text(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def _date(value: Any) -> bool:
    return isinstance(value, str) and bool(re.fullmatch(r"\d{4}-\d\d-\d\d", value))


def _boolean(value: Any) -> bool:
    return isinstance(value, bool)
