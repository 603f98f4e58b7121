"""A repository with two providers, generated and tagged; and what its maintainers do with it."""

from __future__ import annotations

import hashlib
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from generator import resources
from generator.cli.releasing import bump, release_notes
from generator.document.problems import Problems, ProblemsFound
from generator.output.write import write
from generator.project.files import generated_files
from tests.diff.repositories import commit, git, write_provider

ROOT = Path(__file__).parents[2]
THINGS, DIFY = "workflow-client-things", "workflow-client-dify"


@dataclass(frozen=True)
class House:
    """The repository in a folder, which is the working folder."""

    folder: Path
    capture: pytest.CaptureFixture[str]

    def write(self, path: str, *changes: tuple[str, str]) -> None:
        """Replace texts in a file, each of which it has."""
        text = (self.folder / path).read_text("utf-8")
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        (self.folder / path).write_text(text, "utf-8")

    def publish(self, provider: str, *changes: tuple[str, str]) -> None:
        """Change a provider's description, and record that it is the published one."""
        self.write(f"specs/{provider}/openapi.yaml", *changes)
        digest = hashlib.sha256((self.folder / f"specs/{provider}/openapi.yaml").read_bytes()).hexdigest()
        path = self.folder / f"specs/{provider}/provider.yaml"
        path.write_text(re.sub("sha256: [0-9a-f]+", f"sha256: {digest}", path.read_text("utf-8")), "utf-8")

    def generate(self) -> None:
        """Do what `make generate` does."""
        problems = Problems()
        files = generated_files(self.folder / "specs", problems)
        assert problems.errors == []
        write(self.folder / "generated", files, {})

    def release(self, tag: str) -> None:
        """Generate, commit, and tag."""
        self.generate()
        commit(self.folder)
        git(self.folder, "tag", tag)

    def notes(self, base: str = "v1") -> str:
        """What `release-notes` prints."""
        release_notes(base, self.folder / "specs", self.folder / "generated")
        return self.capture.readouterr().out

    def bump(self, base: str = "v1", **decisions: list[str]) -> list[str]:
        """The lines that `bump` prints."""
        bump(base, **decisions, date="2026-11-29", specs=self.folder / "specs", out=self.folder / "generated")
        return self.capture.readouterr().out.splitlines()

    def refusal(self, base: str = "v1", **decisions: list[str]) -> str:
        """The problems for which `bump` writes nothing."""
        before = self.contents()
        with pytest.raises(ProblemsFound) as refused:
            self.bump(base, **decisions)
        assert self.contents() == before
        return "\n".join(map(str, refused.value.problems))

    def contents(self) -> dict[str, bytes]:
        """All files that are not git's, by path."""
        paths = [path for path in self.folder.rglob("*") if path.is_file() and ".git" not in path.parts]
        return {path.relative_to(self.folder).as_posix(): path.read_bytes() for path in paths}

    def text(self, path: str) -> str:
        """The text of a file."""
        return (self.folder / path).read_text("utf-8")


def build(folder: Path) -> None:
    """Make the repository in a folder."""
    shutil.copytree(
        ROOT / "templates", folder / "templates", ignore=shutil.ignore_patterns("__pycache__", "CHANGELOG.md")
    )
    (folder / "specs").mkdir()
    shutil.copy(ROOT / "specs/workflow-run.yaml", folder / "specs")
    shutil.copytree(ROOT / "specs/dify", folder / "specs/dify", ignore=shutil.ignore_patterns("CHANGELOG.md"))
    write_provider(folder / "specs/things")
    core = folder / "templates" / "runtime/workflow_client_core/__init__.py"
    core.write_text(re.sub("(?m)^__version__ = .*$", '__version__ = "0.1.0"', core.read_text("utf-8")), "utf-8")
    assert resources.templates_folder() == folder / "templates"
