"""Write a generated folder: check the paths, format once, compare, and swap whole trees only when they differ."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import tempfile
import tokenize
import unicodedata
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..document.problems import Problem, Problems, ProblemsFound, Source
from .manifest import Manifest, fingerprint, is_cache, manifest_path, tree, walk
from .swap import Replaced, keep, locked, put, put_manifest, settle, stage

# The folder may lie under a .gitignore or have a name that ruff leaves out by default: every file is formatted.
_RUFF = ["ruff", "format", "--isolated", "--no-cache", "--quiet", "--line-length=120", "--target-version=py311"]
_RUFF += ["--no-respect-gitignore", "--config=exclude = []"]
_BUG = "the template that wrote it, or a filter that quotes text for it, is wrong"
_PIECE = 100_000
_UNPORTABLE = re.compile(r"[\x00-\x1f\x7f\\:\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Written:
    """What a run did to the folder: sorted paths below it. `replaced` files are also among `changed` or `removed`."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    replaced: tuple[Replaced, ...]
    unchanged: int


def write(out: Path, files: Mapping[str, str], inputs: Mapping[str, str]) -> Written:
    """Make the folder `out` hold the formatted `files` (POSIX path -> text) and nothing else; all of it or none.

    When it does already, it is not touched, and only the manifest follows the `inputs`.

    Raises `ProblemsFound` with `unsafe-path` or `path-clash` (a path that leaves the folder, is no path everywhere, or
    meets another one where case does not count), `invalid-code`, `foreign-directory` (it would delete somebody's files)
    or `busy` (another run); OSError when the disk is full or refuses.
    """
    out = out.resolve()
    _refuse_paths(files)
    if out == out.parent or (out.exists() and not out.is_dir()):
        raise _foreign(out, "is not a folder of ours to replace")
    out.parent.mkdir(parents=True, exist_ok=True)
    with locked(out):
        settle(out)
        texts = formatted(files)
        new = Manifest.of(inputs, texts)
        if not os.path.lexists(manifest_path(out)):
            _refuse_foreign(out, new)
        old = tree(out)
        replaced: tuple[Replaced, ...] = ()
        try:
            if old != new.outputs or not out.is_dir():
                replaced = keep(out, new)
                put(out, texts, new)
            elif Manifest.read(manifest_path(out)) != new:
                put_manifest(out, new)
        finally:
            settle(out)
    return Written(
        added=tuple(sorted(new.outputs.keys() - old.keys())),
        changed=tuple(sorted(path for path in new.outputs.keys() & old.keys() if new.outputs[path] != old[path])),
        removed=tuple(sorted(old.keys() - new.outputs.keys())),
        replaced=replaced,
        unchanged=len(new.outputs.items() & old.items()),
    )


def formatted(files: Mapping[str, str]) -> dict[str, str]:
    """The texts as `write` would write them: line ends are `\\n`, Python is formatted by one run of ruff.

    Raises `ProblemsFound` (`invalid-code`) for every file that is not Unicode, that Python would not compile, or would
    compile with a warning only; and when ruff fails.
    """
    problems = Problems()
    with tempfile.TemporaryDirectory(prefix="generated-") as name:
        folder = Path(name, "tree")
        texts = {path: text.replace("\r\n", "\n").replace("\r", "\n") for path, text in files.items()}
        for path, text in texts.items():
            try:
                text.encode()
            except UnicodeEncodeError as error:
                problems.error("invalid-code", Source(path), f"not Unicode: {error.reason}", _BUG)
        problems.stop_on_errors()
        stage(folder, texts)
        # -P: no module named ruff in the working directory is run instead.
        ruff = [sys.executable, "-P", "-m", *_RUFF, str(folder)]
        alone = {**os.environ, "RAYON_NUM_THREADS": "1"}  # one large module is most of a package: more only cost memory
        run = subprocess.run(
            ruff, env=alone, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", errors="replace"
        )
        texts = {path: (folder / path).read_bytes().decode() for path in sorted(texts)}
    for path, text in texts.items():
        if path.endswith(".py"):
            _compile(path, text, problems)
    problems.stop_on_errors()
    if run.returncode:
        lines = (run.stderr or run.stdout).strip().splitlines() or [f"exit status {run.returncode}"]
        problems.error("invalid-code", Source("ruff format"), lines[-1], "is ruff installed as the lock says?")
    problems.stop_on_errors()
    return texts


def _refuse_foreign(out: Path, new: Manifest) -> None:
    for path, entry in walk(out) if out.is_dir() else ():
        if path not in new.outputs or fingerprint(entry) != new.outputs[path]:
            raise _foreign(out, f"has no manifest ({manifest_path(out).name}) and holds {path}")


def _foreign(out: Path, why: str) -> ProblemsFound:
    hint = "name a folder that is empty, new or was generated; nothing was written"
    return ProblemsFound([Problem("foreign-directory", Source(str(out)), f"{out.name or out} {why}", hint)])


def _refuse_paths(files: Mapping[str, str]) -> None:
    problems = Problems()
    seen: dict[str, tuple[str, bool]] = {}
    for path in sorted(files):
        parts = path.split("/")
        if _UNPORTABLE.search(path) or any(part in ("", ".", "..") or is_cache(part) for part in parts):
            problems.error("unsafe-path", Source(path), "not a plain path below the generated folder", _BUG)
            continue
        for end in range(1, len(parts) + 1):
            this = "/".join(parts[:end]), end == len(parts)
            other = seen.setdefault(unicodedata.normalize("NFC", this[0]).casefold(), this)
            if other != this:
                message = f"cannot lie beside {other[0]} where file names have no case"
                problems.error("path-clash", Source(path), message, "rename one of what they are named after")
                break
    problems.stop_on_errors()


def _compile(path: str, text: str, problems: Problems) -> None:
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(text[:_PIECE].encode()).readline)
        if encoding != "utf-8":  # a comment of the first two lines that says so could turn texts into code
            raise ValueError(f"declares the encoding {encoding}")
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            _compile_pieces(path, text)
    except SyntaxError as error:
        source = f": {error.text.strip()[:100]}" if error.text else ""
        problems.error("invalid-code", Source(path, line=error.lineno or 0), f"{error.msg}{source}", _BUG)
    except (ValueError, RecursionError, Warning) as error:
        problems.error("invalid-code", Source(path), str(error), _BUG)


def _compile_pieces(path: str, text: str) -> None:
    """Compile a long module class by class, as a tree of it takes forty times the memory of its text.

    What is no code by itself gets its verdict, and its line, from the whole: texts that hold lines like a class's.
    """
    if len(text) > _PIECE:
        try:
            for piece in _pieces(text):
                compile(piece.encode(), path, "exec", dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError, Warning):
            pass
        else:
            return
    compile(text.encode(), path, "exec", dont_inherit=True)


def _pieces(text: str) -> Iterator[str]:
    """The text in pieces that begin where a class seems to; one after the other they are the text."""
    start = 0
    for match in re.finditer(r"^class ", text, re.MULTILINE):
        if match.start() - start > _PIECE:
            yield text[start : match.start()]
            start = match.start()
    yield text[start:]
