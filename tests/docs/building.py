"""The site, from the repository's files to a checked folder: pages, links, zensical, checks."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

from generator.document.problems import Problem, Problems, ProblemsFound, Source
from generator.output.swap import write_texts
from generator.printing import show
from tests.docs.checking import check_markdown, check_site
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
    for page in site.pages:
        check_markdown(page, problems)
    order = [shelf.title for shelf in SHELVES]
    pages = [*site.pages, *reference_pages(root), *rule_pages()]
    return Site(sorted(pages, key=lambda page: order.index(page.shelf)), site.files)


def build(site: Site, folder: Path) -> Path:
    """The folder of the HTML that zensical makes of the pages; `folder` is where it works."""
    shutil.rmtree(folder / "pages", ignore_errors=True)
    shutil.rmtree(folder / "site", ignore_errors=True)
    scripts = _scripts(folder / "npm")
    texts = {page.path: page.text if scripts else page.text.replace("```mermaid", "```text") for page in site.pages}
    texts |= {} if scripts else dict.fromkeys(_SCRIPTS, "")
    folder.mkdir(parents=True, exist_ok=True)
    write_texts(folder / "pages", texts)
    for name, file in {**site.files, **{name: TEMPLATES / name for name in _FILES}, **scripts}.items():
        (folder / "pages" / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(file, folder / "pages" / name)
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


def _scripts(folder: Path) -> dict[str, Path]:
    """The scripts of npm's packages, installed into a folder; none without npm, as the site can do without them."""
    npm = shutil.which("npm")
    if npm and install(npm, TEMPLATES, folder):
        return {name: folder / "node_modules" / path for name, path in _SCRIPTS.items()}
    show("Without npm, diagrams stay text, and there is no search in a site that no server serves.")
    return {}
