"""Responses that no server should send, as scripts for `HostileServer`."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Sequence
from random import Random

from tests.torture.subject import Case

OTHER = "{other}"
"""Stands for the URL of another server."""

_STATUSES: Sequence[str] = (
    *("200 OK",) * 60,
    *("201 Created", "202 A", "204 No Content", "205 R", "206 Partial Content", "299 X", "300 M", "301 M", "302 F"),
    *("303 S", "304 N", "307 T", "308 P", "400 B", "401 U", "403 F", "404 N", "408 T", "409 C", "422 U", "429 T"),
    *("500 I", "502 B", "503 S", "504 G", "599 X", "600 X", "999 X", "000 X", "099 X", "20 X", "2000 X", "abc", ""),
    *("200", "200 ", "-200 X", "200 \x00", "200 \x1b[31m", "200 " + "x" * 5000, "101 Switching Protocols"),
)  # fmt: skip
_VERSIONS: Sequence[str] = (*("HTTP/1.1",) * 60, "HTTP/1.0", "HTTP/2", "HTTP/9.9", "http/1.1", "ICY", "HTTP/1.1 ", "")
_TYPES: Sequence[str] = (
    *("application/json", "text/plain", "application/zip", "text/event-stream", "application/problem+json") * 8,
    *("", "text/html", "application/json; charset=utf-16", "text/plain; charset=undefined", "text/plain; charset=idna"),
    *("text/plain; charset=punycode", "text/plain; charset=rot13", "text/plain; charset=utf-7", "text/plain;charset="),
    *("text/plain; charset=unicode_escape", "text/plain; charset=\xff", "text/plain; charset=" + "x" * 5000, "/"),
    *("text/plain; charset=hz", "text/plain; charset=iso-2022-jp", "text/plain; charset=base64", ";", "a/b/c", "*/*"),
    *("text/plain; charset=undefined; charset=utf-8", "multipart/mixed; boundary=x", "application/json\x00"),
)  # fmt: skip
_HEADERS: Sequence[str] = (
    *("Set-Cookie: a=b", "Set-Cookie: a=b; Version=abc; Max-Age=x"),
    *("Set-Cookie2: a=b; Version=x; Port", "Set-Cookie: ="),
    *("Set-Cookie: a=b; Domain=.example.com; Expires=Wed, 99 Xxx 99999", "Set-Cookie: " + "a=b; " * 2000),
    *("Retry-After: 0", "Retry-After: -1", "Retry-After: 1e400", f"Retry-After: {'9' * 5000}", "Retry-After: \u0661"),
    *("Retry-After: Fri, 31 Dec 9999 23:59:59 -9999", "Retry-After: Wed, 99 Mar 2025 09:42:45 GMT", "Retry-After: NaN"),
    *(f"Location: {OTHER}/x", "Location: //[::1", "Location: http://["),
    *("Location: \x00", "Location:", "Location: ../.."),
    *(f'Link: <{OTHER}/next>; rel="next"', 'Link: </linked?page=2>; rel="next"', "Link: <", "Link: " + "<>," * 5000),
    *('Link: <http://[>; rel="next"', 'Link: <x:y>; rel=next; rel=next; rel="a', f'Refresh: 0; url={OTHER}/'),
    *("Content-Disposition: attachment; filename*=undefined''x", "Trailer: x", "Upgrade: h2c", "Connection: upgrade"),
    *("Connection: close", "Connection: keep-alive", "Keep-Alive: timeout=\u0661", "WWW-Authenticate: Basic realm=\""),
    *("Transfer-Encoding: chunked", "Transfer-Encoding: gzip, chunked"),
    *("Transfer-Encoding: identity", "Content-Range: x"),
    *("Content-Length: 5", "Content-Length: -1", "Content-Length: 1_0", "Content-Length: +5", "Content-Length: 5, 5"),
    *(f"Content-Length: {'9' * 5000}", "Content-Length: \u0661", "Content-Length: 0x5", "Content-Length:"),
    *("X-Long: " + "x" * 200_000, "X\x00: a", "X: \x00", ": a", "no colon"),
    *(" folded", "X:\ta", "\u212a: x", "X: \x1b[31m"),
    *("Date: x", "Age: " + "9" * 5000, "Cache-Control: " + "x," * 2000, "Alt-Svc: h2=\"other:1\"", "Content-Encoding:"),
)  # fmt: skip
_CODINGS: Sequence[str] = (
    *("",) * 10,
    *("gzip", "deflate", "GZIP", "x-gzip", "gzip, gzip", "deflate, gzip", "br", "zstd", "identity", "compress", "foo"),
    *("gzip, br", ", ".join(["gzip"] * 40), "gzip;q=0", "\x00"),
)  # fmt: skip
_JSON: Sequence[str] = (
    *('{"id": "1", "status": "running"}',) * 4,
    *("{}", "[]", "null", "1", '"x"', "", "{", '{"id": 1}', '{"id": "\\ud800"}', "[" * 100_000, '{"a":' * 100_000),
    *('{"next": "' + OTHER + '/x", "beds": []}', '{"beds": [{"id": "1"}], "next": "/linked-inside?page=2"}'),
    *('{"beds": [{"id": "1"}], "token": "same"}', '{"beds": [{"id": "1"}], "next": 1, "token": {}}', "NaN", "\ufeff{}"),
    *('{"title": "' + "x" * 5000 + '"}', '{"error": {"message": ["a"]}}', '{"detail": "\x1b[31m\u202e"}'),
    *("[" + '{"id": 1},' * 3000 + "0]", '{"id": ' + "9" * 5000 + "}", '{"id": "a", "id": "b"}', '{"id": 1e999}'),
)  # fmt: skip
_EVENTS: Sequence[str] = (
    *('data: {"id": "1", "status": "running"}\n\n',) * 3,
    *("data:\n" * 5000, "data: " + "x" * 200_000, "event: error\ndata: {}\n\n", "data: [DONE]\n\n"),
    *(": c\n\n", "id: \0\n"),
    *("retry: " + "9" * 5000 + "\n\n", "retry: \u0661\n\n", "data: {\n\n"),
    *("\ufeffdata: {}\n\n", "data", "\n" * 5000, "\r"),
    *("event: " + "x" * 5000 + "\ndata: {}\n\n", "data: null\n\n", "id: x\r\n\r\n"),
    *('data: {"event": "a", "data": "b"}\n\n',),
)  # fmt: skip
_CHUNK_SIZES: Sequence[str] = (
    "{}",
    "{};a=b",
    "{};" + "x" * 50_000,
    "0{}",
    "-1",
    "ffffffffffffffffff",
    "",
    "g",
    "0",
    "{} ",
    "0x{}",
)


def response(random: Random) -> Case:
    """A script as JSON: `pieces` with their times, and `ending`."""
    body = _body(random)
    coding = random.choice(_CODINGS)
    packed = _packed(body, coding, random)
    headers = [f"Content-Type: {random.choice(_TYPES)}"]
    if coding:
        headers.append(f"Content-Encoding: {coding}")
    headers += [random.choice(_HEADERS) for _ in range(random.choice((0, 0, 0, 1, 2)))]
    pieces: list[tuple[bytes, int]] = []
    framing = random.choice(("length", "length", "length", "chunked", "chunked", "close"))
    if framing == "length":
        length = len(packed) + random.choice((0, 0, 0, 0, 0, 1, -1, 10**6))
        headers.append(f"Content-Length: {max(length, 0)}")
        pieces = [(packed, 1)]
    elif framing == "chunked":
        headers.append("Transfer-Encoding: chunked")
        pieces = _chunks(packed, random)
    else:
        pieces = [(packed, 1)]
    random.shuffle(headers)
    line_end = random.choice(("\r\n",) * 40 + ("\n", "\r", "\r\n "))
    head = line_end.join([f"{random.choice(_VERSIONS)} {random.choice(_STATUSES)}", *headers]) + line_end * 2
    start = random.choice(([],) * 40 + _STARTS)
    ends = ("close",) * 6 + ("reset",) * 2 + (("wait", "trickle") if random.random() < 0.15 else ())
    script = [*start, (head.encode("utf-8"), 1), *pieces]
    if random.random() < 0.1:
        script = [_damaged(script, random)]
    return {
        "pieces": [[piece.decode("latin-1"), times] for piece, times in script],
        "ending": random.choice(ends),
    }


_STARTS: tuple[list[tuple[bytes, int]], ...] = (
    [(b"HTTP/1.1 100 Continue\r\n\r\n", 1)],
    [(b"HTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\n\r\n", 2000)],
    [(b"HTTP/1.1 102 P\r\nX: " + b"x" * 60_000 + b"\r\n\r\n", 20)],
    [(b"HTTP/1.1 200 OK\r\n", 1), (b"X: y\r\n", 20_000)],
    [(b"\r\n", 100)],
    [(b"\0" * 200_000, 1)],
    [(b"HTTP/1.1 200 OK\r\nX: ", 1), (b"x" * 10_000, 300)],
)


def _body(random: Random) -> bytes:
    kind = random.random()
    if kind < 0.5:
        return random.choice(_JSON).encode()
    if kind < 0.8:
        return "".join(random.choice(_EVENTS) for _ in range(random.choice((1, 2, 5)))).encode()
    if kind < 0.9:
        return random.randbytes(random.choice((0, 1, 50, 5000)))
    return b"x" * random.choice((99_999, 100_001, 5_000_000))


def _packed(body: bytes, coding: str, random: Random) -> bytes:
    for name in coding.split(", ")[:3]:
        if name.lower() in ("gzip", "x-gzip", "gzip;q=0"):
            half = len(body) // 2
            whole = gzip.compress(body, 1, mtime=0)
            body = random.choice(
                (whole, whole, gzip.compress(body[:half], 1, mtime=0) + gzip.compress(body[half:], 1, mtime=0))
            )
        elif name == "deflate":
            body = random.choice((zlib.compress(body), zlib.compress(body)[2:-4]))
    if coding and random.random() < 0.4:
        body = random.choice((body[: random.randrange(len(body) + 1)], body + b"rest", body + b"\0" * 100, b""))
    return body


def _chunks(body: bytes, random: Random) -> list[tuple[bytes, int]]:
    size = random.choice((1, 7, 1000, 10**7))
    if len(body) > 2000 * size:
        size = len(body)
    pieces = []
    for start in range(0, len(body), size):
        chunk = body[start : start + size]
        written = random.choice(_CHUNK_SIZES) if random.random() < 0.02 else "{}"
        pieces.append(written.replace("{}", f"{len(chunk):x}").encode() + b"\r\n" + chunk + b"\r\n")
    end = random.choice(
        (b"0\r\n\r\n",) * 6
        + (
            b"",
            b"0\r\n",
            b"0\r\nX: y\r\n\r\n",
            b"0\r\n" + b"X: y\r\n" * 9000 + b"\r\n",
            b"0\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
        )
    )
    return [(b"".join([*pieces, end]), 1)]


def _damaged(script: list[tuple[bytes, int]], random: Random) -> tuple[bytes, int]:
    data = bytearray(b"".join(piece * min(times, 50) for piece, times in script))
    for _ in range(random.choice((1, 2, 5))):
        if data:
            at = random.randrange(min(len(data), 2000))
            kind = random.randrange(3)
            if kind == 0:
                data[at] = random.randrange(256)
            elif kind == 1:
                del data[at : at + random.choice((1, 2, 50))]
            else:
                data[at:at] = random.choice((b"\0", b"\r\n", b"\n", b":", b" ", b"\xff", b"HTTP/1.1 200 OK\r\n"))
    return bytes(data), 1
