"""Reading a document again and again, each time without the operations that could not be generated.

A stage runs only when the stages before it find no errors: so a single run finds the errors of all stages, or, where
the user leaves out what is not supported, everything that has to be left out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from .document.problems import LeftOut, Problem, Problems, ProblemsFound, sorted_problems
from .document.suggestion import suggested_action
from .document.tree import Object
from .ir.model import Api
from .repair.leave_out import leave_out

_MAX_READINGS = 30


def read_without_unsupported(
    document: Object,
    valid: Object,
    errors: list[Problem],
    read_stages: Callable[[Object, Problems], Api | None],
    problems: Problems,
    *,
    skip_unsupported: bool,
) -> Api:
    """The API of a `valid` document, with what was left out of it, when no errors are left or the user skips them.

    `errors` are those of repairing `document` to the valid one. `read_stages` returns None when it adds errors to the
    problems. Where the user skips the operations concerned, errors become warnings; otherwise they get the overlay
    action that corrects `document`, where there is one. Raises ProblemsFound.
    """
    all_errors, warnings, left_out = list[Problem](), list[Problem](), list[LeftOut]()
    for _ in range(_MAX_READINGS):
        reading = problems.of_part()
        api = read_stages(valid, reading)
        errors += reading.errors
        reading_warnings = [problem for problem in reading if problem.severity == "warning"]
        if api is not None and not errors:
            if skip_unsupported or not all_errors:
                if left_out and not api.operations:
                    problems.error("nothing-left", document.source, "no operation is left, as none can be generated")
                    break
                problems += [*reading_warnings, *map(_as_warning, all_errors)]
                losses = sorted_problems(problem for problem in problems if problem.is_loss)
                return replace(api, left_out=tuple(dict.fromkeys(left_out)), losses=tuple(losses))
            break
        all_errors += errors
        warnings += reading_warnings
        valid, parts, elsewhere = leave_out(valid, errors)
        left_out += parts
        if elsewhere or not parts:
            break
        errors = []
    problems += [] if skip_unsupported else warnings
    problems += [replace(error, action=suggested_action(error, document)) for error in all_errors]
    raise ProblemsFound(problems)


def _as_warning(error: Problem) -> Problem:
    return replace(error, severity="warning", message=f"{error.message}; what needs it is left out")
