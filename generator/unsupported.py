"""Reading a document again and again, each time without the operations that could not be generated.

Later stages find their errors only once those of earlier ones are away: so one run finds the errors of all stages, or,
where the user leaves out what is not supported, all that has to be left out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from .document.problems import LeftOut, Problem, Problems
from .document.suggestion import suggested_action
from .document.tree import Object
from .ir.model import Api
from .repair.leave_out import leave_out

_MAX_READINGS = 30
ReadStages = Callable[[Object, Problems], Api | None]
"""Reads a document; None when there are errors, which are added to the problems."""


@dataclass(frozen=True, slots=True)
class Readings:
    """What came of all readings of a document."""

    api: Api | None = None
    """What the last reading gave, which found no errors; None when not every error could be left out."""
    warnings: tuple[Problem, ...] = ()
    """Those of this reading."""
    earlier_warnings: tuple[Problem, ...] = ()
    """Those of the readings that found errors."""
    errors: tuple[Problem, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    def reported(self, document: Object, *, skip_unsupported: bool) -> list[Problem]:
        """The problems that a user is shown: warnings where the operations concerned are left out; otherwise errors,
        with the overlay action that corrects `document`, where there is one."""
        if self.api is None or (self.errors and not skip_unsupported):
            warnings = () if skip_unsupported else self.earlier_warnings
            return [*warnings, *(replace(error, action=suggested_action(error, document)) for error in self.errors)]
        return [*self.warnings, *map(_as_warning, self.errors)]


def read_without_unsupported(document: Object, errors: list[Problem], read_stages: ReadStages) -> Readings:
    """Read a document, in which `errors` are known already, until no errors are left, or such as cannot be left out."""
    readings = Readings()
    for _ in range(_MAX_READINGS):
        problems = Problems()
        api = read_stages(document, problems)
        errors = [*errors, *problems.errors]
        warnings = tuple(problem for problem in problems if problem.severity == "warning")
        if api is not None and not errors:
            return replace(readings, api=api, warnings=warnings)
        document, left_out, anywhere = leave_out(document, errors)
        readings = replace(
            readings,
            earlier_warnings=(*readings.earlier_warnings, *warnings),
            errors=(*readings.errors, *errors),
            left_out=(*readings.left_out, *left_out),
        )
        if anywhere or not left_out:
            break
        errors = []
    return readings


def _as_warning(error: Problem) -> Problem:
    return replace(error, severity="warning", message=f"{error.message}; what needs it is left out")
