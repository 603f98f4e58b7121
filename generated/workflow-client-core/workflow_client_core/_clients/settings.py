"""What holds for every call of a client."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from .._api import Api
from .._errors import CredentialsError
from .._request.server import checked_url, is_exposed, moved_servers
from .._transport.limits import Timeout, as_size, as_timeout
from .._transport.retry import Retry
from .globals import replaced_global_values

if TYPE_CHECKING:
    import httpx2

    from .._credentials.choose import Credentials


class Settings(Struct, frozen=True, eq=False):
    """What holds for every call of a client, whose class is called `owner`. Its repr shows nothing else."""

    owner: str
    api: Api
    credentials: Credentials
    globals: Mapping[str, str]
    base_url: str
    server_urls: Mapping[str, str]
    timeout: Timeout
    retry: Retry
    max_response_size: int
    auth: httpx2.Auth | None
    allow_insecure_http: bool

    def __repr__(self) -> str:
        return f"<Settings of a {self.owner}>"

    def __rich_repr__(self) -> list[tuple[str, Any]]:  # which Struct defines, with all fields
        return [("owner", self.owner)]

    def changed(
        self,
        timeout: float | Timeout | None,
        retry: Retry | None,
        max_response_size: int | None,
        base_url: str | None,
        server_urls: Mapping[str, str] | None,
        globals: Mapping[str, str] | None,
    ) -> Settings:
        """The same with others; None: as here. See `BaseClient.with_options` for what it raises."""
        settings = replace(
            self,
            retry=self.retry if retry is None else as_retry(retry),
            timeout=self.timeout if timeout is None else as_timeout(timeout),
            max_response_size=self.max_response_size if max_response_size is None else as_size(max_response_size),
            base_url=self.base_url if base_url is None else checked_url(base_url, "base_url"),
            server_urls={**self.server_urls, **moved_servers(self.api, server_urls or {})},
        )
        settings.check_servers()
        if globals is None:
            return settings
        return replace(settings, globals={**self.globals, **replaced_global_values(self.api, globals, self.owner)})

    def check_servers(self) -> None:
        """Refuse addresses that credentials must not travel to; those that are documented are refused by the call.

        Raises:
            CredentialsError: there is such an address.
        """
        if self.credentials.always_sent:
            for url in (self.base_url, *self.server_urls.values()):
                self.check_protected(url)

    def check_token_urls(self, urls: Mapping[str, str], values: Mapping[str, object]) -> None:
        """Refuse addresses of tokens that the arguments of a constructor give, and secrets must not travel to.

        Raises:
            CredentialsError: there is such an address.
        """
        for credential in self.api.credentials:
            if credential.client is not None and values.get(credential.client.url_argument) is not None:
                self.check_protected(urls[credential.scheme])

    def check_protected(self, server: str, operation: str = "") -> None:
        """Refuse to send a credential where it can be read on the way.

        Raises:
            CredentialsError: it could be.
        """
        if is_exposed(server) and not self.allow_insecure_http:
            raise CredentialsError(
                f"{self.owner} would send a credential in clear text to {server.partition('?')[0]}:"
                " use https, or pass allow_insecure_http=True",
                operation=operation,
            )

    def closed_error(self) -> RuntimeError:
        """What a call of a closed client raises."""
        return RuntimeError(f"this {self.owner} is closed; make a new one")


def check_auth(auth: object) -> None:
    """Refuse what is not an `httpx2.Auth`.

    Raises:
        TypeError: it is not.
    """
    if auth is not None and not callable(getattr(auth, "auth_flow", None)):
        raise TypeError(f"auth must be an httpx2.Auth, not {type(auth).__name__}")


def as_retry(retry: object) -> Retry:
    """`retry` itself.

    Raises:
        TypeError: it is not a `Retry`.
    """
    if isinstance(retry, Retry):
        return retry
    raise TypeError(f"retry must be a Retry, not {type(retry).__name__}")
