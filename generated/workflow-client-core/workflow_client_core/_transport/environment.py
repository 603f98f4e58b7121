"""What the environment says about connections: the proxies, and the authorities that TLS trusts. Loads httpx2.

Its variables are those of curl and of Python. `routes` does what they say.
"""

from __future__ import annotations

import os
import re
import ssl
from base64 import b64encode
from ipaddress import ip_address, ip_network
from urllib.parse import unquote
from urllib.request import getproxies

import httpx2

from .._credentials.secrets import Secret, SentCredential, traces_of
from .._request.server import is_loopback

_PORTS = {"http": 80, "https": 443}


class Unusable(Exception):
    """The value of a variable cannot be used; the text names the variable, and shows no password."""


class Proxy:
    """A proxy, and the variable that names it. No repr shows its URL, which may hold a password."""

    def __init__(self, variable: str, url: str) -> None:
        self.variable = variable
        self._url = Secret(url if "://" in url else f"http://{url}")
        self.credential = _credential(self._text)
        """The user name and the password as they are sent to it; None where it has none."""

    @property
    def _text(self) -> str:
        return str(self._url.reveal())

    @property
    def has_tls(self) -> bool:
        """Whether TLS protects the way to the proxy."""
        return self._text[:8].lower() == "https://"

    def as_used(self, tls: ssl.SSLContext) -> httpx2.Proxy:
        """The proxy for a transport of httpx2.

        Raises:
            Unusable: the variable has no URL of a proxy.
        """
        try:
            proxy = httpx2.Proxy(self._text, ssl_context=tls if self.has_tls else None)
            if proxy.url.host and proxy.url.path in ("", "/") and (proxy.url.port or 1) < 65536:
                proxy.raw_auth  # noqa: B018 - raises where it cannot be sent
                return proxy
        except (httpx2.InvalidURL, ValueError):
            pass
        # Outside of the handler: what httpx2 raised quotes the URL.
        raise Unusable(
            f"{self.variable} is not the URL of a proxy; expected something like http://host:8080"
            " (or https, socks5, socks5h)"
        )


class Environment:
    """What the environment says about connections, at the time when this is made."""

    def __init__(self) -> None:
        settings = getproxies()
        self._proxies = {
            scheme: Proxy(_variable(f"{scheme}_proxy"), settings[scheme].strip())
            for scheme in ("http", "https", "all")
            if settings.get(scheme, "").strip()
        }
        self._direct = [entry.strip().lower() for entry in settings.get("no", "").split(",") if entry.strip()]

    def proxy(self, scheme: str, host: str, port: int | None) -> Proxy | None:
        """The proxy on the way to a server; None where there is none, as on the way to this very machine."""
        if is_loopback(host) or any(_names(entry, scheme, host, port or _PORTS[scheme]) for entry in self._direct):
            return None
        return self._proxies.get(scheme) or self._proxies.get("all")


def trusted() -> ssl.SSLContext:
    """What TLS trusts: the authorities in `SSL_CERT_FILE`, else those in `SSL_CERT_DIR`, else those of the system.

    Raises:
        Unusable: there are none in the file, or the folder is missing.
    """
    file, folder = os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")
    if not file and not folder:
        return httpx2.create_ssl_context(trust_env=False)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        context.load_verify_locations(cafile=file or None, capath=None if file else folder)
    except ssl.SSLError:
        raise Unusable(f"SSL_CERT_FILE is {file!r}, which holds no certificates in the form PEM") from None
    except (OSError, ValueError) as error:  # ValueError: of a NUL
        reason = error.strerror if isinstance(error, OSError) else error
        raise Unusable(f"SSL_CERT_FILE is {file!r}, which cannot be read: {reason}") from None
    if not file and not any(map(os.path.isdir, str(folder).split(os.pathsep))):  # which OpenSSL does not look at
        raise Unusable(f"SSL_CERT_DIR is {folder!r}, which is not a folder")
    return context


def _variable(name: str) -> str:
    """The name of a variable as it is set: of several that differ in case, the lower one counts."""
    names = [variable for variable in os.environ if variable.lower() == name]
    return name if name in names or not names else names[0]


def _credential(url: str) -> SentCredential | None:
    """The user name and the password in the URL of a proxy, with all that would reveal them."""
    user_info = url.partition("://")[2].rpartition("@")[0]
    if not user_info:
        return None
    user, _, password = user_info.partition(":")
    pair = f"{unquote(user)}:{unquote(password)}"
    token = b64encode(pair.encode(errors="surrogateescape")).decode()
    texts = [user_info, pair, token, *([password, unquote(password)] if password else [user, unquote(user)])]
    texts.append(repr(tuple(part.encode(errors="surrogateescape") for part in (unquote(user), unquote(password)))))
    return SentCredential("header", "Proxy-Authorization", f"Basic {token}", traces_of(map(_printable, texts)))


def _printable(text: str) -> str:
    """The text without halves of surrogate pairs, which stand for bytes of the environment that are not UTF-8."""
    return text.encode(errors="replace").decode()


def _names(entry: str, scheme: str, host: str, port: int) -> bool:
    """Whether an entry of `NO_PROXY`, in lower case, names a server; one that makes no sense names none.

    It is a host with those below it, all below it (`.example.com`), a network (`10.0.0.0/8`), or `*`; a port may
    follow, and a scheme go before: then it is the host alone.
    """
    if entry == "*":
        return True
    entry_scheme, _, address = entry.rpartition("://")
    if entry_scheme not in ("", "all", scheme):
        return False
    try:
        network = ip_network(address.strip("[]"), strict=False)
    except ValueError:
        match = re.fullmatch(r"(\*?\.)?\[?([^\[\]*/]+?)\]?(?::([0-9]{1,5}))?", address)
        if match is None or int(match[3] or port) != port:
            return False
        return (host == match[2] and not match[1]) or (host.endswith(f".{match[2]}") and not entry_scheme)
    try:
        return ip_address(host) in network
    except ValueError:  # it is a name
        return False
