"""The way of the data. Each stage takes the value of the one before and returns the next.

    load, apply_overlay    document/        a file -> a tree in which each value has its source; then our corrections
    repair                 repair/          as published -> valid OpenAPI 3 in one document
    resolve_references     repair/          references in place; those that lead nowhere are errors
    gate                   upstream/        openapi-python-client's schema says, path by path, whether this is OpenAPI
    simplify               simplify/        -> an equal, simpler OpenAPI 3.1 document
    build_api, check       ir/              -> an `Api`, which is all that later stages read
    second_reading         upstream/        openapi-python-client reads the simplified document too, and has to agree
    client_files           render/          a `Package`, which is an `Api` with names -> texts by path
    runs_files             normalization/   all packages and their mappings -> the texts of `workflow-runs`
    write                  output/          texts -> a folder that holds these and nothing else

The first and the last stages are at work where folders are read and written: in `project/` and `cli.py`.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from .document.files import Files
from .document.problems import Problem, Problems, ProblemsFound
from .document.tree import Object
from .ir.model import Api
from .ir.provider import Provider
from .repair import repair
from .repair.resolve import resolve_references
from .simplify import simplify
from .unsupported import read_without_unsupported


def read_api(
    document: Object,
    provider: Provider,
    problems: Problems,
    *,
    read_twice: bool | None = None,
    files: Files | None = None,
    skip_unsupported: bool = False,
) -> Api:
    """The checked API of a document; `files` reads what it refers to in other files.

    `read_twice`: whether there is a second reading; None: unless the document is large.
    `skip_unsupported`: operations that cannot be generated are left out (`Api.left_out`), and what they alone need; the
    errors become warnings. Otherwise the document is still read on without them, so that one run finds all errors.
    Raises ProblemsFound.
    """

    def read_stages(valid: Object, problems: Problems) -> Api | None:
        with problems.collecting(), _recursion_bounded(valid):
            return _read_valid(valid, provider, read_twice, problems)
        return None

    repairs = problems.of_part()
    with _garbage_collector_paused():
        try:
            with _recursion_bounded(document):
                valid = repair(document, repairs, files)
        except ProblemsFound as error:
            raise ProblemsFound([*problems, *repairs, *error.problems]) from None
        problems += [problem for problem in repairs if problem.severity == "warning"]
        return read_without_unsupported(
            document, valid, repairs.errors, read_stages, problems, skip_unsupported=skip_unsupported
        )


@contextmanager
def _recursion_bounded(document: Object) -> Iterator[None]:
    """Report a document that nests too deeply for recursion: a chain of references can be as long as the document."""
    try:
        yield
    except RecursionError as error:
        message = "schemas refer to one another, or contain one another, in a chain that is too long"
        raise ProblemsFound([Problem("too-deep", document.source, message)]) from error


@contextmanager
def _garbage_collector_paused() -> Iterator[None]:
    """Pause the garbage collector: with it, trees of small objects, of which few die, take twice as long."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _read_valid(valid: Object, provider: Provider, read_twice: bool | None, problems: Problems) -> Api:
    """The stages that follow `repair`. Raises ProblemsFound at the end of the first one that finds errors."""
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
    api = with_pagination(build_api(simplified, provider, names, problems), simplified, problems)
    check(api, problems)
    problems.stop_on_errors()
    if read_twice or (read_twice is None and not is_large(api)):
        second_reading(simplified, api, problems)
        problems.stop_on_errors()
    return api
