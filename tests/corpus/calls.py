"""Call an operation through its generated methods, and compare what is sent and read with the document."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

import httpx2
import workflow_client_core as core

from tests.corpus.answers import Answer, answers, streams
from tests.corpus.document import Call, Document
from tests.corpus.instances import Instances
from tests.corpus.requests import Given, Wrong, address_difference, given, value_difference
from tests.corpus.streams import values_of
from tests.corpus.surface import Method

ANYWHERE = "https://api.example.test"
_UNDOCUMENTED = Answer(500, "", b"", None, "none")


@dataclass
class Judgment:
    """What the calls of an operation showed."""

    lost: list[str] = field(default_factory=list)
    """Values that do not survive a round trip."""
    untried: list[str] = field(default_factory=list)
    """Responses and bodies that were not tried, and why."""
    values: int = 0
    """How many bodies of requests and responses were compared."""


class Caller:
    """Makes clients of one package, and calls."""

    def __init__(self, document: Document, package: Any, api: core.Api) -> None:
        self.document, self.api = document, api
        names = sorted((n for n in package.__all__ if n.endswith("Client")), key=lambda n: n.startswith("Async"))
        self.sync_class, self.async_class = (getattr(package, name) for name in names)
        self.server = document.servers[0] if document.servers else ""
        own_servers = [call.servers[0] if call.servers else "" for call in document.calls]
        self.is_placed = all(map(_is_absolute, [self.server] if self.server else own_servers))
        self.sent, self.received = Instances(document, "readOnly"), Instances(document, "writeOnly")
        self._runner = asyncio.Runner()

    def close(self) -> None:
        self._runner.close()

    def client(self, asynchronous: bool, handler: Any, security: tuple[tuple[str, ...], ...] | None) -> Any:
        """A client with the credentials of one alternative of `security`, or an `auth` when it takes none of them."""
        arguments_of_credentials = {credential.scheme: credential.argument for credential in self.api.credentials}
        usable = [
            names
            for names in security or (() if security is None else ((),))
            if all(name in arguments_of_credentials for name in names)
        ]
        arguments: dict[str, Any] = {item.argument: "tea" for item in self.api.globals}
        alternative = min(usable, key=len, default=())  # the first of the shortest
        for name in alternative:
            scheme = next(c.kind for c in self.api.credentials if c.scheme == name)
            arguments[arguments_of_credentials[name]] = "user:secret" if scheme == "basic" else "secret"
        if not usable and self.api.credentials:
            arguments["auth"] = httpx2.Auth()
        if not self.is_placed:
            arguments["base_url"] = ANYWHERE
        arguments["transport"] = httpx2.MockTransport(handler)
        arguments["retry"] = core.Retry(max_retries=0)
        cls = self.async_class if asynchronous else self.sync_class
        return cls(allow_insecure_http=True, **arguments)

    def base(self, call: Call) -> str:
        """The address that the operation's path is appended to."""
        own = call.servers[0] if call.servers else ""
        if _is_absolute(own):
            return own.rstrip("/")
        server = self.server.rstrip("/") if self.is_placed else ANYWHERE
        return server if own == self.server else urljoin(f"{server}/", own).rstrip("/")

    def judge(self, call: Call, method: Method, twin: Method) -> Judgment:
        """Call the operation until each instance of what is sent and received was part of a call.

        Raises:
            Wrong: it cannot be called as documented.
        """
        judgment = Judgment()
        requests = list(_apart(given(self.document, self.sent, call, method), judgment.lost, judgment.untried))
        if not requests and judgment.untried and not judgment.lost:
            return judgment
        if not requests:
            raise Wrong(judgment.lost[0] if judgment.lost else "the document describes no body")
        line = _Line(self, call, method, twin, judgment)
        accepted = line.accepted(requests[0])
        documented = list(_apart(answers(self.document, self.received, call), judgment.lost, judgment.untried))
        sent_back = _negotiated(documented, accepted, method)
        first = next((answer for answer in sent_back if answer.status < 300), _UNDOCUMENTED)
        line.exchange(requests[0], first, kind="async")
        if not streams(method.operation):
            line.exchange(requests[0], first, kind="plain")
        for i in range(max(len(requests), len(sent_back))):
            answer = sent_back[i % len(sent_back)] if sent_back else _UNDOCUMENTED
            line.exchange(requests[i % len(requests)], answer, kind="plain" if streams(method.operation) else "raw")
        judgment.values += sum(bool(request.media) for request in requests) + len(sent_back)
        return judgment

    def run(self, call: Any) -> Any:
        """What an asynchronous call ends with."""
        return self._runner.run(_finished(call))


class _Line:
    """Both clients for one operation, and a server that sends one answer after another."""

    def __init__(self, caller: Caller, call: Call, method: Method, twin: Method, judgment: Judgment) -> None:
        self._caller, self._call, self._judgment = caller, call, judgment
        self._answer = _UNDOCUMENTED
        self._sent: list[httpx2.Request] = []
        client = caller.client(False, self._handle, call.security)
        self._functions = {
            "plain": _attribute(client, method.dotted_name),
            "raw": _attribute(client.raw, method.dotted_name),
            "async": _attribute(caller.client(True, self._handle, call.security), twin.dotted_name),
        }

    def _handle(self, request: httpx2.Request) -> httpx2.Response:
        self._sent.append(request)
        return httpx2.Response(self._answer.status, headers=self._answer.headers, content=self._answer.content)

    def accepted(self, request: Given) -> str:
        """The Accept header that the operation sends."""
        self.exchange(request, _UNDOCUMENTED, kind="plain")
        return str(self._sent[0].headers.get("accept", "*/*"))

    def exchange(self, request: Given, answer: Answer, *, kind: str) -> None:
        """Call, and note what is lost of the request or the answer. Raises Wrong when the call is another one."""
        self._answer, self._sent = answer, []
        lost = self._judgment.lost
        try:
            function = self._functions[kind] or self._functions["plain"]
            result: Any = function(**request.arguments)
            result = self._caller.run(result) if kind == "async" else _consumed(result)
        except core.StatusError as error:
            if error.status != answer.status or answer.kind == "location" or answer.status < 300:
                raise
            if answer.kind == "json" or (answer.kind != "none" and error.body is not None):
                self._note(answer, answer.difference(error.body))
        except core.InvalidResponse as error:
            self._note(answer, f"not read: {error}")
        else:
            if answer.status >= 300 and answer.kind != "location":
                raise Wrong(f"no error was raised for the status {answer.status}")
            if isinstance(result, core.RawResponse):
                for issue in (*result.issues, *result.header_issues):
                    self._note(answer, str(issue))
                result = result.parsed
            if answer.kind == "stream":
                result = values_of(result)
            self._note(answer, answer.difference(result))
        if len(self._sent) != 1:
            raise Wrong(f"{len(self._sent)} requests were sent")
        if wrong := address_difference(self._sent[0], self._caller.base(self._call), self._call, request):
            raise Wrong(wrong)
        if wrong := value_difference(self._caller.document, self._call, self._sent[0], request):
            lost.append(f"sent: {wrong}")

    def _note(self, answer: Answer, wrong: str) -> None:
        if wrong:
            self._judgment.lost.append(f"received {answer}: {wrong}")


def _is_absolute(url: str) -> bool:
    return url.startswith(("http://", "https://"))


def _apart(choices: Iterator[Any], lost: list[str], untried: list[str]) -> Iterator[Any]:
    """What is not text; texts go to one of the lists."""
    for choice in choices:
        if not isinstance(choice, str):
            yield choice
        else:
            (lost if choice.startswith("refused") else untried).append(choice)


def _negotiated(documented: Sequence[Answer], accepted: str, method: Method) -> list[Answer]:
    """The answers of a server that heeds the Accept header, unless an error has no other media type."""
    ranges = [re.escape(r.partition(";q=")[0].strip().lower()).replace(r"\*", ".+") for r in accepted.split(",")]
    chosen = []
    for answer in documented:
        forms = answer.media_type.lower(), answer.media_type.lower().partition(";")[0]
        is_accepted = not answer.media_type or any(re.fullmatch(r, form) for r in ranges for form in forms)
        chosen.append((answer, is_accepted and (answer.status >= 300 or _is_read(answer, method))))
    known = {answer.status for answer, is_accepted in chosen if is_accepted}
    return [a for a, is_accepted in chosen if is_accepted or (a.status >= 300 and a.status not in known)]


def _is_read(answer: Answer, method: Method) -> bool:
    """Whether a success is what the method is for: a stream or a whole body."""
    return not answer.media_type or (answer.kind == "stream") == streams(method.operation)


def _attribute(holder: Any, dotted_name: str) -> Any:
    for name in dotted_name.split("."):
        holder = getattr(holder, name, None)
    return holder


def _consumed(result: Any) -> Any:
    return list(result) if isinstance(result, core.EventStream) else result


async def _finished(call: Any) -> Any:
    result = await call if hasattr(call, "__await__") else call
    return [item async for item in result] if isinstance(result, core.AsyncEventStream) else result


def described(reasons: Sequence[str]) -> list[str]:
    """The first few of the different reasons."""
    return list(dict.fromkeys(reasons))[:3]
