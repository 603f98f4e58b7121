"""What a server must read from the parts of a request, when certain values were passed. Independent of the core."""

from __future__ import annotations

import re
from urllib.parse import unquote

from tests.torture.subject import Broken, Case

Pairs = list[tuple[str, str]]


def check_path(target: str, template: str, values: dict[str, tuple[str, bool, Case]]) -> None:
    """Check that a target has the path of a template, whose expressions are filled with (style, explode, value).

    Raises:
        Broken: it has other segments, or one that reads as another value.
    """
    names = re.findall(r"\{(\w+)\}", template)
    pattern = "".join(
        re.escape(text) if index % 2 == 0 else "([^/?#]*)"
        for index, text in enumerate(re.split(r"\{(\w+)\}", template))
    )
    # Of two values in one segment the first takes as little as it can.
    if names and "}." in template:
        pattern = pattern.replace("([^/?#]*)", "([^/?#]*?)", 1)
    match = re.fullmatch(pattern + r"(?:[?&].*)?", target)
    if match is None:
        raise Broken("another path", target)
    if {".", ".."} & {*target.partition("?")[0].split("/")}:
        raise Broken("a segment of dots", target)
    if "}." in template:
        if not all(isinstance(values[name][2], str) for name in names):
            return
        texts = [str(values[name][2]) for name in names]
        if unquote(".".join(match.groups()), errors="strict") != ".".join(texts):
            raise Broken("another value in the path", (target, texts))
        return
    for name, raw in zip(names, match.groups(), strict=True):
        style, explode, value = values[name]
        if not is_of_texts(value):
            continue
        if _from_path(raw, name, style, explode, value) != _leaves(value):
            raise Broken("another value in the path", (raw, value))


def check_query(target: str, expected: Pairs) -> None:
    """Check that the query of a target reads as these pairs.

    Raises:
        Broken: it has others, or a plus sign, which not every server reads alike.
    """
    query = target.partition("?")[2]
    if "+" in query:
        raise Broken("a plus sign in the query", query)
    pairs = [
        (unquote(key, errors="strict"), unquote(text, errors="strict"))
        for key, _, text in (pair.partition("=") for pair in query.split("&") if query)
    ]
    if pairs != expected:
        raise Broken("another query", (query, expected))


def query_pairs(wire: str, style: str, explode: bool, value: Case) -> Pairs:
    """The pairs that a value is written as, where it is a text, or a list or an object of texts."""
    delimiter = {"pipeDelimited": "|", "spaceDelimited": " "}.get(style, ",")
    if isinstance(value, list) and value:
        if style == "deepObject":
            return [(f"{wire}[{index}]", str(item)) for index, item in enumerate(value)]
        if explode:
            return [(wire, str(item)) for item in value]
        return [(wire, delimiter.join(map(str, value)))]
    if isinstance(value, dict) and value:
        if style == "deepObject":
            return [(f"{wire}[{key}]", str(item)) for key, item in value.items()]
        if explode:
            return [(key, str(item)) for key, item in value.items()]
        return [(wire, delimiter.join(_leaves(value)))]
    return [(wire, value)] if isinstance(value, str) else []


def cookie_pairs(header: str) -> Pairs:
    """The cookies of a header, decoded."""
    if re.search(r'[\s",\\](?<!; )', header.replace("; ", "")):
        raise Broken("a cookie that servers read in several ways", header)
    return [
        (unquote(name, errors="strict"), unquote(text, errors="strict"))
        for name, _, text in (pair.partition("=") for pair in header.split("; "))
    ]


def parts_of(body: bytes, content_type: str) -> list[tuple[dict[str, str], bytes]]:
    """The headers and the contents of the parts of a multipart body.

    Raises:
        Broken: it is not well formed.
    """
    boundary = re.fullmatch(r'multipart/form-data; boundary="?([0-9A-Za-z\'()+_,\-./:=?]{1,70})"?', content_type)
    if boundary is None:
        raise Broken("not a boundary", content_type)
    pieces = (b"\r\n" + body).split(b"\r\n--" + boundary[1].encode())
    if pieces[0] or pieces[-1] not in (b"--\r\n", b"--"):
        raise Broken("not a multipart body", body)
    return [_part(piece) for piece in pieces[1:-1]]


def _part(piece: bytes) -> tuple[dict[str, str], bytes]:
    head, separator, content = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
    headers: dict[str, str] = {}
    for line in head.decode().split("\r\n"):
        match = re.fullmatch(r"([A-Za-z-]+): ([^\x00-\x1f\x7f]+)", line)
        if match is None or not separator:
            raise Broken("not a header of a part", piece)
        headers[match[1].lower()] = match[2]
    disposition = headers.pop("content-disposition", "")
    names = re.fullmatch(r'form-data; name="([^"\\]*)"(?:; filename="([^"\\]*)")?', disposition)
    if names is None or {*headers} - {"content-type"}:
        raise Broken("not a header of a part", piece)
    return {**headers, "name": names[1], "filename": names[2] or ""}, content


def _from_path(raw: str, name: str, style: str, explode: bool, value: Case) -> list[str]:
    """The texts of a value in a segment, as a server reads them that knows the style."""
    if style == "matrix":
        return _from_matrix(raw, name, explode, value)
    if style == "label":
        if raw[:1] != ".":
            raise Broken("not a label", raw)
        raw = raw[1:]
    items = [raw]
    if isinstance(value, list | dict):
        items = raw.split("." if style == "label" and explode else ",")
    if isinstance(value, dict) and explode:
        items = [text for item in items for text in item.split("=")]
    return [unquote(item, errors="strict") for item in items]


def _from_matrix(raw: str, name: str, explode: bool, value: Case) -> list[str]:
    pairs = [pair.partition("=") for pair in raw.split(";")[1:]]
    if isinstance(value, dict) and explode:
        return [unquote(text, errors="strict") for key, _, item in pairs for text in (key, item)]
    if {key for key, _, _ in pairs} != {name}:
        raise Broken("another name in the path", raw)
    items = [item for _, _, text in pairs for item in (text.split(",") if isinstance(value, list | dict) else [text])]
    return [unquote(item, errors="strict") for item in items]


def _leaves(value: Case) -> list[str]:
    if isinstance(value, list):
        return [str(item) for item in value]
    if isinstance(value, dict):
        return [str(text) for pair in value.items() for text in pair]
    return [str(value)]


def is_of_texts(value: Case) -> bool:
    """Whether a value is a text, or a list or an object of texts."""
    members = value if isinstance(value, list) else [*value.values()] if isinstance(value, dict) else [value]
    return all(isinstance(member, str) for member in members)
