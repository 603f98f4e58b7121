"""An API description as anybody reads it: OpenAPI 3 or Swagger 2.0, references followed on demand.

It does not use the generator: what the generator drops by mistake must still be seen here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import yaml

from tests.corpus import swagger

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
SUFFIXES = (".yaml", ".yml", ".json")
_DESCRIPTION = re.compile(r"""^(openapi|swagger|paths):|["'](openapi|swagger|paths)["']\s*:""", re.MULTILINE)
ENTRY = "ENTRY"
"""A file that names the API description of its folder."""


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML 1.2's core schema; keys are the text as written."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - PyYAML's own name

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[str, Any]:
        self.flatten_mapping(node)
        return {str(key.value): self.construct_object(value, deep=deep) for key, value in node.value}

    def construct_yaml_map(self, node: yaml.MappingNode) -> Iterator[dict[str, Any]]:
        data: dict[str, Any] = {}
        yield data
        data.update(self.construct_mapping(node))


for _tag, _pattern, _first in (
    ("null", r"~|null|Null|NULL|", "~nN\0"),
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+.0123456789"),
    ("merge", r"<<", "<"),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), list(_first))
_Loader.yaml_implicit_resolvers[""] = _Loader.yaml_implicit_resolvers.pop("\0")
_Loader.add_constructor("tag:yaml.org,2002:map", _Loader.construct_yaml_map)
_Loader.add_constructor("tag:yaml.org,2002:int", lambda loader, node: int(loader.construct_scalar(node)))


def read(path: Path) -> Any:
    """The content of a YAML or JSON file. Raises ValueError when it is neither."""
    text = path.read_bytes().decode("utf-8-sig")
    if path.suffix == ".json":
        return json.loads(text)
    try:
        return yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from error


def specs(folder: Path) -> dict[str, Path]:
    """The API descriptions of a folder by name: its files, and one of each folder in it.

    Of a folder that is the file which its `ENTRY` names, else `openapi.*`. Files that are only a part of another one
    are left out; whether a file can be read is not asked: the generator must say so.
    """
    named: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        if (path / ENTRY).is_file():
            named[path.name] = path / (path / ENTRY).read_text(encoding="utf-8").strip()
            continue
        files = sorted(path.glob("openapi.*")) if path.is_dir() else [path]
        for file in files:
            if file.suffix in SUFFIXES and _DESCRIPTION.search(file.read_text(encoding="utf-8", errors="replace")):
                named[path.stem if path.stem not in named else path.name] = file
    return named


@dataclass(frozen=True, eq=False)
class Call:
    """An operation of the document, with the parameters, body, security and servers that apply to it."""

    path: str
    method: str
    operation: dict[str, Any]
    parameters: tuple[dict[str, Any], ...]
    body: dict[str, Any]
    security: tuple[tuple[str, ...], ...]
    servers: tuple[str, ...]
    """The operation's or its path's, with the defaults of their variables; () when the document's apply."""

    @property
    def name(self) -> str:
        return f"{self.method.upper()} {self.path}"

    @property
    def operation_id(self) -> str:
        return str(self.operation.get("operationId") or "")


class Document:
    """A file and those that it refers to. Every reference in it becomes absolute: `/folder/file.yaml#/a/b`."""

    def __init__(self, path: Path) -> None:
        self._path = path.resolve()
        self._files: dict[Path, Any] = {}
        content = self._file(self._path, must_exist=True)
        self.root: dict[str, Any] = content if isinstance(content, dict) else {}

    @property
    def is_swagger(self) -> bool:
        """Whether it is of version 2."""
        return "swagger" in self.root and "openapi" not in self.root

    @property
    def ignores_siblings(self) -> bool:
        """Whether keywords beside a `$ref` mean nothing in a schema (OpenAPI 3.0.3, Reference Object)."""
        return self.is_swagger or str(self.root.get("openapi", "")).startswith("3.0")

    def _file(self, path: Path, *, must_exist: bool = False) -> Any:
        if path not in self._files:
            try:
                self._files[path] = content = read(path)
                _make_absolute(content, path)
            except (OSError, ValueError):
                if must_exist:
                    raise
                self._files[path] = None
        return self._files[path]

    def resolve(self, value: Any) -> dict[str, Any]:
        """The mapping, or the one that its `$ref` leads to; {} when it leads nowhere. Keys beside a `$ref` win."""
        seen = set[str]()
        while isinstance(value, Mapping) and isinstance(value.get("$ref"), str):
            ref = value["$ref"]
            target = self.follow(ref) if ref not in seen else None
            seen.add(ref)
            if not isinstance(target, Mapping):
                return {}
            value = {**target, **{k: v for k, v in value.items() if k != "$ref"}}
        return dict(value) if isinstance(value, Mapping) else {}

    def follow(self, ref: str) -> Any:
        """What an absolute reference leads to; None when it leads nowhere."""
        file, _, pointer = ref.partition("#")
        if "://" in file:
            return None
        value = self._file(Path(file))
        for token in unquote(pointer).split("/")[1:]:
            token = token.replace("~1", "/").replace("~0", "~")
            if isinstance(value, Mapping) and token in value:
                value = value[token]
            elif isinstance(value, list) and token.isdecimal() and int(token) < len(value):
                value = value[int(token)]
            else:
                return None
        return value

    def component(self, name: str) -> str:
        """The absolute reference to a schema by its name as a component."""
        section = "definitions" if self.is_swagger else "components/schemas"
        return f"{self._path}#/{section}/{name.replace('~', '~0').replace('/', '~1')}"

    @cached_property
    def calls(self) -> list[Call]:
        """Every operation under `paths`."""
        calls = []
        paths = self.root.get("paths")
        for path, item in paths.items() if isinstance(paths, dict) else ():
            if path.startswith("x-"):
                continue
            item = self.resolve(item)
            for method in METHODS:
                if isinstance(item.get(method), dict):
                    calls.append(self._call(path, method, item, self.resolve(item[method])))
        return calls

    def _call(self, path: str, method: str, item: dict[str, Any], operation: dict[str, Any]) -> Call:
        parameters: dict[tuple[str, str], dict[str, Any]] = {}
        for holder in (item, operation):
            listed = holder.get("parameters")
            for parameter in map(self.resolve, listed if isinstance(listed, list) else ()):
                parameters[str(parameter.get("in")), str(parameter.get("name"))] = parameter
        body = self.resolve(operation.get("requestBody"))
        merged = tuple(parameters.values())
        if self.is_swagger:
            body = swagger.body(merged, operation.get("consumes", self.root.get("consumes")))
            merged = tuple(swagger.parameter(p) for p in merged if p.get("in") not in swagger.IN_BODY)
        security = operation.get("security", self.root.get("security"))
        return Call(
            path=path,
            method=method,
            operation=operation,
            parameters=merged,
            body=body,
            security=tuple(tuple(n) for n in security if isinstance(n, dict)) if isinstance(security, list) else (),
            servers=self._servers(operation) or self._servers(item),
        )

    def credentials(self, call: Call) -> set[tuple[str, str]]:
        """Location and name of each parameter by which the security schemes of a call send an API key."""
        declared = self.resolve(self.resolve(self.root.get("components")).get("securitySchemes"))
        declared |= self.resolve(self.root.get("securityDefinitions"))
        schemes = [self.resolve(declared.get(name)) for names in call.security for name in names]
        return {(str(s.get("in")), str(s.get("name"))) for s in schemes if s.get("type") == "apiKey"}

    @cached_property
    def servers(self) -> tuple[str, ...]:
        """The document's servers, with the defaults of their variables."""
        return swagger.servers(self.root) if self.is_swagger else self._servers(self.root)

    def _servers(self, holder: Mapping[str, Any]) -> tuple[str, ...]:
        urls = []
        servers = holder.get("servers")
        for server in map(self.resolve, servers if isinstance(servers, list) else ()):
            url = str(server.get("url", ""))
            for name, variable in self.resolve(server.get("variables")).items():
                url = url.replace("{" + name + "}", str(self.resolve(variable).get("default", "")))
            urls.append(url)
        return tuple(urls)

    @property
    def schemas(self) -> dict[str, Any]:
        """The components that are schemas."""
        components = self.resolve(self.root.get("components"))
        schemas = self.root.get("definitions") if self.is_swagger else components.get("schemas")
        return schemas if isinstance(schemas, dict) else {}

    def responses(self, call: Call) -> dict[str, dict[str, Any]]:
        """The documented responses of an operation by status; ranges are in capitals (`4XX`)."""
        responses = call.operation.get("responses")
        if not isinstance(responses, dict):
            return {}
        by_status = {k if k == "default" else k.upper(): v for k, v in responses.items() if not k.startswith("x-")}
        resolved = {status: self.resolve(value) for status, value in by_status.items()}
        if self.is_swagger:
            produces = call.operation.get("produces", self.root.get("produces"))
            return {status: swagger.response(response, produces) for status, response in resolved.items()}
        return resolved

    def content(self, holder: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        """The media types of a response or a body, also where they stand beside an empty `content` by mistake."""
        content = holder.get("content", {})
        if content is None:
            content = {name: value for name, value in holder.items() if "/" in name}
        named = self.resolve(content).items()
        return {name: self.resolve(media) for name, media in named if "/" in name or "*" in name}


def _make_absolute(content: Any, path: Path) -> None:
    """Rewrite the references of a file, and those in the mappings of discriminators."""
    stack = [content]
    while stack:
        value = stack.pop()
        if isinstance(value, list):
            stack += value
        elif isinstance(value, dict):
            if isinstance(value.get("$ref"), str):
                value["$ref"] = _absolute(value["$ref"], path)
            mapping = value.get("mapping")
            if "propertyName" in value and isinstance(mapping, dict):
                words = {w: _absolute(t, path) if re.search("[#/]", str(t)) else t for w, t in mapping.items()}
                value["mapping"] = words
            stack += value.values()


def _absolute(ref: str, path: Path) -> str:
    file, hash_, pointer = ref.partition("#")
    if "://" in file:
        return ref
    return f"{(path.parent / unquote(file)).resolve() if file else path}{hash_}{pointer}"
