"""Files of a git revision, copied from the object store into a folder: offline, and whatever is checked out."""

from __future__ import annotations

import os
import posixpath
import re
import shlex
from dataclasses import field
from pathlib import Path

from ..document.problems import ProblemsFound
from ..interpreter.fast_dataclasses import dataclass
from ..project.releases import VERSIONS
from .repository import GitObject, Repository, failed, problem

MODEL = "workflow-run.yaml"
"""The unified model, in the folder that holds the providers' folders."""
BESIDE = (MODEL, VERSIONS)
"""What is read beside the providers' folders."""
FILES = ("openapi.yaml", "overlay.yaml", "provider.yaml", "normalization.yaml", "accepted.yaml")
"""The files of a provider's folder; of a revision, nothing else is read but what a document refers to."""
MAX_FILES = 5_000
MAX_BYTES = 200_000_000
_WITH_PATH = re.compile(r"((?:[^:{]|\{[^}]*\})+:)(.*)", re.DOTALL)
"""REVISION:PATH; colons in braces, as in `main@{10:00}`, belong to the revision."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file, a folder, a symbolic link or a submodule in a folder of a revision."""

    mode: str
    sha: str
    size: int
    """Of a file, in bytes."""

    @property
    def is_file(self) -> bool:
        return self.mode.startswith("100")

    @property
    def is_folder(self) -> bool:
        return self.mode == "040000"

    @property
    def is_link(self) -> bool:
        return self.mode == "120000"


@dataclass(frozen=True, slots=True)
class RevisionFiles:
    """The files of a folder of a revision, each of which is copied when a document refers to it."""

    repository: Repository
    tree: str
    """The id of the folder."""
    prefix: str
    """What their names in problems begin with, before the path: "HEAD:specs/example/"."""
    folder: Path
    """Where they are copied to."""
    _folders: dict[str, dict[str, Entry]] = field(default_factory=dict)
    _sizes: list[int] = field(default_factory=list)

    def copy(self, path: Path) -> None:
        """Write the file at `path`, which is inside the folder, if the revision has one. Raises ProblemsFound."""
        inside = path.relative_to(self.folder).as_posix()
        name, tree = f"{self.prefix}{inside}", self.tree
        if path.exists():
            return
        *folders, file = inside.split("/")
        for folder in folders:
            entry = self._entry(tree, folder, name)
            if entry is None or not entry.is_folder:
                return
            tree = entry.sha
        entry = self._entry(tree, file, name)
        if entry is not None and entry.is_file:
            self._sizes.append(entry.size)
            if sum(self._sizes) > MAX_BYTES:
                raise problem("too-large", name, f"with this file, what is read has more than {MAX_BYTES:,} bytes")
            _copy(self.repository, {inside: entry.sha}, self.folder, self.prefix)

    def _entry(self, tree: str, key: str, name: str) -> Entry | None:
        """What a folder has under a name; `name` is that of the file that is looked for."""
        if tree not in self._folders:
            self._folders[tree] = files_in(self.repository, tree, name)
        entry = self._folders[tree].get(key)
        if entry and entry.is_link:
            raise _not_followed(name)
        return entry


@dataclass(frozen=True, slots=True)
class Extracted:
    """What was copied of a revision."""

    path: Path
    name: str
    """What it is called in problems."""
    around: RevisionFiles | None = None
    """The files around it, to which a document may refer; None where git does not say in which folder it is."""


def extract(repository: Repository, text: str, default: str, into: Path) -> Extracted:
    """Copy the file or folder that `text` names, as `REVISION:PATH`, into a folder.

    The path of a revision without one is `default`. Raises ProblemsFound.
    """
    content, name = _look_up(repository, text, default)
    into.mkdir(parents=True)
    into = into.resolve()
    revision, path = split_name(name)
    basename = posixpath.basename(path)
    copy = into / ("root" if basename in (".", "..") else basename)
    if content.type == "blob":
        if around := _around(repository, content, name, into):
            files, path = around
            files.copy(into / path)
            return Extracted(into / path, name, files)
        _copy(repository, {copy.name: content.sha}, into, name)
        return Extracted(copy, name)
    entries = _files_of_specs(repository, content.sha, name)
    _copy(repository, entries, copy, f"{name}/")
    if FILES[0] in entries and revision:
        for file in BESIDE:
            blob = repository.find(f"{revision}{posixpath.join(posixpath.dirname(path), file)}")
            if blob and blob.type == "blob":
                _copy(repository, {file: blob.sha}, into, name)
    return Extracted(copy, name, RevisionFiles(repository, content.sha, f"{name}/", copy))


def split_name(name: str) -> tuple[str, str]:
    """The two parts of REVISION:PATH, the colon with the first; that is "" where the name has no revision."""
    parts = _WITH_PATH.fullmatch(name)
    return (parts[1], parts[2]) if parts else ("", name)


def _around(repository: Repository, file: GitObject, name: str, into: Path) -> tuple[RevisionFiles, str] | None:
    """The files of the revision in which a file is, and its path in it; None where git knows it by another name."""
    revision, path = split_name(name)
    tree = repository.find(f"{revision.removesuffix(':')}^{{tree}}") if revision else None
    if tree is None:
        return None
    if path.startswith(("./", "../")):
        path = posixpath.normpath(posixpath.join(repository.path_of_folder, path))
    committed = repository.find(f"{tree.sha}:{path}")
    return (RevisionFiles(repository, tree.sha, revision, into), path) if committed == file else None


def _look_up(repository: Repository, text: str, default: str) -> tuple[GitObject, str]:
    """The file or folder at `text`, and its name in problems."""
    content, name = repository.find(text), text
    if content is None:
        raise unknown(repository, text)
    if content.is_revision:
        path = "" if default == "." else default
        content, name = repository.find(f"{content.sha}:{path}"), f"{text}:{path}"
        if content is None:
            raise problem("no-such-path", text, f"the revision has no {default}", f"name another path: {text}:path")
    return content, f"{name}." if name.endswith(":") else name.rstrip("/")


def files_in(repository: Repository, tree: str, name: str, *options: str) -> dict[str, Entry]:
    """What is in a folder, by path; with the option `-r` also what is in folders in it, and no folders."""
    # --full-tree, as git would else look for the current folder's path in the tree.
    listing = repository.git("ls-tree", *options, "-l", "-z", "--full-tree", tree)
    if listing.returncode != 0:
        raise failed(name, listing)
    entries = dict[str, Entry]()
    for line in listing.stdout.split(b"\0")[:-1]:
        properties, _, path = line.partition(b"\t")
        mode, _, sha, size = properties.decode("ascii").split()
        entries[os.fsdecode(path)] = Entry(mode, sha, 0 if size == "-" else int(size))
    return entries


def _files_of_specs(repository: Repository, tree: str, name: str) -> dict[str, str]:
    """The files of one provider's folder, or of a folder of these, by path, each with the id of its blob."""
    files: dict[str, str] = {}
    total = 0
    for path, entry in files_in(repository, tree, name, "-r").items():
        folder, _, file = path.rpartition("/")
        if "/" in folder or folder.startswith((".", "__")) or file not in (FILES if folder else (*FILES, *BESIDE)):
            continue
        if not entry.is_file:
            raise _not_followed(f"{name}/{path}")
        files[path] = entry.sha
        total += entry.size
        if len(files) > MAX_FILES or total > MAX_BYTES:
            raise problem("too-large", name, f"more than {MAX_FILES:,} files of specs, or {MAX_BYTES:,} bytes")
    return files


def _not_followed(name: str) -> ProblemsFound:
    # A link may lead anywhere, also out of the revision.
    message = "this is a symbolic link, which is not followed"
    return problem("symbolic-link", name, message, "commit the file itself")


def _copy(repository: Repository, files: dict[str, str], into: Path, prefix: str) -> None:
    """Write the blobs of `files`, by their paths in `into`; in problems, `prefix` stands before the path."""
    contents = repository.git("cat-file", "--batch", stdin="".join(f"{sha}\n" for sha in files.values()).encode())
    if contents.returncode != 0:
        raise failed(prefix.rstrip("/"), contents)
    rest = memoryview(contents.stdout)
    into.mkdir(parents=True, exist_ok=True)
    for path in files:
        head, _, _ = bytes(rest[:200]).partition(b"\n")  # "<sha> blob <size>", or "<sha> missing"
        _, type_, *size = head.split()
        if type_ != b"blob":
            raise problem("git-failed", f"{prefix}{path}", "git does not have the file", "run `git fetch`")
        begin, end = len(head) + 1, len(head) + 1 + int(size[0])
        (into / path).parent.mkdir(parents=True, exist_ok=True)
        (into / path).write_bytes(rest[begin:end])
        rest = rest[end + 1 :]


def unknown(repository: Repository, text: str) -> ProblemsFound:
    """The problem of a text that git does not know, with a hint on how to get it."""
    revision, colon, path = text.partition(":")
    named = repository.find(revision) if colon else None
    if named and named.is_revision:
        return problem("no-such-path", text, f"the revision {revision} has no {path}")
    message = "neither a file or folder, nor a revision that git knows here"
    inside = repository.git("rev-parse", "--is-shallow-repository")
    if inside.returncode != 0:
        why = failed(text, inside).problems[0].message.removeprefix("fatal: ")
        return problem("no-such-version", text, message, f"here git says: {why}")
    shallow = inside.stdout.strip() == b"true"
    remote, slash, branch = revision.partition("/")
    if slash and branch and remote in repository.git("remote").stdout.decode("utf-8", "replace").split():
        fetch = f"git fetch {remote} {shlex.quote(f'{branch}:refs/remotes/{revision}')}"
        hint = f"fetch it: `{fetch.replace('fetch', 'fetch --depth=1', 1) if shallow else fetch}`"
    elif shallow:
        hint = "this clone is shallow; `git fetch --unshallow` gets the rest of it"
    else:
        hint = "if the revision is on a server, `git fetch` it first"
    return problem("no-such-version", text, message, hint)
