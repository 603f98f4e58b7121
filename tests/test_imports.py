"""`tests.imports` reads every import of a package."""

from __future__ import annotations

from pathlib import Path

from tests.imports import folder_graph, import_graph

FILES = {
    "__init__.py": "from .low import x\n",
    "low.py": "import os\nfrom elsewhere import low, shop\n",
    "middle/__init__.py": "from .one import a\n",
    "middle/one.py": "from . import two\nfrom .. import low\nfrom ..low import x\n",
    "middle/two.py": "def f():\n    from ..high.deep import three\n    from .. import VERSION\n",
    "high/__init__.py": "",
    "high/deep/three.py": "if TYPE_CHECKING:\n    import shop.low\n    from shop import middle\n",
}


def test_imports_at_the_top_in_functions_and_for_type_checkers_are_found(tmp_path: Path) -> None:
    for name, text in FILES.items():
        path = tmp_path / "shop" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    modules = import_graph(tmp_path / "shop")
    assert modules == {
        "": {"low"},
        "low": set(),
        "middle": {"middle.one"},
        "middle.one": {"middle.two", "low"},
        "middle.two": {"high.deep.three", ""},
        "high": set(),
        "high.deep.three": {"low", "middle"},
    }
    assert folder_graph(modules) == {
        "": {"low"},
        "low": set(),
        "middle": {"low", "high", ""},
        "high": {"low", "middle"},
    }
