"""The slow path of decoding: walk a document along its type, and read as much of it as can be read.

The document is taken apart level by level as raw JSON. Whatever msgspec can read as a whole is read as a whole; only
what leads to an unreadable value is taken apart further. So numbers are still the text that was sent, and a large
document with one mistake costs little more than a second decoding.
"""

from __future__ import annotations

import re
import typing
from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec
from msgspec import UNSET, Raw

from .._errors import Issue
from .._models.types import Field, additional, documented_type, fields, is_alias, is_struct, members, type_name
from .._time_limit import check_time
from .choice import choice
from .ranking import LEVELS
from .raw_json import ANY, ARRAY, NO_NUMBERS, OBJECT, TEXT, glance, halves, json_type_of, sound
from .results import Decoded, Unreadable
from .scalars import Unfit, scalar_reader
from .strict import decode_part

_DEEPEST = 100
_MOST_ISSUES = 10_000
_LONGEST_EXCERPT = 20

_NO_NUMBERS = {number.decode(): name.decode() for name, number in NO_NUMBERS.items()}
_SENSITIVE = re.compile(
    r"token|secret|passw|passphrase|pwd|key|auth|credential|cookie|session|signature|bearer|jwt", re.IGNORECASE
)


def repair(data: bytes, type_: Any, *, lenient: bool, conceal: Callable[[str], str]) -> Decoded[Any]:
    """What can be read of a document that msgspec refuses as a whole.

    Raises:
        Unreadable: it is not JSON, its root is unreadable, there are too many issues, or, unless `lenient`, a required
            value is unreadable.
        RecursionError: it is nested too deeply.
        OutOfTime: see `time_limit`.
    """
    document, with_halves = sound(data)
    walk = _Walk(lenient, conceal)
    for path in halves(with_halves) if with_halves else ():
        walk.report(Issue(walk.pointer(path), "Unicode text", "text with half a surrogate pair"))
    try:
        parsed = walk.value(type_, document)
    except Unfit as unfit:
        issue = walk.issue(unfit.expected, document)
    else:
        return Decoded(parsed, tuple(walk.issues), walk.lacking is None)
    raise Unreadable(_sentence(issue), issue)


def untyped(data: bytes) -> Any:
    """A document as plain Python values, without numbers beyond what Python can hold.

    Raises:
        Unreadable: it is not JSON, or such a number itself.
        RecursionError: it is nested too deeply.
    """
    return repair(data, Any, lenient=True, conceal=str).parsed


class _Outcome(NamedTuple):
    """The result of reading a value: `parsed`, or `unfit`; `lacking`: the first required value that is unreadable."""

    parsed: Any
    unfit: Unfit | None
    issues: list[Issue]
    lacking: Issue | None


class _Walk:
    """One walk through one document: `path` leads to where it is, `lacking` is the first required value missing."""

    def __init__(self, lenient: bool, conceal: Callable[[str], str]) -> None:
        self.lenient = lenient
        self.conceal = conceal
        self.path: list[str] = []
        self.issues: list[Issue] = []
        self.lacking: Issue | None = None
        self.outcomes: dict[tuple[Any, tuple[str, ...]], _Outcome] = {}

    def value(self, type_: Any, raw: Raw) -> Any:
        """`raw` as `type_`, without what cannot be read inside it.

        Raises:
            Unfit: it is not such a value.
            Unreadable: there are too many issues, or, unless the walk is lenient, a required value inside is
                unreadable.
        """
        try:
            return decode_part(raw, type_)
        except msgspec.ValidationError:
            check_time()
        if len(self.path) > _DEEPEST:
            raise Unfit(f"{type_name(type_)}, at most {_DEEPEST} levels deep")
        json_type = json_type_of(raw)
        unfit = Unfit(type_name(type_))
        for member in members(type_):
            try:
                return self._member(member, json_type, raw)
            except Unfit as unfit_member:
                # An error may say more precisely what is expected than the name of the type.
                if unfit_member.expected and unfit_member.expected != type_name(member):
                    unfit = unfit_member
        raise unfit

    def _member(self, member: Any, json_type: str, raw: Raw) -> Any:
        """`raw`, which msgspec refuses, as a type that is not a union.

        Raises:
            Unfit, Unreadable: as `value` does; Unfit("") where nothing but the type's name can be said.
        """
        origin, arguments = typing.get_origin(member) or member, typing.get_args(member)
        if is_alias(member):
            return self._alias(member, raw)
        if json_type == "object" and is_struct(origin) and _has_tag(origin, raw):
            return self._struct(member, raw)
        if json_type == "object" and origin in (dict, Any):
            return self._map(arguments, raw)
        if json_type == "array" and origin in (list, Any):
            return self._list(arguments[0] if arguments else Any, raw)
        reader = scalar_reader(origin, json_type)
        if reader is None:
            raise Unfit("")
        return reader(raw)

    def _alias(self, alias: Any, raw: Raw) -> Any:
        """The member that can be read without an issue, else what can be read of the one that fits best."""
        outline = glance(raw, LEVELS + 1)
        member = choice(alias).certain_member(outline)
        if member is not None:
            parsed = self.value(member, raw)
            for issue in self._dropped(alias, member, outline, raw):
                self.report(issue)
            return parsed
        key = alias, tuple(self.path)
        if key not in self.outcomes:  # else every member of a union around this one would have it read again
            self.outcomes[key] = self._best(alias, raw, outline)
        outcome = self.outcomes[key]
        if outcome.unfit is not None:
            raise outcome.unfit
        if outcome.lacking is not None:
            self._lack(outcome.lacking)
        for issue in outcome.issues:
            self.report(issue)
        return outcome.parsed

    def _best(self, alias: Any, raw: Raw, outline: Any) -> _Outcome:
        fitting, unfit = choice(alias).ranked_members(outline)
        outcomes = [_Outcome(None, Unfit(type_name(alias)), [], None)]
        for member in fitting:
            outcome = self._outcome(member, raw)
            if outcome.unfit is None:
                if not outcome.issues:
                    return outcome._replace(issues=self._dropped(alias, member, outline, raw))
                outcomes.insert(-1, outcome)
            elif outcome.unfit.expected != type_name(member):
                outcomes[-1] = outcome
        if outcomes[0].unfit is None:
            return outcomes[0]
        for member in unfit:
            outcome = self._outcome(member, raw)
            if outcome.unfit is None:
                return outcome
        return outcomes[-1]

    def _dropped(self, alias: Any, member: Any, outline: Any, raw: Raw) -> list[Issue]:
        """Issues with what the member of a union does not declare, but another one that the object may be, too."""
        dropped = choice(alias).dropped(member, outline)
        expected = f"a property of {member.__name__}" if dropped else ""
        return [self.issue(expected, _value_at(path, raw), *path) for path in dropped]

    def _outcome(self, type_: Any, raw: Raw) -> _Outcome:
        """The result of reading a value, while the walk itself stays as it is."""
        state = self.lenient, self.issues, self.lacking
        self.lenient, self.issues, self.lacking = True, [], None
        try:
            return _Outcome(self.value(type_, raw), None, self.issues, self.lacking)
        except Unfit as unfit:
            return _Outcome(None, unfit, [], None)
        except Unreadable:  # it has too many issues
            return _Outcome(None, Unfit(type_name(type_)), [], None)
        finally:
            self.lenient, self.issues, self.lacking = state

    def _struct(self, class_: Any, raw: Raw) -> Any:
        properties = OBJECT.decode(raw)
        values: dict[str, Any] = {}
        for field in fields(class_):
            item = properties.pop(field.wire, None)
            if item is None:
                if field.required:
                    self._miss(field, None, type_name(documented_type(class_, field)))
                    values[field.name] = UNSET
                continue
            try:
                values[field.name] = self._inside(field.wire, field.type, item)
            except Unfit as unfit:
                expected = unfit.expected
                if expected == type_name(field.type):
                    expected = type_name(documented_type(class_, field))
                if field.required:
                    self._miss(field, item, expected)
                    values[field.name] = UNSET
                else:
                    self._skip(field.wire, expected, item)
        own = additional(class_)
        if own is not None:
            values[own.name] = self._items(properties, own.type)
        return class_(**values)

    def _map(self, arguments: tuple[Any, ...], raw: Raw) -> dict[str, Any]:
        key_type, type_ = arguments or (str, Any)
        if key_type is not str:
            raise Unfit("object")
        return self._items(OBJECT.decode(raw), type_)

    def _items(self, items: dict[str, Raw], type_: Any) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key in list(items):
            item = items.pop(key)  # so that a large object is never held twice
            try:
                values[key] = self._inside(key, type_, item)
            except Unfit as unfit:
                self._skip(key, unfit.expected, item)
        return values

    def _list(self, type_: Any, raw: Raw) -> list[Any]:
        # An unreadable item is left out: a stand-in would be of a type that the annotation does not name, and every
        # loop over the list would trip over it. The issue says which one it was.
        items: list[Any] = []
        raws = ARRAY.decode(raw)
        raws.reverse()
        for index in range(len(raws)):
            item = raws.pop()  # so that a long list is never held twice
            try:
                items.append(self._inside(str(index), type_, item))
            except Unfit as unfit:
                self._skip(str(index), unfit.expected, item)
        return items

    def _inside(self, key: str, type_: Any, raw: Raw) -> Any:
        self.path.append(key)
        try:
            return self.value(type_, raw)
        finally:
            self.path.pop()

    def _miss(self, field: Field, raw: Raw | None, expected: str) -> None:
        """A required value is missing (`raw` is None) or unreadable."""
        issue = self.issue(expected, raw, field.wire)
        self._lack(issue)
        self.report(issue)

    def _lack(self, issue: Issue) -> None:
        if not self.lenient:
            raise Unreadable(_sentence(issue), issue)
        self.lacking = self.lacking or issue

    def _skip(self, key: str, expected: str, raw: Raw) -> None:
        self.report(self.issue(expected, raw, key))

    def report(self, issue: Issue) -> None:
        """Keep an issue; not without end, as a hostile document can have more than there are time and memory for.

        Raises:
            Unreadable: there are too many.
        """
        if len(self.issues) == _MOST_ISSUES:
            raise Unreadable(f"more than {_MOST_ISSUES:,} values in it are not as documented")
        self.issues.append(issue)

    def issue(self, expected: str, raw: Raw | None, *key: str) -> Issue:
        """The issue with the value at `key` of where the walk is."""
        path = (*self.path, *key)
        found = "nothing" if raw is None else self._excerpt(raw, quote=not any(map(_SENSITIVE.search, path)))
        return Issue(self.pointer(path), expected, found)

    def pointer(self, path: tuple[str, ...]) -> str:
        """`path` as a JSON Pointer (RFC 6901, 3). The keys of maps are the server's: they too can hold a secret."""
        return "".join("/" + self.conceal(key).replace("~", "~0").replace("/", "~1") for key in path)

    def _excerpt(self, raw: Raw, *, quote: bool) -> str:
        """A value in a message: its JSON type, and, where it may be quoted, its first characters."""
        json_type = json_type_of(raw)
        if json_type == "true or false":
            return bytes(raw).decode()
        if json_type not in ("text", "number") or not quote:
            return json_type
        # Masked as a whole, then shortened: the beginning of a secret is secret too.
        text = TEXT.decode(raw) if json_type == "text" else bytes(raw).decode()
        if text in _NO_NUMBERS:
            return _NO_NUMBERS[text]
        text = self.conceal(text)
        if len(text) > _LONGEST_EXCERPT:
            text = f"{text[:_LONGEST_EXCERPT]}..."
        return f"text {text!r}" if json_type == "text" else f"number {text}"


def _sentence(issue: Issue) -> str:
    position = f"at {issue.pointer}, " if issue.pointer else ""
    return f"{position}expected {issue.expected}, found {issue.found}"


def _value_at(path: tuple[str, ...], raw: Raw) -> Raw:
    """The value at a path of wire names, keys and indexes."""
    for key in path:
        raw = OBJECT.decode(raw)[key] if json_type_of(raw) == "object" else ARRAY.decode(raw)[int(key)]
    return raw


def _has_tag(class_: Any, raw: Raw) -> bool:
    """Whether `raw` is marked as this one of several Structs; where there are no marks, it is."""
    config = class_.__struct_config__
    if config.tag_field is None:
        return True
    tag = OBJECT.decode(raw).get(config.tag_field)
    return tag is None or ANY.decode(tag) == config.tag
