"""The classes of a package, compared with the components of the document."""

from __future__ import annotations

import ast
import inspect
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from tests.corpus.raw import Document
from tests.corpus.untyped import LOST_BY_GENERATOR, reason


def classes(modules: Iterable[Any]) -> dict[str, Any]:
    """The classes of a package's `models` modules."""
    by_name: dict[str, Any] = {}
    for module in _models(modules):
        for name, value in vars(module).items():
            if inspect.isclass(value) and value.__module__ == module.__name__:
                by_name[name] = value
    return by_name


def _models(modules: Iterable[Any]) -> list[Any]:
    return [module for module in modules if "models" in module.__name__.split(".")]


def repeated_names(modules: Iterable[Any]) -> list[str]:
    """Names that a module's text gives to two classes: the later one replaces the earlier one."""
    repeated = []
    for module in modules:
        names = Counter(n.name for n in ast.parse(inspect.getsource(module)).body if isinstance(n, ast.ClassDef))
        repeated += [name for name, times in names.items() if times > 1]
        bodies = [n for n in ast.walk(ast.parse(inspect.getsource(module))) if isinstance(n, ast.ClassDef)]
        for body in bodies:
            plain = Counter(
                n.name
                for n in body.body
                if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef)) and not n.decorator_list
            )
            repeated += [f"{body.name}.{name}" for name, times in plain.items() if times > 1]
    return repeated


def wires(cls: Any) -> set[str]:
    """The properties of a class as they are called in JSON."""
    return set(cls.__struct_encode_fields__) if issubclass(cls, msgspec.Struct) else set()


def lost_models(document: Document, modules: Iterable[Any]) -> list[str]:
    """Components with properties for which the package has no class of that name with these properties.

    A base class with a discriminator is the union of what inherits from it; its own class is called `<Name>Base`.
    """
    known: dict[str, list[set[str]]] = {}
    for name, cls in classes(modules).items():
        known.setdefault(_plain(name), []).append(wires(cls))
        known.setdefault(_plain(re.sub(r"\d+$", "", name)), []).append(wires(cls))
    lost = []
    for name, schema in document.schemas.items():
        if not isinstance(schema, dict) or not isinstance(schema.get("properties"), dict) or not schema["properties"]:
            continue
        if any(key in schema for key in ("oneOf", "anyOf", "$ref")) or schema.get("type", "object") not in (
            "object",
            ["object", "null"],
        ):
            continue
        own = set(schema["properties"])
        names = {_plain(name)} | ({_plain(name) + "base"} if "discriminator" in schema else set())
        if not any(own <= fields for key in names for fields in known.get(key, ())):
            lost.append(name)
    return lost


def _plain(name: str) -> str:
    return re.sub(r"[^0-9a-z]", "", name.casefold())


def untyped_schemas(document: Document, modules: Iterable[Any]) -> tuple[int, dict[str, int]]:
    """How many properties the models have, and how many of them are `Any`, by reason."""
    reasons: dict[str, str] = {}
    for name, schema in _properties(document):
        why = reason(document, schema)
        if why:
            reasons.setdefault(name, why)
    count, untyped = 0, Counter[str]()
    for cls in classes(modules).values():
        if not issubclass(cls, msgspec.Struct):
            continue
        for name, wire in zip(cls.__struct_fields__, cls.__struct_encode_fields__, strict=True):
            count += 1
            annotation = str(cls.__annotations__.get(name, ""))
            if re.match(r"(typing\.)?Any\b", annotation):
                untyped[reasons.get(wire, LOST_BY_GENERATOR)] += 1
    return count, dict(untyped)


def _properties(document: Document) -> Iterator[tuple[str, Any]]:
    """Every property of every mapping that looks like a schema."""
    stack: list[Any] = [document.root]
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            properties = value.get("properties")
            if isinstance(properties, dict):
                yield from properties.items()
            stack += value.values()
        elif isinstance(value, list):
            stack += value
