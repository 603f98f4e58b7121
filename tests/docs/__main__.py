"""`make docs`: a site of all that there is to read, in build/site/, which works from any folder and loads nothing.

The pages are collected from the repository (`pages.py`, `reference.py`, `rules.py`), and their links rewritten
(`links.py`). zensical makes HTML of them, and that is checked (`checking.py`). A site that is wrong replaces none.
"""

from __future__ import annotations

import sys

from generator.printing import counted, failures_reported, show
from tests.docs.building import ROOT, written


def main() -> int:
    """Build and check the site, and say where it is."""
    with failures_reported("build/site was not written", 1):
        count = written(ROOT / "build" / "site")
    show(f"{counted(count, 'page')}: open build/site/index.html in a browser.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
