"""What has to hold for the site of `make docs` in a browser; each check gives what is wrong, in words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.browser.checks import SCHEMES, SIZES, events, seen
from tests.browser.chromium import Page

_SHOWN = {"run": "runs/workflow-runs", "walk": "contributing/index", "core": "reference/workflow_client_core"}
_SHOWN |= {"start": "index", "providers": "runs/providers", "rules": "rules/wire-request"}
"""The pages of which pictures are made, and which are looked at in both colors."""
_DIAGRAMS = "document.querySelectorAll('pre.mermaid').length"
_HITS = "[...document.querySelectorAll('body *')].flatMap(each => [...each.shadowRoot?.querySelectorAll('a') ?? []])"
_WAIT = "new Promise(done => setTimeout(done, 50))"
_MOST_WAITS = 100


def site_problems(page: Page, folder: Path, axe: str, pictures: Path) -> Iterator[str]:
    """What is wrong with any page on a phone, with a page of each kind on any screen, with the search, or a diagram."""
    for path in sorted(folder.rglob("*.html")):
        yield from _named(f"{path.relative_to(folder)}, phone", _loaded(page, path, folder, "phone", "light"))
    for size in SIZES:
        for name, shown in _SHOWN.items():
            for scheme in SCHEMES:
                problems = [*_loaded(page, folder / f"{shown}.html", folder, size, scheme)]
                page.screenshot(pictures / f"site-{name}-{size}-{scheme}.png", 2_400)
                yield from _named(f"{shown}, {size}, {scheme}", [*problems, *seen(page, scheme, axe)])
    yield from _named("search", _search(page, folder))


def _named(name: str, problems: Iterator[str] | list[str]) -> Iterator[str]:
    return (f"{name}: {problem}" for problem in problems)


def _loaded(page: Page, path: Path, folder: Path, size: str, scheme: str) -> Iterator[str]:
    page.look(*SIZES[size], scheme)
    page.open_to_use(path)
    if not _becomes(page, f"{_DIAGRAMS} === 0"):
        yield "a diagram is not drawn"
    yield from events(page, folder)
    width, room = page.run("[document.documentElement.scrollWidth, innerWidth]")
    if width > room:
        yield f"it is {width} pixels wide, and has room for {room}"


def _search(page: Page, folder: Path) -> Iterator[str]:
    """By the keyboard alone, from a file: the first hit for the name of a class is its entry in the reference."""
    page.look(*SIZES["desktop"], "light")
    page.open_to_use(folder / "index.html")
    page.press("/")
    for letter in "retry":
        page.press(letter)
    if not _becomes(page, f"{_HITS}[0]?.hash === '#Retry'"):
        yield f"the first hit is {page.run(f'{_HITS}[0]?.href')}"
    page.press("Enter")
    if not _becomes(page, "location.hash === '#Retry'"):
        yield f"it leads to {page.run('location.href')}"


def _becomes(page: Page, expression: str) -> bool:
    """Whether an expression becomes true within five seconds."""
    return any(page.run(f"{_WAIT}.then(() => {expression})") for _ in range(_MOST_WAITS))
