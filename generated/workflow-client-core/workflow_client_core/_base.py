"""What clients know, and a call as steps without I/O: sync and async clients carry the same steps out."""

from __future__ import annotations

import copy
import functools
import os
from collections.abc import Callable, Generator, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self, TypeAlias, TypeVar, cast

from msgspec import UNSET, Struct
from msgspec.structs import replace

from ._api import Api, Operation
from ._content import streamed_content
from ._credentials import Credentials, FetchedCredential, global_values, other_global_values
from ._errors import CredentialsError
from ._headers import retry_after
from ._limits import Deadline, Timeout, as_size, as_timeout
from ._request import Request, build_request, operation_url
from ._response import Answer
from ._retry import Outcome, Retry
from ._secrets import Secret, SentCredential, drop_frames
from ._server import base_url as resolve_base_url
from ._server import checked_url, is_exposed
from ._stream import Reader

if TYPE_CHECKING:
    import httpx2

    from ._exchange import Exchange, Failure

T = TypeVar("T")


class Fetch(Struct, frozen=True):
    """Ask a function for a credential; the reply is a `Secret`. `exchange` is what needs it."""

    source: FetchedCredential
    exchange: Exchange


class Send(Struct, frozen=True):
    """Send a request once; the reply is an `Answer` or a `Failure`."""

    exchange: Exchange


class Wait(Struct, frozen=True):
    """Wait for some seconds; the reply is None."""

    seconds: float
    exchange: Exchange


Steps: TypeAlias = Generator[Fetch | Send | Wait, object, T]
"""A call without its I/O: what is to be done next, until it returns. Both kinds of clients carry it out."""


class BaseClient:
    """What a client knows, and the steps of its calls."""

    _base_url = ""  # for the repr of one that was refused

    def __init__(
        self,
        api: Api,
        values: Mapping[str, object],
        *,
        base_url: str | None,
        timeout: float | Timeout,
        retry: Retry,
        max_response_size: int,
        auth: httpx2.Auth | None,
        allow_insecure_http: bool,
    ) -> None:
        name = type(self).__name__
        if auth is not None and not callable(getattr(auth, "auth_flow", None)):
            raise TypeError(f"auth must be an httpx2.Auth, not {type(auth).__name__}")
        self._api = api
        self._set_options(timeout, retry, max_response_size)
        self._auth = auth
        self._allow_insecure_http = allow_insecure_http
        self._base_url = resolve_base_url(api, values, base_url)
        self._base_url_is_explicit = base_url is not None
        self._credentials = Credentials(api, values, os.environ, name, other_way=auth is not None)
        self._globals = global_values(api, values, os.environ, name)
        self._check_server()
        self._shares_connections = False
        self._closed = False

    def __init_subclass__(cls, **arguments: Any) -> None:
        super().__init_subclass__(**arguments)
        if "__init__" in vars(cls):
            cls.__init__ = without_traces(cls.__init__)  # type: ignore[method-assign]

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._base_url}>"

    @property
    def base_url(self) -> str:
        """The address that paths are appended to, without a trailing slash.

        Operations that name a server of their own go there, unless the address was given by `base_url`.
        """
        return self._base_url

    @property
    def globals(self) -> Mapping[str, str]:
        """The values of constructor arguments that fill parameters of operations (`tenant`), by argument name.

        Those from the environment are among them, those that are not given are not. A read-only view.
        """
        return MappingProxyType(self._globals)

    def _set_options(self, timeout: object, retry: object, size: object) -> None:
        if not isinstance(retry, Retry):
            raise TypeError(f"retry must be a Retry, not {type(retry).__name__}")
        self._timeout = as_timeout(timeout)
        self._retry = retry
        self._max_response_size = as_size(size)

    def _with_options(
        self,
        timeout: float | Timeout | None,
        retry: Retry | None,
        size: int | None,
        base_url: str | None,
        global_values: Mapping[str, str] | None,
    ) -> Self:
        twin = copy.copy(self)
        twin._set_options(
            self._timeout if timeout is None else timeout,
            self._retry if retry is None else retry,
            self._max_response_size if size is None else size,
        )
        if base_url is not None:
            twin._base_url = checked_url(base_url, "base_url")
            twin._base_url_is_explicit = True
            twin._check_server()
        if global_values is not None:
            others = other_global_values(self._api, global_values, type(self).__name__)
            twin._globals = {**self._globals, **others}
        twin._shares_connections = True
        return twin

    def _check_server(self) -> None:
        if self._credentials.always_sent:
            self._check_protected(self._base_url)

    def _check_protected(self, server: str, operation: str = "") -> None:
        if is_exposed(server) and not self._allow_insecure_http:
            raise CredentialsError(
                f"{type(self).__name__} would send a credential in clear text to {server}:"
                " use https, or pass allow_insecure_http=True",
                operation=operation,
            )

    def _is_closed(self) -> RuntimeError:
        return RuntimeError(f"this {type(self).__name__} is closed; make a new one")

    def _build(self, operation: Operation[Any], values: Mapping[str, object], body: object) -> Request:
        from_client = {
            parameter.name: self._globals.get(parameter.name, UNSET)
            for parameter in operation.parameters
            if parameter.from_client
        }
        # An explicit base_url holds for every operation: nothing is sent to a host that the
        # caller did not name.
        server = self._base_url
        if not self._base_url_is_explicit:
            server = operation_url(server, operation)
        if self._credentials.uses_other_way(operation.security) or self._credentials.choose(
            operation.security, operation.name
        ):
            self._check_protected(server, operation.name)
        return build_request(operation, {**values, **from_client}, body, server=server, user_agent=self._api.user_agent)

    def _steps(
        self, operation: Operation[Any], values: Mapping[str, object], body: object, deadline: Deadline
    ) -> Steps[tuple[Request, Answer]]:
        """A call: the request that was sent last, and the answer to it. Raises what the call raises."""
        draft = self._build(operation, values, body)
        sources = self._credentials.choose(operation.security, operation.name)
        from . import _exchange

        terms = _exchange.Terms(
            deadline=deadline,
            timeout=self._timeout,
            max_response_size=self._max_response_size,
            auth=self._auth if self._credentials.uses_other_way(operation.security) else None,
            allow_insecure_http=self._allow_insecure_http,
            operation=operation,
        )
        exchange = _exchange.Exchange(draft, terms, 0)
        sent = yield from _fetched(sources, exchange)
        refreshed = False
        while True:
            exchange = _exchange.Exchange(draft.signed(sent), terms, exchange.attempt + 1)
            result = cast("Answer | Failure", (yield Send(exchange)))
            delay = self._delay(exchange, result)
            exchange.log(result, delay)
            if delay is not None:
                yield Wait(delay, exchange)
                sent = yield from _fetched(sources, exchange)
            elif refreshed or not _is_refused(result, sources):
                return outcome(exchange, result)
            else:
                # The credential may have expired meanwhile. The server did not act on the request, so that
                # it may be sent again whatever its method is (RFC 9110, 15.5.2).
                refreshed = True
                fresh = yield from _fetched(sources, exchange)
                if all(map(SentCredential.is_like, fresh, sent)):
                    return outcome(exchange, result)
                sent = fresh

    def _reader(self, operation: Operation[T], request: Request, answer: Answer) -> Reader[T]:
        content = streamed_content(operation, answer.status, answer.headers)
        assert content is not None  # or the answer would not be open
        return Reader(content, request, answer, self._max_response_size)

    def _delay(self, exchange: Exchange, result: Answer | Failure) -> float | None:
        from random import random

        if isinstance(result, Answer):
            outcome = Outcome(result.status, retry_after(result.headers))
        elif result.repeatable:
            outcome = Outcome()
        else:
            return None
        deadline = exchange.terms.deadline
        return self._retry.delay(
            attempt=exchange.attempt,
            method=exchange.request.method,
            outcome=outcome,
            elapsed=deadline.elapsed(),
            total=deadline.total,
            random=random,
        )


def outcome(exchange: Exchange, result: Answer | Failure) -> tuple[Request, Answer]:
    """The request of the last attempt and the answer to it; or the error of this attempt is raised."""
    if not isinstance(result, Answer):
        raise result.error
    elapsed = exchange.terms.deadline.elapsed()
    return exchange.request, replace(result, elapsed=elapsed, attempts=exchange.attempt)


def _fetched(sources: Sequence[SentCredential | FetchedCredential], exchange: Exchange) -> Steps[list[SentCredential]]:
    """The credentials of one attempt."""
    sent: list[SentCredential] = []
    for source in sources:
        if isinstance(source, FetchedCredential):
            sent.append(source.checked(cast(Secret, (yield Fetch(source, exchange)))))
        else:
            sent.append(source)
    return sent


def _is_refused(result: Answer | Failure, sources: Sequence[object]) -> bool:
    """Whether another credential might help, and there is a function to ask for one."""
    return (
        isinstance(result, Answer)
        and result.status == 401
        and any(isinstance(source, FetchedCredential) for source in sources)
    )


def without_traces(init: Callable[..., None]) -> Callable[..., None]:
    """A constructor whose refusals have no traceback below it: its locals are the credentials that it was given."""

    @functools.wraps(init)
    def wrapped(self: object, *args: Any, **kwargs: Any) -> None:
        try:
            init(self, *args, **kwargs)
        except (CredentialsError, ValueError, TypeError) as error:
            drop_frames(error)
            refusal = error
        else:
            return
        del args, kwargs
        raise refusal

    return wrapped
