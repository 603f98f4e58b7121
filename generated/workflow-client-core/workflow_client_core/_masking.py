"""URLs and headers that mask credentials when they are shown, while the wire gets the real ones.

httpx2 logs the URL of every request at INFO, and its errors carry the request.
"""

from __future__ import annotations

import httpx2

from ._secrets import MASK


class MaskedURL(httpx2.URL):
    """A URL whose parts are real, and whose text masks credentials."""

    def __init__(self, url: str, shown: str) -> None:
        super().__init__(url)
        self._shown = shown

    def __str__(self) -> str:
        return self._shown

    def __repr__(self) -> str:
        return f"URL({self._shown!r})"


class MaskedHeaders(httpx2.Headers):
    """Headers that show only harmless values in their repr (httpx2 masks Authorization alone)."""

    def __init__(self, headers: httpx2.Headers, plain: frozenset[str]) -> None:
        super().__init__(headers)
        self._plain = plain

    def __repr__(self) -> str:
        shown = {name: text if name in self._plain else MASK for name, text in self.items()}
        return f"Headers({shown!r})"
