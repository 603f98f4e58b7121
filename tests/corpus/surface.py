"""The methods of a generated client, read from the imported package without the generator.

A method belongs to the operation that its code names.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import workflow_client_core as core


@dataclass(frozen=True)
class Method:
    """A generated method: `dotted_name` leads to it from the client (`runs.get`)."""

    dotted_name: str
    operation: core.Operation[Any]
    function: Any

    @property
    def name(self) -> str:
        return self.dotted_name.rpartition(".")[2]


def methods(client: Any, base: type) -> list[Method]:
    """The methods of a client and of its groups, without those of its base class."""
    return list(_methods(client, "", base))


def _methods(holder: Any, prefix: str, base: type) -> Iterator[Method]:
    for name in sorted(n for n in dir(type(holder)) if not n.startswith("_") and not hasattr(base, n)):
        if name in ("raw", "paginated"):
            continue
        value = getattr(holder, name)
        if inspect.isroutine(value):
            if (operation := _operation(value)) is not None:
                yield Method(f"{prefix}{name}", operation, value)
        elif not prefix and type(value).__module__.partition(".")[0] == type(holder).__module__.partition(".")[0]:
            yield from _methods(value, f"{name}.", base)


def _operation(method: Any) -> core.Operation[Any] | None:
    """The operation that a method's code names; a module that it imports, or uses, may hold it."""
    function = inspect.unwrap(getattr(method, "__func__", method))
    names = function.__code__.co_names
    package = function.__module__.partition(".")[0]
    holders = [function.__globals__, *(vars(v) for n in names if inspect.ismodule(v := function.__globals__.get(n)))]
    holders += [
        vars(m) for n, m in list(sys.modules.items()) if n.startswith(f"{package}.") and n.endswith(tuple(names))
    ]
    for holder in holders:
        for name in names:
            if isinstance(operation := holder.get(name), core.Operation):
                return operation
    return None


def hints(method: Any) -> dict[str, Any]:
    """The annotations of a method, resolved; for this, imports under `TYPE_CHECKING` are executed."""
    function = getattr(method, "__func__", method)
    resolved: dict[str, Any] = {}
    names = {**_checking_names(function.__module__), **vars(sys.modules[function.__module__])}
    for name, annotation in inspect.get_annotations(function).items():
        resolved[name] = eval(annotation, names) if isinstance(annotation, str) else annotation
    return resolved


_CHECKING: dict[str, dict[str, Any]] = {}


def _checking_names(module: str) -> dict[str, Any]:
    if module not in _CHECKING:
        names: dict[str, Any] = {"__package__": sys.modules[module].__package__}
        for node in ast.parse(inspect.getsource(sys.modules[module])).body:
            if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
                imports: list[ast.stmt] = [n for n in node.body if isinstance(n, (ast.Import, ast.ImportFrom))]
                exec(compile(ast.Module(imports, []), module, "exec"), names)
        _CHECKING[module] = names
    return _CHECKING[module]
