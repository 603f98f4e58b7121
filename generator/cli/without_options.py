"""What `generate` does, which knows nothing of options: a plain `generate` loads nothing that reads them."""

from __future__ import annotations

from pathlib import Path

from ..document.problems import Problems
from ..escaping import shown_path
from ..output.manifest import unchanged
from ..printing import show, show_problems, show_written
from ..project.files import generated_files, input_digests


def generate(specs: Path, out: Path) -> None:
    """Generate the packages of all providers in `specs`; finish at once when nothing changed."""
    inputs = input_digests(specs)
    if unchanged(out, inputs):
        show(f"{shown_path(out)} is up to date.")
        return
    from ..output.write import write

    problems = Problems()
    files = generated_files(specs, problems)
    show_problems(problems)
    show_written(write(out, files, inputs), out)
