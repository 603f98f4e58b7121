"""A folder with templates of a user's own, which replace those of `templates/client` that have the same names."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .. import resources
from ..document.field_reader import name_hint
from ..document.problems import Problems, Source
from ..output.section import FILE, SECTION
from ..render.templates import OwnTemplate, OwnTemplates, template_names, template_problems

_ID = "bad-template"


def _ours() -> str:
    return f"{resources.templates_name()}/client"


def read_own_templates(folder: Path | None, inputs: dict[str, Path], problems: Problems) -> OwnTemplates:
    """The templates of a folder, hidden files apart; none where there is no folder. `inputs` takes their files."""
    if folder is None:
        return ()
    hint = f"name a folder with templates that are called like those of {_ours()}, such as README.md.jinja"
    if not folder.is_dir():
        problems.error(_ID, Source("--templates"), f"{str(folder)!r} is not a folder", hint)
        return ()
    paths = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if not path.is_dir()}
    visible = {name: path for name, path in paths.items() if not re.search(r"(^|/)\.", name)}
    if not visible:
        problems.error(_ID, Source(str(folder)), "the folder has no template", hint)
    templates: list[OwnTemplate] = []
    known = template_names()
    for name, path in visible.items():
        source = Source(str(path))
        if name not in known:
            problems.error(_ID, source, f"this replaces no template of {_ours()}", name_hint(name, known))
            continue
        inputs[f"templates/{name}"] = path
        try:
            templates.append(OwnTemplate(name, str(path), path.read_bytes().decode("utf-8-sig")))
        except UnicodeDecodeError as error:
            problems.error(_ID, source, f"not UTF-8: {error.reason}", "save it as UTF-8")
    problems += template_problems(tuple(templates))
    return tuple(templates)


def check_project_file(text: str, options: Mapping[str, Any], own: OwnTemplates) -> None:
    """Raise ProblemsFound where an own template made this pyproject.toml, and it lacks the `options`."""
    problems = Problems()
    for template in own:
        if template.name != f"{FILE}.jinja":
            continue
        source = Source(template.file)
        try:
            section = tomllib.loads(text).get("tool", {}).get(SECTION, {})
        except ValueError as error:
            problems.error(_ID, source, f"what it prints is not TOML: {error}", "print texts through the filter toml")
            continue
        if section.keys() != options.keys():
            message = f"the keys of [tool.{SECTION}] are not those of `options`: {', '.join(options)}"
            hint = "print them as the template that it replaces does; the next run reads them from there"
            problems.error(_ID, source, message, hint)
    problems.stop_on_errors()
