"""What lies beside the providers' folders of an input: the unified model, and the versions of packages."""

from __future__ import annotations

import re

from .. import resources
from ..document.problems import Problems
from ..normalization.unified import UnifiedModel
from ..project.mappings import unified_model
from ..project.releases import NO_RELEASES, Releases, read_releases
from .inputs import Input
from .revisions import MODEL


def unified_models(old: Input, new: Input, problems: Problems) -> tuple[UnifiedModel | None, UnifiedModel | None]:
    """The unified models of both versions.

    A folder under review may lie anywhere. Its unified model is then the other input's, or the generator's own.
    """
    before, after = _unified(old, problems), _unified(new, problems)
    model = after or before
    if model is None and (_has_mapping(old) or _has_mapping(new)):
        file = resources.unified_model_file()
        with problems.collecting():
            model = unified_model(file, file.as_posix())
    return before or model, model


def _has_mapping(item: Input) -> bool:
    name = "normalization.yaml"
    return any(path.exists() for path in (item.path / name, *item.path.glob(f"*/{name}")))


def _unified(item: Input, problems: Problems) -> UnifiedModel | None:
    """The unified model of a tree, or beside a provider's folder."""
    beside = item.form == "provider"
    path = (item.path.parent if beside else item.path) / MODEL
    if item.form == "file" or not path.exists():
        return None
    file = re.sub(r"[^/:]*$", MODEL, item.name, count=1) if beside else f"{item.name}/{MODEL}"
    with problems.collecting():
        return unified_model(path, file)
    return None


def read_releases_beside(item: Input, problems: Problems) -> Releases:
    """The versions of the packages of a tree, or beside a provider's folder."""
    if item.form == "file":
        return NO_RELEASES
    folder, _, name = item.name.rpartition("/")
    if item.form == "provider":
        return read_releases(item.path.parent, folder or name, problems)
    return read_releases(item.path, item.name, problems)
