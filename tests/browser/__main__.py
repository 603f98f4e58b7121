"""`make browser`: open pages of `diff --format html` and of the site in headless Chromium, look at them, use them."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.browser.checks import SCHEMES, SIZES, look, print_it, read_without_script, use_keyboard
from tests.browser.chromium import NAMES, Page, browser, executable
from tests.browser.pages import write_pages
from tests.browser.site import site_problems
from tests.docs.building import written
from tests.npm import install

OUT = Path(__file__).parents[2] / "build" / "browser"


def main() -> int:
    """Check every page; 1 where something is wrong, 0 otherwise, or where a program is not installed."""
    chromium, npm = executable(), shutil.which("npm")
    if chromium is None or npm is None:
        missing = f"none of {', '.join(NAMES)}" if chromium is None else "no npm"
        print(f"skipped: there is {missing} here (on Debian: apt install chromium npm)")
        return 0
    axe = _accessibility_checker(npm)
    if axe is None:
        print("skipped: npm cannot install axe-core, as tests/browser/package-lock.json has it; it says why above")
        return 0
    wrong = 0
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile, browser(chromium, Path(profile)) as page:
        for name, path in write_pages(OUT).items():
            problems = [*dict.fromkeys(_problems(page, path, axe))]
            print(f"{name}: {path.stat().st_size:,} bytes, {'; '.join(problems) or 'fine'}")
            wrong += len(problems)
        folder, count = OUT / "site", written(OUT / "site")
        problems = [*dict.fromkeys(site_problems(page, folder, axe, OUT))]
        print(f"site: {count} pages, {'; '.join(problems) or 'fine'}")
        wrong += len(problems)
    print(f"Pictures: {OUT.relative_to(Path.cwd()) if OUT.is_relative_to(Path.cwd()) else OUT}/*.png")
    return 1 if wrong else 0


def _problems(page: Page, path: Path, axe: str) -> Iterator[str]:
    for size in SIZES:
        for scheme in SCHEMES:
            yield from (f"{size}, {scheme}: {problem}" for problem in look(page, path, size, scheme, axe, OUT))
        yield from (f"{size}, keyboard: {problem}" for problem in use_keyboard(page, path, size))
    yield from (f"without script: {problem}" for problem in read_without_script(page, path))
    yield from (f"on paper: {problem}" for problem in print_it(page, path, OUT))


def _accessibility_checker(npm: str) -> str | None:
    """The script of axe-core, which npm installs in the version and with the hash of the lock file."""
    script = OUT / "node_modules" / "axe-core" / "axe.min.js"
    return script.read_text("utf-8") if install(npm, Path(__file__).parent, OUT) else None


if __name__ == "__main__":
    sys.exit(main())
