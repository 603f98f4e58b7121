"""What has to hold for a page in a browser; each check gives what is wrong, in words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.browser.chromium import Page

SIZES = {"desktop": (1280, 900), "phone": (390, 844)}
SCHEMES = ("light", "dark")
_MOST_STOPS = 4_000
"""Presses of the tab key after which the end of a page has to be reached."""
_FEW_STOPS = 60
"""Presses after which the first of the controls that are looked for has to be reached."""
_SERIOUS = ("serious", "critical")
_UNFOLD = "document.querySelectorAll('details').forEach(details => { details.open = true })"
_FOCUS = """(() => {
  const element = document.activeElement;
  const {outlineStyle, outlineWidth} = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  return {
    tag: element.tagName, id: element.id, name: element.name ?? "",
    isInCause: !!element.closest("details.cause > summary"),
    isFirst: element.matches(".skip"),
    isMarked: outlineStyle !== "none" && parseFloat(outlineWidth) > 0,
    isVisible: box.width > 0 && box.height > 0,
  };
})()"""
_SHOWN = "[...document.querySelectorAll('.cause')].filter(cause => cause.checkVisibility()).length"
_BREAKING = "document.querySelectorAll('.cause[data-severity=breaking]:not([hidden])').length"


def look(page: Page, path: Path, size: str, scheme: str, axe: str, pictures: Path) -> Iterator[str]:
    """The page as it is seen: it loads nothing, nothing is too wide, and the accessibility checker is content."""
    page.look(*SIZES[size], scheme)
    page.open(path)
    yield from events(page, path)
    page.screenshot(pictures / f"{path.stem}-{size}-{scheme}.png")
    page.run(_UNFOLD)
    yield from seen(page, scheme, axe)


def seen(page: Page, scheme: str, axe: str) -> Iterator[str]:
    """The page that is open: nothing is too wide, its colors are as preferred, and the accessibility checker agrees."""
    width, room = page.run("[document.documentElement.scrollWidth, innerWidth]")
    if width > room:
        yield f"it is {width} pixels wide, and has room for {room}"
    is_dark = page.run("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).every(part => part < 64)")
    if is_dark != (scheme == "dark"):
        yield "its background does not follow the preferred colors"
    page.run(axe)
    for violation in page.run("axe.run().then(results => results.violations)"):
        if violation["impact"] in _SERIOUS:
            where = ", ".join(str(node["target"][0]) for node in violation["nodes"][:3])
            yield f"axe-core: {violation['impact']}: {violation['help']} ({violation['id']}) at {where}"


def use_keyboard(page: Page, path: Path, size: str) -> Iterator[str]:
    """The page with a keyboard alone: everything is reached, folded, filtered, and the focus is always seen."""
    page.look(*SIZES[size], "light")
    page.open_to_use(path)
    page.press("Tab")
    if not page.run(_FOCUS)["isFirst"]:
        yield "the first stop is not the link to the causes"
    page.press("Enter")
    if page.run("document.activeElement.id") != "causes":
        yield "the link to the causes does not lead there"
    page.open_to_use(path)
    filters = page.run("!document.getElementById('filters').hidden")
    stops = [*_stops(page)]
    if len(stops) >= _MOST_STOPS:
        yield "the end of the page is not reached"
    yield from (f"the focus on {stop} is not seen" for stop in stops if not (stop["isMarked"] and stop["isVisible"]))
    causes = page.run("document.querySelectorAll('details.cause').length")
    if (reached := sum(stop["isInCause"] for stop in stops)) != causes:
        yield f"{reached} of {causes} causes are reached, with {len(stops)} stops"
    if filters:
        yield from _filter(page, path)
    if causes:
        yield from _fold(page, path)


def read_without_script(page: Page, path: Path) -> Iterator[str]:
    """The page without its script: everything is there, and no control that does nothing."""
    text = "document.querySelector('main').textContent.trim()"
    page.open(path)
    expected = page.run(text)
    page.send("Emulation.setScriptExecutionDisabled", value=True)
    page.open(path)
    if page.run(text) != expected:
        yield "the script changes what there is to read"
    if page.run("document.getElementById('filters').checkVisibility()"):
        yield "there are filters without the script that they need"
    page.send("Emulation.setScriptExecutionDisabled", value=False)


def print_it(page: Page, path: Path, pictures: Path) -> Iterator[str]:
    """The page on paper: what is folded on the screen is printed."""
    page.look(*SIZES["desktop"], "dark", media="print")
    page.open(path)
    page.screenshot(pictures / f"{path.stem}-print.png")
    bodies = "[...document.querySelectorAll('details.cause > .body')]"
    if not page.run(f"{bodies}.every(body => body.getBoundingClientRect().height > 0)"):
        yield "a cause is folded on paper"
    if page.run("getComputedStyle(document.documentElement).colorScheme") != "light":
        yield "paper is dark"


def events(page: Page, path: Path) -> Iterator[str]:
    """What happened while a page was loaded; a `path` that is a folder may be loaded from."""
    for event in page.events:
        parameters: dict[str, Any] = event.get("params", {})
        if event["method"] == "Network.requestWillBeSent" and not _is_inside(parameters["request"]["url"], path):
            yield f"it loads {parameters['request']['url']}"
        if event["method"] == "Log.entryAdded":
            yield f"the browser says: {parameters['entry']['text']}"
        if event["method"] == "Runtime.exceptionThrown":
            yield f"its script fails: {parameters['exceptionDetails']['exception'].get('description')}"


def _is_inside(url: str, path: Path) -> bool:
    return url.startswith(("data:", "blob:", f"{path.as_uri()}/")) if path.is_dir() else url == path.as_uri()


def _stops(page: Page) -> Iterator[dict[str, Any]]:
    """Where the tab key leads, one stop after the other, until it leaves the page or begins again."""
    for number in range(_MOST_STOPS):
        page.press("Tab")
        focus = page.run(_FOCUS)
        if focus["tag"] == "BODY" or (number and focus["isFirst"]):
            return
        yield focus


def _tab_to(page: Page, wanted: str) -> bool:
    """Whether the tab key leads to an element for which an expression, of `element`, is true."""
    for _ in range(_FEW_STOPS):
        page.press("Tab")
        if page.run(f"(element => {wanted})(document.activeElement)"):
            return True
    return False


def _filter(page: Page, path: Path) -> Iterator[str]:
    page.open_to_use(path)
    if not page.run("document.querySelector('#filters details').open"):
        _tab_to(page, "element.matches('#filters summary')")
        page.press("Enter")
    before = page.run(_BREAKING)
    if before and _tab_to(page, "element.value === 'breaking'"):
        page.press("Space")
        if page.run(_BREAKING) or page.run("document.querySelectorAll('.decisions li:not([hidden]) .breaking').length"):
            yield "breaking causes are there without their filter"
        page.press("Space")
        if page.run(_BREAKING) != before:
            yield "breaking causes do not come back"
    if _tab_to(page, "element.id === 'operation'"):
        for letter in "zzqx":
            page.press(letter)
        if page.run(_SHOWN) or not page.run("document.getElementById('nothing').checkVisibility()"):
            yield "causes are there that are felt in no such operation"


def _fold(page: Page, path: Path) -> Iterator[str]:
    page.open_to_use(path)
    _tab_to(page, "element.matches('details.cause > summary')")
    was_open = page.run("document.activeElement.parentElement.open")
    page.press("Enter")
    if page.run("document.activeElement.parentElement.open") == was_open:
        yield "a cause is not folded by the keyboard"
