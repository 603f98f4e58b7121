"""The slow path of decoding: walk a document along its type, and find out what of it can be read.

The document is taken apart level by level as raw JSON, and everything that msgspec can read whole is read whole; only
what leads to an unreadable value is looked at more closely. So numbers are still the text that was sent, and a large
document with one slip costs little more than a second decoding.
"""

from __future__ import annotations

import enum
import re
import types
import typing
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, NamedTuple, cast

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

from ._decoding import Decoded, Unreadable, decoder
from ._errors import Issue

_DEEPEST = 100
_MOST_ISSUES = 10_000
_MOST_DIGITS = 4300  # what CPython itself converts between int and str at most, and msgspec with it
_LONGEST_EXCERPT = 20

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)", re.DOTALL
)
_SENSITIVE = re.compile(
    r"token|secret|passw|passphrase|pwd|key|auth|credential|cookie|session|signature|bearer|jwt", re.IGNORECASE
)
_TIMESTAMP = re.compile(r"(\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d)(?::(\d\d)(\.\d+)?)?([Zz]|[+-]\d\d:?\d\d)?", re.ASCII)

_RAW = msgspec.json.Decoder(Raw)
_OBJECT = msgspec.json.Decoder(dict[str, Raw])
_ARRAY = msgspec.json.Decoder(list[Raw])
_TEXT = msgspec.json.Decoder(str)
_ANY = msgspec.json.Decoder(Any)

_KINDS = {"{": "object", "[": "array", '"': "text", "t": "true or false", "f": "true or false", "n": "null"}
_NAMES: dict[Any, str] = {
    str: "text",
    int: "integer",
    float: "number",
    bool: "true or false",
    None: "null",
    types.NoneType: "null",
    Any: "any value",
    list: "array",
    dict: "object",
    datetime: "date-time",
    date: "date",
    time: "time",
}


def repair(data: bytes, type_: Any, *, lenient: bool, conceal: Callable[[str], str]) -> Decoded[Any]:
    """What can be read of a document that msgspec refuses as a whole.

    Raises:
        Unreadable: it is no JSON, its root is unreadable, or, unless `lenient`, a required value is.
        RecursionError: it is nested too deeply.
    """
    document, halves = sound(data)
    walk = _Walk(lenient, conceal)
    for path in halves:
        walk.report(Issue(walk.pointer(path), "Unicode text", "text with half a surrogate pair"))
    try:
        parsed = walk.value(type_, document)
    except _Unfit as unfit:
        issue = walk.issue(unfit.expected, document)
    else:
        return Decoded(parsed, tuple(walk.issues), walk.complete)
    raise Unreadable(_sentence(issue), issue)


def untyped(data: bytes) -> Any:
    """A document as plain Python values, whatever is in it.

    Raises:
        Unreadable: it is no JSON, or holds a number beyond what Python can hold.
        RecursionError: it is nested too deeply.
    """
    document, _ = sound(data)
    try:
        return _anything(document)
    except _Unfit as unfit:
        reason = f"it does not hold {unfit.expected}"
    raise Unreadable(reason)


def sound(data: bytes) -> tuple[Raw, list[tuple[str, ...]]]:
    """The document without a byte order mark and halves of surrogate pairs, and the paths of the latter.

    Raises:
        Unreadable: it is no JSON.
        RecursionError: it is nested too deeply.
    """
    data = data.removeprefix(_BYTE_ORDER_MARK)
    try:
        data.decode()
    except UnicodeDecodeError as error:
        reason = f"it is not UTF-8: {error.reason} (byte {error.start})"
    else:
        if not data.strip(b" \t\r\n"):
            raise Unreadable("it is empty")
        try:
            return _RAW.decode(data), []
        except msgspec.DecodeError as error:
            reason = str(error)  # says what is wrong with the syntax and where, and quotes nothing
        mended = _ESCAPE.sub(lambda match: rb"\ufffd" if match[1] else match[0], data)
        if mended != data:
            try:
                return _RAW.decode(mended), list(_halves(data))
            except msgspec.DecodeError as error:
                reason = str(error)
    raise Unreadable(reason)


def _halves(data: bytes) -> Iterator[tuple[str, ...]]:
    """The paths of all texts and names with half a surrogate pair; names as they are after mending."""
    import json

    root: object = json.loads(data.decode(), parse_int=bool, parse_float=bool)  # numbers do not matter, however large
    pending: list[tuple[tuple[str, ...], object]] = [((), root)]
    while pending:
        path, value = pending.pop()
        if isinstance(value, str):
            if _mended(value) != value:
                yield path
            continue
        items: list[tuple[str, object]] = []
        if isinstance(value, dict):
            items += cast("dict[str, object]", value).items()
        elif isinstance(value, list):
            items += ((str(index), item) for index, item in enumerate(cast("list[object]", value)))
        yield from ((*path, _mended(name)) for name, _ in items if _mended(name) != name)
        pending += reversed([((*path, _mended(name)), item) for name, item in items])


def _mended(text: str) -> str:
    if text.isascii():
        return text
    return re.sub(r"[\ud800-\udfff]", "\ufffd", text)


class _Unfit(Exception):
    """A value is not what is expected."""

    def __init__(self, expected: str) -> None:
        super().__init__(expected)
        self.expected = expected


class _Walk:
    """One walk through one document; `path` leads to where it is. `complete`: no required value was lacking so far."""

    def __init__(self, lenient: bool, conceal: Callable[[str], str]) -> None:
        self.lenient = lenient
        self.conceal = conceal
        self.path: list[str] = []
        self.issues: list[Issue] = []
        self.complete = True

    def value(self, type_: Any, raw: Raw) -> Any:
        """`raw` as `type_`, mended inside where that is possible.

        Raises:
            _Unfit: it is nothing of the kind.
            Unreadable: a required value inside is missing or unreadable, and the walk is not lenient.
        """
        try:
            return decoder(type_).decode(raw)
        except msgspec.ValidationError:
            pass
        if len(self.path) > _DEEPEST:
            raise _Unfit(f"{_name(type_)}, at most {_DEEPEST} levels deep")
        kind = _kind(raw)
        unfit = _Unfit(_name(type_))
        for member in _members(type_):
            reader = self._reader(member, kind, raw)
            if reader is not None:
                try:
                    return reader()
                except _Unfit as found:
                    if found.expected != _name(member):
                        unfit = found
        raise unfit

    def _reader(self, member: Any, kind: str, raw: Raw) -> Callable[[], Any] | None:
        """What can read more of `raw` than msgspec does, if anything."""
        origin, arguments = typing.get_origin(member) or member, typing.get_args(member)
        if member is Any:
            return lambda: _anything(raw)
        if kind == "object" and _is_struct(origin) and _has_tag(origin, raw):
            return lambda: self._struct(member, raw)
        if kind == "object" and origin is dict:
            return lambda: self._map(arguments, raw)
        if kind == "array" and origin is list:
            return lambda: self._list(arguments[0] if arguments else Any, raw)
        if kind == "text" and origin is datetime:
            return lambda: _timestamp(raw)
        if kind == "number" and isinstance(origin, type) and issubclass(origin, int) and origin is not bool:
            return lambda: _integer(origin, raw)
        if kind == "number" and origin is float:
            return lambda: _float()
        return None

    def _struct(self, class_: Any, raw: Raw) -> Any:
        found = _OBJECT.decode(raw)
        values: dict[str, Any] = {}
        for field in _fields(class_):
            part = found.get(field.wire)
            if part is None:
                if field.required:
                    self._lack(field, None)
                    values[field.name] = UNSET
                continue
            try:
                values[field.name] = self._inside(field.wire, field.type, part)
            except _Unfit as unfit:
                if field.required:
                    self._lack(field, part, unfit.expected)
                    values[field.name] = UNSET
                else:
                    self._skip(field.wire, unfit, part)
        return class_(**values)

    def _map(self, arguments: tuple[Any, ...], raw: Raw) -> dict[str, Any]:
        key_type, type_ = arguments or (str, Any)
        if key_type is not str:
            raise _Unfit("object")
        values: dict[str, Any] = {}
        for key, part in _OBJECT.decode(raw).items():
            try:
                values[key] = self._inside(key, type_, part)
            except _Unfit as unfit:
                self._skip(key, unfit, part)
        return values

    def _list(self, type_: Any, raw: Raw) -> list[Any]:
        # An unreadable item is left out: a stand-in would be of a type that the annotation does not name, and every
        # loop over the list would trip over it. The issue says which one it was.
        items: list[Any] = []
        for index, part in enumerate(_ARRAY.decode(raw)):
            try:
                items.append(self._inside(str(index), type_, part))
            except _Unfit as unfit:
                self._skip(str(index), unfit, part)
        return items

    def _inside(self, key: str, type_: Any, raw: Raw) -> Any:
        self.path.append(key)
        try:
            return self.value(type_, raw)
        finally:
            self.path.pop()

    def _lack(self, field: _Field, raw: Raw | None, expected: str = "") -> None:
        """A required value is missing (`raw` is None) or unreadable."""
        issue = self.issue(expected or _name(field.type), raw, field.wire)
        if not self.lenient:
            raise Unreadable(_sentence(issue), issue)
        self.complete = False
        self.report(issue)

    def _skip(self, key: str, unfit: _Unfit, raw: Raw) -> None:
        if len(self.issues) < _MOST_ISSUES:
            self.report(self.issue(unfit.expected, raw, key))

    def report(self, issue: Issue) -> None:
        """Keep an issue; not without end, because a hostile list of ones makes more of them than memory holds."""
        if len(self.issues) < _MOST_ISSUES:
            self.issues.append(issue)

    def issue(self, expected: str, raw: Raw | None, *key: str) -> Issue:
        """The issue with the value at `key` of where the walk is."""
        path = (*self.path, *key)
        found = "nothing" if raw is None else self._found(raw, quote=not any(map(_SENSITIVE.search, path)))
        return Issue(self.pointer(path), expected, found)

    def pointer(self, path: tuple[str, ...]) -> str:
        """`path` as a JSON Pointer (RFC 6901, 3). The keys of maps are the server's: they too can hold a secret."""
        return "".join("/" + self.conceal(key).replace("~", "~0").replace("/", "~1") for key in path)

    def _found(self, raw: Raw, *, quote: bool) -> str:
        kind = _kind(raw)
        if kind == "true or false":
            return bytes(raw).decode()
        if kind not in ("text", "number") or not quote:
            return kind
        # Masked as a whole and shortened then: the beginning of a secret is one too.
        text = _TEXT.decode(raw) if kind == "text" else bytes(raw).decode()
        text = self.conceal(text)
        if len(text) > _LONGEST_EXCERPT:
            text = f"{text[:_LONGEST_EXCERPT]}..."
        return f"text {text!r}" if kind == "text" else f"number {text}"


def _sentence(issue: Issue) -> str:
    place = f"at {issue.pointer}, " if issue.pointer else ""
    return f"{place}expected {issue.expected}, found {issue.found}"


def _kind(raw: Raw) -> str:
    return _KINDS.get(chr(memoryview(raw)[0]), "number")


def _anything(raw: Raw) -> Any:
    try:
        return _ANY.decode(raw)
    except msgspec.ValidationError:
        raise _Unfit("numbers within the range of a 64-bit float") from None


def _float() -> float:
    raise _Unfit("number within the range of a 64-bit float")


def _integer(type_: Any, raw: Raw) -> Any:
    """An integer in another spelling: `1.0`, `1e3`. Exact, unlike the detour by a float."""
    from decimal import Decimal

    try:
        number = Decimal(bytes(raw).decode())
    except ArithmeticError:  # an exponent beyond all measure
        raise _Unfit(_name(type_)) from None
    if number and number.adjusted() >= _MOST_DIGITS:
        raise _Unfit(f"{_name(type_)} of at most {_MOST_DIGITS} digits")
    integer = int(number) if number else 0
    if integer != number:
        raise _Unfit(_name(type_))
    try:
        return type_(integer)
    except ValueError:  # an enum that is not open
        raise _Unfit(_name(type_)) from None


def _timestamp(raw: Raw) -> datetime:
    """A date-time that msgspec refuses: a leap second, a fraction that rounds up beyond the last year, or no seconds.

    Sources: RFC 3339, 5.6 and appendix D; ISO 8601 for those without seconds.
    """
    match = _TIMESTAMP.fullmatch(_TEXT.decode(raw))
    if match is None:
        raise _Unfit("date-time")
    start, seconds, fraction, zone = match[1], match[2] or "00", (match[3] or "")[:7], match[4] or ""
    leap = seconds == "60"
    try:
        moment = msgspec.convert(f"{start}:{'59' if leap else seconds}{fraction}{zone}", datetime)
        if leap:
            moment = _after_leap(moment)
    except (msgspec.ValidationError, OverflowError):
        raise _Unfit("date-time") from None
    return moment


def _after_leap(moment: datetime) -> datetime:
    if moment.tzinfo is None or moment.astimezone(UTC).time() < time(23, 59, 59):
        raise OverflowError("leap seconds are inserted at the end of a day in UTC")
    return moment + timedelta(seconds=1)


class _Field(NamedTuple):
    """A field of a Struct: `name` in Python, `wire` in JSON."""

    name: str
    wire: str
    type: Any
    required: bool


@lru_cache(maxsize=4096)
def _fields(class_: Any) -> tuple[_Field, ...]:
    return tuple(
        _Field(field.name, field.encode_name, _without_unset(field.type), field.required)
        for field in msgspec.structs.fields(class_)
    )


def _without_unset(type_: Any) -> Any:
    members = typing.get_args(type_) if _is_union(type_) else ()
    kept = [member for member in members if member is not UnsetType]
    return typing.Union[tuple(kept)] if kept else type_  # noqa: UP007 - of a list that is known at run time only


def _is_union(type_: Any) -> bool:
    return typing.get_origin(type_) in (typing.Union, types.UnionType)


@lru_cache(maxsize=4096)
def _members(type_: Any) -> tuple[Any, ...]:
    """The types that a union allows; any other type allows itself."""
    if _is_union(type_):
        return tuple(inner for member in typing.get_args(type_) for inner in _members(member))
    if typing.get_origin(type_) is typing.Annotated:
        return _members(typing.get_args(type_)[0])
    return (type_,)


@lru_cache(maxsize=4096)
def _name(type_: Any) -> str:
    """A type in a reader's words: "integer", "date-time", "RunStatus (text)", "text or null"."""
    members = _members(type_)
    if members[1:]:
        return " or ".join(dict.fromkeys(_name(member) for member in members))
    kind: Any = typing.get_origin(members[0]) or members[0]
    if kind in _NAMES:
        return _NAMES[kind]
    if _is_struct(kind):
        return "object"
    name = str(getattr(kind, "__name__", kind))
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        base: Any = next((base for base in kind.__mro__ if base in (str, int)), None)
        return f"{name} ({_NAMES[base]})" if base else name
    return name


def _is_struct(type_: Any) -> bool:
    return isinstance(type_, type) and issubclass(type_, Struct) and not type_.__struct_config__.array_like


def _has_tag(class_: Any, raw: Raw) -> bool:
    """Whether `raw` is marked as this one of several Structs; where there are no marks, it is."""
    config = class_.__struct_config__
    if config.tag_field is None:
        return True
    tag = _OBJECT.decode(raw).get(config.tag_field)
    return tag is None or _ANY.decode(tag) == config.tag
