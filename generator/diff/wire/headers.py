"""The headers of an answer in two versions. Raw answers have them; one that cannot be read is an issue there."""

from __future__ import annotations

from collections.abc import Iterator

from ...ir.model import Response
from ..finding import Finding
from .kinds import described
from .pairs import Sides


def compare_headers(sides: Sides, answer: str, old: Response, new: Response) -> Iterator[Finding]:
    """The findings about the headers of an answer."""
    before, after = ({header.name.lower(): header for header in response.headers} for response in (old, new))
    for name in sorted(before.keys() | after.keys()):
        one, other, place = before.get(name), after.get(name), f"{answer} header {name}"
        if one and other:
            if one.required and not other.required:
                words = "required", "optional"
                yield Finding("response-header-became-optional", "", place, *words, one.source, other.source)
            elif other.required and not one.required:
                words = "optional", "required"
                yield Finding("response-header-became-required", "", place, *words, one.source, other.source)
            types = described(one.type, sides.old), described(other.type, sides.new)
            if types[0] != types[1]:
                yield Finding("response-header-type-changed", "", place, *types, one.source, other.source)
        elif one:
            rule = "required-response-header-removed" if one.required else "optional-response-header-removed"
            yield Finding(rule, "", place, described(one.type, sides.old), "", one.source, new.source)
        elif other:
            words = "", described(other.type, sides.new)
            yield Finding("response-header-added", "", place, *words, old.source, other.source)
