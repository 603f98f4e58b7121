"""The site, from the repository's files to a checked folder: pages, links, zensical, checks."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

from generator.document.problems import Problem, Problems, ProblemsFound, Source
from generator.printing import show
from tests.docs.checking import check_site
from tests.docs.links import Site, linked
from tests.docs.pages import SHELVES, Page, repository_pages
from tests.docs.reference import reference_pages
from tests.docs.rules import rule_pages
from tests.npm import install

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "templates" / "docs"
BUILD = ROOT / "build" / "docs"
GENERATOR = ROOT / "build" / "docs-python" / "bin" / "zensical"
_FILES = ("style.css", "scrolling.js")
_SCRIPTS = {"mermaid.js": "@mermaid-js/tiny/dist/mermaid.tiny.js", "iframe-worker.js": "iframe-worker/shim/index.js"}
"""The scripts beside the pages, and where npm's packages have them."""


def written(folder: Path) -> int:
    """Write the site into a folder, and return how many pages it has. Raises ProblemsFound with all that is wrong."""
    problems = Problems()
    site = collected(ROOT, problems)
    problems.stop_on_errors()
    built = build(site, BUILD)
    check_site(built, site.pages, problems)
    problems.stop_on_errors()
    shutil.rmtree(folder, ignore_errors=True)
    built.rename(folder)
    return len(site.pages)


def collected(root: Path, problems: Problems) -> Site:
    """All pages of the site, in the order of the navigation."""
    site = linked(repository_pages(root), root, problems)
    order = [shelf.title for shelf in SHELVES]
    pages = [*site.pages, *reference_pages(root), *rule_pages()]
    return Site(sorted(pages, key=lambda page: order.index(page.shelf)), site.files)


def build(site: Site, folder: Path) -> Path:
    """The folder of the HTML that zensical makes of the pages; `folder` is where it works."""
    shutil.rmtree(folder / "pages", ignore_errors=True)
    shutil.rmtree(folder / "site", ignore_errors=True)
    for page in site.pages:
        path = folder / "pages" / page.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page.text, "utf-8")
    for name, file in {**site.files, **{name: TEMPLATES / name for name in _FILES}}.items():
        path = folder / "pages" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, path)
    _scripts(folder)
    settings = (TEMPLATES / "zensical.toml").read_text("utf-8").replace('"NAVIGATION"', navigation(site.pages))
    (folder / "zensical.toml").write_text(settings, "utf-8")
    shutil.copytree(TEMPLATES / "theme", folder / "theme", dirs_exist_ok=True)
    command = [str(GENERATOR), "build", "--clean", "--strict"]
    run = subprocess.run(command, cwd=folder, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if run.returncode:
        raise ProblemsFound([Problem("site-not-built", Source("zensical"), run.stdout)])
    for name in ("404.html", "sitemap.xml"):  # which suppose that the site is at the root of a server
        (folder / "site" / name).unlink(missing_ok=True)
    return folder / "site"


def navigation(pages: list[Page]) -> str:
    """The navigation as TOML: a section for each shelf, with its pages."""
    sections = {shelf.title: [page for page in pages if page.shelf == shelf.title] for shelf in SHELVES}
    lines = list[str]()
    for title, entries in sections.items():
        inner = ",\n".join(f"    {{ {json.dumps(page.title)} = {json.dumps(page.path)} }}" for page in entries)
        lines.append(f"  {{ {json.dumps(title)} = [\n{inner},\n  ] }},\n")
    return "[\n" + "".join(lines) + "]"


def _scripts(folder: Path) -> None:
    """Copy the scripts of npm's packages beside the pages. Without npm they are empty: the site can do without them."""
    npm = shutil.which("npm")
    is_installed = npm is not None and install(npm, TEMPLATES, folder / "npm")
    if not is_installed:
        show("Without npm, diagrams stay text, and there is no search in a site that no server serves.")
    for name, path in _SCRIPTS.items():
        text = (folder / "npm" / "node_modules" / path).read_text("utf-8") if is_installed else ""
        (folder / "pages" / name).write_text(text, "utf-8")
