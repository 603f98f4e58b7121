"""The library's names for operations, parameters and classes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache, partial

from ..simplify.names import Naming
from .partial_import import load_package

_PREFIX = "field_"
"""What a name gets that would begin with a digit."""
_SIGN = re.compile(r"^[+-](?=[0-9]+$)")
_OAUTH = re.compile(r"[Oo]Auth(2?)(?=[^a-z]|$)")
_OAUTH_2 = re.compile(r"(?<![^_])oauth_2(?![^_])")
_MANY = 100_000
"""The names that are remembered: more than most documents have."""
_BETWEEN_WORDS = re.compile(r"[^\w\s.'\u2019-]+")


@cache
def naming() -> Naming:
    """The library's names, made stable under repetition: `ClassName` is not idempotent.

    Those of the last texts are remembered: the words of a document repeat, and two versions of it share nearly all.
    """
    load_package()
    from openapi_python_client.strings import ClassName, PythonIdentifier

    # Python reads identifiers in normal form NFKC (its reference, section 2.3): two spellings can be one name.
    def identifier(text: str) -> str:
        spaced = _OAUTH.sub(r" oauth\1 ", _separate_words(text)).strip()  # one word, as everybody writes it
        return unicodedata.normalize("NFKC", _OAUTH_2.sub("oauth2", PythonIdentifier(spaced, _PREFIX)))

    def class_name(text: str) -> str:
        return unicodedata.normalize("NFKC", ClassName(_separate_words(text), "Model"))

    return Naming(*(lru_cache(_MANY)(partial(_fixpoint, change)) for change in (identifier, class_name)))


def _fixpoint(change: Callable[[str], str], text: str) -> str:
    """A text that `change` leaves as it is; where letters go round in a circle (GrÖßE, GrÖße), the least of them."""
    texts = [change(text)]
    if texts == [text]:
        return text
    while (changed := change(texts[-1])) not in texts:
        texts.append(changed)
    return min(texts[texts.index(changed) :])


def _separate_words(text: str) -> str:
    """A text with spaces where the library, which drops other characters, would join words.

    `filter[name]` becomes `filter_name`, `workflow-run:get` becomes `workflow_run_get`. A sign becomes a word: `+1` is
    `plus_1`, `-1` is `minus_1`.
    """
    text = _SIGN.sub(lambda sign: "plus " if sign[0] == "+" else "minus ", text)
    return _BETWEEN_WORDS.sub(" ", text)
