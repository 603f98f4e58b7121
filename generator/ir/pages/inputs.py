"""What a call sends that may say which page is meant."""

from __future__ import annotations

import json
from collections.abc import Mapping

from ...interpreter.fast_dataclasses import dataclass
from ..model import Model, Operation
from ..types import Type
from .answer import fields_of


@dataclass(frozen=True, slots=True)
class Input:
    """A query parameter, or a property of a JSON body."""

    wire: str
    type: Type
    default: str
    in_body: bool
    required: bool

    @property
    def size(self) -> int:
        """The documented default, if it is the size of something; else 0."""
        value = json.loads(self.default) if self.default else 0
        return value if isinstance(value, int) and value > 0 else 0


def inputs_of(operation: Operation, models: Mapping[str, Model]) -> list[Input]:
    """What a call sends in its query and its JSON body."""
    query = (p for p in operation.parameters if p.location == "query" and not p.from_client)
    inputs = [Input(p.wire, p.type, p.default, in_body=False, required=p.required) for p in query]
    if operation.body is not None and len(operation.body.content) == 1:
        media = operation.body.content[0]
        if media.type is not None and media.base_name.endswith("json"):
            fields = fields_of(media.type, models)
            inputs += [Input(f.wire, f.type, f.default, in_body=True, required=f.required) for f in fields]
    return inputs
