"""Secret texts: kept where no repr shows them, and found again where a server echoes them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

MASK = "***"


class Secret:
    """A text that shows itself only on request."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself."""
        return self._text

    def __repr__(self) -> str:
        return MASK


class SentCredential:
    """One credential in the form in which it is sent: `name: value` in `location`.

    `traces` are the texts by which it would be recognized in a server's answer.
    """

    __slots__ = ("location", "name", "traces", "value")

    def __init__(
        self,
        location: Literal["header", "query", "cookie"],
        name: str,
        value: str,
        traces: Iterable[str],
    ) -> None:
        self.location = location
        self.name = name
        self.value = Secret(value)
        # The longest first, so that no part of a text is left standing.
        self.traces = tuple(Secret(text) for text in sorted({*traces} - {""}, key=len, reverse=True))

    def __repr__(self) -> str:
        return f"SentCredential({self.location}, {self.name}: {MASK})"


def without_secrets(text: str, credentials: Iterable[SentCredential]) -> str:
    """`text` with every trace of the credentials masked."""
    for credential in credentials:
        for trace in credential.traces:
            text = text.replace(trace.reveal(), MASK)
    return text
