"""What has to hold of every generated package: it is code that templates print, and texts that do nothing."""

from __future__ import annotations

import ast
import itertools
import re
import sys
import tomllib
import warnings
from collections.abc import Iterator
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import msgspec

from tests.torture.subject import Broken

_STATEMENTS = (
    *(ast.Import, ast.ImportFrom, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef, ast.Assign, ast.AnnAssign),
    *(ast.Return, ast.If, ast.Expr),
)
_EXPRESSIONS = (
    *(ast.Name, ast.Constant, ast.Attribute, ast.BinOp, ast.Call, ast.Tuple, ast.Subscript, ast.Dict, ast.Await),
    *(ast.List, ast.UnaryOp),
)
_BUILT_IN = {"str", "float", "object", "property", "int", "bool", "super", "list", "bytes", "dict"}
_MODULES = {
    "__future__",
    "collections.abc",
    "datetime",
    "decimal",
    "typing",
    "uuid",
    "httpx2",
    "msgspec",
    "workflow_client_core",
}
_HEADINGS = {
    *(
        "Install",
        "Use",
        "Calls",
        "How do I get all items?",
        "How do I change a single call?",
        "Servers of single calls",
    ),
    *(
        "Not in this client",
        "Read differently from the API's description",
        "Webhooks",
        "Arguments of the client",
        "Errors",
    ),
}
_GROUP = re.compile(r"`client\.\w+`: .+")
_FENCES = ["```sh", "```", "```python", "```"]
_PROJECT = {
    "optional-dependencies",
    "name",
    "version",
    "description",
    "readme",
    "requires-python",
    "license",
    "license-files",
    "dependencies",
    "classifiers",
}
_NUMBERS = itertools.count()


def check_files(files: dict[str, str]) -> None:
    """Raise `Broken` unless these files of a package, by their paths in it, are as harmless as any others."""
    for path, text in files.items():
        if unprintable := {c for c in text if not c.isprintable()} - {"\n"}:
            raise Broken("a file has unprintable characters", (path, sorted(unprintable)))
        if "47514" in text:
            raise Broken("a template in a text is filled in", path)
        if path.endswith(".py"):
            check_module(path, text)
    check_readme(files["README.md"])
    project = tomllib.loads(files["pyproject.toml"])
    extras = project["project"].get("optional-dependencies", {}).keys() - {"otel"}
    if project.keys() - {"build-system", "project", "tool"} or project["project"].keys() - _PROJECT or extras:
        raise Broken("pyproject.toml has more than it should", project)


def check_module(path: str, text: str) -> None:
    """Raise `Broken` unless a module has only what templates print: declarations, and calls of what it imports."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        tree = ast.parse(text)
    nodes = list(ast.walk(tree))
    defined = set(_defined(nodes))
    for node in nodes:
        if isinstance(node, ast.stmt) and not isinstance(node, _STATEMENTS):
            raise Broken(f"{type(node).__name__} stands in a module", (path, ast.unparse(node)))
        if isinstance(node, ast.expr) and not isinstance(node, _EXPRESSIONS):
            raise Broken(f"{type(node).__name__} stands in a module", (path, ast.unparse(node)))
        if isinstance(node, ast.Name) and node.id not in defined and node.id not in _BUILT_IN:
            raise Broken("a module has a name that it does not define", (path, node.id))
        if isinstance(node, ast.Attribute) and node.attr.startswith("__") and ast.unparse(node) != "super().__init__":
            raise Broken("a module has a special attribute", (path, ast.unparse(node)))
        if isinstance(node, (ast.Expr, ast.If, ast.Import, ast.ImportFrom)):
            _check_statement(path, node)


def _check_statement(path: str, node: ast.Expr | ast.If | ast.Import | ast.ImportFrom) -> None:
    if isinstance(node, ast.Expr):
        if not isinstance(node.value, ast.Constant) and not ast.unparse(node).startswith("super().__init__(_API,"):
            raise Broken("an expression stands as a statement", (path, ast.unparse(node)))
    elif isinstance(node, ast.If):
        if ast.unparse(node.test) not in ("TYPE_CHECKING", "_TYPE_CHECKING"):
            raise Broken("a condition stands in a module", (path, ast.unparse(node.test)))
    elif isinstance(node, ast.Import):
        if unknown := {alias.name for alias in node.names} - _MODULES:
            raise Broken("a module imports another one", (path, unknown))
    elif not node.level and node.module not in _MODULES:
        raise Broken("a module imports another one", (path, node.module))


def _defined(nodes: list[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.alias):
            yield (node.asname or node.name).partition(".")[0]
        elif isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            yield node.id


def check_readme(text: str) -> None:
    """Raise `Broken` unless a README has the sections and blocks that the template gives it."""
    fences = []
    for line in text.splitlines():
        if line.startswith("#"):
            heading = line.lstrip("#").strip()
            if heading not in _HEADINGS and not _GROUP.fullmatch(heading) and not line.startswith("# "):
                raise Broken("a README has another heading", line)
        elif line.lstrip().startswith("```"):
            fences.append(line)
    if fences[: len(_FENCES)] != _FENCES or fences[len(_FENCES) :] not in ([], ["```python", "```"]):
        raise Broken("a README has other blocks", fences)


def imported(folder: Path, module: str) -> None:
    """Import all modules of a package, and have msgspec take its models. Raises `Broken` where that fails."""
    name = f"torture_{next(_NUMBERS)}"
    root = folder / module
    spec = spec_from_file_location(name, root / "__init__.py", submodule_search_locations=[str(root)])
    assert spec is not None
    assert spec.loader is not None
    package = module_from_spec(spec)
    sys.modules[name] = package
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        spec.loader.exec_module(package)
        paths = [path.relative_to(root).with_suffix("") for path in sorted(root.rglob("*.py"))]
        for path in paths:
            import_module(".".join((name, *path.parts)).removesuffix(".__init__"))
        models = import_module(f"{name}.models")
        for value in vars(models).copy().values():
            if isinstance(value, type) and value.__module__ == models.__name__:
                msgspec.json.Decoder(value)
    except Exception as error:
        raise Broken(f"the package cannot be imported: {type(error).__name__}", error) from error
    finally:
        sys.dont_write_bytecode = before
        for key in [key for key in sys.modules if key.partition(".")[0] == name]:
            del sys.modules[key]
