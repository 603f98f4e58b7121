"""What Jinja has compiled is kept beside templates, and counts only while all that it follows from is the same."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import jinja2
import pytest

from generator.render import templates
from generator.render.compiled import CompiledTemplates
from generator.resources import templates_folder

TEMPLATES = sorted(templates_folder().glob("*/*.jinja"))


class Counted(jinja2.Environment):
    """An environment that counts what it compiles."""

    compiled = 0

    def _compile(self, source: str, filename: str) -> object:  # type: ignore[override]
        self.compiled += 1
        return super()._compile(source, filename)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a template, where Python may write bytecode."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/garden.jinja").write_text("{{ count }} beds")
    return tmp_path / "templates"


def rendered(folder: Path, settings: bytes = b"") -> tuple[str, bool]:
    """What a run of its own renders, and whether it has compiled the template."""
    environment = Counted(loader=jinja2.FileSystemLoader(folder), bytecode_cache=CompiledTemplates(settings))
    text = environment.get_template("garden.jinja").render(count=3)
    return text, environment.compiled > 0


def kept(folder: Path) -> list[Path]:
    return [*folder.rglob("*.pyc*")]


def test_what_was_compiled_is_kept_for_the_next_run(folder: Path) -> None:
    assert rendered(folder) == ("3 beds", True)
    (file,) = kept(folder)
    assert file.parent == folder / "__pycache__"
    assert rendered(folder) == ("3 beds", False)


def change_text(folder: Path) -> None:
    """Change a template so that its file has the size and the time that it had."""
    file = folder / "garden.jinja"
    before = file.stat()
    file.write_text("{{ count }} pots")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


def damage(content: bytes) -> Callable[[Path], object]:
    return lambda folder: kept(folder)[0].write_bytes(content)


def shorten(folder: Path) -> None:
    (file,) = kept(folder)
    file.write_bytes(file.read_bytes()[:-20])


@pytest.mark.parametrize("event", [change_text, damage(b""), damage(b"0" * 200), shorten])
def test_it_is_compiled_anew_where_what_is_kept_is_of_another_text_or_damaged(
    event: Callable[[Path], object], folder: Path
) -> None:
    rendered(folder)
    event(folder)
    text, is_compiled = rendered(folder)
    assert (text, is_compiled) == (folder.joinpath("garden.jinja").read_text().replace("{{ count }}", "3"), True)
    assert rendered(folder) == (text, False)
    assert len(kept(folder)) == 1


def test_it_is_compiled_anew_for_another_environment(folder: Path) -> None:
    rendered(folder)
    assert rendered(folder, b"other settings") == ("3 beds", True)


def test_it_is_compiled_anew_at_another_path_as_tracebacks_name_it(folder: Path) -> None:
    rendered(folder)
    moved = folder.rename(folder.with_name("moved"))
    assert rendered(moved) == ("3 beds", True)


@pytest.mark.parametrize("library", ["Jinja", "Python"])
def test_it_is_compiled_anew_by_another_version(library: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rendered(folder)
    if library == "Jinja":
        monkeypatch.setattr(jinja2, "__version__", "0.0", raising=False)
    else:
        monkeypatch.setattr("generator.render.compiled.MAGIC_NUMBER", b"0")
    assert rendered(folder) == ("3 beds", True)


def test_nothing_is_kept_where_python_keeps_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert rendered(folder) == rendered(folder) == ("3 beds", True)
    assert kept(folder) == []


def test_a_folder_that_takes_no_files_is_no_obstacle(folder: Path) -> None:
    (folder / "__pycache__").write_text("in the way")
    assert rendered(folder) == rendered(folder) == ("3 beds", True)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_nothing_of_ours_is_called_when_a_template_is_compiled(template: Path) -> None:
    """So that what is kept does not follow from filters, which may change."""
    environment = templates._environment.__wrapped__(())
    called = []

    def call(*arguments: object) -> str:
        called.append(arguments)
        return ""

    environment.filters = dict.fromkeys(environment.filters, call)
    environment.compile(template.read_text(encoding="utf-8"))
    environment.compile("{{ 'text' | literal }}{{ 'text' }}{% if 'text' | name == 'a' %}{% endif %}")
    assert called == []


def test_own_templates_are_not_kept() -> None:
    own = templates.OwnTemplate("README.md.jinja", "ours/README.md.jinja", "")
    assert templates._environment.__wrapped__((own,)).bytecode_cache is None
    assert templates._environment.__wrapped__(()).bytecode_cache is not None
