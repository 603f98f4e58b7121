"""Format the texts of a folder once, and refuse what is not valid Python: then a template is wrong."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import sysconfig
import tempfile
import tokenize
import warnings
from collections.abc import Callable, Iterator, Mapping
from importlib.machinery import SourceFileLoader
from pathlib import Path, PurePosixPath

from ..document.problems import Problems, Source
from ..resources import Copy
from .swap import write_texts
from .temporary import temporary_folder

# The folder may lie under a .gitignore or have a name that ruff leaves out by default: every file is formatted.
_OPTIONS = ["format", "--isolated", "--no-cache", "--quiet", "--line-length=120", "--target-version=py311"]
_OPTIONS += ["--no-respect-gitignore", "--config=exclude = []"]
BUG = "the template that wrote it, or a filter that quotes text for it, is wrong"
"""The hint of problems that no document can cause."""
MAX_SECONDS = 300.0
"""The time that ruff gets. It formats the largest packages in a few seconds: a run that takes longer hangs."""
_LONG = 100_000
"""Characters from which a module is formatted and compiled in pieces."""
_BETWEEN_CLASSES = "\n\n"
"""The blank lines before a class."""
_SWITCH = re.compile(r"#\s*(?:fmt|yapf)\s*:")
"""A comment that switches formatting off and on."""


def formatted(files: Mapping[str, str]) -> dict[str, str]:
    """The texts as `write` would write them: line ends are `\\n`, Python is formatted by one run of ruff.

    What is copied as it is has been formatted where it was written.
    Raises `ProblemsFound` (`invalid-code`) for every file that is not Unicode, that Python would not compile, or would
    compile with a warning only; and when ruff fails.
    """
    problems = Problems()
    texts = {path: files[path].replace("\r\n", "\n").replace("\r", "\n") for path in sorted(files)}
    for path, text in texts.items():
        try:
            text.encode()
        except UnicodeEncodeError as error:
            problems.error("invalid-code", Source(path), f"not Unicode: {error.reason}", BUG)
    problems.stop_on_errors()
    copies = {path: text for path, text in files.items() if isinstance(text, Copy)}
    rendered = {path: text for path, text in texts.items() if path.endswith((".py", ".pyi")) and path not in copies}
    modules, failure = _formatted_modules(rendered)
    texts |= modules
    for path, text in texts.items():
        if path.endswith(".py") and not (path in copies and _has_compiled(copies[path])):
            _compile(path, text, problems)
    problems.stop_on_errors()
    if failure:
        problems.error("invalid-code", Source("ruff format"), failure, "is ruff installed beside the generator?")
    problems.stop_on_errors()
    return texts


def _formatted_modules(modules: Mapping[str, str]) -> tuple[dict[str, str], str]:
    """Modules as ruff formats them, by path, and the reason why that failed, "" when it did not.

    It gets long modules in pieces, as it takes thirty times the memory of a text. Where one of them is not valid by
    itself, it gets all modules as they are.
    """
    if not modules:
        return {}, ""
    texts, failure = _formatted_in(_pieces_to_format, modules)
    if failure and any(len(_pieces_to_format(path, text)) > 1 for path, text in modules.items()):
        return _formatted_in(lambda _, text: [text], modules)
    return texts, failure


def _pieces_to_format(path: str, text: str) -> list[str]:
    """The pieces of a module that can be formatted by themselves, or all of it."""
    pieces = [*_pieces(text)]
    last_lines = [piece.rstrip().rpartition("\n")[2] for piece in pieces[:-1]]
    is_whole = _SWITCH.search(text) or any(line.startswith("#") for line in last_lines) or not path.endswith(".py")
    return [text] if is_whole else pieces


def _formatted_in(pieces: Callable[[str, str], list[str]], modules: Mapping[str, str]) -> tuple[dict[str, str], str]:
    """As `_formatted_modules`; `pieces` has the pieces of a module, by its path and its text."""
    with temporary_folder() as temporary:
        files: dict[str, list[Path]] = {}
        for path, text in modules.items():
            folder, suffix = temporary / str(len(files)), PurePosixPath(path).suffix
            texts = {f"{i}{suffix}": piece for i, piece in enumerate(pieces(path, text))}
            write_texts(folder, texts)
            files[path] = [folder / name for name in texts]
        failure = _run_ruff(temporary)
        formatted_pieces = ((path, (piece.read_bytes().decode() for piece in files[path])) for path in modules)
        return {path: _BETWEEN_CLASSES.join(texts) for path, texts in formatted_pieces}, failure


def _run_ruff(folder: Path) -> str:
    """Format all Python files in the folder; the reason why that failed, "" when it did not."""
    command = [*_ruff(), *_OPTIONS, str(folder)]
    # More threads would take memory, and save no time where most of a package is a single module.
    environment = {**os.environ, "RAYON_NUM_THREADS": "1"}
    # A file, not a pipe: a process that ruff leaves behind could keep a pipe open.
    with tempfile.TemporaryFile() as output:
        try:
            run = subprocess.run(
                command, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output, timeout=MAX_SECONDS
            )
        except subprocess.TimeoutExpired:
            return f"it had not ended after {MAX_SECONDS:g} seconds, and was killed"
        output.seek(0)
        lines = output.read().decode("utf-8", "replace").strip().splitlines()
    if not run.returncode:
        return ""
    # What is indented, such as the places where ruff is not, belongs to the line before.
    return next(
        (line for line in reversed(lines) if line.strip() and not line[0].isspace()), f"exit status {run.returncode}"
    )


def _ruff() -> list[str]:
    """The command for the ruff of this environment: mostly its program, as Python takes longer to start than ruff."""
    program = Path(sysconfig.get_path("scripts"), f"ruff{sysconfig.get_config_var('EXE') or ''}")
    # -P: no module named ruff in the working directory is run instead.
    return [str(program)] if program.is_file() else [sys.executable, "-P", "-m", "ruff"]


def _has_compiled(copy: Copy) -> bool:
    """Whether Python has compiled the source of a copy before, as it does for an import, or does so now."""
    loader = SourceFileLoader("copy", str(copy.source))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            return _encoding(copy) == "utf-8" and loader.get_code("copy") is not None
        except (SyntaxError, ValueError, RecursionError, Warning):
            return False


def _encoding(text: str) -> str:
    """The encoding that a module declares; without a declaration UTF-8."""
    return tokenize.detect_encoding(io.BytesIO(text[:_LONG].encode()).readline)[0]


def _compile(path: str, text: str, problems: Problems) -> None:
    try:
        encoding = _encoding(text)
        if encoding != "utf-8":  # a comment of the first two lines that says so could turn texts into code
            raise ValueError(f"declares the encoding {encoding}")
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            _compile_pieces(path, text)
    except SyntaxError as error:
        source = f": {error.text.strip()[:100]}" if error.text else ""
        problems.error("invalid-code", Source(path, line=error.lineno or 0), f"{error.msg}{source}", BUG)
    except (ValueError, RecursionError, Warning) as error:
        problems.error("invalid-code", Source(path), str(error), BUG)


def _compile_pieces(path: str, text: str) -> None:
    """Compile a long module class by class, as a tree of it takes forty times the memory of its text.

    Where a piece is not valid by itself, the whole decides, and names the line: a text may hold lines like a class's.
    """
    if len(text) > _LONG:
        try:
            for piece in _pieces(text):
                compile(piece.encode(), path, "exec", dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError, Warning):
            pass
        else:
            return
    compile(text.encode(), path, "exec", dont_inherit=True)


def _pieces(text: str) -> Iterator[str]:
    """The text in pieces, of which each but the first begins where a class seems to; a short text is one piece."""
    start = 0
    while (end := text.find("\nclass ", start + _LONG) + 1) > 0:
        yield text[start:end]
        start = end
    yield text[start:]
