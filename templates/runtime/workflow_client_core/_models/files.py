"""Files in bodies: their content, its name and its media type."""

from __future__ import annotations

import re
from typing import Any, BinaryIO, Self, cast

from .._text import is_header_value

_MEDIA_TYPE = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+-]+ *(;.*)?", re.ASCII)


class File:
    """A file to send, or a `binary` value of a response. Its repr shows no content.

    Args:
        content: the bytes, or a file opened in binary mode, which is read, from where it stands, when a request is
            built, and is not closed. The whole content is then in memory, so that a request can be repeated; to
            send the same open file again, wind it back first.
        filename: the name that the server sees; None: the last part of the open file's own name, or the field's name.
        content_type: the media type; None: as the document says, else by the filename's ending, else by the first
            bytes of an image and a few others, else `application/octet-stream`.

    Raises:
        ValueError: `content_type` is not a media type.
        TypeError: an argument is of another type.
    """

    __slots__ = ("content", "content_type", "filename")

    content: bytes | BinaryIO
    filename: str | None
    content_type: str | None

    def __init__(
        self, content: bytes | bytearray | BinaryIO, filename: str | None = None, content_type: str | None = None
    ) -> None:
        if not callable(getattr(content, "decode", getattr(content, "read", None))):
            raise TypeError(f"content must be bytes, or a file opened in binary mode, not {type(content).__name__}")
        if content_type is not None:
            _checked(content_type)
        self.content = bytes(content) if isinstance(content, bytearray) else content
        self.filename, self.content_type = filename, content_type

    def read(self) -> bytes:
        """The content; an open file is read to its end.

        Raises:
            TypeError: the file was opened in text mode.
        """
        content = self.content
        data = content if isinstance(content, bytes) else cast(object, content.read())
        if not isinstance(data, bytes):
            raise TypeError(f"a file must be opened in binary mode; reading it gave {type(data).__name__}")
        return data

    @property
    def name(self) -> str:
        """The filename that a server sees, without folders; "" where nothing is known."""
        known = self.filename
        if known is None:
            own = getattr(self.content, "name", None)  # a number, for some files without a name
            known = own if isinstance(own, str) and not own.startswith("<") else ""
            known = re.split(r"[/\\]", known)[-1]
        return known

    @property
    def media_type(self) -> str:
        """The media type that was passed, else that of the filename's ending, else ""."""
        if self.content_type:
            return _checked(self.content_type)  # again, as it can have been assigned since
        import mimetypes  # here, as few calls need it

        return mimetypes.guess_type(self.name, strict=False)[0] or ""

    @classmethod
    def of(cls, value: Any, *, octets: bool = False) -> Self | None:
        """`value` as a file: a `File`, an open file, or, with `octets`, bytes; None: it is not any of these."""
        if isinstance(value, cls):
            return value
        if octets and isinstance(value, bytes | bytearray | memoryview):
            return cls(bytes(cast(bytes, value)))
        return cls(value) if callable(getattr(value, "read", None)) else None

    @classmethod
    def _from_json(cls, value: object) -> Self:
        """A file in a JSON document: its text as it is."""
        if not isinstance(value, str):
            raise ValueError("a binary value in JSON must be text")
        return cls(value.encode("utf-8", "surrogatepass"))

    def _to_json(self) -> str:
        """In JSON: UTF-8 as text, anything else in base64 (RFC 4648, 4), as JSON has no bytes."""
        content = self.read()
        try:
            return content.decode()
        except UnicodeDecodeError:
            from base64 import b64encode  # here, as few calls need it

            return b64encode(content).decode()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, File):
            return NotImplemented
        mine = (self.content, self.filename, self.content_type)
        return mine == (other.content, other.filename, other.content_type)

    __hash__ = None  # type: ignore[assignment]  # its content can change

    def __repr__(self) -> str:
        size = f"{len(self.content)} bytes" if isinstance(self.content, bytes) else "an open file"
        return f"<File {self.name!r}, {size}>"


def _checked(content_type: str) -> str:
    if not (_MEDIA_TYPE.fullmatch(content_type) and is_header_value(content_type)):
        raise ValueError("content_type must be a media type such as image/png")
    return content_type
