"""Webhooks and callbacks in Python's terms: a function for each, which reads the body."""

from __future__ import annotations

from ..interpreter.fast_dataclasses import dataclass
from ..ir.media_types import decoding
from ..ir.model import Api, Media, Webhook
from .annotations import annotation
from .descriptions.plain_text import plain_text
from .descriptions.summaries import one_line
from .expressions import ANY, Annotation
from .methods import constant_names
from .quoting import Code, docstring, hanging, sentence


@dataclass(frozen=True, slots=True)
class WebhookFunction:
    """The function that reads the body of a webhook, as the template of the module prints it."""

    webhook: Webhook
    constant: Code
    returns: Annotation
    doc: Code


def webhook_functions(api: Api) -> list[WebhookFunction]:
    """The functions of a client package, one for each webhook with a JSON body."""
    bodies = [(webhook, media) for webhook in api.webhooks if (media := json_media(webhook))]
    constants = constant_names(webhook.name for webhook, _ in bodies)
    return [
        WebhookFunction(
            webhook=webhook,
            constant=constants[webhook.name],
            returns=ANY if media.type is None else annotation(media.type),
            doc=docstring(_text(webhook, media), 4),
        )
        for webhook, media in bodies
    ]


def json_media(webhook: Webhook) -> Media | None:
    """The JSON body of a webhook; None where it has none."""
    content = webhook.body.content if webhook.body else ()
    return next((media for media in content if decoding(media) == "json"), None)


def heading(webhook: Webhook) -> str:
    """The description of a webhook in a sentence; "" when the document does not describe it."""
    return one_line(webhook.summary or webhook.description or _body_description(webhook))


def _body_description(webhook: Webhook) -> str:
    return webhook.body.description if webhook.body else ""


def _text(webhook: Webhook, media: Media) -> str:
    head = heading(webhook)
    descriptions = (plain_text(webhook.description), plain_text(_body_description(webhook)))
    sender = f"The API sends it by {webhook.method}, as {media.media_type}"
    target = f", to {webhook.expression} of `{webhook.operation}`" if webhook.operation else ""
    headers = [f"{wire}: {one_line(text)}" if text else wire for wire, text in webhook.headers]
    paragraphs = [
        head or f"The body of {webhook.wire}.",
        "Deprecated." if webhook.deprecated else "",
        *(text for text in descriptions if sentence(text) != head),
        f"{sender}{target}.",
        "Headers:\n" + "\n".join(hanging(entry, 4) for entry in headers) if headers else "",
        "Raises:\n" + hanging("InvalidResponse: The body is not JSON, or lacks a required value.", 4),
    ]
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)
