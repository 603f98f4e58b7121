"""The responses that a document describes, as a server would send them, and what must come of each."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

import workflow_client_core as core

from tests.corpus.document import Call, Document
from tests.corpus.instances import Instances, NoInstance
from tests.corpus.streams import is_stream, written_stream
from tests.corpus.values import difference

LOCATION = "https://elsewhere.example.test/tea?token=a%20b"
_REDIRECTS = ("301", "302", "303", "307", "308", "3XX")
_BODILESS = (204, 205, 304)  # RFC 9110, sections 15.3.5, 15.3.6 and 15.4.5
_ANY = ("*/*", "application/*")
_BYTES = b"tea\xff\x00"

Kind = Literal["json", "text", "bytes", "any bytes", "stream", "location", "none"]


class Answer(NamedTuple):
    """A response, and the value that must come of its body."""

    status: int
    media_type: str
    content: bytes
    value: Any
    kind: Kind

    def __str__(self) -> str:
        return f"{self.status} {self.media_type}".strip()

    @property
    def headers(self) -> dict[str, str]:
        if self.kind == "location":
            return {"location": LOCATION}
        return {"content-type": self.media_type} if self.media_type else {}

    def difference(self, result: Any) -> str:
        """How what a method returned for the body, or an error has of it, differs from what was sent."""
        if self.kind in ("none", "location"):
            return "" if result == self.value else f"{result!r:.60}, not {self.value!r}"
        if self.kind == "bytes":
            return "" if result == self.content else f"{result!r:.60}, not {self.content!r}"
        if self.kind == "any bytes":
            result = result.encode() if isinstance(result, str) else result
            return "" if result == self.content else f"{result!r:.60}, not {self.content!r}"
        try:
            plain = json.loads(core.encode(result))
        except (TypeError, ValueError) as error:
            return f"{type(result).__name__} cannot be written as JSON: {error}"
        if self.kind != "json" and result == self.content.decode():
            return ""  # the text as it is: nothing is lost
        return difference(self.value, plain)


def answers(document: Document, instances: Instances, call: Call) -> Iterator[Answer | str]:
    """Every documented status and media type with each instance; text: why there is no instance."""
    responses = document.responses(call)
    for key, status in _statuses(responses):
        content = document.content(responses[key])
        if key in _REDIRECTS and is_redirect_only(responses):
            yield Answer(status, "", b"", LOCATION, "location")
        elif not content or call.method == "head" or status in _BODILESS:
            yield Answer(status, "", b"", None, "none")
        else:
            for media, described in content.items():
                schema = described.get("itemSchema", described.get("schema"))
                try:
                    for instance in instances.of(schema):
                        yield _answer(document, status, media, described, instance)
                except NoInstance as error:
                    yield f"{key} {media}: {error}"


def is_redirect_only(responses: Mapping[str, Any]) -> bool:
    """Whether the only success that is documented is a redirect; `default` describes the other responses then."""
    return not any(key.startswith("2") for key in responses) and any(key in _REDIRECTS for key in responses)


def _statuses(responses: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """Each key of the responses with a status that it stands for."""
    exact = {key for key in responses if re.fullmatch("[2-5][0-9][0-9]", key)}
    ranges = {key for key in responses if re.fullmatch("[2-5]XX", key)}
    for key in responses:
        if key in exact:
            yield key, int(key)
        elif key in ranges:
            yield key, next(s for s in range(int(key[0]) * 100, int(key[0]) * 100 + 100) if str(s) not in exact)
        elif key == "default":
            successes = any(k.startswith("2") for k in exact | ranges) or is_redirect_only(responses)
            candidates = (500, 599, 418, 499, 399) if successes else (200, 500)
            free = [s for s in candidates if str(s) not in exact and f"{s // 100}XX" not in ranges]
            yield from ((key, status) for status in (free[:1] if successes else free))


def _answer(document: Document, status: int, media: str, described: Mapping[str, Any], instance: Any) -> Answer:
    schema = document.resolve(described.get("itemSchema", described.get("schema")))
    media_type = media.partition(";")[0].strip().lower()
    if schema.get("format") == "binary" and schema.get("type", "string") == "string":
        return Answer(status, _concrete(media, "application/octet-stream"), _BYTES, None, "bytes")
    if is_json(media_type) or (media_type in _ANY and not isinstance(instance, str)):
        return Answer(status, _concrete(media, "application/json"), json.dumps(instance).encode(), instance, "json")
    if is_stream(media_type):
        return Answer(status, media, *written_stream(document, media_type, described, instance), "stream")
    if media_type.startswith("text/") or media_type == "*/*":
        text = instance if isinstance(instance, str) else json.dumps(instance)
        return Answer(status, _concrete(media, "text/plain"), text.encode(), instance, "text")
    return Answer(status, _concrete(media, "application/tea"), b"<tea/>", None, "any bytes")


def _concrete(media: str, usual: str) -> str:
    """A media type of a range: the usual one, if it is in it."""
    if media in _ANY:
        return usual
    return media.replace("*", "plain" if media.startswith("text/") else "tea")


def is_json(media_type: str) -> bool:
    """Whether a media type is JSON as a whole, not a sequence of it."""
    return media_type.endswith(("/json", "+json", "-json"))


def streams(operation: core.Operation[Any]) -> bool:
    """Whether the method of an operation returns a stream."""
    return any(content and content.decode in ("events", "lines", "records") for content in operation.responses.values())
