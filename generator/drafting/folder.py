"""Sources -> the files of a new provider's folder."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from ..document.loading import parse
from ..document.operations import every_operation
from ..document.overlay import apply_overlay
from ..document.problems import Problems, ProblemsFound, Source
from ..document.tree import Object
from ..interpreter.fast_dataclasses import dataclass
from ..ir.model import Api
from ..ir.provider import MARKS as PROVIDER_MARKS
from ..ir.provider import Provider
from ..normalization.read.mapping import MARKS
from ..normalization.unified import UnifiedModel
from ..options import Patterns
from ..pipeline import read_api
from ..undecided import without_marks
from ..vendor.vendored import vendored
from .lines import Line
from .mapping import mapping_draft
from .overlay import additions, corrections, overlay_yaml
from .provider import provider_yaml

_SHOWN = 12
"""Operations that a hint lists."""


@dataclass(frozen=True)
class DraftedFolder:
    """The texts of a provider's folder by the names of their files, and how much is left to decide."""

    files: Mapping[str, bytes]
    questions: int
    call: str
    """The operation that the mapping is drafted for, by its method and path."""
    operations: int
    """The number of operations of the client."""


def drafted_folder(
    name: str,
    sources: Sequence[str],
    operations: Patterns,
    unified: UnifiedModel,
    retrieved: date,
    problems: Problems,
) -> DraftedFolder | None:
    """The files of the provider `name`, whose description is in `sources`; None when problems stand in the way.

    The document is cut to `operations`, where there are any; the first of them gets a run.
    """
    with problems.collecting():
        description = vendored(sources, operations, problems)
        problems.stop_on_errors()
        assert description is not None
        prefix = name.replace("-", "_").upper()
        api, actions = _read(description.document, Provider(prefix))
        draft = mapping_draft(api, unified)
        if draft is None:
            _no_call(description.document, sources, bool(operations), problems)
            return None
        texts = {
            "overlay.yaml": overlay_yaml(actions, api.title) if actions else "",
            "provider.yaml": provider_yaml(api, prefix, description, retrieved),
            "normalization.yaml": draft.text,
        }
        files = {name: text.encode() for name, text in texts.items() if text}
        questions, count = _questions(files), len(api.operations)
        files = {"openapi.yaml": description.text, **files}
        return DraftedFolder(files, questions, draft.call.operation.named_route, count)
    return None


def _read(document: Object, provider: Provider) -> tuple[Api, list[Line]]:
    """The API of a document as `generate` reads it, and the overlay's actions that this takes. Raises ProblemsFound."""
    actions = list[Line]()
    try:
        api = read_api(document, provider, Problems(), read_twice=False)
    except ProblemsFound as error:
        actions = corrections(error.problems)
        if not actions:
            raise
        document = _corrected(document, actions)
        api = read_api(document, provider, Problems(), read_twice=False)
    if added := additions(document, api):
        api = read_api(_corrected(document, added), provider, Problems(), read_twice=False)
    return api, [*actions, *added]


def _corrected(document: Object, actions: Sequence[Line]) -> Object:
    """The document with the actions of a draft. Raises ProblemsFound."""
    overlay = parse(overlay_yaml(actions, "").replace("description: '?'", "description: A draft."), "overlay.yaml")
    problems = Problems()
    corrected = apply_overlay(document, overlay, problems)
    problems.stop_on_errors()
    return corrected


def _questions(files: Mapping[str, bytes]) -> int:
    """The number of marks in files."""
    marks = {"provider.yaml": PROVIDER_MARKS, "normalization.yaml": MARKS}
    count = files.get("overlay.yaml", b"").count(b"description: '?'")
    for name, known in marks.items():
        count += len(without_marks(parse(files[name].decode(), name), known).questions)
    return count


def _no_call(document: Object, sources: Sequence[str], is_cut: bool, problems: Problems) -> None:
    """Report that there is no call that gets a run."""
    calls = [f"{method.upper()} {path}" for path, method, _ in every_operation(document) if path]
    shown = ", ".join(f"'{call}'" for call in calls[:_SHOWN]) + (" and others" if len(calls) > _SHOWN else "")
    message = "no operation looks like the call that gets one run"
    hint = f"name it by --operation; there are {shown}"
    if is_cut:
        message = "the success of no operation that --operation names is an object with documented properties"
        hint = "only such a response can be mapped: not a list, nor one of several objects, nor one that may be missing"
    problems.error("no-call", Source(sources[0]), message, hint)


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write a folder that does not exist yet, at once or not at all. Raises OSError."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        for name, content in files.items():
            (part / name).write_bytes(content)
        part.chmod(0o755)
        if folder.exists():
            raise FileExistsError(17, os.strerror(17), str(folder))
        os.rename(part, folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)
