"""The library, imported in pieces: as much of it as a service needs."""

from __future__ import annotations

import sys
from importlib.util import find_spec, module_from_spec
from pathlib import Path
from types import ModuleType
from typing import Any

from ..document.tree import Object

_LIBRARY = "openapi_python_client"


def load_package() -> ModuleType:
    """The library's package, whose modules can be imported by name, before its `__init__` has run.

    That imports the parser, an HTTP library and another YAML parser: a third of a second and many megabytes, which
    names and the gate have no use for.
    """
    if _LIBRARY not in sys.modules:
        spec = find_spec(_LIBRARY)
        assert spec is not None, "it is pinned in requirements.lock"
        sys.modules[_LIBRARY] = module_from_spec(spec)
    return sys.modules[_LIBRARY]


def load_parser() -> None:
    """Make the library what `import` makes of it."""
    module = load_package()
    if not hasattr(module, "GeneratorData"):
        assert module.__spec__ is not None
        assert module.__spec__.loader is not None
        module.__spec__.loader.exec_module(module)


def load_schema() -> None:
    """Import what names and the gate need: before a document is there, as memory is not given back from around it."""
    load_package()
    import openapi_python_client.schema
    import openapi_python_client.strings  # noqa: F401


def read_again(document: Object) -> tuple[Any, str]:
    """The library's reading of a document (`GeneratorData`), or None and why it refuses the document."""
    load_parser()
    from openapi_python_client.config import Config, ConfigFile, MetaType
    from openapi_python_client.parser import GeneratorData
    from openapi_python_client.parser.errors import GeneratorError

    config = Config.from_sources(ConfigFile(), MetaType.NONE, Path("openapi.yaml"), "utf-8", False, None)
    data = GeneratorData.from_dict(document, config=config)
    return (None, f"{data.header}: {data.detail}") if isinstance(data, GeneratorError) else (data, "")
