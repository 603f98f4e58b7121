"""What to write in a mapping instead of a spelling that is near; "" where nothing is."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from ..document.tree import Array, Object
from .converters import CONVERTERS
from .mapping import ABSENT, RUN_ID

_NO_VALUE = {"", "null", "~", "none", "nil", "missing", "undefined", "no value"}
_OTHERS = {"*", "default", "else", "other", "otherwise", "rest", "any"}
_TRUTH = {"yes": "true", "on": "true", "1": "true", "no": "false", "off": "false", "0": "false"}


def pointer(text: str) -> str:
    """`/state` for `state`, `$.state` and `#/state`."""
    path = re.sub(r"[.\[\]'\"/]+", "/", text.strip().lstrip("$#")).strip("/")
    return f"/{path}" if re.fullmatch("[A-Za-z0-9_/-]+", path) else ""


def reference(value: object) -> str:
    """The form of a reference with the names in a value: text, or a table, as YAML reads braces without quotes."""
    parts = [list(value)] if isinstance(value, Object) else []
    if isinstance(value, str):
        names_in = "{([A-Za-z][A-Za-z0-9_]*)}" if "{" in value else "[A-Za-z][A-Za-z0-9_]*"
        parts = [re.findall(names_in, text) for text in value.split("?", 1)]
    names, *query = [[part.lower() for part in dict.fromkeys(group)] for group in parts] or [[]]
    if names and RUN_ID not in names:
        names[-1] = RUN_ID
    path = "/".join(f"{{{part}}}" for part in names)
    optional = [part for group in query for part in group if part not in names]
    return path + ("?" if optional else "") + "&".join(f"{part}={{{part}}}" for part in optional)


def converters(value: object) -> list[str]:
    """The converters that a value names: `integer, json`, `integer | json`."""
    return [text for text in re.findall("[a-z0-9_]+", value) if text in CONVERTERS] if isinstance(value, str) else []


def word(text: str, listed: Collection[str], *, is_inner: bool) -> str:
    """The word that a mapping has for no value, for all others, or for a truth value."""
    if text.lower() in _NO_VALUE:
        return ABSENT
    if text.lower() in _OTHERS and is_inner:
        return "others"
    truth = _TRUTH.get(text.lower(), text.lower())
    return next((item for item in listed if item.lower() in (text.lower(), truth)), "")


def meaning(value: object, statuses: Collection[str], results: Collection[str]) -> str:
    """`SUCCEEDED/success` for `succeeded: success`, `{status: SUCCEEDED, result: success}` and the like."""
    texts = [*value.values()] if isinstance(value, Object) else value if isinstance(value, Array) else [value]
    words = [part for text in texts if isinstance(text, str) for part in re.findall("[A-Za-z_]+", text)]
    status, *rest = words or [""]
    result = [text.lower() for text in rest]
    if status.upper() not in statuses or len(words) > 2 or not {*result} <= {*results}:
        return ""
    return "/".join([status.upper(), *result])


def reversed_words(value: object, listed: Collection[str], key: str) -> str:
    """`waiting: PENDING` for `PENDING: waiting` and `PENDING: [waiting]`."""
    words = value if isinstance(value, list) else [value]
    return ", ".join(f"{item}: {key}" for item in words) if words and all(item in listed for item in words) else ""


def placeholders(words: Iterable[object], placeholder: str) -> str:
    """`{timer: WORD, hand: WORD}` for a list of words."""
    return "{" + ", ".join(f"{item}: {placeholder}" for item in words if isinstance(item, (str, int))) + "}"
