"""The way of the data. Each stage takes the value of the one before and returns the next.

    load, apply_overlay    document/        a file -> a tree in which each value has its source; then our corrections
    repair                 repair/          as published -> valid OpenAPI 3 in one document
    select                 selection.py     the operations that the options choose, and what these need
    resolve_references     repair/          references in place; those that lead nowhere are errors
    gate                   upstream/        openapi-python-client's schema says, path by path, whether this is OpenAPI
    simplify               simplify/        -> an equal, simpler OpenAPI 3.1 document
    build_api, check       ir/              -> an `Api`, which is all that later stages read
    second_reading         upstream/        openapi-python-client reads the simplified document too, and has to agree
    client_files           render/          a `Package`, which is an `Api` with names -> texts by path
    runs_files             normalization/   all packages and their mappings -> the texts of `workflow-runs`
    write                  output/          texts -> a folder that holds these and nothing else

The first and the last stages are at work where folders are read and written: in `project/` and `cli/`. Beside this way,
`vendor/` and `drafting/` make the files with which it begins, and `diff/` and `releasing/` compare what comes of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from contextlib import contextmanager
from dataclasses import replace

from .document.files import Files
from .document.problems import Problem, Problems, ProblemsFound
from .document.tree import Object, size_of, source_of
from .interpreter.garbage import garbage_collector_paused
from .ir.grouping import decided
from .ir.model import Api
from .ir.provider import Provider
from .repair import repair
from .repair.resolve import resolve_references
from .selection import Selection, select
from .simplify import simplify
from .steps import TooManySteps, allow_steps_for, steps_bounded
from .unsupported import read_without_unsupported


def read_api(
    document: Object,
    provider: Provider,
    problems: Problems,
    *,
    read_twice: bool | None = None,
    files: Files | None = None,
    skip_unsupported: bool = False,
    allow_unmatched: bool = False,
) -> Api:
    """The checked API of a document; `files` reads what it refers to in other files.

    `read_twice`: whether there is a second reading; None: unless the document is large.
    `skip_unsupported`: operations that cannot be generated are left out (`Api.left_out`), and what they alone need; the
    errors become warnings. Otherwise the document is still read on without them, so that one run finds all errors.
    `allow_unmatched`: a pattern of the provider's options that names no operation is not an error, but stands in
    `Api.unmatched`.
    Raises ProblemsFound.
    """

    values = size_of(document)
    with garbage_collector_paused(), _work_bounded(document, values, problems):
        selection, provider, errors = _selected(document, provider, problems, files, allow_unmatched=allow_unmatched)

        def read_stages(valid: Object, problems: Problems) -> Api | None:
            allow_steps_for(values)
            with problems.collecting(), _recursion_bounded(valid):
                return _read_valid(valid, provider, selection.names, read_twice, problems)
            return None

        api = read_without_unsupported(
            document, selection.document, errors, read_stages, problems, skip_unsupported=skip_unsupported
        )
        return replace(
            api,
            operations_cut=selection.operations_cut,
            webhooks_cut=selection.webhooks_cut,
            unmatched=selection.unmatched,
        )


def _selected(
    document: Object, provider: Provider, problems: Problems, files: Files | None, *, allow_unmatched: bool
) -> tuple[Selection, Provider, list[Problem]]:
    """The valid document with the operations that the provider's options choose, and the errors of its repair.

    The warnings are added to the problems; those that concern only what was cut are dropped from them.
    """
    repairs = problems.of_part()
    try:
        with _recursion_bounded(document):
            valid = repair(document, repairs, files)
    except ProblemsFound as error:
        raise ProblemsFound([*problems, *repairs, *error.problems]) from None
    if provider.options.patterns:  # decided by the whole document, so that no name depends on what is cut
        provider = replace(provider, options=decided(valid, provider.options))
    with _recursion_bounded(document):
        selection = select(valid, provider.options, [*problems, *repairs], allow_unmatched=allow_unmatched)
    remaining = {*selection.problems}
    warnings = [problem for problem in repairs if problem.severity == "warning"]
    problems[:] = [problem for problem in (*problems, *warnings) if problem in remaining]
    return selection, provider, [problem for problem in repairs.errors if problem in remaining]


@contextmanager
def _recursion_bounded(document: Object) -> Iterator[None]:
    """Report a document that nests too deeply for recursion: a chain of references can be as long as the document."""
    try:
        yield
    except RecursionError as error:
        message = "schemas refer to one another, or contain one another, in a chain that is too long"
        raise ProblemsFound([Problem("too-deep", document.source, message)]) from error


@contextmanager
def _work_bounded(document: Object, values: int, problems: Problems) -> Iterator[None]:
    """Report a document that asks for more work than its size, in values, can explain."""
    try:
        with steps_bounded(values):
            yield
    except TooManySteps as error:
        message = "reading the document takes too many steps: much of it is contained in much else, again and again"
        hint = "name what is repeated here in components, refer to it, and join unions of unions to a single one"
        problem = Problem("too-expensive", source_of(error.at, document.source), message, hint)
        raise ProblemsFound([*problems, problem]) from None


def _read_valid(
    valid: Object, provider: Provider, operation_names: Set[str], read_twice: bool | None, problems: Problems
) -> Api:
    """The stages that follow `select`; `operation_names` as in `with_pagination`.

    Raises ProblemsFound at the end of the first one that finds errors."""
    from .ir.api import build_api
    from .ir.media_types import check
    from .ir.pages.api import with_pagination
    from .upstream.gate import gate
    from .upstream.naming import naming
    from .upstream.second_reading import is_large, second_reading

    resolved = resolve_references(valid, problems)
    gated = gate(resolved, problems)
    problems.stop_on_errors()
    names = naming()
    simplified = simplify(gated, names, problems)
    api = with_pagination(build_api(simplified, provider, names, problems), simplified, operation_names, problems)
    check(api, problems)
    problems.stop_on_errors()
    if read_twice or (read_twice is None and not is_large(api)):
        second_reading(simplified, api, problems)
        problems.stop_on_errors()
    return api
