"""A request as it goes over the wire."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, quote_plus

import msgspec
from msgspec import Struct

from .._credentials.secrets import MASK, SentCredential


class Request(Struct, frozen=True):
    """A request as it goes over the wire. Its repr shows no header, no body and no secret.

    `shown_url` is `url` with the values of credentials masked. `server` is the URL that the path of an operation was
    appended to, empty where there was none.
    """

    operation: str
    method: str
    url: str
    shown_url: str
    headers: tuple[tuple[str, str], ...]
    content: bytes | None
    credentials: tuple[SentCredential, ...] = ()
    server: str = ""

    def __repr__(self) -> str:
        return f"<Request {self.method} {self.shown_url}>"

    def __rich_repr__(self) -> list[tuple[str, Any]]:  # which Struct defines, with all fields
        return [("method", self.method), ("url", self.shown_url)]

    def conceal(self, text: str) -> str:
        """`text` with every trace of the credentials masked."""
        for credential in self.credentials:
            text = credential.masked(text)
        return text

    @property
    def summary(self) -> str:
        """The method and the address, without the query, for messages."""
        return f"{self.method} {self.shown_url.partition('?')[0]}"

    def signed(self, credentials: Sequence[SentCredential]) -> Request:
        """The same request with the client's credentials, of which it has none yet.

        Nothing here can fail, so that no traceback shows these locals.
        """
        headers = dict(self.headers)
        url, shown_url, content = self.url, self.shown_url, self.content
        for credential in credentials:
            if credential.location == "query":
                separator = "&" if "?" in url else "?"
                key = f"{separator}{quote(credential.name, safe='')}="
                url += f"{key}{quote(credential.reveal(), safe='')}"
                shown_url += f"{key}{MASK}"
            elif credential.location == "header":
                headers[credential.name] = credential.reveal()
            elif credential.location == "body":
                field = f"{quote_plus(credential.name)}={quote_plus(credential.reveal())}".encode()
                content = b"&".join([content, field] if content else [field])
            else:
                cookie = f"{credential.name}={credential.reveal()}"
                headers["Cookie"] = f"{headers['Cookie']}; {cookie}" if "Cookie" in headers else cookie
        return msgspec.structs.replace(
            self,
            url=url,
            shown_url=shown_url,
            headers=tuple(headers.items()),
            content=content,
            credentials=(*self.credentials, *credentials),
        )
