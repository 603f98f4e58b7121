"""The stages in order: document -> overlay -> gate -> resolved -> simplified -> IR -> checks -> second reading."""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from .document.loading import load
from .document.overlay import apply_overlay
from .document.problems import LeftOut, Problem, Problems, ProblemsFound, Source
from .document.suggestion import suggested_action
from .document.tree import Object
from .ir.model import Api, Package
from .ir.provider import Provider, check_complete, check_used, read_provider
from .ir.types import UnionOf
from .normalization.mapping import Mapping
from .normalization.names import check_names, identifier
from .normalization.unified import UnifiedModel
from .repair import repair
from .repair.files import Files
from .repair.leave_out import leave_out
from .repair.references import resolve_references
from .simplify import simplify

_ROUNDS = 30
"""How often a document is read again without what cannot be generated: each time, later stages can find more."""

MAX_READ_TWICE = 400
"""Operations and models up to which a document is read twice unless somebody asks for it, or against it."""


def provider_package(folder: Path, name: str, problems: Problems, *, document: str | None = None) -> Package | None:
    """The client package of a provider's folder, shown as `name` in problems; None when problems stand in the way.

    `document` is what its openapi.yaml is called there, where that is not `name`/openapi.yaml.
    """
    with _collected(problems):
        if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", folder.name) or folder.name == "core":
            hint = "lower-case letters, digits and single '-' between them; `core` is the run-time core's"
            problems.error("bad-name", Source(name), f"{folder.name!r} is no name for a provider", hint)
            return None
        spec = folder / "openapi.yaml"
        shown = document or f"{name}/openapi.yaml"
        description = load(spec, shown)
        if (folder / "overlay.yaml").exists():
            description = apply_overlay(description, load(folder / "overlay.yaml", f"{name}/overlay.yaml"), problems)
        facts = load(folder / "provider.yaml", f"{name}/provider.yaml")
        provider = read_provider(facts, spec, _prefix(folder.name), problems)
        problems.stop_on_errors()
        api = read_api(description, provider, problems, second=True, files=Files(spec, shown, description))
        arguments = {g.argument for g in api.globals}
        declared = (description.get("components") or Object()).get("securitySchemes") or Object()
        check_used(facts, set(declared), arguments, problems)
        sent = {scheme.name for scheme in api.schemes}
        used = {name for o in api.operations for choice in o.security for name in choice}
        check_complete(facts, used & sent, problems)
        stem = folder.name
        return Package(
            distribution=f"workflow-client-{stem}",
            module=f"workflow_client_{stem.replace('-', '_')}",
            client=_class_stem(stem),
            origin=f"specs/{stem}",
            command="make generate",
            api=api,
            documentation=provider.url,
            license="MIT",
        )
    return None


def single_package(
    spec: Path,
    distribution: str,
    problems: Problems,
    *,
    second: bool | None = None,
    file: str | None = None,
    groups: bool | None = None,
    overlay: Path | None = None,
    skip: bool = False,
    inputs: dict[str, Path] | None = None,
) -> Package | None:
    """The client package of any one OpenAPI file, called `file` in problems; None when problems stand in the way.

    `second`: whether there is a second reading; None: unless the document is large (`is_large`).
    `overlay`: corrections; `skip`: leave out what cannot be generated; `inputs` takes the files that were read.
    `groups`: whether tags become groups of methods; None: if there are many operations.
    """
    from .upstream.library import load_schema

    with _collected(problems):
        load_schema()
        document = load(spec, file)
        if overlay is not None:
            document = apply_overlay(document, load(overlay), problems)
            problems.stop_on_errors()
        files = Files(spec, file or str(spec), document)
        stem = distribution.removesuffix("-client").removesuffix("_client") or distribution
        provider = Provider(_prefix(stem), groups=groups)
        api = read_api(document, provider, problems, second=second, files=files, skip=skip)
        if inputs is not None:
            inputs |= files.inputs | ({overlay.name: overlay} if overlay else {})
        return Package(
            distribution=distribution,
            module=distribution.replace("-", "_").replace(".", "_").lower(),
            client=_class_stem(stem),
            origin=spec.name,
            command="python -m generator client",
            api=api,
        )
    return None


def normalization(
    specs: Path, name: str, packages: dict[str, Package], problems: Problems
) -> tuple[UnifiedModel, list[Mapping]] | None:
    """The unified model and the mappings of `packages`, which are named after their folders below `specs`; None where
    there is no such model, or problems stand in the way. Paths in problems begin with `name`."""
    from .normalization.read.mapping import read_mapping

    model = specs / "workflow-run.yaml"
    mapped = [folder for folder in packages if (specs / folder / "normalization.yaml").exists()]
    if not model.exists():
        for folder in mapped:
            message = "there is no unified model for this mapping"
            where = Source(f"{name}/{folder}/normalization.yaml")
            problems.error("no-unified-model", where, message, f"it belongs into {name}/{model.name}")
        return None
    check_names({folder: packages[folder] for folder in mapped}, name, problems)
    with _collected(problems):
        unified = unified_model(model, f"{name}/{model.name}")
        mappings: list[Mapping] = []
        for folder, package in packages.items():
            if folder not in mapped:
                message = "this provider has no normalization.yaml, so WorkflowRun does not cover it"
                problems.warning("no-mapping", Source(f"{name}/{folder}"), message)
                continue
            own = Problems()  # the mistakes of one mapping do not hide those of the next one
            with _collected(own):
                text = load(specs / folder / "normalization.yaml", f"{name}/{folder}/normalization.yaml")
                mappings.append(read_mapping(text, identifier(folder), package, unified, own))
            problems += own
        problems.stop_on_errors()
        return (unified, mappings) if mappings else None
    return None


def unified_model(path: Path, file: str) -> UnifiedModel:
    """The unified model of the file at `path`, called `file` in problems. Raises ProblemsFound."""
    from .normalization.read.unified import read_unified

    document = load(path, file)
    problems = Problems()
    return read_unified(document, read_api(document, Provider(""), problems, second=True), problems)


def read_api(
    document: Object,
    provider: Provider,
    problems: Problems,
    *,
    second: bool | None = None,
    files: Files | None = None,
    skip: bool = False,
) -> Api:
    """All that a document says, checked; what it refers to in other files is read by `files`.

    With `skip`, operations that cannot be generated are left out (`Api.left_out`), and what else they need alone; the
    errors become warnings. Without, they are read on without those as well: one run finds the errors of all stages.
    Raises ProblemsFound.
    """
    with _garbage_kept():
        outline, left, errors = Problems(), list[LeftOut](), list[Problem]()
        try:
            with _recursion_bounded(document):
                described = repair(document, outline, files)
        except ProblemsFound as stopped:
            outline[:] = dict.fromkeys([*outline, *stopped.problems])
            problems += outline
            problems.stop_on_errors()
            raise
        waiting = outline.errors
        warnings = [problem for problem in outline if problem.severity == "warning"]
        for _ in range(_ROUNDS):
            stages = Problems()
            api = _read_described(described, provider, stages, second=second)
            waiting += stages.errors
            if api is not None and not waiting:
                found = list(stages)
                break
            errors += waiting
            warnings += () if skip else [problem for problem in stages if problem.severity == "warning"]
            described, listed, without = leave_out(described, waiting)
            left += listed
            waiting = []
            if without or not listed:
                api = None
                break
        if api is None or (errors and not skip):
            found = [replace(problem, action=suggested_action(problem, document)) for problem in errors]
        else:
            found += [
                replace(problem, severity="warning", message=f"{problem.message}; what needs it is left out")
                for problem in errors
            ]
        problems += [*warnings, *found]
        problems.stop_on_errors()
    assert api is not None
    return replace(api, left_out=tuple(dict.fromkeys(left)))


def _read_described(document: Object, provider: Provider, problems: Problems, *, second: bool | None) -> Api | None:
    """The stages that follow the outline; None when one of them found errors."""
    from .ir.api import build_api
    from .ir.media_types import check
    from .upstream.gate import gate
    from .upstream.naming import naming
    from .upstream.second_reading import second_reading

    with _collected(problems), _recursion_bounded(document):
        document = resolve_references(document, problems)
        document = gate(document, problems)
        problems.stop_on_errors()
        names = naming()
        simplified = simplify(document, names, problems)
        api = build_api(simplified, provider, names, problems)
        check(api, problems)
        problems.stop_on_errors()
        if second or (second is None and not is_large(api)):
            second_reading(simplified, api, problems)
            problems.stop_on_errors()
        return api
    return None


def is_large(api: Api) -> bool:
    """Whether a second reading would take longer than everything else: its time grows with the square of the size, of
    the document and of each object and union in it."""
    wide = [len(model.fields) for model in api.models]
    wide += [len(alias.type.members) for alias in api.aliases if isinstance(alias.type, UnionOf)]
    in_squares = sum(length * length for length in wide) > 10 * MAX_READ_TWICE**2
    return len(api.operations) + len(api.models) > MAX_READ_TWICE or in_squares


def _class_stem(text: str) -> str:
    from .upstream.naming import naming

    return naming().class_name(text)


def _prefix(text: str) -> str:
    return "".join(c if c.isalnum() else "_" for c in text).upper()


@contextmanager
def _collected(problems: Problems) -> Iterator[None]:
    """One input's errors must not hide another's: they are recorded, and the caller goes on."""
    try:
        yield
    except ProblemsFound as found:
        problems[:] = dict.fromkeys([*problems, *found.problems])


@contextmanager
def _recursion_bounded(document: Object) -> Iterator[None]:
    """Chains of references can be as long as the document: what they exhaust is no crash."""
    try:
        yield
    except RecursionError as error:
        message = "schemas refer to one another, or contain one another, in a chain that is too long"
        raise ProblemsFound([Problem("too-deep", document.source, message)]) from error


@contextmanager
def _garbage_kept() -> Iterator[None]:
    """Trees of small objects make the collector work for nothing: large documents take twice as long with it."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
