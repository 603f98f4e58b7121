"""The names that a package imports when they are first used, as type checkers and as programs find them."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from types import ModuleType


def seen_by_type_checkers(package: ModuleType) -> dict[str, str]:
    """The names that `if TYPE_CHECKING:` imports, each with its module, which begins with a dot inside the package."""
    assert package.__file__ is not None
    tree = ast.parse(Path(package.__file__).read_text("utf-8"))
    blocks = [node for node in tree.body if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"]
    imports = [node for block in blocks for node in block.body if isinstance(node, ast.ImportFrom)]
    return {alias.name: "." * node.level + (node.module or "") for node in imports for alias in node.names}


def modules_after(program: str, path: str) -> set[str]:
    """The modules that a process of its own has loaded after a program, which finds packages on `path`."""
    run = subprocess.run(
        [sys.executable, "-c", f"{program}\nimport sys; print(*sys.modules)"],
        env={"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return {*run.stdout.split()}
