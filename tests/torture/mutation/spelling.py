"""Values -> the bytes of a file: JSON, YAML, odd pieces of YAML, and accidents that happen to texts."""

from __future__ import annotations

import json
import re
from random import Random
from typing import Any

from tests.torture.mutation.values import RAW, TEXTS

FORMS = ("json", "json", "lines", "block")
_ENCODINGS = ("utf-8-sig", "utf-16", "utf-16-le", "utf-32", "latin-1", "utf-7", "cp037")
_WORD = re.compile(r"[A-Za-z0-9/{][\w/{}.-]*", re.ASCII)


def drawn_form(random: Random) -> str:
    """How a document is spelled."""
    return random.choice(FORMS)


def drawn_accidents(random: Random) -> list[Any]:
    """Changes of a text: mostly none."""
    if random.random() < 0.85:
        return []
    accidents: list[Any] = []
    for _ in range(random.choice((1, 1, 2, 4))):
        kind = random.choice(("cut", "repeat", "put", "flip", "encoding", "end"))
        at, length = random.randrange(10**6), random.choice((1, 2, 5, 20, 200))
        if kind == "put":
            accidents.append([kind, at, random.choice(TEXTS)])
        elif kind == "encoding":
            accidents.append([kind, random.choice(_ENCODINGS)])
        else:
            accidents.append([kind, at, length])
    return accidents


def spelled(value: Any, form: str, accidents: list[Any]) -> bytes:
    """The bytes of a file with this value, after the accidents."""
    text = block(value) if form == "block" else flow(value, "\n" if form == "lines" else "")
    encoding = "utf-8"
    for kind, *details in accidents:
        if kind == "encoding":
            encoding = details[0]
        else:
            text = _changed(text, kind, *details)
    return text.encode(encoding, "surrogatepass" if encoding.startswith("utf-") and encoding != "utf-7" else "replace")


def _changed(text: str, kind: str, at: int, detail: Any) -> str:
    at = at % (len(text) + 1)
    if kind == "put":
        return text[:at] + str(detail) + text[at:]
    end = at + int(detail)
    if kind == "cut":
        return text[:at] + text[end:]
    if kind == "end":
        return text[:at]
    if kind == "repeat":
        return text[:end] + text[at:]
    return text[:at] + "".join(chr(ord(c) ^ 1) for c in text[at : at + 1]) + text[at + 1 :]


def flow(value: Any, line: str = "") -> str:
    """A value as JSON, with the pieces that are printed as they are."""
    if isinstance(value, dict):
        if RAW in value:
            return str(value[RAW])
        items = [f"{_key(key)}: {flow(part, line)}" for key, part in value.items()]
        return "{" + line + f",{line or ' '}".join(items) + line + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(part, line) for part in value) + "]"
    return json.dumps(value)


def block(value: Any, margin: str = "") -> str:
    """A value as YAML in block style; words are not quoted, whatever YAML takes them for."""
    if isinstance(value, dict) and value and RAW not in value:
        items = [f"{_key(key)}: {_below(part, margin)}" for key, part in value.items()]
    elif isinstance(value, list) and value:
        items = [f"- {_below(part, margin)}" for part in value]
    elif isinstance(value, str) and _WORD.fullmatch(value):
        return value
    else:
        return flow(value)
    return f"\n{margin}".join(items)


def _below(value: Any, margin: str) -> str:
    text = block(value, margin + "  ")
    is_block = isinstance(value, (dict, list)) and value and RAW not in value
    return f"\n{margin}  {text}" if is_block else text


def _key(key: str) -> str:
    return key[len(RAW) + 1 :] if key.startswith(RAW) else json.dumps(key)
