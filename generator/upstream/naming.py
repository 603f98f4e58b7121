"""The library's names for operations, parameters and classes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache, partial

from ..simplify.names import Naming
from .library import load_package

_PREFIX = "field_"
_SIGN = re.compile(r"^[+-](?=[0-9]+$)")
_OAUTH = re.compile(r"[Oo]Auth(2?)(?=[^a-z]|$)")
_OAUTH_2 = re.compile(r"(?<![^_])oauth_2(?![^_])")
"""One word, as everybody writes it."""
_BETWEEN_WORDS = re.compile(r"[^\w\s.'\u2019-]+")


def naming() -> Naming:
    """The library's names, made stable under repetition: `ClassName` is not idempotent."""
    load_package()
    from openapi_python_client.strings import ClassName, PythonIdentifier

    def fixpoint(change: Callable[[str], str], text: str) -> str:
        seen = [change(text)]
        while (again := change(seen[-1])) not in seen:
            seen.append(again)
        return min(seen[seen.index(again) :])  # some letters go round in a circle: GrÖßE, GrÖße

    # Python reads identifiers in normal form NFKC (its reference, section 2.3): two spellings can be one name.
    def identifier(text: str) -> str:
        name = PythonIdentifier(_OAUTH.sub(r" oauth\1 ", _words(text)).strip(), _PREFIX)
        return unicodedata.normalize("NFKC", _OAUTH_2.sub("oauth2", name))

    def class_name(text: str) -> str:
        return unicodedata.normalize("NFKC", ClassName(_words(text), "Model"))

    # The words of a large document repeat.
    return Naming(identifier=cache(partial(fixpoint, identifier)), class_name=cache(partial(fixpoint, class_name)))


def _words(text: str) -> str:
    """A text whose words are apart also where the library, which drops other characters, would join them.

    `filter[name]` is `filter_name`, `workflow-run:get` is `workflow_run_get`. What counts up and down is told apart:
    `+1` is `plus_1`, `-1` is `minus_1`.
    """
    text = _SIGN.sub(lambda sign: "plus " if sign[0] == "+" else "minus ", text)
    return _BETWEEN_WORDS.sub(" ", text)
