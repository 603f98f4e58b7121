"""A provider's folder, or any one document -> the client package that is generated from it."""

from __future__ import annotations

import keyword
import re
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..document.files import Copies, Files
from ..document.loading import load
from ..document.overlay import MISFITS, apply_overlay
from ..document.problems import Problems, Source
from ..document.tree import Object
from ..ir.model import Api, Package
from ..ir.provider import Provider, check_against_api, read_provider
from ..ir.values import mapping
from ..options import UNDECIDED, Options
from ..pipeline import read_api
from ..undecided import stop_on_mistakes
from ..versions import FIRST_VERSION, Release

# packaging.python.org, "Names and normalization"
_MOST_CHARACTERS = 200
"""Of a name: files beside the package have longer ones, and file systems allow 255 bytes."""
_MOST_CHARACTERS_OF_A_TITLE = 60
_DISTRIBUTION = re.compile(r"[A-Za-z0-9]+([._-][A-Za-z0-9]+)*")
_RESERVED_MODULES = {"workflow_client_core", "msgspec", "httpx2", "anyio", *sys.stdlib_module_names}


def provider_package(
    folder: Path,
    name: str,
    problems: Problems,
    *,
    document: str | None = None,
    copies: Copies | None = None,
    misfits: Problems | None = None,
) -> Package | None:
    """The client package of a provider's folder, shown as `name` in problems; None when problems stand in the way.

    `document` is what its openapi.yaml is called there, where that is not `name`/openapi.yaml; `copies` as in `Files`.
    `misfits` takes the errors of overlay actions and options that the document has outgrown; without it these, too,
    stand in the way.
    """
    if not check_provider_name(folder.name, Source(name), problems):
        return None
    with problems.collecting():
        spec = folder / "openapi.yaml"
        file = document or f"{name}/openapi.yaml"
        description = _corrected(load(spec, file), folder / "overlay.yaml", f"{name}/overlay.yaml", problems, misfits)
        provider_file = load(folder / "provider.yaml", f"{name}/provider.yaml")
        provider = read_provider(provider_file, spec, _environment_prefix(folder.name), problems)
        stop_on_mistakes(problems)
        files = Files(spec, file, description, copies=copies)
        api = read_api(
            description, provider, problems, read_twice=True, files=files, allow_unmatched=misfits is not None
        )
        if misfits is not None:
            misfits += api.unmatched
        schemes = {**mapping(mapping(description, "components"), "securitySchemes")}
        schemes |= mapping(description, "securityDefinitions")  # of Swagger 2.0
        check_against_api(provider_file, schemes, api, problems)
        package = _package(folder.name, api, provider)
        return package if misfits is None else replace(package, misfits=tuple(misfits))
    return None


def check_provider_name(name: str, source: Source, problems: Problems) -> bool:
    """Whether a provider's folder can have this name; if not, that is reported."""
    if re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name) and name != "core":
        return True
    hint = "lower-case letters, digits and single '-' between them; `core` is the name of the run-time core"
    problems.error("bad-name", source, f"{name!r} is not a name for a provider", hint)
    return False


def _package(name: str, api: Api, provider: Provider) -> Package:
    return Package(
        distribution=f"workflow-client-{name}",
        module=f"workflow_client_{name.replace('-', '_')}",
        client=_class_stem(name),
        origin=f"specs/{name}",
        api=api,
        documentation=provider.url,
        license="MIT",
        polling=provider.polling,
    )


def _corrected(description: Object, overlay: Path, file: str, problems: Problems, misfits: Problems | None) -> Object:
    """A description with the corrections of an overlay, if there is one; it is called `file` in problems."""
    if not overlay.exists():
        return description
    overlay_problems = Problems()
    corrected = apply_overlay(description, load(overlay, file), overlay_problems)
    for problem in overlay_problems:
        (problems if misfits is None or problem.id not in MISFITS else misfits).append(problem)
    return corrected


def single_package(
    spec: Path,
    distribution: str | None,
    problems: Problems,
    *,
    read_twice: bool | None = None,
    file: str | None = None,
    options: Options = UNDECIDED,
    overlay: Path | None = None,
    skip_unsupported: bool = False,
    root: Path | None = None,
    copies: Copies | None = None,
    inputs: dict[str, Path] | None = None,
    allow_unmatched: bool = False,
) -> Package | None:
    """The client package of any one OpenAPI file, called `file` in problems; None when problems stand in the way.

    `distribution` is its name; None: that of the document's title. `overlay`: corrections; for `root` and `copies` see
    `Files`; `inputs` takes the files that were read; for the other options see `read_api`, `Provider`.
    """
    from ..upstream.partial_import import load_schema

    with problems.collecting():
        load_schema()
        document = load(spec, file, problems)
        if overlay is not None:
            document = apply_overlay(document, load(overlay), problems)
            problems.stop_on_errors()
        files = Files(spec, file or str(spec), document, root, copies)
        distribution = distribution or distribution_for(document)
        stem = distribution.removesuffix("-client").removesuffix("_client") or distribution
        provider = Provider(_environment_prefix(stem), options=options)
        api = read_api(
            *(document, provider, problems),
            read_twice=read_twice,
            files=files,
            skip_unsupported=skip_unsupported,
            allow_unmatched=allow_unmatched,
        )
        if inputs is not None:
            inputs |= files.inputs | ({overlay.name: overlay} if overlay else {})
        return Package(
            distribution=distribution,
            module=_module_name(distribution),
            client=_class_stem(stem),
            origin=spec.name,
            api=api,
            release=Release(options.version or FIRST_VERSION),
        )
    return None


def distribution_for(document: Mapping[str, Any]) -> str:
    """The name of the package of a document, where nobody gives one: its title's, whatever its file is called."""
    info = document.get("info")
    title = info.get("title") if isinstance(info, dict) else None
    return f"{name_of(title if isinstance(title, str) else '')}-client"


def name_of(text: str) -> str:
    """A text as a part of a package's name, which says nothing of the run-time core."""
    name = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:_MOST_CHARACTERS_OF_A_TITLE].rstrip("-")
    return name if re.match("[a-z]", name) and name != "core" else f"api-{name}".rstrip("-")


def check_distribution(name: str, problems: Problems) -> None:
    """Report a name that cannot be a distribution's, or whose module cannot be imported or is somebody else's."""
    module = _module_name(name)
    is_importable = module.isidentifier() and not keyword.iskeyword(module) and module not in _RESERVED_MODULES
    if len(name) > _MOST_CHARACTERS:
        hint = f"file systems do not take it: {_MOST_CHARACTERS} characters at most"
        problems.error("bad-name", Source("--name"), f"the name has {len(name)} characters", hint)
    elif not _DISTRIBUTION.fullmatch(name) or not is_importable:
        hint = "letters, digits and single '-', first a letter, and unused by other packages: example-client"
        problems.error("bad-name", Source("--name"), f"{name!r} is not a name for a distribution and a module", hint)


def check_local(spec: Path, problems: Problems) -> None:
    """Report a URL in the place of a file."""
    if re.match(r"https?:/", str(spec)):
        hint = "download it first; the files that it refers to belong beside it"
        problems.error(
            "unreadable-file", Source(str(spec)), "this is not a file, and the generator downloads nothing", hint
        )


def _module_name(distribution: str) -> str:
    return distribution.replace("-", "_").replace(".", "_").lower()


def _class_stem(text: str) -> str:
    from ..upstream.naming import naming

    return naming().class_name(text)


def _environment_prefix(text: str) -> str:
    return "".join(c if c.isalnum() else "_" for c in text).upper()
