"""A git repository, asked by the git command: offline, and whatever is checked out."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from ..document.problems import Problem, ProblemsFound, Source
from ..interpreter.fast_dataclasses import dataclass

_SECONDS = 120
# A partial clone must not begin to download what it lacks, nor ask anybody for a password.
_ENVIRONMENT = {"LC_ALL": "C", "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0"}


@dataclass(frozen=True, slots=True)
class GitObject:
    """What git has under a name: a commit, a tag, a tree (a folder) or a blob (a file)."""

    type: str
    sha: str

    @property
    def is_revision(self) -> bool:
        """Whether it is a version of everything, in which paths can be looked up."""
        return self.type in ("commit", "tag")


@dataclass(frozen=True, slots=True)
class Repository:
    """The git repository that `folder` belongs to, asked by the git command."""

    folder: Path

    @classmethod
    def of(cls, *folders: Path) -> Repository:
        """The repository of the first of the folders that is in one."""
        inside = (cls(folder) for folder in folders if cls(folder).git("rev-parse", "--git-dir").returncode == 0)
        return next(inside, cls(folders[0]))

    def path_below_root(self, path: Path) -> str | None:
        """The path as git names it, from the root of what is checked out here; None outside of it."""
        root = self.git("rev-parse", "--show-toplevel")
        top = Path(os.fsdecode(root.stdout).removesuffix("\n")).resolve()
        if root.returncode != 0 or not path.resolve().is_relative_to(top):
            return None
        return path.resolve().relative_to(top).as_posix()

    @property
    def path_of_folder(self) -> str:
        """The path of `folder` as git names it, from the root of what is checked out here; there it is ""."""
        return os.fsdecode(self.git("rev-parse", "--show-prefix").stdout).removesuffix("\n")

    def find(self, text: str) -> GitObject | None:
        """The object that git knows as `text`; None when it knows none."""
        if not text or text.startswith("-") or "\0" in text:  # not a revision, and for git an option
            return None
        parsed = self.git("rev-parse", "--verify", "--quiet", text)
        sha = parsed.stdout.decode("ascii", "replace").strip()
        if parsed.returncode != 0 or not sha:
            return None
        type_ = self.git("cat-file", "-t", sha)
        return GitObject(type_.stdout.decode().strip(), sha) if type_.returncode == 0 else None

    def git(self, *arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        """Run git, without a network. Raises ProblemsFound when git is not installed."""
        command, environment = ["git", "-c", "protocol.allow=never", *arguments], os.environ | _ENVIRONMENT
        try:
            return subprocess.run(
                command,
                cwd=self.folder,
                env=environment,
                input=stdin,
                capture_output=True,
                timeout=_SECONDS,
                check=False,
            )
        except FileNotFoundError as error:
            hint = "install git, or compare files or folders, which do not need it"
            raise problem("git-failed", "git", "the git command is not installed", hint) from error
        except subprocess.TimeoutExpired as error:
            raise problem("git-failed", "git", f"{arguments[0]} took more than {_SECONDS} seconds") from error


def failed(name: str, run: subprocess.CompletedProcess[bytes]) -> ProblemsFound:
    """What git says of a run that failed."""
    errors = run.stderr.decode("utf-8", "replace").strip().splitlines()
    return problem("git-failed", name, errors[0] if errors else f"git ended with {run.returncode}")


def problem(id: str, file: str, message: str, hint: str = "") -> ProblemsFound:
    """A single problem of a file or a revision."""
    return ProblemsFound([Problem(id, Source(file), message, hint)])
