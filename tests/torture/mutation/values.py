"""Odd values, and odd changes of values: what documents have that nobody meant to write."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

RAW = "\0raw"
"""A mapping with this key alone stands for its value, a text that is printed into a document as it is."""
_CALL = "__import__('pathlib').Path('PWNED').touch()"
TEXTS: Sequence[str] = (
    *("", " ", "x", "a b", "0", "1", "-1", "null", "true", "no", "1e400", "2026-01-01", "~", "=", "<<", "*", "&a"),
    *('"', "'", '"""', "'''", "\\", "\\\\", '\\"', f'"""{_CALL}"""', f'"\n{_CALL}\n"', f"'''\n{_CALL}\n'''"),
    *("\\N{DASH}",),
    *("\n", "\r", "\r\n", "\t", "\0", "\x1b[31m", "\x7f", "\x85", "\u2028", "\u202e", "\u2066", "\ufeff", "\ud800"),
    *("\udfff",),
    *("{{ 6 * 7919 }}", "{% for x in x %}", "{# a #}", "{% endraw %}", "{0.__class__}", "%s %(a)s", "${x}", "{"),
    *("}", "{}"),
    *("class", "None", "self", "print", "_core", "str", "object", "__init__", "__class__", "__proto__"),
    *("model_config",),
    *("# Heading", "```", "<script>", "[a](javascript:b)", "|", "- a\n- b", "::error::x", "##[error]x", "<!--"),
    *("&lt;",),
    *("/", "//", "../..", "/etc/passwd", "..\\..", "a/b", "a~b", "~1", "~0", "%2e%2e", "%00", "%", "#", "?", ":"),
    *("@", "$"),
    *("é", "e\u0301", "ß", "İ", "\u0131", "名前", "\U0001f600", "\u0661", "ª", "ﬁ", "\u200b", "\xa0", "a" * 300, "A-b"),
    *("a_b", "aB"),
    *("application/json", "text/event-stream", "multipart/form-data", "a/b; c=d", " text/plain ", "*/*", "text/"),
    *("/", "x/y,z/w"),
    *("https://example.com", "http://[::1", "//example.com", "https://u:p@h/", "{a}", "file:///x"),
    *("https://h/{a}/{b}",),
    *("string", "object", "array", "integer", "number", "boolean", "date-time", "binary", "uuid", "int64", "byte"),
    *("200", "2XX", "default", "099", "20", "GET", "get", "query", "path", "header", "cookie", "deepObject", "form"),
)  # fmt: skip
REFERENCES: Sequence[Any] = (
    *("#", "#/", "", "#/components", "#/components/schemas", "#/components/schemas/Bed"),
    *("#/components/schemas/A%20b",),
    *("#/paths", "#/paths/~1beds", "#/paths/~1beds/get", "#/paths/~1beds/get/responses/200", "#/info", "#/openapi"),
    *("#/components/schemas/Bed/properties/a", "#/components/schemas/Bed/allOf/0", "#/components/schemas/Bed/x"),
    *("#Bed",),
    *("#/components/schemas/%42ed", "#/components/schemas/%", "#/components/schemas/%ff"),
    *("#/components/schemas/Bed~2",),
    *("more.yaml", "more.yaml#/Bed", "./more.yaml#/Bed", "more.yaml#", "openapi.yaml#/components/schemas/Bed"),
    *("folder/",),
    *("../secret.yaml", "../secret.yaml#/Bed", "link.yaml", "link.yaml#/Bed", "%2e%2e/secret.yaml"),
    *("a/../../secret.yaml",),
    *("/etc/passwd", "file:///etc/passwd", "https://example.com/x.yaml#/Bed", "//example.com/x", "http:x"),
    *("\\\\h\\x",),
    *("#/definitions/Bed", "#/parameters/a", "#/responses/a", "#/components/parameters/a"),
    *("#/components/responses/a",),
    *(1, None, [], {}, True, {"$ref": "#"}),
)  # fmt: skip
_SCALARS: Sequence[Any] = (
    *(None, True, False, 0, 1, -1, 2, 200, 404, 1.5, -0.0, 1e300, 2**31, 2**63, 2**64, -(2**63) - 1, 10**40, 10**400),
    *([], {}, [None], [[]], [{}], {"": ""}, [1, "a"], {"a": None}, {"type": None}, ["string", "null"], ["null"]),
)  # fmt: skip
_PIECES: Sequence[str] = (
    *("*a", "&a x", "&a {b: c}", "&a [*a]", "!!python/object/apply:os.system [x]", "!x y", "!!binary aGk="),
    *("!!set {a}",),
    *("!!str 1", "!!int x", "!!float .inf", ".nan", ".inf", "-.INF", "NaN", "1_000", "0x1F", "0o17", "017", "+1"),
    *("1.", "1e999"),
    *("2026-01-01", "yes", "~", "| x", "> x", "%x", "@x", "`x", "- a", "a: b", "{a}", "[a: b]", "? a", "{? a}"),
    *("1" * 5000,),
    *("'it''s'", '"\\ud83d\\ude00"', '"\\ud83d"', '"\\x41"', '"\\/"', "'\\'", "x # y"),
    *("!<tag:yaml.org,2002:null> ''", '"\\0"'),
)  # fmt: skip


def odd(random: Random) -> Any:
    """A value that hardly any place of a document is meant for."""
    kind = random.random()
    if kind < 0.35:
        return text(random)
    if kind < 0.6:
        return copy.deepcopy(random.choice(_SCALARS))
    if kind < 0.8:
        return {"$ref": random.choice(REFERENCES)}
    if kind < 0.9:
        return {RAW: random.choice(_PIECES)}
    return (
        {key: odd(random) for key in random.sample(KEYWORDS, random.randrange(1, 3))}
        if random.random() < 0.5
        else [odd(random)]
    )


def text(random: Random) -> str:
    """An odd text, or several of them in one."""
    return "".join(random.choice(TEXTS) for _ in range(random.choice((1, 1, 1, 2, 3))))


KEYWORDS: Sequence[str] = (
    *("type", "format", "enum", "const", "properties", "required", "items", "additionalProperties", "allOf"),
    *("oneOf", "anyOf"),
    *("not", "nullable", "default", "discriminator", "pattern", "minimum", "maxLength", "readOnly", "deprecated"),
    *("title",),
    *("$ref", "description", "example", "examples", "patternProperties", "prefixItems", "if", "$defs"),
    *("x-enum-varnames",),
    *("name", "in", "schema", "style", "explode", "content", "parameters", "requestBody", "responses", "headers"),
    *("links",),
    *("security", "servers", "callbacks", "tags", "operationId", "summary", "encoding", "contentType", "url"),
    *("variables",),
    *("paths", "webhooks", "components", "schemas", "info", "openapi", "swagger", "definitions", "consumes"),
    *("produces",),
    *("get", "post", "parameters", "propertyName", "mapping", "itemSchema", "$dynamicRef", "$id", "$anchor"),
    *("x-speakeasy-pagination",),
)  # fmt: skip

Place = tuple[Any, Any]
"""A mapping or list, and a key or index in it."""


def places(value: Any) -> Iterator[Place]:
    """All places below a value; each can be changed before the next one is asked for."""
    waiting = [value]
    while waiting:
        holder = waiting.pop()
        keys = list(holder) if isinstance(holder, dict) else range(len(holder)) if isinstance(holder, list) else ()
        for key in keys:
            yield holder, key
            waiting.append(holder[key])


class Parts:
    """Parts of documents by the keys at which they stand, so that a change can put like in the place of like."""

    def __init__(self, documents: Sequence[Any]) -> None:
        self._by_key: dict[str, list[Any]] = {}
        for document in documents:
            for holder, key in places(document):
                if isinstance(key, str):
                    self._by_key.setdefault(key, []).append(holder[key])
        self._keys = sorted(self._by_key)

    def like(self, key: Any, random: Random) -> Any:
        """A copy of a value that some document has at this key; of any value where none has."""
        values = self._by_key.get(str(key)) or self._by_key[random.choice(self._keys)]
        return copy.deepcopy(random.choice(values))

    def key(self, random: Random) -> str:
        """A key that some document has."""
        return random.choice(self._keys)


def mutated(document: Any, random: Random, parts: Parts, times: int) -> Any:
    """A copy of a document with so many changes."""
    changed = copy.deepcopy(document)
    for _ in range(times):
        all_places = list(places(changed))
        if not all_places:
            return odd(random)
        change = random.choice(_CHANGES)
        change(*random.choice(all_places), all_places, random, parts)
    return changed


def _replace(holder: Any, key: Any, all_places: list[Place], random: Random, parts: Parts) -> None:
    holder[key] = odd(random)


def _replace_by_like(holder: Any, key: Any, all_places: list[Place], random: Random, parts: Parts) -> None:
    holder[key] = parts.like(key, random)


def _replace_by_reference(holder: Any, key: Any, all_places: list[Place], random: Random, parts: Parts) -> None:
    holder[key] = {"$ref": random.choice(REFERENCES)}


def _extend_text(holder: Any, key: Any, all_places: list[Place], random: Random, parts: Parts) -> None:
    texts = [place for place in all_places if isinstance(place[0][place[1]], str)]
    if texts:
        holder, key = random.choice(texts)
        holder[key] = random.choice(("{}{}", "{1}{0}", "{1}")).format(holder[key], text(random))


def _delete(holder: Any, key: Any, all_places: list[Place], random: Random, parts: Parts) -> None:
    del holder[key]


def _copy_from_elsewhere(holder: Any, key: Any, all_places: list[Place], random: Random, parts: Parts) -> None:
    source, at = random.choice(all_places)
    holder[key] = copy.deepcopy(source[at])


def _move(holder: Any, key: Any, all_places: list[Place], random: Random, parts: Parts) -> None:
    source, at = random.choice(all_places)
    value = copy.deepcopy(source[at])
    del source[at]
    if isinstance(holder, dict):
        holder[key] = value
    else:
        holder.insert(key, value)


def _rename(holder: Any, key: Any, all_places: list[Place], random: Random, parts: Parts) -> None:
    if isinstance(holder, dict):
        new = random.choice((text, parts.key, lambda random: random.choice(KEYWORDS)))(random)
        items = [(new if name == key else name, value) for name, value in holder.items()]
        holder.clear()
        holder.update(items)


def _add(holder: Any, key: Any, all_places: list[Place], random: Random, parts: Parts) -> None:
    if isinstance(holder, dict):
        new = parts.key(random) if random.random() < 0.6 else random.choice(KEYWORDS)
        holder[new] = parts.like(new, random)
    else:
        holder.insert(key, parts.like(key, random) if random.random() < 0.5 else copy.deepcopy(holder[key]))


def _add_raw_key(holder: Any, key: Any, all_places: list[Place], random: Random, parts: Parts) -> None:
    if isinstance(holder, dict):
        name = random.choice(("<<", "? [a]", "1", "~", "&a a", "*a", "!!int 1", "{a: b}", "'<<'", key))
        holder[f"{RAW} {name}"] = odd(random)


def _wrap(holder: Any, key: Any, all_places: list[Place], random: Random, parts: Parts) -> None:
    value = holder[key]
    wrapper = random.choice(("list", "allOf", "oneOf", "anyOf", "items", "not", "properties", "schema", "anchor"))
    if wrapper == "list":
        holder[key] = [value]
    elif wrapper in ("allOf", "oneOf", "anyOf"):
        holder[key] = {wrapper: [value, parts.like("schema", random)]}
    elif wrapper == "properties":
        holder[key] = {wrapper: {text(random): value}}
    else:
        holder[key] = {wrapper: value}


def _unwrap(holder: Any, key: Any, all_places: list[Place], random: Random, parts: Parts) -> None:
    value = holder[key]
    if value and isinstance(value, (dict, list)):
        holder[key] = random.choice(list(value.values()) if isinstance(value, dict) else value)


def _reorder(holder: Any, key: Any, all_places: list[Place], random: Random, parts: Parts) -> None:
    if isinstance(holder, list):
        random.shuffle(holder)
    else:
        items = list(holder.items())
        random.shuffle(items)
        holder.clear()
        holder.update(items)


def _refer_to_itself(holder: Any, key: Any, all_places: list[Place], random: Random, parts: Parts) -> None:
    references = [place for place in all_places if place[1] == "$ref"]
    if references:
        source, at = random.choice(references)
        holder[key] = {"$ref": copy.deepcopy(source[at])}


_CHANGES = (
    *(_replace, _replace, _replace_by_like, _replace_by_like, _replace_by_like, _replace_by_reference, _extend_text),
    *(_extend_text, _delete, _delete, _copy_from_elsewhere, _copy_from_elsewhere, _move, _rename, _rename, _add),
    *(_add,),
    *(_add_raw_key, _wrap, _unwrap, _reorder, _refer_to_itself, _refer_to_itself),
)
