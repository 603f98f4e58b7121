"""An http(s) URL -> what is there. This is the only place of the generator that uses the network.

Only what a person named is fetched, and what it redirects to. Nothing private is sent: no credentials, no cookies; and
no redirect leads from https to http, or to an address of the own network. Size, time and redirects are limited.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from .. import TOOL
from ..document.loading import MAX_SIZE
from ..document.problems import Problem, ProblemsFound, Source
from ..interpreter.fast_dataclasses import dataclass

if TYPE_CHECKING:
    import httpx2

_REDIRECTS = (301, 302, 303, 307, 308)
_HEADERS = {"Accept": "*/*", "Accept-Encoding": "identity", "User-Agent": TOOL}
_CREDENTIALS = re.compile(r"//[^/?#]*@")
_BY_HAND = "download it with a browser, and name the file"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a fetch may take."""

    seconds: float = 60.0
    """For everything, up to the last byte."""
    silence: float = 20.0
    """Seconds without a byte, or without a connection."""
    size: int = MAX_SIZE
    redirects: int = 5


def is_url(source: str) -> bool:
    """Whether a source is an address of the web, and not a path."""
    return source.lower().startswith(("http://", "https://"))


def fetch(url: str, limits: Limits | None = None) -> bytes:
    """The body that the server gives for a URL. Raises ProblemsFound."""
    import httpx2

    limits = limits or Limits()
    try:
        return asyncio.run(_fetched(url, limits))
    except TimeoutError:
        raise _error(url, f"it took more than {limits.seconds:g} s") from None
    except httpx2.TimeoutException:
        raise _error(url, f"nothing came for {limits.silence:g} s") from None
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError, ValueError) as error:
        raise _error(url, str(error) or type(error).__name__) from None


async def _fetched(url: str, limits: Limits) -> bytes:
    import httpx2

    target = httpx2.URL(url).copy_with(fragment=None)
    if target.userinfo:
        hint = "provider.yaml records the address: name one without a name and password before the host"
        raise _error(url, "the URL has credentials", hint)
    is_named_private = _is_private(target)
    async with asyncio.timeout(limits.seconds):
        for _ in range(limits.redirects + 1):
            answer = await _answer(target, limits, lambda message: _error(url, message))
            if isinstance(answer, bytes):
                return answer
            _check_redirect(url, target, answer, is_named_private=is_named_private)
            target = answer
    raise _error(url, f"it redirects more than {limits.redirects} times")


async def _answer(target: httpx2.URL, limits: Limits, refused: Callable[[str], Exception]) -> bytes | httpx2.URL:
    """The body at a URL, or the URL to which that redirects. A new client for each: so none sends another's cookies."""
    import httpx2

    client = httpx2.AsyncClient(timeout=limits.silence, headers=_HEADERS, trust_env=not _is_private(target))
    async with client, client.stream("GET", target) as response:
        if response.status_code in _REDIRECTS and "location" in response.headers:
            return target.join(response.headers["location"]).copy_with(fragment=None)
        if response.status_code != httpx2.codes.OK:
            raise refused(f"the server answers {response.status_code} {response.reason_phrase}".strip())
        if response.headers.get("content-encoding", "identity").lower() not in ("", "identity"):
            raise refused("the server packs what was to come unpacked")
        body = bytearray()
        async for piece in response.aiter_raw():
            body += piece
            if len(body) > limits.size:
                raise refused(f"there are more than {limits.size:,} bytes")
        return bytes(body)


def _check_redirect(url: str, target: httpx2.URL, redirected: httpx2.URL, *, is_named_private: bool) -> None:
    if redirected.scheme not in ("http", "https") or redirected.userinfo:
        raise _error(url, "it redirects to what is not an http(s) URL, or has credentials")
    if target.scheme == "https" and redirected.scheme != "https":
        raise _error(url, f"it redirects from https to http: {redirected}", "name that address, if you trust it")
    if _is_private(redirected) and not is_named_private:
        raise _error(url, f"it redirects into a private network: {redirected}", "name that address, if you trust it")


def _is_private(url: httpx2.URL) -> bool:
    host = url.host.rstrip(".").lower()
    with suppress(OSError):  # the system takes `127.1` and `2130706433` for addresses, too
        host = socket.inet_ntoa(socket.inet_aton(host))
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _error(url: str, message: str, hint: str = _BY_HAND) -> ProblemsFound:
    source = Source(_CREDENTIALS.sub("//...@", url))
    return ProblemsFound([Problem("not-fetched", source, f"cannot be fetched: {message}", hint)])
