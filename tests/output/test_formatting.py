"""Python is formatted the same everywhere, and what Python would not take is never written."""

from __future__ import annotations

import sys
import sysconfig
import tempfile
from importlib.machinery import SourceFileLoader
from pathlib import Path

import pytest

from generator import resources
from generator.document.problems import ProblemsFound
from generator.output import formatting
from generator.output.fingerprints import tree
from generator.output.formatting import formatted
from generator.output.write import write
from generator.render.package import core_files
from generator.resources import Copy
from tests.output.written import FILES, names, refusals


def test_python_is_formatted_wherever_it_lies_and_line_ends_are_one_character() -> None:
    messy = "x = {  'a':1 }\r\ny = '''a\rb'''"
    paths = ["dist/a.py", "node_modules/a.py", ".hidden/a.py", "ignored/a.py", "é/a.pyi"]
    assert formatted(dict.fromkeys(paths, messy)) == dict.fromkeys(paths, 'x = {"a": 1}\ny = """a\nb"""\n')


def test_no_settings_of_the_surroundings_count(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").write_text("ignored/\n")
    (tmp_path / "pyproject.toml").write_text("[tool.ruff]\nline-length = 10\nindent-width = 2\n")
    assert formatted({"ignored/a.py": "if x:\n  y = 'long enough'"}) == {
        "ignored/a.py": 'if x:\n    y = "long enough"\n'
    }


def test_lines_have_120_columns() -> None:
    line = "x = [" + "1, " * 37 + "111]\n"
    assert len(line.rstrip()) == 120
    assert formatted({"a.py": line, "b.py": line.replace("111]", "1111]")}) == {
        "a.py": line,
        "b.py": "x = [\n" + "    1,\n" * 37 + "    1111,\n]\n",
    }


def test_other_texts_stay_as_they_are() -> None:
    files = {"a.toml": "a   = 1\n\n\n", "b.yaml": "b:   [1]", "py.typed": ""}
    assert formatted(files) == files


def test_formatting_twice_changes_nothing() -> None:
    once = formatted(FILES)
    assert formatted(once) == once


REFUSED = pytest.mark.parametrize(
    ("code", "line", "message"),
    [
        ("x = 1\ny = (\n", 2, "'(' was never closed: y = ("),
        ("x = 1\nreturn x\n", 2, "'return' outside function"),
        ("x = 1\ny = '\\d'\n", 2, "invalid escape sequence"),
        ("x = 1 is 1\n", 1, '"is" with'),
        ("x = '\0'\n", 0, "null"),
        ("# coding: utf-7\n# +AAo-import os\n", 0, "declares the encoding utf-7"),
        ("# coding: nonsense\n", 0, "nonsense"),
        ("x = '\ud800'\n", 0, "not Unicode"),
    ],
    ids=range(8),
)


@REFUSED
def test_code_that_python_would_not_take_is_never_written(code: str, line: int, message: str, tmp_path: Path) -> None:
    write(tmp_path / "out", FILES, {})
    before = tree(tmp_path / "out")
    with pytest.raises(ProblemsFound) as caught:
        write(tmp_path / "out", {"bad.py": code, "good.py": "x = 1\n"}, {})
    (problem,) = caught.value.problems
    assert (problem.id, problem.source.file, problem.source.line) == ("invalid-code", "bad.py", line)
    assert message in problem.message
    assert tree(tmp_path / "out") == before
    assert names(tmp_path) == {"out", ".out.manifest.json"}


@REFUSED
def test_a_copy_that_python_would_not_take_is_refused_each_time(
    code: str, line: int, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "bytecode"))
    source = tmp_path / "source.py"
    source.write_bytes(code.encode("utf-8", "surrogatepass"))
    copy = Copy(code)
    copy.source = source
    for _ in range(2):
        with pytest.raises(ProblemsFound) as caught:
            formatted({"bad.py": copy})
        (problem,) = caught.value.problems
        assert (problem.id, problem.source.file, problem.source.line) == ("invalid-code", "bad.py", line)
        assert message in problem.message


def test_a_copy_stays_as_it_is_and_is_compiled_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "bytecode"))
    source = tmp_path / "source.py"
    source.write_text("x = {  'a':1 }\n")
    for _ in range(2):
        assert formatted({"a.py": Copy.of(source)}) == {"a.py": "x = {  'a':1 }\n"}
        monkeypatch.setattr(SourceFileLoader, "source_to_code", None)  # there is bytecode by now


def test_all_copies_of_this_repository_are_formatted() -> None:
    files = core_files()
    copies = {path: text for path, text in files.items() if isinstance(text, Copy) and path.endswith(".py")}
    runs = resources.templates_folder() / "normalization" / "workflow_runs"
    copies |= {path.relative_to(runs).as_posix(): Copy.of(path) for path in sorted(runs.rglob("*.py"))}
    assert len(copies) > 100
    assert formatted({path: str(text) for path, text in copies.items()}) == copies


def test_all_invalid_files_are_reported_at_once() -> None:
    with pytest.raises(ProblemsFound) as caught:
        formatted({"a.py": "(", "b.py": "x = 1", "c.py": ")"})
    assert refusals(caught) == [("invalid-code", "a.py"), ("invalid-code", "c.py")]


LONG = "".join(f"class C{i}:\n    a = {'x' * 90!r}\n\n\n" for i in range(3000))


@pytest.mark.parametrize("text", [LONG, f'A = """\nclass {LONG}"""\n'], ids=["classes", "texts like classes"])
def test_long_modules_are_compiled_too(text: str) -> None:
    assert formatted({"a.py": text})["a.py"].count("class C2999:") == 1
    end = text.count("\n") + 1
    for wrong in ("return 1\n", "class A(\n", 'B = "\\d"\n'):
        with pytest.raises(ProblemsFound, match=rf"a.py:({end}|{end + 1}): error\[invalid-code\]"):
            formatted({"a.py": text + wrong})


def test_a_formatter_that_fails_stops_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formatting, "_ruff", lambda: [sys.executable, "-P", "-m", "no_such_module"])
    with pytest.raises(ProblemsFound, match=r"error\[invalid-code\]: .*No module named no_such_module"):
        formatted({"a.py": "x = 1\n"})


def test_a_formatter_that_fails_is_asked_again_only_where_a_module_was_in_pieces(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    runs: list[Path] = []

    def fail(folder: Path) -> str:
        runs.append(folder)
        return "it fails"

    monkeypatch.setattr(formatting, "_run_ruff", fail)
    long = "".join(f"class C{number}:\n    pass\n\n\n" for number in range(6_000))
    for text, times in (("x = 1\n", 1), (long, 2)):
        with pytest.raises(ProblemsFound, match="it fails"):
            formatted({"a.py": text})
        assert len(runs) == times
        runs.clear()


def test_a_formatter_that_is_nowhere_is_said_without_the_list_of_places(monkeypatch: pytest.MonkeyPatch) -> None:
    code = "import sys; sys.exit('RuffNotFound: no ruff in these places:\\n - /a\\n - /b')"
    monkeypatch.setattr(formatting, "_ruff", lambda: [sys.executable, "-c", code])
    with pytest.raises(ProblemsFound, match=r"error\[invalid-code\]: RuffNotFound: no ruff in these places:\n"):
        formatted({"a.py": "x = 1\n"})


def test_the_formatter_comes_from_the_environment_not_from_the_working_directory(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "ruff.py").write_text("raise SystemExit('run instead')")
    (tmp_path / "ruff").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "ruff").chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PYTHONPATH", raising=False)
    assert formatted({"a.py": "x=1"}) == {"a.py": "x = 1\n"}
    monkeypatch.setattr(sysconfig, "get_path", lambda _: "no/such/folder")  # so that Python looks for the module
    assert formatted({"a.py": "x=1"}) == {"a.py": "x = 1\n"}


@pytest.mark.parametrize(
    "before",
    [
        *(
            "",
            "x = 1",
            "x = 1\n\n",
            "import a",
            '"""Doc."""',
            "if x:\n  class B: pass\nelse:\n  y = 1",
            "def f(): pass",
        ),
        *("# about A", "# about A\n", "x = 1  # one", "@a.b\n@c", "# fmt: off\nx  =  1", "x = [\n1]"),
        *("class B: pass", "class B:\n  '''x\nclass'''\n  # end", "'''\n# x\nclass D: '''"),
    ],
)
def test_modules_are_formatted_in_pieces_as_they_are_as_a_whole(before: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = f"{before}\nclass A(B):\n  a  =  1\n\n\n\nclass C: ...\n"
    monkeypatch.setattr(formatting, "_LONG", 1_000_000)
    whole = formatted({"a.py": text, "a.pyi": text})
    monkeypatch.setattr(formatting, "_LONG", 1)
    assert formatted({"a.py": text, "a.pyi": text}) == whole


def test_generated_modules_are_formatted_in_pieces_as_they_are_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Path(__file__).parents[2] / "generated"
    modules = {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in folder.glob("*/*/*.py")}
    monkeypatch.setattr(formatting, "_LONG", 1_000)
    assert formatted(modules) == modules
