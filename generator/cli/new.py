"""`new`: the first draft of a provider's folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .. import GENERATE
from ..document.problems import Problems, Source
from ..escaping import shown_path
from ..printing import counted, show, show_problems
from .options import REPOSITORY, Sources, Specs, Texts

if TYPE_CHECKING:
    from ..options import Patterns


def new(
    provider: Annotated[str, typer.Argument(help="What the provider is called: the name of its folder.")],
    sources: Sources,
    operation: Annotated[
        Texts,
        typer.Option(
            metavar="NAME",
            help="Keep this operation and what it reaches, such as 'GET /runs/{id}' or its operationId; may be "
            "repeated.",
        ),
    ] = None,
    specs: Specs = REPOSITORY / "specs",
) -> None:
    """Start the folder of a provider: its description, and drafts of all that a person has to decide."""
    from ..options import given_patterns
    from ..project.packages import check_provider_name

    problems = Problems(strict=False)
    folder = specs / provider
    if check_provider_name(provider, Source(shown_path(folder)), problems) and folder.exists():
        hint = "choose another name, or remove the folder"
        problems.error("folder-exists", Source(shown_path(folder)), "this folder is there already", hint)
    show_problems(problems)
    _draft(folder, sources, given_patterns("--operation", operation) or (), problems)


def _draft(folder: Path, sources: list[str], operations: Patterns, problems: Problems) -> None:
    """Draft a folder, write it, and say how to go on."""
    from datetime import UTC, datetime

    from ..drafting.folder import drafted_folder, write_folder
    from ..project.mappings import unified_model
    from ..resources import guide_name, unified_model_file

    model = unified_model_file(folder.parent)
    unified, today = unified_model(model, shown_path(model)), datetime.now(UTC).date()
    drafted = drafted_folder(folder.name, sources, operations, unified, today, problems)
    show_problems(problems)
    assert drafted is not None
    write_folder(folder, drafted.files)
    shown = shown_path(folder)
    show(*(f"{'added':8}{shown}/{name}" for name in drafted.files))
    if drafted.operations > 1:
        show(f"The client has {drafted.operations} operations. --operation '{drafted.call}' would keep this one alone.")
    show(
        f"The mapping is for {drafted.call}. {counted(drafted.questions, 'question')} left, marked with `?`.",
        f"1. Read {shown}/normalization.yaml beside the provider's documentation, and decide.",
        f"2. `{GENERATE}` lists what is not decided yet, and then what does not fit.",
        f'3. {guide_name()} says what a mapping can say, and how to go on: "How do I add a provider?"',
    )
