"""`provider.yaml`: where a vendored description came from, and how its credentials are named."""

from __future__ import annotations

import hashlib
import keyword
import re
from collections.abc import Collection, Mapping
from dataclasses import field
from pathlib import Path

from .. import PROGRAM
from ..document.field_reader import FieldReader
from ..document.problems import Problems
from ..document.tree import Array, Object
from ..interpreter.fast_dataclasses import dataclass
from ..options import OPTION_KEYS, TAGS, UNDECIDED, Options, read_options
from ..polling import USUAL, Polling, read_polling
from ..undecided import Marks, without_marks
from .model import Api
from .values import mapping

CLIENT_ARGUMENTS = (
    *("base_url", "server_urls", "timeout", "retry", "max_response_size", "auth", "http_client", "transport"),
    "allow_insecure_http",
)
"""Constructor arguments that every client has, or may have (`server_urls`)."""
CLIENT_PARTS = ("client_id", "client_secret")
"""What a credential has beside itself where clients get it by themselves (OAuth 2's client credentials)."""
_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*")
MARKS = Marks(
    questions={"url": "at which URL is the description published?"},
    hints={
        "argument": "if it is right, remove the `?`; else name the argument as the provider names the credential",
        "source": "if it is right, remove the `?`; `transcribed` is true if somebody translated prose by hand",
    },
)
"""What is a mark in `provider.yaml`, and what to do at it."""
_ENVIRONMENT = re.compile(r"[A-Z][A-Z0-9_]*")


@dataclass(frozen=True, slots=True)
class Provider:
    """Facts that the API description itself does not contain. `prefix` begins the default environment names."""

    prefix: str
    url: str = ""
    arguments: Mapping[str, str] = field(default_factory=dict)
    """Security scheme -> constructor argument; also `SCHEME client_id` and `SCHEME client_secret`."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """The same, or constructor argument of a parameter -> environment variable."""
    options: Options = UNDECIDED
    polling: Polling = USUAL

    @property
    def base_url_environment(self) -> str:
        """The environment variable of the client's `base_url`."""
        return f"{self.prefix}_BASE_URL".strip("_")


def read_provider(document: Object, spec: Path, prefix: str, problems: Problems) -> Provider:
    """Check `provider.yaml` against the spec file beside it; what is wrong, or not decided, goes to `problems`."""
    decided = without_marks(document, MARKS)
    own = problems.of_part()
    provider = _read(decided.document, spec, prefix, own)
    decided.add_to(problems, own)
    return provider


def _read(document: Object, spec: Path, prefix: str, problems: Problems) -> Provider:
    reader = FieldReader("provider-shape", problems)
    reader.check_keys(document, {"source", "credentials", "parameters", "polling", *OPTION_KEYS} - {"version"})
    source = reader.mapping(document, "source")
    _check_source(source, spec, reader)
    credentials = reader.mapping(document, "credentials")
    entries = _entries(credentials, {"argument", "environment", *CLIENT_PARTS}, reader)
    for scheme, part in [(scheme, part) for scheme in entries for part in CLIENT_PARTS if part in entries[scheme]]:
        entries[f"{scheme} {part}"] = reader.mapping(entries[scheme], part)
        reader.check_keys(entries[f"{scheme} {part}"], {"argument", "environment"})
    arguments = _texts(entries, "argument", _IDENTIFIER, reader)
    parameters = _entries(reader.mapping(document, "parameters"), {"environment"}, reader)
    environment = _texts({**entries, **parameters}, "environment", _ENVIRONMENT, reader)
    # Never by the number of operations: a new version of a vendored document must not move the methods of a client.
    options = read_options(document, reader)
    if options.standalone:
        message = "the packages of providers share the core, with workflow-runs too"
        reader.error(document.where("standalone"), message, "take `standalone` out; the command `client` has it")
    options = options.overridden(groups=options.groups or False, group_by=options.group_by or TAGS)
    polling = read_polling(document, reader)
    url = next(iter(texts_at(source, "url", FieldReader(reader.id, Problems()))), "")
    provider = Provider(prefix, url, arguments, environment, options, polling)
    _check_clashes({**entries, **parameters}, provider, problems)
    return provider


def check_against_api(document: Object, schemes: Collection[str], api: Api, problems: Problems) -> None:
    """Report entries of `provider.yaml` that name nothing in the API description, and security schemes in use that have
    no entry: their public names are for a person to decide."""
    credentials, parameters = mapping(document, "credentials"), mapping(document, "parameters")
    arguments = {parameter.argument for parameter in api.globals}
    for entries, known, term in (
        (credentials, schemes, "security scheme"),
        (parameters, arguments, "client parameter"),
    ):
        for name in entries.keys() - known:
            hint = f"there are: {', '.join(sorted(known)) or 'none'}"
            problems.error("provider-stale", entries.where(name), f"{name!r} is not a {term} of the document", hint)
    flows = {scheme.name for scheme in api.schemes if scheme.client}
    for name, entry in ((n, e) for n, e in credentials.items() if n in schemes and n not in flows):
        for part in (part for part in CLIENT_PARTS if part in entry):
            message = f"no operation takes {name!r} with the flow clientCredentials"
            problems.error("provider-stale", entry.where(part), message, f"take {part} out")
    required = {name for operation in api.operations for alternative in operation.security for name in alternative}
    for name in (required & {scheme.name for scheme in api.schemes}) - credentials.keys():
        hint = f"add it under credentials: {name}: {{argument: api_key, environment: EXAMPLE_API_KEY}}"
        problems.error("provider-incomplete", document.where("credentials"), f"{name!r} has no entry", hint)


def _check_source(source: Object, spec: Path, reader: FieldReader) -> None:
    keys = ("url", "retrieved", "sha256", "transcribed", "note", "published_sha256", "operations")
    reader.check_keys(source, {*keys})
    reader.texts(source, "operations")
    is_valid = {
        "url": bool(texts_at(source, "url", reader)),
        "retrieved": re.fullmatch(r"[0-9]{4}-[0-9][0-9]-[0-9][0-9]", str(source.get("retrieved"))) is not None,
        "sha256": isinstance(source.get("sha256"), str) and source["sha256"] != "",
        "transcribed": isinstance(source.get("transcribed"), bool),
        "published_sha256": "published_sha256" not in source or bool(texts_at(source, "published_sha256", reader)),
    }
    for key in [key for key, valid in is_valid.items() if not valid]:
        reader.problems.error(reader.id, source.where(key), f"source.{key} is missing or of the wrong type")
    digest = hashlib.sha256(spec.read_bytes()).hexdigest()
    if is_valid["sha256"] and source["sha256"] != digest:
        hint = (
            f"never edit it, correct it in overlay.yaml; a new version comes by `{PROGRAM} vendor`. After "
            f"translating a page by hand, write sha256: {digest}"
        )
        message = f"{spec.name} is not the file that was downloaded: its sha256 differs"
        reader.problems.error("vendored-spec-changed", source.where("sha256"), message, hint)


def texts_at(source: Object, key: str, reader: FieldReader) -> list[str]:
    """The text at a key of `source`, or each of a list: a document may have been published in several pages."""
    if isinstance(source.get(key), Array):
        return [text for text, _ in reader.texts(source, key)]
    return [source[key]] if isinstance(source.get(key), str) and source[key] else []


def _entries(holder: Object, keys: set[str], reader: FieldReader) -> dict[str, Object]:
    entries = {name: reader.mapping(holder, name) for name in holder}
    for entry in entries.values():
        reader.check_keys(entry, keys)
    return entries


def _texts(entries: Mapping[str, Object], key: str, pattern: re.Pattern[str], reader: FieldReader) -> dict[str, str]:
    """The text at `key` of each entry that has one, by the entry's name."""
    return {name: text for name, entry in entries.items() if (text := reader.matching(entry, key, pattern))}


def _check_clashes(entries: Mapping[str, Object], provider: Provider, problems: Problems) -> None:
    for names, key in ((provider.arguments, "argument"), (provider.environment, "environment")):
        owners: dict[str, str] = {}
        for scheme, name in names.items():
            is_reserved = (
                name in CLIENT_ARGUMENTS or name == "self" or keyword.iskeyword(name)
                if key == "argument"
                else name == provider.base_url_environment
            )
            if is_reserved or name in owners:
                reason = "every client has it" if is_reserved else f"{owners[name]!r} has it"
                source = entries[scheme].where(key)
                message = f"the {key} {name!r} is in use: {reason}"
                problems.error("argument-clash", source, message, "choose another name")
            owners.setdefault(name, scheme)
