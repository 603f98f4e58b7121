"""OLD and NEW, as the command line names them -> where their files are.

Each is a spec file, a provider's folder, a folder of these (a tree), or any of them in a git revision. A path that
exists wins over a revision of that name. A file against a provider's folder stands for the openapi.yaml of that folder.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Literal

from ..document.files import outside
from ..document.problems import Problems
from ..interpreter.fast_dataclasses import dataclass
from ..project.packages import name_of
from .repository import Repository
from .revisions import FILES, Extracted, RevisionFiles, extract

SPECS = "specs"
"""The path in a revision that is named without one, where the other input names none either."""


@dataclass(frozen=True, slots=True)
class Input:
    """The files of one version."""

    name: str
    """What it is called in problems."""
    path: Path
    form: Literal["file", "provider", "tree"]
    around: RevisionFiles | None = None
    """The files around it in its revision, which are copied when a document refers to them."""
    root: Path | None = None
    """The folder in which a file may refer to others; None for its own."""
    document: Input | None = None
    """The file that stands for the openapi.yaml of a provider's folder."""

    @property
    def package_name(self) -> str:
        """The name of the file or folder, as part of a package's name."""
        return name_of(self.path.stem if self.form == "file" else self.path.name)


def read_inputs(
    old: str, new: str, folder: Path, root: Path | None = None, old_name: str | None = None
) -> tuple[Input, Input, str | None]:
    """Both inputs, and the name of the provider if only one is compared; `old_name` is what the old one is called.

    Files of a revision are copied into `folder`. Spec files may refer to others inside `root`; in a revision, that is
    the folder with the same path. Raises ProblemsFound, with what is wrong with either input.
    """
    problems, inputs = Problems(), list[Input]()
    for text, counterpart, copy in ((old, new, folder / "old"), (new, old, folder / "new")):
        with problems.collecting():
            inputs.append(_locate(text, counterpart, copy, root))
    problems.stop_on_errors()
    before, after = inputs
    before = replace(before, name=old_name or before.name)
    if {before.form, after.form} == {"file", "provider"}:
        provider, document = (before, after) if before.form == "provider" else (after, before)
        # Only the document differs: the other files of the folder are those of both versions.
        with_document = replace(provider, document=document)
        before, after = (with_document if item is document else item for item in (before, after))
        return before, after, provider.package_name
    single = [item.package_name for item in (after, before) if item.form != "tree"]
    return before, after, single[0] if single else None


def _locate(text: str, counterpart: str, copy: Path, root: Path | None) -> Input:
    """The input that `text` names, beside its `counterpart`; `copy` is for files of a revision."""
    path, name, around = Path(text).absolute(), Path(text).as_posix(), None
    if not (text and path.exists()):
        beside = Path(counterpart).absolute()
        folders = [folder for folder in (beside, beside.parent) if folder.is_dir()]
        repository = Repository.of(Path.cwd(), *folders)
        extracted = extract(repository, text, _default_path(repository, counterpart), copy)
        path, name, around = extracted.path, extracted.name, extracted.around
        if root and path.is_file():
            root = _copied_root(root, repository, extracted)
    if path.is_dir():
        return Input(name, path, "provider" if (path / FILES[0]).exists() else "tree", around)
    return Input(name, path, "file", around, root)


def _copied_root(root: Path, repository: Repository, file: Extracted) -> Path:
    """The folder that stands for `root` where files of a revision are copied to. Raises ProblemsFound."""
    below = repository.path_below_root(root)
    if below is None or file.around is None or not file.path.is_relative_to(file.around.folder / below):
        raise outside(str(root), file.name)
    return file.around.folder / below


def _default_path(repository: Repository, counterpart: str) -> str:
    """The path in a revision that is named without one: the counterpart's, so that `HEAD specs/dify` says enough."""
    if counterpart and Path(counterpart).exists():
        return repository.path_below_root(Path(counterpart)) or SPECS
    revision, _, path = counterpart.partition(":")
    return path if revision and path else SPECS
