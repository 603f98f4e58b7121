"""The slow path of decoding: walk a document along its type, and read as much of it as can be read.

The document is taken apart level by level as raw JSON. Whatever msgspec can read as a whole is read as a whole; only
what leads to an unreadable value is taken apart further, and msgspec says where that is when it refuses something. So
numbers are still the text that was sent, and a large document with one mistake costs little more than a second
decoding.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from msgspec import UNSET, DecodeError, Raw, ValidationError

from .._errors import Issue
from .._models.types import type_name
from .._time_limit import check_time
from .choice import choice
from .issues import issue_at, pointer_to, sentence
from .ranking import LEVELS
from .raw_json import ANY, ARRAY, OBJECT, RAW, glance, halves, json_type_of, sound, unchecked
from .results import Decoded, Unreadable
from .scalars import UNFIT, Unfit, read_scalar
from .strict import Place, index_in, place_of
from .targets import Member, Target, further_properties, properties, target_of

_DEEPEST = 100
_MOST_ISSUES = 10_000


def repair(
    data: bytes, type_: Any, *, lenient: bool, conceal: Callable[[str], str], mistake: Place | None = None
) -> Decoded[Any]:
    """What can be read of a document that msgspec refuses as a whole.

    Args:
        mistake: the place in it that msgspec has refused, if it is JSON up to there. A wrong one changes nothing.

    Raises:
        Unreadable: it is not JSON, its root is unreadable, there are too many issues, or, unless `lenient`, a required
            value is unreadable.
        RecursionError: it is nested too deeply.
        OutOfTime: see `TimeLimit`.
    """
    if mistake is not None:
        try:
            return _Walk(lenient, conceal).document(target_of(type_), unchecked(data), mistake)
        except (DecodeError, UnicodeDecodeError):
            pass  # it is not JSON after the mistake
    document, with_halves = sound(data)
    walk = _Walk(lenient, conceal)
    for path in halves(with_halves) if with_halves else ():
        walk.report(Issue(pointer_to(path, conceal), "Unicode text", "text with half a surrogate pair"))
    return walk.document(target_of(type_), document, mistake)


def untyped(data: bytes) -> Any:
    """A document as plain Python values, without numbers beyond what Python can hold.

    Raises:
        Unreadable: it is not JSON, or such a number itself.
        RecursionError: it is nested too deeply.
    """
    return repair(data, Any, lenient=True, conceal=str).parsed


class _Outcome(NamedTuple):
    """The result of reading a value: `parsed`; `lacking` is the first required value inside that is unreadable."""

    parsed: Any
    issues: list[Issue]
    lacking: Issue | None


class _Walk:
    """One walk through one document: `path` leads to where it is, `lacking` is the first required value missing.

    What its methods return is a value without what cannot be read inside it, or `Unfit` where nothing can.

    They raise Unreadable where there are too many issues, or, unless the walk is lenient, a required value inside is
    unreadable. The `mistake` that they take is the place in the value that msgspec has refused: what leads there is
    taken apart without being decoded once more.
    """

    def __init__(self, lenient: bool, conceal: Callable[[str], str]) -> None:
        self.lenient = lenient
        self.conceal = conceal
        self.path: list[str] = []
        self.issues: list[Issue] = []
        self.lacking: Issue | None = None
        self.outcomes: dict[tuple[Any, tuple[str, ...]], _Outcome] = {}

    def document(self, target: Target, raw: Raw, mistake: Place | None) -> Decoded[Any]:
        """A whole document as the type of `target`.

        Raises:
            Unreadable: also where its root is unreadable.
            DecodeError: it is not JSON.
        """
        parsed = self.value(target, raw, mistake)
        if parsed.__class__ is Unfit:
            RAW.decode(raw)  # as nothing has looked at all of it
            issue = self._issue(parsed.expected or target.name, raw)
            raise Unreadable(sentence(issue), issue)
        return Decoded(parsed, tuple(self.issues), self.lacking is None)

    def value(self, target: Target, raw: Raw, mistake: Place | None) -> Any:
        """`raw` as the type of `target`; `mistake` is None where msgspec has not tried."""
        if mistake is None or not target.divides(raw):
            try:
                return target.decode(raw)
            except ValidationError as error:
                mistake = place_of(error)
        return self._parts(target, raw, mistake)

    def _inside(self, key: str, target: Target, raw: Raw, mistake: Place) -> Any:
        """`raw`, which msgspec refuses, and which is at `key` of where the walk is, as the type of `target`."""
        self.path.append(key)
        try:
            return self._parts(target, raw, mistake)
        finally:
            self.path.pop()

    def _parts(self, target: Target, raw: Raw, mistake: Place) -> Any:
        """`raw`, which msgspec refuses, as the type of `target`."""
        check_time()
        if len(self.path) > _DEEPEST:
            return Unfit(f"{type_name(target.type)}, at most {_DEEPEST} levels deep")
        json_type, alternatives = json_type_of(raw), target.alternatives
        if json_type not in alternatives.accepted:
            return UNFIT
        unfit = UNFIT
        for member in alternatives.members:
            value = self._member(member, json_type, raw, mistake)
            if value.__class__ is not Unfit:
                return value
            if value.expected:
                unfit = value
        return unfit

    def _member(self, member: Member, json_type: str, raw: Raw, mistake: Place) -> Any:
        if member.is_alias:
            return self._alias(member.type, raw)
        if json_type == "object":
            if member.is_struct and _has_tag(member.origin, raw):
                return self._struct(member.type, raw, mistake)
            if member.values is not None:
                return self._map(member.values, OBJECT.decode(raw))
        if json_type == "array" and member.items is not None:
            return self._list(member.items, ARRAY.decode(raw), mistake)
        return read_scalar(member.origin, json_type, raw)

    def _alias(self, alias: Any, raw: Raw) -> Any:
        """The member that can be read without an issue, else what can be read of the one that fits best."""
        outline = glance(raw, LEVELS + 1)
        member = choice(alias).certain_member(outline)
        if member is not None:
            parsed = self.value(target_of(member), raw, None)
            if isinstance(parsed, Unfit):
                return Unfit(parsed.expected or target_of(member).name)
            for issue in self._dropped(alias, member, outline, raw):
                self.report(issue)
            return parsed
        key = alias, tuple(self.path)
        if key not in self.outcomes:  # else every member of a union around this one would have it read again
            self.outcomes[key] = self._best(alias, raw, outline)
        parsed, issues, lacking = self.outcomes[key]
        if lacking is not None:
            self._lack(lacking)
        for issue in issues:
            self.report(issue)
        return parsed

    def _best(self, alias: Any, raw: Raw, outline: Any) -> _Outcome:
        fitting, unfit = choice(alias).ranked_members(outline)
        outcomes = [_Outcome(UNFIT, [], None)]
        for member in fitting:
            outcome = self._outcome(member, raw)
            if not isinstance(outcome.parsed, Unfit):
                if not outcome.issues:
                    return outcome._replace(issues=self._dropped(alias, member, outline, raw))
                outcomes.insert(-1, outcome)
            elif outcome.parsed.expected:
                outcomes[-1] = outcome
        if not isinstance(outcomes[0].parsed, Unfit):
            return outcomes[0]
        for member in unfit:
            outcome = self._outcome(member, raw)
            if not isinstance(outcome.parsed, Unfit):
                return outcome
        return outcomes[-1]

    def _dropped(self, alias: Any, member: Any, outline: Any, raw: Raw) -> list[Issue]:
        """Issues with what the member of a union does not declare, but another one that the object may be, too."""
        dropped = choice(alias).dropped(member, outline)
        expected = f"a property of {member.__name__}" if dropped else ""
        return [self._issue(expected, _value_at(path, raw), *path) for path in dropped]

    def _outcome(self, type_: Any, raw: Raw) -> _Outcome:
        """The result of reading a value, while the walk itself stays as it is."""
        state = self.lenient, self.issues, self.lacking
        self.lenient, self.issues, self.lacking = True, [], None
        try:
            return _Outcome(self.value(target_of(type_), raw, None), self.issues, self.lacking)
        except Unreadable:  # it has too many issues
            return _Outcome(UNFIT, [], None)
        finally:
            self.lenient, self.issues, self.lacking = state

    def _struct(self, class_: Any, raw: Raw, mistake: Place) -> Any:
        items = OBJECT.decode(raw)
        suspect, inside = (mistake[0], mistake[1:]) if mistake else (None, mistake)
        values: dict[str, Any] = {}
        for name, wire, required, type_ in properties(class_):
            item = items.pop(wire, None)
            value: Any = UNFIT
            if item is not None:
                try:
                    if wire != suspect or not type_.divides(item):
                        values[name] = type_.decode(item)
                        continue
                    place = inside
                except ValidationError as error:
                    place = place_of(error)
                value = self._inside(wire, type_, item, place)
            elif not required:
                continue
            if value.__class__ is not Unfit:
                values[name] = value
                continue
            issue = self._issue(value.expected or type_.name, item, wire)
            if required:
                self._lack(issue)
                values[name] = UNSET
            self.report(issue)
        further = further_properties(class_)
        if further is not None:
            values[further.name] = self._map(further.target, items)
        return class_(**values)

    def _map(self, type_: Target, items: dict[str, Raw]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key in list(items):
            item = items.pop(key)  # so that a large object is never held twice
            try:
                values[key] = type_.decode(item)
                continue
            except ValidationError as error:
                place = place_of(error)
            value = self._inside(key, type_, item, place)
            if value.__class__ is Unfit:
                self.report(self._issue(value.expected or type_.name, item, key))
            else:
                values[key] = value
        return values

    def _list(self, type_: Target, raws: list[Raw], mistake: Place) -> list[Any]:
        # An unreadable item is left out: a stand-in would be of a type that the annotation does not name, and every
        # loop over the list would trip over it. The issue says which one it was.
        items: list[Any] = []
        suspect, inside = index_in(mistake), mistake[1:]
        raws.reverse()
        for index in range(len(raws)):
            item = raws.pop()  # so that a long list is never held twice
            try:
                if index != suspect or not type_.divides(item):
                    items.append(type_.decode(item))
                    continue
                place = inside
            except ValidationError as error:
                place = place_of(error)
            value = self._inside(str(index), type_, item, place)
            if value.__class__ is Unfit:
                self.report(self._issue(value.expected or type_.name, item, str(index)))
            else:
                items.append(value)
        return items

    def _lack(self, issue: Issue) -> None:
        """Remember that a required value is missing or unreadable.

        Raises:
            Unreadable: the walk is not lenient.
        """
        if not self.lenient:
            raise Unreadable(sentence(issue), issue)
        self.lacking = self.lacking or issue

    def report(self, issue: Issue) -> None:
        """Keep an issue; not without end, as a hostile document can have more than there are time and memory for.

        Raises:
            Unreadable: there are too many.
        """
        if len(self.issues) == _MOST_ISSUES:
            raise Unreadable(f"more than {_MOST_ISSUES:,} values in it are not as documented")
        self.issues.append(issue)

    def _issue(self, expected: str, raw: Raw | None, *key: str) -> Issue:
        """The issue with the value at `key` of where the walk is."""
        return issue_at((*self.path, *key), expected, raw, self.conceal)


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
