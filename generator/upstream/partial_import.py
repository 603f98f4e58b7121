"""openapi-python-client, imported in pieces: each service loads as much of it as it needs."""

from __future__ import annotations

import sys
from importlib.util import find_spec, module_from_spec
from pathlib import Path
from types import ModuleType
from typing import Any

from ..document.tree import Object

_LIBRARY = "openapi_python_client"


def load_package() -> ModuleType:
    """The library's package, without running its `__init__`: its modules can be imported one by one.

    The `__init__` imports the parser, an HTTP library and another YAML parser: a third of a second and many megabytes
    that neither names nor the gate need.
    """
    if _LIBRARY not in sys.modules:
        spec = find_spec(_LIBRARY)
        assert spec is not None, "it is pinned in requirements.lock"
        sys.modules[_LIBRARY] = module_from_spec(spec)
    return sys.modules[_LIBRARY]


def load_schema() -> None:
    """Import what names and the gate need. Done before a document is loaded, it fragments memory less."""
    load_package()
    import openapi_python_client.schema
    import openapi_python_client.strings  # noqa: F401


def load_parser() -> ModuleType:
    """Import the library's parser, whose modules take `Config` from the package itself.

    It copies each operation three times, with all models that are reached from there, and goes on with the last copy
    alone. Without copies its reading is the same, and takes half the time.
    """
    module = load_package()
    from openapi_python_client import config

    module.Config = config.Config  # type: ignore[attr-defined]
    from openapi_python_client import parser
    from openapi_python_client.parser import openapi

    openapi.deepcopy = _uncopied  # type: ignore[attr-defined, assignment]
    return parser


def _uncopied(endpoint: Any) -> Any:
    return endpoint


def read_again(document: Object) -> tuple[Any, str]:
    """What the library reads in a document (`GeneratorData`) and ""; or None and why it refuses the document."""
    parser = load_parser()
    from openapi_python_client.config import Config, ConfigFile, MetaType
    from openapi_python_client.parser.errors import GeneratorError

    config = Config.from_sources(ConfigFile(), MetaType.NONE, Path("openapi.yaml"), "utf-8", False, None)
    data = parser.GeneratorData.from_dict(document, config=config)
    return (None, f"{data.header}: {data.detail}") if isinstance(data, GeneratorError) else (data, "")
