"""Webhooks and callbacks in Python's terms: a function for each, which reads the body."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from ..ir.media_types import decoding
from ..ir.model import Api, Media, Webhook
from ..simplify.names import unique_names
from .classes import annotation
from .quoting import Code, docstring, hanging, name, sentence


@dataclass(frozen=True, slots=True)
class Function:
    """What the template of the module of webhooks prints of one."""

    name: str
    constant: Code
    returns: Code
    doc: Code


def functions(api: Api) -> list[Function]:
    """The functions, of those webhooks whose body is JSON: there is nothing to read in others."""
    found = [(webhook, media) for webhook in api.webhooks if (media := json_media(webhook))]
    constants = unique_names({w.name: unicodedata.normalize("NFKC", f"_{w.name.upper()}") for w, _ in found})
    return [
        Function(
            name=webhook.name,
            constant=name(constants[webhook.name]),
            returns=Code("Any") if media.type is None else annotation(media.type, "_models."),
            doc=docstring(_text(webhook, media), 4),
        )
        for webhook, media in found
    ]


def json_media(webhook: Webhook) -> Media | None:
    """The JSON body of a webhook; None where it has none."""
    content = webhook.body.content if webhook.body else ()
    return next((media for media in content if decoding(media) == "json"), None)


def heading(webhook: Webhook) -> str:
    """What a webhook is, in a sentence; "" when the document does not say."""
    described = webhook.body.description if webhook.body else ""
    return sentence(webhook.summary or webhook.description or described)


def _text(webhook: Webhook, media: Media) -> str:
    told = heading(webhook)
    parts = [told or f"The body of {webhook.wire}."]
    parts += ["Deprecated."] if webhook.deprecated else []
    described = webhook.body.description if webhook.body else ""
    parts += [text for text in (webhook.description.strip(), described.strip()) if text and sentence(text) != told]
    origin = f"The API sends it by {webhook.method}, as {media.media_type}"
    parts.append(f"{origin}, to {webhook.expression} of `{webhook.operation}`." if webhook.operation else f"{origin}.")
    headers = [f"{wire}: {sentence(text)}" if text else wire for wire, text in webhook.headers]
    parts += ["Headers:\n" + "\n".join(hanging(entry, 4) for entry in headers)] if headers else []
    parts.append("Raises:\n" + hanging("InvalidResponse: It is no JSON, or lacks a required value.", 4))
    return "\n\n".join(parts)
