"""A page for each public module of the packages, from its signatures and docstrings, as griffe reads them."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from pathlib import Path

import griffe

from generator.output.formatting import formatted
from tests.docs.pages import Page

_EXPORTS = re.compile(r"^__all__\b", re.MULTILINE)
_OUTSIDE_CODE = re.compile(r"(```.*?```|`[^`]*`)|<", re.DOTALL)
Object = griffe.Object | griffe.Alias


def reference_pages(root: Path) -> list[Page]:
    """A page for each module that lists public names in `__all__`, and is not private itself."""
    logging.getLogger("griffe").setLevel(logging.CRITICAL)  # of what it guesses about docstrings, nothing is used
    pages = list[Page]()
    for top in sorted(root.glob("generated/*/workflow_*/__init__.py")):
        modules = [path for path in sorted(top.parent.rglob("__init__.py")) if _is_public(path, top.parent)]
        if not modules:
            continue
        package = top.parent.name
        loaded = griffe.load(package, search_paths=[top.parents[1]], docstring_parser="google")
        for path in modules:
            name = ".".join(path.parent.relative_to(top.parents[1]).parts)
            module = loaded if name == package else loaded[name.removeprefix(f"{package}.")]
            text = "\n\n".join((*_module(name, module), *_models(module))) + "\n"
            source = path.relative_to(root).as_posix()
            pages.append(Page(f"reference/{name}.md", name, "Reference", _formatted(text), source))
    return pages


def _is_public(path: Path, package: Path) -> bool:
    """Whether a module of a package lists its public names, and lies in no private folder."""
    folders = path.parent.relative_to(package).parts
    return not any(name.startswith("_") for name in folders) and bool(_EXPORTS.search(path.read_text("utf-8")))


def _module(name: str, module: Object) -> Iterator[str]:
    yield f"# {name}"
    yield from _docstring(module)
    for export in module.exports or ():
        public = str(export)
        yield f"## {public} {{#{public}}}"
        try:
            yield from _object(_target(module.members[public]), public)
        except griffe.AliasResolutionError as error:
            origin = error.alias.target_path.rpartition(".")[0]
            yield _code(f"from {name if origin.startswith(name.partition('.')[0]) else origin} import {public}")


def _models(module: Object) -> Iterator[str]:
    """The classes of a client's `models`, which its methods take and return."""
    models = module.members.get("models")
    for name, item in models.members.items() if models else ():
        if isinstance(item, griffe.Class) and not name.startswith("_"):
            yield f"## models.{name} {{#models.{name}}}"
            yield from _object(item, name)


def _object(item: griffe.Object, name: str) -> Iterator[str]:
    match item:
        case griffe.Class():
            bases = ", ".join(base for base in map(_public, item.bases) if not base.startswith("_"))
            yield _code(f"class {name}({bases}): ..." if bases else f"class {name}: ...", *_constructor(item, name))
            yield from _docstring(item)
            yield from _members(item, name)
        case griffe.Function():
            yield _code(*(_signature(each, name) for each in item.overloads or [item]))
            yield from _docstring(item)
        case griffe.Attribute():
            yield _code(_attribute(item, name))
            yield from _docstring(item)


def _constructor(item: griffe.Class, name: str) -> Iterator[str]:
    constructor = _target(item.all_members["__init__"]) if "__init__" in item.all_members else None
    if isinstance(constructor, griffe.Function):
        yield f"def {constructor.signature(return_type=False, name=name)}: ..."


def _members(item: griffe.Class, name: str) -> Iterator[str]:
    """The public attributes of a class, its own and inherited ones, as a list; then its methods."""
    public = {key: _target(each) for key, each in item.all_members.items() if not key.startswith("_")}
    attributes = {key: each for key, each in public.items() if isinstance(each, griffe.Attribute)}
    if attributes:
        yield "\n".join(
            f"- `{_attribute(each, key)}`{''.join(f'<br>{_inline(part)}' for part in _docstring(each))}"
            for key, each in attributes.items()
        )
    for key, each in public.items():
        if isinstance(each, griffe.Function):
            yield f"### {name}.{key} {{#{name}.{key}}}"
            yield from _object(each, key)


def _target(item: Object) -> griffe.Object:
    return item.final_target if isinstance(item, griffe.Alias) else item


def _attribute(item: griffe.Attribute, name: str) -> str:
    annotation = f": {item.annotation}" if item.annotation else ""
    value = f" = {item.value}" if item.value is not None and not item.has_labels("property") else ""
    return _inline(f"{name}{annotation}{value}")


def _signature(item: griffe.Function, name: str) -> str:
    prefix = "async def" if item.has_labels("async") else "def"
    return f"{prefix} {item.signature(name=name)}: ..."


def _docstring(item: Object) -> Iterator[str]:
    """The parts of a docstring: texts, and lists under their titles."""
    for section in item.docstring.parsed if item.docstring else ():
        if isinstance(section, griffe.DocstringSectionText):
            yield _escaped(section.value)
        elif isinstance(section.value, list):
            title = (section.title or section.kind.value).capitalize().replace("Parameters", "Arguments")
            entries = [
                f"- `{getattr(each, 'name', None) or each.annotation}`: {_escaped(_inline(each.description))}"
                for each in section.value
            ]
            yield "\n".join([f"**{title}**", "", *entries])


def _inline(text: str) -> str:
    return " ".join(text.split())


def _escaped(text: str) -> str:
    """Text whose angle brackets are no HTML."""
    return _OUTSIDE_CODE.sub(lambda match: match[1] or "&lt;", text)


def _code(*lines: str) -> str:
    return "\n".join(["```python", *map(_public, lines), "```"])


def _public(code: object) -> str:
    """Code without the private names under which a generated module imports others."""
    return re.sub(r"\b_(?:core|models)\.|\b_(?=httpx2\.)", "", str(code))


def _formatted(text: str) -> str:
    """The page with each block of code that `_code` made formatted, in one run for all of them."""
    blocks = re.findall(r"^```python\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    texts = formatted({f"{number:05}.py": block for number, block in enumerate(blocks)})
    shown = iter(
        re.sub(r"^def (?=\w)|: \.\.\.$", "", texts[name], flags=re.MULTILINE).replace("\n\n\n", "\n") for name in texts
    )
    return re.sub(
        r"^```python\n.*?^```$", lambda _: f"```python\n{next(shown)}```", text, flags=re.DOTALL | re.MULTILINE
    )
