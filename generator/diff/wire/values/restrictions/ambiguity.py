"""Whether a value that clients send can match several members of a `oneOf`, so that it is refused."""

from __future__ import annotations

import math

from .....interpreter.fast_dataclasses import dataclass
from .....ir.model import Enum, Model
from .....ir.types import ListOf, MapOf, Scalar, Type
from ..context import Classes, class_of
from ..json_types import ANY_VALUE, aliases, json_type, members

_DEEPEST = 3
"""The levels of objects and lists at which differences are looked for."""


def ambiguous_members(sent: Type, sent_classes: Classes, union: Type, classes: Classes) -> frozenset[Type]:
    """The members of a type that is sent whose values can match more than one member of a union."""
    if any(alias.discriminator for alias in aliases(union, classes)):
        return frozenset()
    receivers = members(union, classes)
    match = _Match(sent_classes, classes)
    return frozenset(
        sender
        for sender in members(sent, sent_classes)
        if sum(match.is_possible(sender, receiver) for receiver in receivers) > 1
    )


@dataclass(frozen=True, slots=True)
class _Match:
    """Compares the types of values that are sent with those of the members that receive them."""

    sent: Classes
    received: Classes

    def is_possible(self, sender: Type, receiver: Type, depth: int = 0) -> bool:
        """Whether a value of the one type can match the other one, as far as their types tell."""
        if depth > _DEEPEST:
            return True
        return any(
            self._is_plain_match(a, b, depth)
            for a in members(sender, self.sent)
            for b in members(receiver, self.received)
        )

    def _is_plain_match(self, sender: Type, receiver: Type, depth: int) -> bool:
        """Whether a value of a type that is not a union can match another one."""
        types = {json_type(sender, self.sent), json_type(receiver, self.received)}
        if ANY_VALUE in types:
            return True
        if len(types) > 1 and types != {"integer", "number"}:
            return False
        match class_of(sender, self.sent) or sender, class_of(receiver, self.received) or receiver:
            case ListOf(item), ListOf(received_item):
                return self.is_possible(item, received_item, depth + 1)
            case Model() as model, Model() as received_model:
                return self._is_model_match(model, received_model, depth)
            case MapOf(), Model() as received_model:
                return not any(field.required for field in received_model.fields)
            case Enum() as enum, Enum() as received_enum:
                return bool({v.value for v in enum.values} & {v.value for v in received_enum.values})
            case Scalar() as scalar, Scalar() as received_scalar:
                return _is_scalar_match(scalar, received_scalar)
        return True

    def _is_model_match(self, model: Model, received: Model, depth: int) -> bool:
        fields = {field.wire: field for field in model.fields if not field.read_only}
        received_fields = {field.wire: field for field in received.fields if not field.read_only}
        required = {name for name, field in fields.items() if field.required}
        received_required = {name for name, field in received_fields.items() if field.required}
        if not received_required <= fields.keys() or (
            received.additional is None and not required <= received_fields.keys()
        ):
            return False
        return all(
            self.is_possible(fields[name].type, received_fields[name].type, depth + 1)
            for name in required | received_required
            if name in fields and name in received_fields
        )


def _is_scalar_match(scalar: Scalar, received: Scalar) -> bool:
    """Whether scalars of one JSON type can have values in common: not if their formats or patterns differ."""
    if None not in (scalar.constant, received.constant) and scalar.constant != received.constant:
        return False
    if scalar.format and received.format and scalar.format != received.format and scalar.primitive == "str":
        return False
    patterns = {value for side in (scalar, received) for key, value in side.constraints if key == "pattern"}
    return len(patterns) < 2 and not any(
        _limit(low, least) > _limit(high, most)
        for low, high in ((scalar, received), (received, scalar))
        for least, most in (("minimum", "maximum"), ("minLength", "maxLength"))
    )


def _limit(scalar: Scalar, keyword: str) -> float:
    """A bound of a scalar; infinite where it has none."""
    values = [float(value) for key, value in scalar.constraints if key == keyword]
    return values[0] if values else -math.inf if keyword.startswith("min") else math.inf
