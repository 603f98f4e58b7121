"""Errors as one line on standard error: what is wrong, and what to do on a command line. No credentials are in it."""

from __future__ import annotations

import os
import re
import traceback
from collections.abc import Callable
from urllib.parse import quote, urlsplit

from ..._errors import UnknownProvider
from ..._providers import environment
from ..._providers.lookup import find, providers
from .terminal import say

NAME = "workflow-runs"
_HIDDEN = "[hidden]"
_SHORTEST_SECRET = 4

# What messages say to programmers, and what it is here.
_WORDS: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"allow it: allowed_base_urls=\{'([a-z0-9_]+)': \[\.\.\.\]\}"), r"allow it: --allow-server \1=URL"),
    (re.compile(r"^allowed_base_urls\['([a-z0-9_]+)'\]"), r"--allow-server of \1"),
    (re.compile(r"\b(?:pass )?[a-z_]+= \(or set ([A-Z0-9_]+)\)"), r"set \1"),
    (re.compile(r"(, or |; )pass a client: .*$"), ""),
    (re.compile(r"( needs a credential: .*); correct the environment$"), r"\1"),
    (re.compile(r"or give the client a longer timeout$"), "or give `get` a longer --timeout"),
    (re.compile(r"; give the client a larger max_response_size$"), ""),
    (re.compile(r", or pass allow_insecure_http=True"), ""),
    (re.compile(r" is still ([A-Z_]+)(?=[,;]|$)"), lambda match: f" is still {match[1].lower().replace('_', ' ')}"),
    (re.compile(r", or the credential of the client that was passed$"), ""),
    (re.compile(r"pass the `ref` of the run(?=$|, )"), "add it with --ref"),
    (re.compile(r"leave out `event` if"), "leave out --event if"),
    (re.compile(r", or allow more unknown_polls$"), ""),
    (re.compile(r"(, and max_server_delay is [^;]*); wait again later, or allow more$"), r"\1; wait again later"),
)


class CommandError(Exception):
    """The command cannot be carried out as it was given; the message says what to do."""


def message_of(error: BaseException) -> str:
    """What is wrong, for somebody at a command line."""
    if isinstance(error, OSError) and error.strerror:
        subject = f"{error.filename}: " if isinstance(error.filename, str) else ""
        return hidden(f"{subject}{error.strerror}")
    message = str(error) or type(error).__name__
    for pattern, words in _WORDS:
        message = pattern.sub(words, message)
    return hidden(message)


def say_error(message: str) -> None:
    """Write what is wrong to standard error, as one line."""
    say(f"{NAME}: {message}")


def say_traceback(error: BaseException) -> None:
    """Write to standard error where an error comes from."""
    for line in hidden("".join(traceback.format_exception(error))).rstrip("\n").split("\n"):
        say(line)


def hidden(text: str) -> str:
    """A text without the credentials of the environment, should anything have put them there."""
    for secret in sorted(_secrets(), key=len, reverse=True):
        for spelling in {secret, quote(secret, safe=""), repr(secret)[1:-1]}:
            text = text.replace(spelling, _HIDDEN)
    return text


def _secrets() -> set[str]:
    names = set[str]()
    for name in providers():
        try:
            provider = find(name)
        except UnknownProvider:
            continue
        for account in (None, *environment.accounts(provider)):
            names.update(environment.credential_variables(provider, account))
    secrets = {os.environ.get(name, "") for name in names}
    for name, value in os.environ.items():
        if name.lower().endswith("_proxy"):
            secrets.add(_password_of(value))
    return {secret for secret in secrets if len(secret) >= _SHORTEST_SECRET}


def _password_of(url: str) -> str:
    try:
        return urlsplit(url).password or ""
    except ValueError:
        return ""
