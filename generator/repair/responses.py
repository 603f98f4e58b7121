"""Mistakes in responses and request bodies: schemas and media types that do not stand where they belong."""

from __future__ import annotations

from ..document.tree import Object
from .mistakes import Mistakes


def move_media_types_into_content(holder: Object, _: Object, mistakes: Mistakes) -> Object:
    """A body or response whose media types stand in `content`, not beside an empty one: one indentation was missing."""
    if holder.get("content") is not None:
        return holder
    media = [key for key, value in holder.items() if "/" in key and isinstance(value, Object) and "schema" in value]
    if not media:
        return holder
    for key in media:
        mistakes.repaired(holder.where(key), f"{key} stands beside `content`; read as if it stood in it", "indent it")
    content = holder.derive((key, holder[key]) for key in media)
    return holder.derive({**holder.without("content", *media), "content": content})


def name_media_types(content: Object, mistakes: Mistakes) -> Object:
    """Content whose media types have names: a nameless one is any type, or left out where there are others."""
    for name in [name for name in content if not name.strip()]:
        if len(content) > 1:
            mistakes.repaired(content.where(name), f"the media type {name!r} is left out, as there are others")
            content = content.without(name)
        else:
            mistakes.repaired(content.where(name), f"the media type {name!r} is read as '*/*'")
            content = content.renaming({name: "*/*"})
    return content


def move_schema_into_content(response: Object, _: Object, mistakes: Mistakes) -> Object:
    """A response with a description, whose schema is that of JSON where it stood directly in the response."""
    if "$ref" in response:
        return response
    if "schema" in response and "content" not in response:
        source = response.where("schema")
        mistakes.repaired(source, "the answer's `schema` stands without a media type; read as JSON")
        media = Object({"schema": response["schema"]}, source)
        content = Object({"application/json": media}, source)
        response = response.derive({**response.without("schema"), "content": content})
    if isinstance(response.get("description"), str):
        return response
    return response.derive({**response.without("description"), "description": ""})
