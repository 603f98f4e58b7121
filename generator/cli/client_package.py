"""`client` and `core`: a package from any OpenAPI file, and the one that such packages share."""

from __future__ import annotations

import gc
import os
import shlex
from pathlib import Path
from typing import Annotated

import typer

from .. import PROGRAM
from ..document.problems import Problems
from ..escaping import shown_path
from ..output.manifest import digests_of
from ..output.section import FILE
from ..printing import package_summary, show, show_problems, show_written
from .options import (
    REPOSITORY,
    ExcludeOperation,
    ExcludePath,
    ExcludeTag,
    Groups,
    IncludeOperation,
    IncludePath,
    IncludeTag,
    OverlayFile,
    Root,
    SecondReader,
    SkipUnsupported,
    Spec,
    Standalone,
    Strict,
    TemplatesFolder,
)

_READ_ONCE = "It was read once, as it is large: --second-reader has openapi-python-client read it too, and compares."
_HOW_TO_GO_ON = """\
Correct the document with --overlay FILE (complete the actions in the lines that begin with `overlay:`), or leave
out the affected operations with --skip-unsupported. An overlay begins like this:
    {overlay: 1.0.0, info: {title: Corrections, version: 1.0.0}, actions: [...]}"""


def client(
    spec: Spec,
    name: Annotated[str, typer.Option(help="The name of the distribution; in snake case, of the module.")],
    out: Annotated[Path, typer.Option(help="The folder in which to make the package's folder.")],
    second_reader: SecondReader = None,
    groups: Groups = None,
    overlay: OverlayFile = None,
    skip_unsupported: SkipUnsupported = False,
    root: Root = None,
    strict: Strict = False,
    include_tag: IncludeTag = None,
    include_path: IncludePath = None,
    include_operation: IncludeOperation = None,
    exclude_tag: ExcludeTag = None,
    exclude_path: ExcludePath = None,
    exclude_operation: ExcludeOperation = None,
    templates: TemplatesFolder = None,
    standalone: Standalone = None,
) -> None:
    """Make a client package from one OpenAPI file, in the folder NAME below OUT."""
    from ..options import given_patterns
    from ..output.write import write
    from ..project.own_options import read_own_options, with_own_section
    from ..project.own_templates import check_project_file, read_own_templates
    from ..project.packages import check_distribution, check_local, single_package
    from ..render.package import client_files
    from ..upstream.second_reading import is_large

    problems = Problems(strict=strict)
    check_distribution(name, problems)
    check_local(spec, problems)
    problems.stop_on_errors()  # of a name that is too long, no file can be read
    folder = out / name
    options = read_own_options(folder, shown_path(folder / FILE), problems).overridden(
        groups=groups,
        standalone=standalone,
        include_tags=given_patterns("--include-tag", include_tag),
        include_paths=given_patterns("--include-path", include_path),
        include_operations=given_patterns("--include-operation", include_operation),
        exclude_tags=given_patterns("--exclude-tag", exclude_tag),
        exclude_paths=given_patterns("--exclude-path", exclude_path),
        exclude_operations=given_patterns("--exclude-operation", exclude_operation),
    )
    inputs: dict[str, Path] = {}
    own = read_own_templates(templates, inputs, problems)
    show_problems(problems)
    package = single_package(
        *(spec, name, problems),
        read_twice=second_reader,
        options=options,
        overlay=overlay,
        skip_unsupported=skip_unsupported,
        root=root,
        inputs=inputs,
    )
    show_problems(problems, hint=_HOW_TO_GO_ON)
    assert package is not None
    table = package.api.options.table()
    texts = client_files(package, table, own)
    files = {path.partition("/")[2]: text for path, text in texts.items()}
    check_project_file(files[FILE], table, own)
    files[FILE] = with_own_section(files[FILE], folder)
    summary = package_summary(package, len(set(problems)))
    if second_reader is None and is_large(package.api):
        summary.append(_READ_ONCE)
    how_to_install = _how_to_install(folder, is_standalone=bool(package.api.options.standalone))
    del package
    gc.collect()  # the formatter, a process of its own, needs as much memory as what is no longer needed here
    show_written(write(folder, files, digests_of(inputs)), folder)
    show(*summary)
    show(*how_to_install)


def core(
    out: Annotated[Path, typer.Option(help="The folder in which to make the package's folder, best that of clients.")],
) -> None:
    """Make the package that all clients need, and share: workflow-client-core."""
    from ..output.write import write
    from ..render.package import core_files
    from ..versions import CORE

    folder = out / CORE
    files = {path.partition("/")[2]: text for path, text in core_files().items()}
    show_written(write(folder, files, {}), folder)


def _how_to_install(folder: Path, *, is_standalone: bool) -> list[str]:
    """How the package in `folder` gets installed with what it needs of ours, which no index has."""
    from ..versions import CORE

    if is_standalone:
        return [f"Install it: pip install {_argument(folder)}"]
    beside = folder.parent / CORE
    written = [path for path in (beside, REPOSITORY / "generated" / CORE) if (path / FILE).is_file()]
    command = f"pip install {_argument(written[0] if written else beside)} {_argument(folder)}"
    if written:
        return [f"Install it beside the core: {command}"]
    return [
        f"It needs the core, which all clients share: {PROGRAM} core --out {shlex.quote(shown_path(folder.parent))}",
        f"Then install both: {command}",
        "Or have the core inside of the package: --standalone",
    ]


def _argument(folder: Path) -> str:
    """A folder as an argument, also of pip, which takes what has no separator for the name of a package."""
    shown = shown_path(folder)
    return shlex.quote(shown if os.path.dirname(shown) else f".{os.sep}{shown}")
