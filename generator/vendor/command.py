"""What `vendor` does, apart from printing it: a provider's document is replaced by what sources say now."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from .. import PROGRAM
from ..document.field_reader import FieldReader, name_hint
from ..document.loading import load
from ..document.problems import Problem, Problems, ProblemsFound, Source
from ..document.tree import Object
from ..interpreter.fast_dataclasses import dataclass
from ..options import Pattern, Patterns
from ..output.swap import replace_files
from .record import changed_fields, recorded, source_fields
from .vendored import Vendored, vendored

DOCUMENT, PROVIDER = "openapi.yaml", "provider.yaml"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run did."""

    vendored: Vendored
    document: str
    """What the document is called in problems."""
    before: bytes | None
    """The document that was there; None where there was none."""
    written: tuple[str, ...]
    """The names of the files that are new or changed."""


def vendor_into(
    folder: Path, name: str, sources: Sequence[str], operations: Patterns | None, today: str, problems: Problems
) -> Outcome:
    """Make what the sources say the document of a provider's folder, called `name` in problems, and record it.

    `operations`: what it is cut to; None: as provider.yaml says. Both files are written, or none: where nothing but the
    day would change, none is. Raises ProblemsFound, and OSError.
    """
    _check_folder(folder, name)
    file = f"{name}/{PROVIDER}"
    path = folder / PROVIDER
    source = load(path, file).get("source")
    source = source if isinstance(source, Object) else Object()
    if operations is None:
        texts = FieldReader("provider-shape", problems).texts(source, "operations")
        operations = tuple(Pattern(text, where) for text, where in texts)
        problems.stop_on_errors()
    result = vendored(sources, operations, problems, file=f"{name}/{DOCUMENT}")
    if result is None:
        raise ProblemsFound(problems)
    document = folder / DOCUMENT
    before = document.read_bytes() if document.exists() else None
    fields = source_fields(result, today)
    files: dict[str, bytes] = {}
    if before != result.text:
        files[DOCUMENT] = result.text
    if files or changed_fields(source, fields).keys() - {"retrieved"}:
        text = recorded(path.read_bytes().decode(), file, fields)
        files[PROVIDER] = text.encode()
    replace_files(folder, files)
    return Outcome(result, f"{name}/{DOCUMENT}", before, tuple(files))


def _check_folder(folder: Path, name: str) -> None:
    if not (folder / PROVIDER).is_file():
        specs = folder.parent
        known = sorted(path.parent.name for path in specs.glob(f"*/{PROVIDER}"))
        hint = f"begin one with `{PROGRAM} new {folder.name} SOURCE`; {name_hint(folder.name, known)}"
        raise ProblemsFound([Problem("no-such-provider", Source(name), f"there is no {PROVIDER} here", hint)])
