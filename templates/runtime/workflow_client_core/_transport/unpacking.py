"""Unpacks bodies as they arrive (`Content-Encoding`, RFC 9110, 8.4).

gzip and deflate are unpacked here, as httpx2 takes a body that was cut off for a whole one, and drops all but the first
of several gzip members (RFC 1952, 2.2). br and zstd are left to httpx2, and to the packages that it needs for them.
What nobody knows is read as it is.
"""

from __future__ import annotations

import zlib
from collections.abc import AsyncGenerator, Generator, Iterator, Sequence
from contextlib import aclosing
from typing import Any

import httpx2

_CODING = "content-encoding"
_CODINGS = ("gzip", "x-gzip", "deflate")
_LEFT_TO_HTTPX2 = ("br", "zstd")
_MAX_CODINGS = 5
"""Of one body; more only take time."""
_MAX_PIECE = 1024 * 1024
_GZIP_MAGIC = b"\x1f\x8b"
_GZIP, _ZLIB, _RAW = 16 + zlib.MAX_WBITS, zlib.MAX_WBITS, -zlib.MAX_WBITS


def pieces_of(response: httpx2.Response) -> Generator[bytes, None, None]:
    """The unpacked body, in pieces of at most 1 MiB where it is packed by gzip or deflate.

    Raises:
        httpx2.DecodingError: it is not packed as its head says, or is cut off.
        httpx2.RequestError: it does not arrive.
    """
    unpackers = _unpackers(response)
    if not unpackers:
        yield from response.iter_bytes() if unpackers is None else response.iter_raw()
        return
    for packed in response.iter_raw():
        yield from _unpacked(packed, unpackers)
    _check_complete(unpackers)


def async_pieces_of(response: httpx2.Response) -> AsyncGenerator[bytes, None]:
    """The asynchronous twin of `pieces_of`: httpx2's own generator for most bodies, which are not packed."""
    if _CODING in response.headers:
        return _async_unpacked(response)
    return response.aiter_bytes() if response.is_stream_consumed else response.aiter_raw()


async def _async_unpacked(response: httpx2.Response) -> AsyncGenerator[bytes, None]:
    unpackers = _unpackers(response)
    async with aclosing(response.aiter_bytes() if unpackers is None else response.aiter_raw()) as pieces:
        async for piece in pieces:
            for unpacked in _unpacked(piece, unpackers or ()):
                yield unpacked
    _check_complete(unpackers or ())


class _Unpacker:
    """Undoes one coding; what follows the packed data, and does not begin another gzip member, is ignored."""

    def __init__(self, coding: str) -> None:
        self._is_gzip = coding != "deflate"
        self._stream: Any = None  # zlib's decompressor of the current member; its class has no public name
        self._start = b""  # of what cannot be recognized yet
        self._members = 0
        self._has_ended = False

    def feed(self, packed: bytes) -> Iterator[bytes]:
        """What can be unpacked with the next piece.

        Raises:
            zlib.error: it is not packed in this way.
        """
        packed = self._start + packed
        self._start = b""
        while packed and (stream := self._stream or self._begun(packed)):
            yield from _of_member(stream, packed)
            self._stream = None if stream.eof else stream
            if self._stream is not None:
                return
            packed = stream.unused_data
            self._members += 1

    def _begun(self, packed: bytes) -> Any:
        """What unpacks the member that begins here; None where none does, or where more of it has to come."""
        if self._members and not (self._is_gzip and _GZIP_MAGIC.startswith(packed[:2])):
            self._has_ended = True
        if self._has_ended:
            return None
        if len(packed) < 2:
            self._start = packed
            return None
        if self._is_gzip:
            return zlib.decompressobj(_GZIP)
        # RFC 9110 means RFC 1950; some servers send RFC 1951, without its two bytes at the start.
        has_header = packed[0] & 0x0F == 8 and int.from_bytes(packed[:2], "big") % 31 == 0
        return zlib.decompressobj(_ZLIB if has_header else _RAW)

    def is_cut_off(self) -> bool:
        """Whether the packed data ends before its end."""
        return self._stream is not None or bool(self._start and not self._members)


def _of_member(stream: Any, packed: bytes) -> Iterator[bytes]:
    while unpacked := stream.decompress(packed, _MAX_PIECE):
        yield unpacked
        if stream.eof:
            return
        packed = stream.unconsumed_tail


def _unpackers(response: httpx2.Response) -> Sequence[_Unpacker] | None:
    """What unpacks a body, the outermost coding first; None where httpx2 does, or has done."""
    if _CODING not in response.headers:
        return None if response.is_stream_consumed else ()
    codings = [coding.lower() for coding in response.headers.get_list(_CODING, split_commas=True)]
    codings = [coding for coding in codings if coding not in ("", "identity")]
    if len(codings) > _MAX_CODINGS:
        raise httpx2.DecodingError(f"it is packed {len(codings)} times")
    codings = [coding for coding in codings if coding in (*_CODINGS, *_LEFT_TO_HTTPX2)]
    if response.is_stream_consumed or codings in ([coding] for coding in _LEFT_TO_HTTPX2):
        return None
    if not all(coding in _CODINGS for coding in codings):
        raise httpx2.DecodingError(f"it is packed by {', '.join(codings)}")
    return [_Unpacker(coding) for coding in reversed(codings)]


def _unpacked(packed: bytes, unpackers: Sequence[_Unpacker]) -> Iterator[bytes]:
    if not unpackers:
        yield packed
        return
    try:
        for piece in unpackers[0].feed(packed):
            yield from _unpacked(piece, unpackers[1:])
    except zlib.error as error:
        reason = str(error)
    else:
        return
    raise httpx2.DecodingError(reason)


def _check_complete(unpackers: Sequence[_Unpacker]) -> None:
    if any(unpacker.is_cut_off() for unpacker in unpackers):
        raise httpx2.DecodingError("it is cut off")
