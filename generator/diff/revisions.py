"""Files of a git revision, copied from the object store into a folder: offline, and whatever is checked out."""

from __future__ import annotations

import os
import posixpath
import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path

from ..document.problems import Problem, ProblemsFound, Source

MODEL = "workflow-run.yaml"
"""The unified model, in the folder that holds the providers' folders."""
FILES = ("openapi.yaml", "overlay.yaml", "provider.yaml", "normalization.yaml", "accepted.yaml")
"""The files of a provider's folder; nothing else is read of a revision."""
MAX_FILES = 5_000
MAX_BYTES = 200_000_000
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
            raise _problem("git-failed", "git", "the git command is not installed", hint) from error
        except subprocess.TimeoutExpired as error:
            raise _problem("git-failed", "git", f"{arguments[0]} took more than {_SECONDS} seconds") from error


def extract(repository: Repository, text: str, default: str, into: Path) -> tuple[Path, str]:
    """Copy the file or folder that `text` names, as `REVISION:PATH`, into a folder: the copy, and its name in problems.

    The path of a revision without one is `default`. Raises ProblemsFound.
    """
    content, name = _look_up(repository, text, default)
    revision, _, path = name.rpartition(":")
    basename = posixpath.basename(path)
    copy = into / ("root" if basename in (".", "..") else basename)
    into.mkdir(parents=True)
    if content.type == "blob":
        _copy(repository, {copy.name: content.sha}, into, name)
        return copy, name
    files = _files_of_specs(repository, content.sha, name)
    _copy(repository, files, copy, name)
    if FILES[0] in files and revision:
        model = repository.find(f"{revision}:{posixpath.join(posixpath.dirname(path), MODEL)}")
        if model and model.type == "blob":
            _copy(repository, {MODEL: model.sha}, into, name)
    return copy, name


def _look_up(repository: Repository, text: str, default: str) -> tuple[GitObject, str]:
    """The file or folder at `text`, and its name in problems."""
    content, name = repository.find(text), text
    if content is None:
        raise _unknown(repository, text)
    if content.is_revision:
        path = "" if default == "." else default
        content, name = repository.find(f"{content.sha}:{path}"), f"{text}:{path}"
        if content is None:
            raise _problem("no-such-path", text, f"the revision has no {default}", f"name another path: {text}:path")
    return content, f"{name}." if name.endswith(":") else name.rstrip("/")


def _files_of_specs(repository: Repository, tree: str, name: str) -> dict[str, str]:
    """The files of one provider's folder, or of a folder of these, by path, each with the id of its blob."""
    # --full-tree, as git would else look for the current folder's path in the tree.
    listing = repository.git("ls-tree", "-r", "-l", "-z", "--full-tree", tree)
    if listing.returncode != 0:
        raise _failed(name, listing)
    files: dict[str, str] = {}
    total = 0
    for entry in listing.stdout.split(b"\0")[:-1]:
        properties, _, raw_path = entry.partition(b"\t")
        path = os.fsdecode(raw_path)
        folder, _, file = path.rpartition("/")
        if "/" in folder or folder.startswith((".", "__")) or file not in (FILES if folder else (*FILES, MODEL)):
            continue
        mode, _, sha, size = properties.decode("ascii").split()
        if not mode.startswith("100"):
            # A link may lead anywhere, also out of the revision.
            raise _problem(
                "symbolic-link",
                f"{name}/{path}",
                "this is a symbolic link, which is not followed",
                "commit the file itself",
            )
        files[path] = sha
        total += int(size)
        if len(files) > MAX_FILES or total > MAX_BYTES:
            raise _problem("too-large", name, f"more than {MAX_FILES:,} files of specs, or {MAX_BYTES:,} bytes")
    return files


def _copy(repository: Repository, files: dict[str, str], into: Path, name: str) -> None:
    """Write the blobs of `files`, by their paths in `into`."""
    contents = repository.git("cat-file", "--batch", stdin="".join(f"{sha}\n" for sha in files.values()).encode())
    if contents.returncode != 0:
        raise _failed(name, contents)
    rest = memoryview(contents.stdout)
    into.mkdir(parents=True, exist_ok=True)
    for path in files:
        head, _, _ = bytes(rest[:200]).partition(b"\n")  # "<sha> blob <size>", or "<sha> missing"
        _, type_, *size = head.split()
        if type_ != b"blob":
            raise _problem("git-failed", f"{name}/{path}", "git does not have the file", "run `git fetch`")
        begin, end = len(head) + 1, len(head) + 1 + int(size[0])
        (into / path).parent.mkdir(exist_ok=True)
        (into / path).write_bytes(rest[begin:end])
        rest = rest[end + 1 :]


def _unknown(repository: Repository, text: str) -> ProblemsFound:
    """The problem of a text that git does not know, with a hint on how to get it."""
    revision, colon, path = text.partition(":")
    named = repository.find(revision) if colon else None
    if named and named.is_revision:
        return _problem("no-such-path", text, f"the revision {revision} has no {path}")
    message = "neither a file or folder, nor a revision that git knows here"
    inside = repository.git("rev-parse", "--is-shallow-repository")
    if inside.returncode != 0:
        why = _failed(text, inside).problems[0].message.removeprefix("fatal: ")
        return _problem("no-such-version", text, message, f"here git says: {why}")
    shallow = inside.stdout.strip() == b"true"
    remote, slash, branch = revision.partition("/")
    if slash and branch and remote in repository.git("remote").stdout.decode("utf-8", "replace").split():
        fetch = f"git fetch {remote} {shlex.quote(f'{branch}:refs/remotes/{revision}')}"
        hint = f"fetch it: `{fetch.replace('fetch', 'fetch --depth=1', 1) if shallow else fetch}`"
    elif shallow:
        hint = "this clone is shallow; `git fetch --unshallow` gets the rest of it"
    else:
        hint = "if the revision is on a server, `git fetch` it first"
    return _problem("no-such-version", text, message, hint)


def _failed(name: str, run: subprocess.CompletedProcess[bytes]) -> ProblemsFound:
    errors = run.stderr.decode("utf-8", "replace").strip().splitlines()
    return _problem("git-failed", name, errors[0] if errors else f"git ended with {run.returncode}")


def _problem(id: str, file: str, message: str, hint: str = "") -> ProblemsFound:
    return ProblemsFound([Problem(id, Source(file), message, hint)])
