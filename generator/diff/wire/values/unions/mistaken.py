"""As what a client reads an alternative of a response that it does not know.

A client that finds no discriminator value that it knows reads an object as the class that it fits best: it has to have
what the class requires, with the right JSON types. Where it fits none, it cannot be read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .....ir.model import Field, Model
from .....ir.types import ListOf, Ref, Type, alternatives
from ..context import Classes, class_of
from ..json_types import ANY_VALUE, allows_null, covers, members_by_json_type
from ..pairs import Value
from .same import Member, constants


def mistaken_class(unknown: Member, union: Value, known: Sequence[Member], known_union: Value) -> Ref | None:
    """The class among `known` as which a client reads an object of the class `unknown`; None where it fits none."""
    model = class_of(unknown, union.classes)
    if not isinstance(model, Model):
        return None
    ranked = []
    for member in known:
        candidate = class_of(member, known_union.classes)
        if isinstance(candidate, Model) and isinstance(member, Ref) and _fits(model, union, candidate, known_union):
            words = dict(constants(union.classes, unknown))
            undocumented = sum(words.get(wire, word) != word for wire, word in constants(known_union.classes, member))
            ranked.append((undocumented, *_distance(model, union, candidate, known_union), member.name, member))
    return min(ranked, key=lambda entry: entry[:-2])[-1] if ranked else None


def _received(model: Model) -> dict[str, Field]:
    return {field.wire: field for field in model.fields if not field.write_only}


def _fits(model: Model, union: Value, known: Model, known_union: Value) -> bool:
    """Whether an object can have all that the known class requires, as one of the JSON types that are expected."""
    sent = _received(model)
    for wire, field in _received(known).items():
        if wire not in sent:
            if field.required and not field.read_only:
                return False
        elif field.required and not _may_agree(sent[wire].type, union.classes, field.type, known_union.classes):
            return False
    return True


def _may_agree(sent: Type, classes: Classes, expected: Type, known_classes: Classes) -> bool:
    """Whether a value of one type can be read as the other."""
    sent_types, expected_types = members_by_json_type(sent, classes), members_by_json_type(expected, known_classes)
    if ANY_VALUE in sent_types or (allows_null(sent) and allows_null(expected)):
        return True
    return any(covers(expected_types, {json_type}) for json_type in sent_types)


def _distance(model: Model, union: Value, known: Model, known_union: Value) -> tuple[int, int, int]:
    """How far an object is from a known class: undeclared properties, those inside of properties, and missing ones."""
    sent, declared = _received(model), _received(known)
    inner = 0
    for wire in sent.keys() & declared.keys():
        inner += len(_inside(sent[wire], union.classes).keys() - _inside(declared[wire], known_union.classes).keys())
    return len(sent.keys() - declared.keys()), inner, len(declared.keys() - sent.keys())


def _inside(field: Field, classes: Classes) -> Mapping[str, Field]:
    """The properties of objects in a property, or in a list that it has."""
    inside: dict[str, Field] = {}
    for type_ in alternatives(field.type):
        model = class_of(type_.item if isinstance(type_, ListOf) else type_, classes)
        inside |= _received(model) if isinstance(model, Model) else {}
    return inside
