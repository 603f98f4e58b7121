"""Documents of every version, odd in every way, through `client`."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random
from typing import Any

from generator.cli.client_package import client
from tests.torture.mutation import expensive, grammar
from tests.torture.mutation.commands import Run, run
from tests.torture.mutation.packages import check_files, imported
from tests.torture.mutation.sandbox import watched
from tests.torture.mutation.seeds import parts, seeds
from tests.torture.mutation.spelling import drawn_accidents, drawn_form, spelled
from tests.torture.mutation.values import mutated, odd, text
from tests.torture.subject import Broken, Case, Counts, Subject

_NAME = "x-client"
_IMPORTED, _FORMATTED = 1 / 40, 1 / 60
"""Shares of cases that also import the package, which takes as long again, and that run the formatter."""
_SECRET = "Bed: {type: object, properties: {secret: {type: string, description: canary-of-the-folder-around}}}\n"


def draw(random: Random) -> Case:
    """A document, how it is spelled, the files beside it, and the options of the command."""
    files: dict[str, Any] = {}
    kind = random.random()
    if kind < 0.01:
        document: Any = expensive.document(random)
    elif kind < 0.45:
        document = mutated(grammar.document(random), random, parts(), random.choice((0, 0, 1, 1, 2, 3)))
    else:
        seed = random.choice(seeds())
        document = mutated(seed.document, random, parts(), random.choice((1, 1, 2, 2, 3, 5, 8)))
        files = {name: mutated(value, random, parts(), random.randrange(2)) for name, value in seed.files.items()}
    if random.random() < 0.1:
        files["more.yaml"] = {"Bed": odd(random), "openapi": "3.1.0"}
    return {
        "document": document,
        "form": "json" if kind < 0.01 else drawn_form(random),
        "accidents": drawn_accidents(random),
        "files": files,
        "options": _drawn_options(random),
        "formatted": random.random() < _FORMATTED,
        "imported": random.random() < _IMPORTED,
    }


def _drawn_options(random: Random) -> dict[str, Any]:
    options: dict[str, Any] = {}
    for name in ("strict", "skip_unsupported", "groups"):
        if random.random() < 0.3:
            options[name] = True
    if random.random() < 0.2:
        options["second_reader"] = random.random() < 0.3
    if random.random() < 0.05:
        options[random.choice(("include_tag", "include_path", "exclude_path", "exclude_operation"))] = [
            text(random),
            "/**",
        ]
    if random.random() < 0.02:
        # No program gets a null character or half a character in an argument.
        options["name"] = re.sub("[\0\ud800-\udfff]", "", text(random))
    return options


def attack(case: Case, folder: Path) -> str:
    """Generate the client of a document; check what came of it, and that nothing else did."""
    assert isinstance(case, dict)
    values: dict[str, Any] = case
    options = dict(values["options"])
    name = options.pop("name", _NAME)
    around, out = folder / "around", folder / "out"
    spec = _written(values, around)
    before = _contents(around)
    with watched(folder, writable=(out,), unreadable=(around / "secret.yaml", around / "private")):
        ended = run(
            client, "nothing was written", 1, spec, name, out, is_formatted=bool(values["formatted"]), **options
        )
    if _contents(around) != before or {path.name for path in folder.iterdir()} - {"around", "out"}:
        raise Broken("files outside of the output folder are changed")
    return _checked(ended, out, name, is_imported=bool(values["imported"]), folder=folder)


def _written(case: dict[str, Any], around: Path) -> Path:
    """The file of the document, with those beside it, and others around its folder."""
    inside = around / "inside"
    inside.mkdir(parents=True)
    spec = inside / "openapi.yaml"
    spec.write_bytes(spelled(case["document"], case["form"], case["accidents"]))
    for name, value in case["files"].items():
        path = inside / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(spelled(value, "json", []))
    (around / "secret.yaml").write_text(_SECRET)
    (inside / "link.yaml").symlink_to("../secret.yaml")
    return spec


def _contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _checked(ended: Run, out: Path, name: str, *, is_imported: bool, folder: Path) -> str:
    """What came of a run, which either gave a package or has problems that say why not."""
    written = {path.name for path in out.iterdir()} if out.exists() else set()
    if ended.status:
        if not ended.errors:
            raise Broken("the command failed without a problem", ended.err)
        if written:
            raise Broken("something is written in spite of errors", sorted(written))
        return "refused"
    if ended.errors:
        raise Broken("the command succeeded with errors", ended.err)
    if written != {name, f".{name}.manifest.json"}:
        raise Broken("the output folder holds something else", sorted(written))
    package = out / name
    files = {
        path.relative_to(package).as_posix(): path.read_text("utf-8") for path in package.rglob("*") if path.is_file()
    }
    if any("canary-of-the-folder-around" in text for text in files.values()):
        raise Broken("text of a file outside of the document's folder is in the package")
    check_files(files)
    if not is_imported:
        return "generated"
    (module,) = {path.partition("/")[0] for path in files if path.endswith("/__init__.py") and path.count("/") == 1}
    with watched(folder, may_format=False):
        imported(package, module)
    return "imported"


SUBJECT = Subject(
    name="documents",
    promise="A document ends in problems with an id and a file, or in a package that holds no code of the document; "
    "nothing is read or written outside of the folders that the user named, and nothing is fetched.",
    draw=draw,
    attack=attack,
    counts=Counts(test=50, default=5_000, full=80_000),
    minutes=17,
)
