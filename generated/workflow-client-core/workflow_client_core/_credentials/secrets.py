"""Secret texts: stored where no repr shows them, masked where a server echoes them, removed from tracebacks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Literal
from urllib.parse import quote, quote_plus, unquote

from .places import LONG, places_of

MASK = "***"


class Secret:
    """A value, usually a text, that shows itself only on request."""

    __slots__ = ("_value",)

    def __init__(self, value: object) -> None:
        self._value = value

    def reveal(self) -> object:
        """The value itself."""
        return self._value

    def __repr__(self) -> str:
        return MASK


class SentCredential:
    """One credential in the form in which it is sent: `name: value` in `location`; "body" is a form.

    `traces` are the texts by which it would be recognized in a server's response. Short ones may be words, and are
    recognized where credentials stand alone.
    """

    __slots__ = ("_long", "_places", "_short", "_value", "location", "name")

    def __init__(
        self,
        location: Literal["header", "query", "cookie", "body"],
        name: str,
        value: str,
        traces: Iterable[str],
    ) -> None:
        self.location = location
        self.name = name
        self._value = value
        # The longest first, so that no part of a text is left standing.
        traces = sorted({*traces} - {""}, key=len, reverse=True)
        self._long = tuple(trace for trace in traces if len(trace) >= LONG)
        self._short = tuple(trace for trace in traces if len(trace) < LONG)
        self._places: re.Pattern[str] | None = None

    def __repr__(self) -> str:
        return f"SentCredential({self.location}, {self.name}: {MASK})"

    def reveal(self) -> str:
        """What is sent."""
        return self._value

    def is_like(self, credential: SentCredential) -> bool:
        """Whether both send the same."""
        return (self.location, self.name, self._value) == (credential.location, credential.name, credential._value)

    def masked(self, text: str) -> str:
        """`text` with every trace of this credential masked."""
        for trace in self._long:
            text = text.replace(trace, MASK)
        if not self._short:
            return text
        if self._places is None:  # made on first use, as most calls never need it
            in_header, scheme = self.location == "header", self._value.rpartition(" ")[0]
            self._places = places_of(self._short, self.name, scheme if in_header else "", in_header=in_header)
        return self._places.sub(rf"\g<before>{MASK}", text)


def traces_of(texts: Iterable[str]) -> list[str]:
    """What would reveal the texts: they themselves, escaped for a URL, and as Python shows them and their bytes.

    Also as it shows a text that shows them: the repr of an error whose message has the repr of a response's head.
    """
    traces: list[str] = []
    for text in texts:
        once = [*_shown(text), *_shown(text.encode())]
        traces += [
            text,
            quote(text, safe=""),
            quote(text, safe="/"),
            quote_plus(text),
            quote(quote(text, safe=""), safe=""),  # a URL with the text as a parameter of another URL
            unquote(text),
            *once,
            *(s for trace in once for s in _shown(trace)),
        ]
    return traces


def _shown(value: str | bytes) -> tuple[str, str]:
    """What the repr of something with `value` in it has: alone, and with a quote beside it that both kinds escape."""
    beside = '"' + value if isinstance(value, str) else b'"' + value
    start = 1 if isinstance(value, str) else 2
    return repr(value)[start:-1], repr(beside)[start + 1 : -1]


def credentials_in_header(name: str, value: str) -> list[SentCredential]:
    """A header that is a credential, as one; and each cookie in it, as another."""
    texts = [value]
    if name.lower() == "cookie":
        cookies = (cookie.strip().partition("=") for cookie in value.split(";"))
        return [
            SentCredential("header", name, value, traces_of(texts)),
            *(SentCredential("cookie", cookie, text, traces_of([text])) for cookie, _, text in cookies if text),
        ]
    scheme, _, token = value.partition(" ")
    texts.append(token)
    if scheme.lower() == "basic":
        from base64 import b64decode

        with suppress(ValueError):
            login = b64decode(token).decode()
            texts += [login, login.partition(":")[2]]
    return [SentCredential("header", name, value, traces_of(texts))]


def chain(error: BaseException) -> Iterator[BaseException]:
    """The error, its causes and contexts, and theirs."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        link = waiting.pop()
        if link is not None and id(link) not in seen:
            seen.add(id(link))
            yield link
            waiting += [link.__cause__, link.__context__]
            waiting += getattr(link, "exceptions", ())  # of an ExceptionGroup


def drop_frames(error: BaseException) -> None:
    """Remove the tracebacks of the whole chain: they can show the locals of every frame."""
    for link in chain(error):
        link.__traceback__ = None
