"""Sources -> the files of a new provider's folder."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ..document.files import Files
from ..document.loading import load, parse
from ..document.operations import every_operation
from ..document.overlay import apply_overlay
from ..document.problems import Problems, Source
from ..document.tree import Object
from ..ir.model import Api
from ..ir.provider import MARKS as PROVIDER_MARKS
from ..ir.provider import Provider
from ..normalization.read.mapping import MARKS
from ..normalization.unified import UnifiedModel
from ..pipeline import read_api
from ..undecided import without_marks
from .mapping import mapping_draft
from .overlay import overlay_yaml
from .provider import provider_yaml

_SHOWN = 12
"""Operations that a hint lists."""


@dataclass(frozen=True)
class DraftedFolder:
    """The texts of a provider's folder by the names of their files, and how much is left to decide."""

    files: Mapping[str, bytes]
    questions: int
    call: str
    """The operation that the mapping is drafted for; "" where there is no mapping."""


def drafted_folder(
    name: str, source: Path, operation: str, unified: UnifiedModel, retrieved: date, problems: Problems
) -> DraftedFolder | None:
    """The files of the provider `name`, whose description is at `source`; None when problems stand in the way."""
    with problems.collecting():
        document = load(source, str(source))
        text = source.read_bytes()
        api = _api(document, source, name, problems)
        overlay = overlay_yaml(document, api, api.title)
        if overlay:
            own = Problems()
            document = apply_overlay(document, parse(overlay.replace("'?'", "A draft."), "overlay.yaml"), own)
            own.stop_on_errors()
            api = _api(document, source, name, problems)
        draft = mapping_draft(api, unified, operation)
        if draft is None:
            _no_call(document, source, operation, problems)
            return None
        prefix = name.replace("-", "_").upper()
        files = {
            "openapi.yaml": text,
            "overlay.yaml": overlay.encode(),
            "provider.yaml": provider_yaml(
                api, prefix, "", hashlib.sha256(text).hexdigest(), retrieved, (), ()
            ).encode(),
            "normalization.yaml": draft.text.encode(),
        }
        files = {name: content for name, content in files.items() if content}
        return DraftedFolder(files, _questions(files), draft.call.name)
    return None


def _questions(files: Mapping[str, bytes]) -> int:
    """The number of marks in files."""
    marks = {"provider.yaml": PROVIDER_MARKS, "normalization.yaml": MARKS}
    count = files.get("overlay.yaml", b"").count(b"description: '?'")
    for name, known in marks.items():
        count += len(without_marks(parse(files[name].decode(), name), known).questions)
    return count


def _api(document: Object, source: Path, name: str, problems: Problems) -> Api:
    provider = Provider(name.replace("-", "_").upper())
    files = Files(source, str(source), document)
    return read_api(document, provider, problems, read_twice=False, files=files)


def _no_call(document: Object, source: Path, operation: str, problems: Problems) -> None:
    """Report that there is no call that gets a run."""
    calls = [f"{method.upper()} {path}" for path, method, _ in every_operation(document) if path]
    shown = ", ".join(f"'{call}'" for call in calls[:_SHOWN]) + (" and others" if len(calls) > _SHOWN else "")
    message = "no operation looks like the call that gets one run"
    if operation:
        message = f"there is no operation {operation!r} whose success is an object with documented properties"
    hint = f"name it: --operation METHOD PATH, one of {shown}"
    problems.error("no-call", Source(str(source)), message, hint)


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write a folder that does not exist yet, at once or not at all. Raises OSError."""
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
