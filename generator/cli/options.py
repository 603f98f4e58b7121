"""The options and arguments that commands take, as typer reads them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .. import resources

REPOSITORY = resources.repository_folder()
"""The folder with `specs/` and `generated/`; where the generator is installed, the working directory."""

Specs = Annotated[Path, typer.Option(help="The folder that contains a folder per provider.", show_default="specs")]
Out = Annotated[Path, typer.Option(help="The folder that contains the packages.", show_default="generated")]
Spec = Annotated[Path, typer.Argument(help="An OpenAPI 3 or Swagger 2.0 document, YAML or JSON.", show_default=False)]
Sources = Annotated[
    list[str],
    typer.Argument(
        metavar="SOURCE...",
        help="An OpenAPI file, a page that embeds one, a folder of pages, or an http(s) URL; several are merged.",
        show_default=False,
    ),
]
SecondReader = Annotated[
    bool | None,
    typer.Option(
        help="Have openapi-python-client read the document as well, and compare; the default if it is not large."
    ),
]
Groups = Annotated[
    bool | None,
    typer.Option(
        help="Make groups of methods, from tags or paths: client.runs.get(); if not given, what was decided before "
        "holds, and else 40 operations make groups."
    ),
]
Standalone = Annotated[
    bool | None,
    typer.Option(
        help="Put the core into the package, so that its folder is all there is to install; if not given, what was "
        "decided before holds."
    ),
]
OverlayFile = Annotated[
    Path | None, typer.Option(help="Corrections of the document: an OpenAPI Overlay 1.0 file.", show_default=False)
]
SkipUnsupported = Annotated[
    bool, typer.Option("--skip-unsupported", help="Leave out operations that cannot be generated, and list them.")
]
Root = Annotated[
    Path | None,
    typer.Option(
        help="The folder up to which a document may refer to other files; the default is its own.", show_default=False
    ),
]
Texts = list[str] | None
IncludeTag = Annotated[
    Texts, typer.Option(metavar="TAG", help="Generate the operations with this tag, and none that nothing includes.")
]
IncludePath = Annotated[
    Texts,
    typer.Option(
        metavar="PATTERN",
        help="The same by path, and method if you like: 'GET /repos/**'. `*` is one segment, `**` any number.",
    ),
]
IncludeOperation = Annotated[Texts, typer.Option(metavar="ID", help="The same by operationId.")]
ExcludeTag = Annotated[
    Texts, typer.Option(metavar="TAG", help="Generate no operation with this tag, whatever includes it.")
]
ExcludePath = Annotated[Texts, typer.Option(metavar="PATTERN", help="The same by path, and method if you like.")]
ExcludeOperation = Annotated[Texts, typer.Option(metavar="ID", help="The same by operationId.")]
PackageFolder = Annotated[
    Path | None,
    typer.Option(help="The folder of a package of `client`: its options, such as groups, hold for both versions."),
]
PackageName = Annotated[
    str | None,
    typer.Option(
        help="What the package of two spec files is called, as with `client`; else as --package is, or after the title "
        "of OLD."
    ),
]
Accept = Annotated[
    Texts,
    typer.Option(
        metavar="CAUSE",
        help="Write to the accepted.yaml of NEW that this is meant: a fingerprint of the report, or at least four "
        "digits of it; may be repeated.",
    ),
]
Everything = Annotated[
    bool, typer.Option("--all", help="List also what needs no decision, and all that is felt of each cause.")
]
Write = Annotated[
    Texts,
    typer.Option(
        metavar="FORMAT=FILE",
        help="Write the report to a file as well, in this format, such as markdown=comment.md; may be repeated.",
    ),
]
TemplatesFolder = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        help=f"Templates of your own, which replace those of {resources.templates_name()}/client by name.",
        show_default=False,
    ),
]
Strict = Annotated[
    bool, typer.Option("--strict", help="Write nothing if a part of the document cannot be read as it is written.")
]
