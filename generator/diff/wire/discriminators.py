"""What tells the members of a union apart, in two versions."""

from __future__ import annotations

from collections.abc import Iterator

from ...ir.model import Alias
from ...ir.types import Ref
from ..finding import Finding
from .members import Paired, Words
from .pairs import Pair, SiteRules

_ADDED = SiteRules.by_direction("request-property-discriminator-added", "response-property-discriminator-added")
_REMOVED = SiteRules.by_direction("request-property-discriminator-removed", "response-property-discriminator-removed")
_PROPERTY_NAME_CHANGED = SiteRules.by_direction(
    "request-property-discriminator-property-name-changed", "response-property-discriminator-property-name-changed"
)
_MAPPING_ADDED = SiteRules.by_direction(
    "request-property-discriminator-mapping-added", "response-property-discriminator-mapping-added"
)
_MAPPING_CHANGED = SiteRules.by_direction(
    "request-property-discriminator-mapping-changed", "response-property-discriminator-mapping-changed"
)
_MAPPING_DELETED = SiteRules.by_direction(
    "request-property-discriminator-mapping-deleted", "response-property-discriminator-mapping-deleted"
)


def compare_discriminators(
    pair: Pair, old: tuple[Alias, ...], new: tuple[Alias, ...], words: tuple[Words, Words], paired: Paired
) -> Iterator[Finding]:
    """The findings about discriminators; `words` are theirs, and `paired` the members.

    The word of a member that comes or goes does so, too, and is not told.
    """
    before, after = (sorted({a.discriminator.wire for a in side if a.discriminator}) for side in (old, new))
    if before and after:
        if before != after:
            yield pair.finding(_PROPERTY_NAME_CHANGED, ", ".join(before), ", ".join(after))
        yield from _compare_words(pair, words, paired)
    elif after:
        yield pair.finding(_ADDED, "", ", ".join(after))
    elif before:
        yield pair.finding(_REMOVED, ", ".join(before), "")


def _compare_words(pair: Pair, words: tuple[Words, Words], paired: Paired) -> Iterator[Finding]:
    old, new = words
    later = {one.name: other.name for one, other in paired.both if isinstance(one, Ref) and isinstance(other, Ref)}
    known = {*later.values()}
    for word in sorted(old.keys() | new.keys()):
        one, other = old.get(word, ""), new.get(word, "")
        if not other and one in later:
            yield pair.finding(_MAPPING_DELETED, word, "")
        elif not one and other in known:
            yield pair.finding(_MAPPING_ADDED, "", word)
        elif one in later and other in known and later[one] != other:
            yield pair.finding(_MAPPING_CHANGED, f"{word}: {one}", f"{word}: {other}")
