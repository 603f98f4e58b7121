"""What users write beside documents, odd in every way: overlays, mappings, options, own templates and the like."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from generator.cli.client_package import client
from generator.diff.accepted import check_acceptances, read_acceptances
from generator.diff.rules import load_rules
from generator.document.loading import load
from generator.document.problems import Problems, ProblemsFound
from generator.ir.model import Package
from generator.ir.provider import Provider
from generator.normalization.read.mapping import read_mapping
from generator.normalization.read.unified import read_unified
from generator.normalization.render.package import runs_files
from generator.normalization.unified import UnifiedModel
from generator.output.section import FILE
from generator.pipeline import read_api
from generator.printing import show_problems
from generator.project.packages import provider_package
from generator.render.package import client_files
from generator.render.templates import template_names
from tests.torture.mutation.commands import Run, run
from tests.torture.mutation.fragments import BED, FACTS, GARDEN, OPTIONS, SECURE_GARDEN, SNIPPETS, TARGETS
from tests.torture.mutation.sandbox import watched
from tests.torture.mutation.seeds import ROOT, values_of
from tests.torture.mutation.spelling import drawn_accidents, drawn_form, spelled
from tests.torture.mutation.values import Parts, mutated, odd, text
from tests.torture.subject import Broken, Case, Counts, Subject

_SPECS = ROOT / "specs"
_CASES = ROOT / "tests" / "cases"
_NORMALIZATION = ROOT / "tests" / "normalization" / "cases"
_PROVIDERS = tuple(path.parent.name for path in sorted(_SPECS.glob("*/normalization.yaml")))


def draw(random: Random) -> Case:
    """A kind of input, and what it says."""
    kind = random.choice(tuple(_KINDS))
    return {"kind": kind, **_KINDS[kind][0](random), "form": drawn_form(random), "accidents": drawn_accidents(random)}


def attack(case: Case, folder: Path) -> str:
    """Read the input; check that what is accepted gives code, and what is not gives problems."""
    assert isinstance(case, dict)
    values: dict[str, Any] = case
    return f"{values['kind']}: {_KINDS[values['kind']][1](values, folder)}"


def _content(case: dict[str, Any]) -> bytes:
    return spelled(case["value"], case["form"], case["accidents"])


def _drawn_from(name: str, folders: tuple[Path, ...], random: Random) -> dict[str, Any]:
    """A mutation of one of the files of a name."""
    files = _files(name, folders)
    seed = random.choice(files)
    return {"value": mutated(seed, random, _parts(name, folders), random.choice((0, 1, 1, 2, 3, 5)))}


@cache
def _files(name: str, folders: tuple[Path, ...]) -> list[Any]:
    return [value for folder in folders for value in values_of(sorted(folder.glob(f"*/{name}")))]


@cache
def _parts(name: str, folders: tuple[Path, ...]) -> Parts:
    return Parts(_files(name, folders))


def _drawn_overlay(random: Random) -> dict[str, Any]:
    if random.random() < 0.3:
        return _drawn_from("overlay.yaml", (_CASES, _SPECS), random)
    actions = []
    for _ in range(random.choice((1, 1, 2, 3))):
        action: dict[str, Any] = {
            "target": random.choice(TARGETS[: random.choice((6, len(TARGETS)))]),
            "description": "Why.",
        }
        action |= {"remove": True} if random.random() < 0.3 else {"update": random.choice((BED, {"a": 1}, odd(random)))}
        actions.append(action)
    overlay = {"overlay": "1.0.0", "info": {"title": "T", "version": "1"}, "actions": actions}
    return {"value": mutated(overlay, random, _parts("overlay.yaml", (_CASES, _SPECS)), random.choice((0, 0, 1, 2)))}


def _attack_overlay(case: dict[str, Any], folder: Path) -> str:
    overlay = folder / "overlay.yaml"
    overlay.write_bytes(_content(case))
    return _client(folder, overlay=overlay)


def _client(folder: Path, *, defects_are_problems: bool = False, **options: Any) -> str:
    """Generate the client of a small document, with other inputs."""
    spec = folder / "openapi.yaml"
    spec.write_bytes(spelled(GARDEN, "json", []))
    out = folder / "out"
    with watched(folder, writable=(out,)):
        ended = run(
            *(client, "nothing was written", 1, spec, "x-client", out),
            is_formatted=False,
            defects_are_problems=defects_are_problems,
            **options,
        )
    if not ended.status:
        return "generated"
    _check_refused(ended)
    return "refused"


def _check_refused(ended: Run) -> None:
    if not ended.errors:
        raise Broken("the command failed without a problem", ended.err)


def _drawn_project(random: Random) -> dict[str, Any]:
    lines = ["[tool.workflow-client-generator]", *random.sample(OPTIONS, random.choice((1, 2, 3)))]
    if random.random() < 0.2:
        lines.insert(random.randrange(3), text(random))
    return {"value": lines}


def _attack_project(case: dict[str, Any], folder: Path) -> str:
    package = folder / "out" / "x-client"
    package.mkdir(parents=True)
    (package / FILE).write_bytes("\n".join(case["value"]).encode("utf-8", "surrogatepass"))
    return _client(folder)


def _drawn_templates(random: Random) -> dict[str, Any]:
    names = [*template_names(), text(random).replace("\0", "").replace("/", "") or "x"]
    templates: dict[str, Any] = {}
    for _ in range(random.choice((1, 1, 2))):
        snippets = [random.choice(SNIPPETS) for _ in range(random.choice((1, 1, 2, 3)))]
        templates[random.choice(names)] = snippets
    return {"value": templates}


def _attack_templates(case: dict[str, Any], folder: Path) -> str:
    own = folder / "own"
    own.mkdir()
    for name, snippets in case["value"].items():
        path = own / name.encode("utf-8", "replace").decode()[:50]
        path.write_bytes("\n".join(snippets).encode("utf-8", "surrogatepass"))
    return _client(folder, templates=own, defects_are_problems=True)


def _attack_accepted(case: dict[str, Any], folder: Path) -> str:
    path = folder / "accepted.yaml"
    path.write_bytes(_content(case))
    problems = Problems()
    acceptances = read_acceptances(path, path.name, problems)
    check_acceptances([], acceptances, load_rules(), problems)
    _check_lines(problems, path.name)
    return "refused" if problems.errors else "accepted"


def _drawn_accepted(random: Random) -> dict[str, Any]:
    entry = {"rule": random.choice(sorted(load_rules())), "fingerprint": "0123456789ab", "reason": "Nobody used it."}
    return {
        "value": mutated(
            [entry, {**entry, "fingerprint": "a" * 12}],
            random,
            _parts("provider.yaml", (_CASES,)),
            random.choice((0, 1, 2)),
        )
    }


def _check_lines(problems: Problems, file: str) -> None:
    """Raise `Broken` unless each problem has an id, a message and the input's line; a file as a whole has none."""
    for problem in problems:
        source = problem.source
        is_about_file = problem.id in ("not-utf-8", "unreadable-file", "invalid-yaml")
        if not problem.id or not problem.message or source.file != file or not (source.line or is_about_file):
            raise Broken("a problem lacks its place", str(problem))


def _attack_mapping(case: dict[str, Any], folder: Path) -> str:
    path = folder / "normalization.yaml"
    path.write_bytes(_content(case))
    problems = Problems()
    try:
        package = _package(case["provider"])
        mapping = read_mapping(load(path, path.name), case["provider"], package, _unified(), problems)
    except ProblemsFound as error:
        _check_lines(Problems(error.problems), path.name)
        return "refused"
    _check_lines(problems, path.name)
    if problems.errors:
        return "refused"
    _compile(runs_files(_unified(), [mapping]))
    return "generated"


def _drawn_mapping(random: Random) -> dict[str, Any]:
    provider = random.choice(_PROVIDERS)
    (seed,) = values_of([_SPECS / provider / "normalization.yaml"])
    changed = mutated(seed, random, _parts("normalization.yaml", (_SPECS, _NORMALIZATION)), random.choice((1, 1, 2, 3)))
    return {"provider": provider, "value": changed}


def _compile(files: dict[str, str]) -> None:
    for path, code in files.items():
        if path.endswith(".py") and ("/adapters/" in path or "/workflow_runs/" not in path or "/registry.py" in path):
            compile(code, path, "exec", dont_inherit=True)
        if not path.endswith(".py") and {c for c in code if not c.isprintable()} - {"\n"}:
            raise Broken("a file has unprintable characters", path)


@cache
def _package(provider: str) -> Package:
    package = provider_package(_SPECS / provider, f"specs/{provider}", Problems())
    assert package is not None
    return package


@cache
def _unified() -> UnifiedModel:
    document = load(_SPECS / "workflow-run.yaml")
    return read_unified(document, read_api(document, Provider(""), Problems()), Problems())


def _attack_unified(case: dict[str, Any], folder: Path) -> str:
    path = folder / "workflow-run.yaml"
    path.write_bytes(_content(case))
    problems = Problems()
    try:
        document = load(path, path.name)
        read_unified(document, read_api(document, Provider(""), problems, read_twice=False), problems)
        problems.stop_on_errors()
    except ProblemsFound as error:
        _check_lines(Problems(error.problems), path.name)
        return "refused"
    return "accepted"


def _drawn_unified(random: Random) -> dict[str, Any]:
    (seed,) = values_of([_SPECS / "workflow-run.yaml"])
    return {"value": mutated(seed, random, _parts("openapi.yaml", (_CASES,)), random.choice((1, 1, 2, 3)))}


def _attack_provider(case: dict[str, Any], folder: Path) -> str:
    inside = folder / "garden"
    inside.mkdir()
    spec = spelled(SECURE_GARDEN, "json", [])
    (inside / "openapi.yaml").write_bytes(spec)
    (inside / "provider.yaml").write_bytes(_content(case).replace(b"SHA256", hashlib.sha256(spec).hexdigest().encode()))
    packages: list[Package | None] = []

    def generate() -> None:
        problems = Problems()
        packages.append(provider_package(inside, "garden", problems))
        show_problems(problems)

    with watched(folder):
        ended = run(generate, "nothing was written", 1, is_formatted=False)
    if ended.status:
        _check_refused(ended)
        return "refused"
    assert packages[0] is not None
    _compile(client_files(packages[0]))
    return "generated"


def _drawn_provider(random: Random) -> dict[str, Any]:
    parts = _parts("provider.yaml", (_CASES, _SPECS))
    return {"value": mutated(FACTS, random, parts, random.choice((0, 1, 1, 2, 3)))}


_Kind = tuple[Callable[[Random], dict[str, Any]], Callable[[dict[str, Any], Path], str]]
_KINDS: dict[str, _Kind] = {
    "overlay": (_drawn_overlay, _attack_overlay),
    "provider": (_drawn_provider, _attack_provider),
    "mapping": (_drawn_mapping, _attack_mapping),
    "accepted": (_drawn_accepted, _attack_accepted),
    "unified": (_drawn_unified, _attack_unified),
    "options": (_drawn_project, _attack_project),
    "templates": (_drawn_templates, _attack_templates),
}

SUBJECT = Subject(
    name="inputs",
    promise="Overlays, provider.yaml, mappings, acceptances, options and own templates end in problems with a file and "
    "a line, or in code that compiles.",
    draw=draw,
    attack=attack,
    counts=Counts(test=30, default=1_000, full=12_000),
    minutes=4,
)
