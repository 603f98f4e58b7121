"""OLD and NEW, as the command line names them -> what each provider says in the two versions.

Each side is a spec file, a provider's folder, a folder of these, or any of them in a git revision. A path that exists
wins over a revision of that name. A file against a provider's folder stands for the openapi.yaml of that folder.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from .. import resources
from ..document.field_reader import name_hint
from ..document.loading import load
from ..document.problems import Problem, Problems, ProblemsFound, Source
from ..ir.model import Api, Package
from ..normalization.mapping import Mapping
from ..normalization.names import identifier
from ..normalization.read.mapping import read_mapping
from ..normalization.unified import UnifiedModel
from ..project.mappings import unified_model
from ..project.packages import provider_package, single_package
from .accepted import Acceptance, read_acceptances
from .revisions import FILES, MODEL, Repository, extract

SPECS = "specs"
"""What a revision means that is named without a path, where the other side is no help."""


@dataclass(frozen=True, slots=True)
class Version:
    """One provider in one version."""

    name: str
    """The folder's name; for a single file the file's stem."""
    package: Package | None = None
    """None: it does not exist in this version."""
    mapping: Mapping | None = None
    """None: there is none, or it does not fit its specs."""
    problems: tuple[Problem, ...] = ()
    """What is wrong with the mapping; anything that is wrong with the spec itself ends the run."""
    unified: UnifiedModel | None = None
    self_hosted: bool = False
    """Its server is a variable of the document: everybody runs their own, and some lag behind."""
    accepted: tuple[Acceptance, ...] = ()
    """The changes that are meant; those of the new version count."""


Versions = dict[str, Version]


@dataclass(frozen=True, slots=True)
class _Side:
    """Where one version is on disk, and what it is called in problems."""

    shown: str
    path: Path
    kind: Literal["file", "provider", "tree"]
    document: tuple[Path, str] | None = None
    """What stands for the openapi.yaml of a provider's folder, and what it is called."""

    @property
    def name(self) -> str:
        """The name of what this side alone holds, made fit for a package's."""
        stem = self.path.stem if self.kind == "file" else self.path.name
        name = re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-")
        return name if re.match("[a-z]", name) and name != "core" else f"api-{name}".rstrip("-")


def read_versions(old: str, new: str) -> tuple[Versions, Versions, list[Problem]]:
    """Both sides, by the providers' names, and the warnings about the new one: nobody can mend the old one.

    Where each side is a single file or provider's folder, they are two versions of one thing, whatever they are called.
    Raises ProblemsFound, with what is wrong on either side.
    """
    with tempfile.TemporaryDirectory(prefix="diff-") as folder:
        temporary = Path(folder)
        problems = Problems()
        sides = []
        for text, other, into in ((old, new, temporary / "old"), (new, old, temporary / "new")):
            try:
                sides.append(_locate(text, other, into))
            except ProblemsFound as found:
                problems += found.problems
        problems.stop_on_errors()
        only = next((side.name for side in reversed(sides) if side.kind != "tree"), None)
        if sorted(side.kind for side in sides) == ["file", "provider"]:
            only = next(side.name for side in sides if side.kind == "provider")
            sides = [_in_its_place(side, *(other for other in sides if other is not side)) for side in sides]
        models = [_unified(side, problems) for side in sides]
        # A folder under review may lie anywhere: its mapping then goes by the other side's unified model, or by ours.
        model = models[1] or models[0]
        if model is None and any((side.path / "normalization.yaml").exists() for side in sides):
            own = resources.repository_folder() / SPECS
            model = _unified(_Side(own.as_posix(), own, "tree"), problems)
        before = dict(_read(sides[0], only, models[0] or model, temporary / "links-old", problems))
        past = len(problems)
        after = dict(_read(sides[1], only, model, temporary / "links-new", problems))
        problems.stop_on_errors()
    return before, after, problems[past:]


def _locate(text: str, other: str, into: Path) -> _Side:
    path, shown = Path(text).absolute(), Path(text).as_posix()
    if not (text and path.exists()):
        beside = Path(other).absolute()
        folders = [folder for folder in (beside, beside.parent) if folder.is_dir()]
        repository = Repository.of(Path.cwd(), *folders)
        path, shown = extract(repository, text, _default(repository, other), into)
    if path.is_dir():
        return _Side(shown, path, "provider" if (path / FILES[0]).exists() else "tree")
    return _Side(shown, path, "file")


def _in_its_place(side: _Side, other: _Side) -> _Side:
    """A file against a provider's folder is a new document for that provider: the rest of the folder holds for both."""
    return _Side(other.shown, other.path, "provider", (side.path, side.shown)) if side.kind == "file" else side


def _default(repository: Repository, other: str) -> str:
    """The path that a revision means when it names none: the other side's, so that `HEAD specs/dify` says enough."""
    if other and Path(other).exists():
        return repository.path_below_root(Path(other)) or SPECS
    revision, _, path = other.partition(":")
    return path if revision and path else SPECS


def _read(
    side: _Side, only: str | None, unified: UnifiedModel | None, links: Path, problems: Problems
) -> Iterator[tuple[str, Version]]:
    if side.kind == "file":
        assert only is not None
        found = Problems()
        package = single_package(side.path, f"{only}-client", found, file=side.shown)
        problems += found
        if package is not None:
            yield only, Version(only, package, self_hosted=_self_hosted(package.api))
    elif side.kind == "provider":
        assert only is not None
        folder = links / only  # the package is called after its folder, and by one name in both versions
        folder.mkdir(parents=True)
        for path in side.path.iterdir():
            (folder / path.name).symlink_to(path)
        shown = None
        if side.document is not None:
            path, shown = side.document
            (folder / FILES[0]).unlink()
            (folder / FILES[0]).symlink_to(path)
        yield from _provider(folder, side.shown, unified, problems, shown)
    else:
        folders = _folders(side, problems)
        if only is not None and folders and only not in folders:
            message = f"there is no provider {only!r} here to compare with"
            problems.error("no-such-provider", Source(side.shown), message, name_hint(only, [*folders]))
        for name, folder in folders.items():
            if only in (None, name):
                yield from _provider(folder, f"{side.shown}/{name}", unified, problems)


def _folders(side: _Side, problems: Problems) -> dict[str, Path]:
    found: dict[str, Path] = {}
    before = len(problems)
    for folder in sorted(p for p in side.path.glob("*/") if not p.name.startswith((".", "__"))):
        if (folder / FILES[0]).is_file():
            found[folder.name] = folder
        elif any((folder / file).exists() for file in FILES):
            hint = "call the document openapi.yaml (JSON is YAML, too), or remove the folder"
            where = Source(f"{side.shown}/{folder.name}")
            problems.error("missing-spec", where, "a provider's folder without openapi.yaml", hint)
    if not found and len(problems) == before:
        hint = "name a spec file, a folder with openapi.yaml and provider.yaml, or a folder of such folders"
        problems.error("no-specs", Source(side.shown), "there is no provider's folder here", hint)
    return found


def _provider(
    folder: Path, shown: str, unified: UnifiedModel | None, problems: Problems, document: str | None = None
) -> Iterator[tuple[str, Version]]:
    """The provider of a folder, which is called `shown` in problems, and its openapi.yaml `document`."""
    found = _UnderReview()
    package = provider_package(folder, shown, found, document=document)
    accepted = read_acceptances(folder / "accepted.yaml", f"{shown}/accepted.yaml", found)
    problems += found
    if package is None or found.errors:
        return
    own = Problems()
    mapping = None
    path, file = folder / "normalization.yaml", f"{shown}/normalization.yaml"
    if path.exists() and unified is None:
        problems.warning("no-unified-model", Source(file), "there is no unified model, so the mapping is not compared")
    elif path.exists() and unified is not None:
        try:
            entries = load(path, file)
        except ProblemsFound as unreadable:
            problems += unreadable.problems
            return
        try:
            mapping = read_mapping(entries, identifier(folder.name), package, unified, own)
        except ProblemsFound as misfits:
            own = Problems(misfits.problems)
    hosted = _self_hosted(package.api)
    yield folder.name, Version(folder.name, package, mapping, tuple(own), unified, hosted, accepted)


def _unified(side: _Side, problems: Problems) -> UnifiedModel | None:
    beside = side.kind == "provider"
    path = (side.path.parent if beside else side.path) / MODEL
    if side.kind == "file" or not path.exists():
        return None
    file = re.sub(r"[^/:]*$", MODEL, side.shown, count=1) if beside else f"{side.shown}/{MODEL}"
    try:
        return unified_model(path, file)
    except ProblemsFound as found:
        problems += found.problems
        return None


def _self_hosted(api: Api) -> bool:
    """Whether the host of a server is a variable, and anybody's choice."""
    for server in api.servers:
        host = re.sub(r"^[^/]*://", "", server.url).partition("/")[0]
        for variable in server.variables:
            if re.fullmatch(re.escape(f"{{{variable.name}}}") + r"(:.*)?", host) and not variable.enum:
                return True
    return False


class _UnderReview(Problems):
    """A spec is compared before its sha256 and its credentials are recorded: that they are not yet is no error here."""

    def error(
        self, id: str, source: Source, message: str, hint: str = "", *, see: tuple[Source, ...] = (), subject: str = ""
    ) -> None:
        """Record it, in mild words when it is about a provider.yaml that waits for the review's end."""
        if id in ("vendored-spec-changed", "provider-stale", "provider-incomplete"):
            self.warning(id, source, message, hint)
        else:
            super().error(id, source, message, hint, see=see, subject=subject)
