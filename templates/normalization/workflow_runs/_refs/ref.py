"""`RunRef`: which run to get, and its text form.

    provider ":" path [ "?" name "=" value *( "&" name "=" value ) ]

`path` holds the values of the parts that every reference of the provider has, in the provider's order and separated by
`/`; the query holds the others, `base_url` and `account`. Values are UTF-8, percent-encoded (RFC 3986, 2.1).

References come from queues and users, so whatever is not allowed is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import copy
from functools import lru_cache
from typing import Any, NoReturn, Self, TypeVar, cast
from urllib.parse import quote, unquote_to_bytes, urlsplit

import msgspec
from msgspec.structs import force_setattr

from .._errors import InvalidRef
from .._form.from_json import from_json
from .._form.models import RunRef as Fields
from .._providers.lookup import find
from .._providers.provider import ACCOUNT, ALWAYS_ALLOWED, BASE_URL, RUN_ID, RefForm, is_name
from .._text import percent_encoded, quoted

R = TypeVar("R", bound="RunRef")

_EXPECTED = '{"provider": "dify", "run_id": "5b1f"}; RunRef.parse reads the text form'
_LONGEST = 1_000
_LONGEST_TEXT = 100_000  # eight values of the longest, each character encoded as up to twelve (four bytes)
# RFC 3986, 3.3 and 3.4, without what separates parts here. In a query many read a plus as a space.
_SPELLED_OUT = r"A-Za-z0-9._~!$'()*,;:@/-"
_ALLOWED_IN_QUERY = re.compile(rf"(?:[{_SPELLED_OUT}]|%[0-9A-Fa-f]{{2}})*")
_ALLOWED_IN_PATH = re.compile(rf"(?:[+{_SPELLED_OUT}]|%[0-9A-Fa-f]{{2}})*")
_NOT_IN_VALUE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_NOT_IN_URL = re.compile(r"[^!-~]|[\\<>\"{}|^`]")


class RunRef(Fields, frozen=True, omit_defaults=True):
    """Which run to get: of which provider, by which identifiers, and, for self-hosted products, from which server.

    It carries no secrets. `str` and `parse` are its text form, `to_json` and `from_json` its JSON form, which msgspec
    writes too. Whether the parts are those that the provider asks for is checked where they are needed: by
    `str`, `parse`, `normalize`, `get`.

    - `provider`: the provider's name, such as `dify`.
    - `run_id`: the run's identifier.
    - `parts`: what the provider needs beside it, by name; cannot be changed.
    - `base_url`: the server, where it is not the provider's usual one.
    - `account`: the name of the account that asks, where several are configured.

    Raises:
        InvalidRef: a value is not text, is empty, `.` or `..`, is longer than 1,000 characters, or holds control
            characters or halves of surrogate pairs. Or `base_url` is not an http or https URL, or has more than a host,
            a port and a path.
    """

    def __post_init__(self) -> None:
        _check_name("a provider", self.provider)
        _check(RUN_ID, self.run_id)
        if not isinstance(cast(object, self.parts), Mapping):
            raise InvalidRef(f"parts of a reference must be a mapping, not {type(self.parts).__name__}")
        for name, value in self.parts.items():
            _check_name("a part", name)
            _check(name, value)
        if self.base_url is not None:
            _check_base_url(self.base_url)
        if self.account is not None:
            _check(ACCOUNT, self.account)
        # The caller may change the dict that was passed.
        force_setattr(self, "parts", _Parts(self.parts))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the text form: `dify:5b1f`, `juo:5b1f?tenant=shop`, `copyai:WCFG-1/WRUN-2`.

        Raises:
            InvalidRef: it is not the text form of a reference of the provider.
            UnknownProvider: there is no such provider.
        """
        if not isinstance(cast(object, text), str):
            raise InvalidRef(f"a reference must be a RunRef or a str, not {type(text).__name__}")
        if len(text) > _LONGEST_TEXT:
            raise _malformed(text, f"it is longer than {_LONGEST_TEXT} characters")
        provider, colon, _ = text.partition(":")
        if not colon or not is_name(provider):
            raise _malformed(text, "it should begin with a provider's name, like dify:5b1f")
        ref: Self = _parsed(cls, text, find(provider).ref)
        return ref

    def to_json(self) -> bytes:
        """The reference as a JSON object, as `json_schema()` describes it under `RunRef`."""
        return msgspec.json.encode(self)

    @classmethod
    def from_json(cls, data: bytes | str) -> Self:
        """Read what `to_json` wrote.

        Raises:
            msgspec.DecodeError: it is not JSON, or (ValidationError) not a reference.
        """
        return from_json(data, cls, "a reference", _EXPECTED)

    def check(self) -> Self:
        """The reference itself, if its parts are those that its provider asks for.

        Raises:
            InvalidRef: some are missing, or unknown.
            UnknownProvider: there is no such provider.
        """
        form = find(self.provider).ref
        if {RUN_ID, *self.parts} == {*form.path} if self.parts else len(form.path) == 1:
            return self
        missing = [name for name in form.path if name != RUN_ID and name not in self.parts]
        unknown = [name for name in self.parts if name not in form.parts]
        if missing or unknown:
            about = f"the reference to run {quoted(self.run_id)} of {self.provider}"
            problem = f"lacks {', '.join(missing)}" if missing else f"has an unknown part {', '.join(unknown)}"
            raise InvalidRef(f"{about} {problem}; expected {form.shown(self.provider)}")
        return self

    def __str__(self) -> str:
        """The text form; see `check` for what it raises."""
        form = find(self.check().provider).ref
        values = {**self.parts, RUN_ID: self.run_id}
        values |= {name: value for name in ALWAYS_ALLOWED if (value := getattr(self, name)) is not None}
        path = "/".join(percent_encoded(values[name]) for name in form.path)
        query = "&".join(
            f"{name}={percent_encoded(values[name])}" for name in (*form.query, *ALWAYS_ALLOWED) if name in values
        )
        return f"{self.provider}:{path}{query and '?'}{query}"

    def __hash__(self) -> int:
        return hash((self.provider, self.run_id, frozenset(self.parts.items()), self.base_url, self.account))


@lru_cache(maxsize=128)
def _parsed(class_: type[R], text: str, form: RefForm) -> R:
    """The reference that a text is, of a provider whose references have this form.

    It is cached, as references never change, and a program that waits for a run passes the same text each time.

    Raises:
        InvalidRef: it is not the text form of one.
    """
    provider, _, parts = text.partition(":")
    path, question, query = parts.partition("?")
    segments = path.split("/")
    if len(segments) != len(form.path):
        raise _malformed(text, f"it has {len(segments)} of {len(form.path)} parts before any `?`", form.shown(provider))
    values = {
        name: _decoded(text, name, segment, _ALLOWED_IN_PATH) for name, segment in zip(form.path, segments, strict=True)
    }
    for item in query.split("&") if question else ():
        name, _, value = item.partition("=")
        if name not in (*form.query, *ALWAYS_ALLOWED):
            raise _malformed(text, f"there is no part {quoted(name)} after the `?`", form.shown(provider))
        if name in values:
            raise _malformed(text, f"{name} stands twice", form.shown(provider))
        values[name] = _decoded(text, name, value, _ALLOWED_IN_QUERY)
    run_id, base_url, account = values.pop(RUN_ID), values.pop(BASE_URL, None), values.pop(ACCOUNT, None)
    return class_(provider, run_id, values, base_url, account)


def checked(ref: RunRef | str) -> RunRef:
    """A reference, or its text form, with the parts that its provider asks for; see `RunRef.parse`, `RunRef.check`."""
    return ref.check() if isinstance(ref, RunRef) else RunRef.parse(ref)


def with_run_id(ref: RunRef, run_id: str) -> RunRef:
    """The same reference to another run; of its parts, which were checked when it was made, only this one is new.

    Raises:
        InvalidRef: it is an identifier that no reference can have.
    """
    _check(RUN_ID, run_id)
    ref = copy(ref)
    force_setattr(ref, RUN_ID, run_id)
    return ref


def check_account(name: object) -> None:
    """Raise InvalidRef if no reference can have this account."""
    _check(ACCOUNT, name)


def _refuse(*_: object, **__: object) -> NoReturn:
    raise TypeError("the parts of a RunRef cannot be changed; make another RunRef")


_REFUSED: Any = _refuse


class _Parts(dict[str, str]):
    """A dict that stays as it is: references are keys of dicts, and shared between threads."""

    __setitem__ = __delitem__ = __ior__ = clear = pop = popitem = setdefault = update = _REFUSED

    def __reduce__(self) -> tuple[Any, ...]:
        return _Parts, (dict(self),)


def _check_name(of: str, name: object) -> None:
    if not isinstance(name, str) or not is_name(name) or name in (RUN_ID, *ALWAYS_ALLOWED):
        shown = quoted(name) if isinstance(name, str) else type(name).__name__
        raise InvalidRef(f"{shown} cannot be the name of {of}")


def _check(name: str, value: object) -> None:
    if not isinstance(value, str):
        problem = f"must be text, not {type(value).__name__}"
    elif not value:
        problem = "is empty"
    elif len(value) > _LONGEST:
        problem = f"is longer than {_LONGEST} characters"
    elif value in (".", ".."):
        problem = f"cannot be {value!r}"
    elif not value.isprintable() and (match := _NOT_IN_VALUE.search(value)):
        problem = f"holds {match[0]!r}, which no identifier has"
    else:
        return
    raise InvalidRef(f"{name} of a reference {problem}")


def _check_base_url(url: object) -> None:
    _check(BASE_URL, url)
    problem = _problem_of_url(str(url))
    if problem:
        # The URL is not echoed: user information in it may be a password.
        raise InvalidRef(f"base_url of a reference {problem}; expected something like https://host/path")


def _problem_of_url(url: str) -> str:
    if _NOT_IN_URL.search(url):
        return "holds a character that a URL cannot have"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "is not a URL"
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        return "is not an absolute http or https URL"
    if "@" in parts.netloc:
        return "must not hold a user name or password"
    return "must not have a query or a fragment" if "?" in url or "#" in url else ""


def _decoded(text: str, name: str, value: str, spelling_of_value: re.Pattern[str]) -> str:
    """The value of a part, from its spelling in the text form."""
    allowed = spelling_of_value.match(value)
    end = allowed.end() if allowed else 0
    if not value:
        problem = f"{name} is empty"
    elif end < len(value):
        spelling = quote(value[end], safe="", errors="ignore")  # none of half a surrogate pair
        problem = f"{name} holds {value[end]!r}, which is written percent-encoded{spelling and f', as {spelling}'}"
    else:
        try:
            return unquote_to_bytes(value).decode() if "%" in value else value
        except UnicodeDecodeError:
            problem = f"{name} is not UTF-8 once it is percent-decoded"
    raise _malformed(text, problem)


def _malformed(text: str, problem: str, expected: str = "") -> InvalidRef:
    # Without the query, in which somebody may have put a key by mistake.
    path, question, _ = text.partition("?")
    shown = f"{path}{question and '?...'}"
    return InvalidRef(f"{quoted(shown)} is not a reference: {problem}{expected and '; expected '}{expected}")
