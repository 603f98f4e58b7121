"""What tells the members of a union apart, in two versions."""

from __future__ import annotations

from collections.abc import Iterator

from ...ir.model import Alias, Ref
from ..finding import Finding
from .members import Paired, Words
from .pairs import Pair


def compare_discriminators(
    pair: Pair, old: tuple[Alias, ...], new: tuple[Alias, ...], words: tuple[Words, Words], paired: Paired
) -> Iterator[Finding]:
    """The findings about discriminators; `words` are theirs, and `paired` the members.

    The word of a member that comes or goes does so, too, and is not told.
    """
    before, after = (sorted({a.discriminator.wire for a in side if a.discriminator}) for side in (old, new))
    if before and after:
        if before != after:
            yield pair.alike("discriminator-property-name-changed", ", ".join(before), ", ".join(after))
        yield from _compare_words(pair, words, paired)
    elif after:
        yield pair.alike("discriminator-added", "", ", ".join(after))
    elif before:
        yield pair.alike("discriminator-removed", ", ".join(before), "")


def _compare_words(pair: Pair, words: tuple[Words, Words], paired: Paired) -> Iterator[Finding]:
    old, new = words
    later = {one.name: other.name for one, other in paired.both if isinstance(one, Ref) and isinstance(other, Ref)}
    known = {*later.values()}
    for word in sorted(old.keys() | new.keys()):
        one, other = old.get(word, ""), new.get(word, "")
        if not other and one in later:
            yield pair.alike("discriminator-mapping-deleted", word, "")
        elif not one and other in known:
            yield pair.alike("discriminator-mapping-added", "", word)
        elif one in later and other in known and later[one] != other:
            yield pair.alike("discriminator-mapping-changed", f"{word}: {one}", f"{word}: {other}")
