"""The call that gets a run, and the reference that fills its parameters."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..interpreter.fast_dataclasses import dataclass
from ..ir.model import Api, Operation, Parameter
from ..normalization.mapping import RUN_ID
from ..normalization.read.response_models import ResponseModels
from .lines import Line, comment, flow, key
from .places import places, snake
from .statuses import status_draft

_RUN = re.compile(r"(?:^|_)(?:[a-z]*runs?|executions?|invocations?|instances?)(?:$|_)")
_MANY = 3
"""As many other operations as are shown."""
_CHOOSES = re.compile(r"(?:^|_)(?:include|exclude|expand|embed|fields|details|full|with)(?:_|$)")
"""Parameters that choose what a response has."""
_TAKEN = {"base_url": "server", "account": "account_id", "provider": "provider_id"}
"""Names that no part of a reference can have, and others for them."""
_NAME = re.compile("[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class CallDraft:
    """An operation, and the part of the reference that fills each parameter."""

    operation: Operation
    response_model: str
    is_guess: bool
    """Whether there are further operations."""
    alternatives: tuple[Operation, ...]
    """Further operations that could be meant."""
    parts: tuple[tuple[Parameter, str, bool], ...]
    """(parameter, part, whether every reference has it)."""

    @property
    def name(self) -> str:
        """How a mapping calls the operation."""
        return self.operation.operation_id or self.operation.named_route

    @property
    def part_names(self) -> tuple[str, ...]:
        """The parts that every reference has."""
        return tuple(part for _, part, is_needed in self.parts if is_needed)

    @property
    def ref(self) -> str:
        """The text form of a reference."""
        path = "/".join(f"{{{part}}}" for part in self.part_names)
        query = "&".join(f"{part}={{{part}}}" for _, part, is_needed in self.parts if not is_needed)
        return f"{path}?{query}" if query else path

    def lines(self) -> Iterable[Line]:
        """The beginning of a mapping: `operation`, `credentials`, `ref` and `parameters`."""
        for operation in self.alternatives:
            yield Line("", f"or {operation.operation_id or operation.named_route}: {operation.named_route}")
        mark = "?" if self.is_guess else ""
        yield Line(f"operation{mark}: {flow(self.name)}", self.operation.named_route)
        schemes = dict.fromkeys(name for alternative in self.operation.security for name in alternative)
        if schemes:
            yield Line(f"credentials: {flow(list(schemes))}")
        if not self.parts:
            yield Line("ref: '?'", "the call has no parameter that has to be filled")
            yield Line("parameters: {}")
            return
        yield Line(f"ref: '{self.ref}'", f"the text form of a reference: PROVIDER:{self.ref}")
        yield Line("parameters:")
        for parameter, part, _ in self.parts:
            yield Line(f"  {key(parameter.wire)}: {part}")
        filled = {parameter for parameter, _, _ in self.parts}
        for parameter in [p for p in self.operation.parameters if p not in filled and _CHOOSES.search(snake(p.wire))]:
            filled.add(parameter)
            yield Line(f"  {key(parameter.wire)}: '?'", comment(parameter.description))
        if left := [parameter.wire for parameter in self.operation.parameters if parameter not in filled]:
            yield Line("  ", f"left out, as they may be: {', '.join(left)}")


def call_draft(api: Api, models: ResponseModels) -> CallDraft | None:
    """The call of an API that gets one run: the only one, or the likeliest; None where none looks like it."""
    ranked = sorted(_likely(api, models), key=lambda item: -item[0])
    if not ranked:
        return None
    _, operation, model = ranked[0]
    best = [item[1] for item in ranked[1:] if item[0] >= ranked[0][0] - 1]
    is_guess = len(api.operations) > 1
    return CallDraft(operation, model, is_guess, tuple(best[:_MANY]), tuple(_parts(operation)))


def _likely(api: Api, models: ResponseModels) -> Iterable[tuple[float, Operation, str]]:
    """Operations that get one object, each with how much looks like the call that gets a run, and its response."""
    for operation in api.operations:
        is_only = len(api.operations) == 1
        model = models.success_model(operation) if operation.method == "GET" or is_only else ""
        if not model:
            continue
        segments = [segment for segment in operation.path.split("/") if segment and not segment.startswith("{")]
        points: float = 4 * bool(status_draft(places(models, model))) + 2 * operation.path.rstrip("/").endswith("}")
        points += 3 * any(_RUN.search(snake(segment)) for segment in segments[-1:])
        points += bool(_RUN.search(snake(operation.operation_id))) - len(segments) / 100
        if points > 2 or is_only:
            yield points, operation, model


def _parts(operation: Operation) -> Iterable[tuple[Parameter, str, bool]]:
    """The part that fills each parameter which has to be filled, or which the client's constructor fills otherwise."""
    needed = [p for p in operation.parameters if p.required and not p.from_client]
    ids = [p for p in needed if p.location == "path"] or [p for p in needed if p.location == "query"]
    runs = [p for p in ids if re.search(r"run|execution", snake(p.wire))] or ids
    run = runs[-1] if runs else None
    names = {RUN_ID}
    order = sorted(needed, key=lambda p: (p.location != "path", operation.path.find(f"{{{p.wire}}}"), p is not run))
    for parameter in order:
        name = RUN_ID if parameter is run else _part_name(parameter.wire, names)
        names.add(name)
        yield parameter, name, True
    for parameter in (p for p in operation.parameters if p.from_client):
        name = _part_name(re.sub(r"^x_|_id$", "", snake(parameter.wire)), names)
        names.add(name)
        yield parameter, name, False


def _part_name(wire: str, names: set[str]) -> str:
    name = _TAKEN.get(snake(wire), snake(wire))
    name = name if _NAME.fullmatch(name) else f"part_{name}".rstrip("_")
    while name in names:
        name = f"{name}_2"
    return name
