"""What has to hold of every report of `diff`, whatever the documents hold: it says what changed, and does nothing."""

from __future__ import annotations

import json
import re
from functools import cache

from jsonschema import Draft202012Validator
from markdown_it import MarkdownIt

from generator.diff.report import FORMATS, Format, render
from generator.diff.report.model import Report
from generator.diff.rules import load_rules
from generator.resources import diff_schema
from tests.torture.subject import Broken

_INLINE = {
    "text",
    "code_inline",
    "strong_open",
    "strong_close",
    "hardbreak",
    "html_inline",
    "text_special",
    "softbreak",
}
_SUMMARY = re.compile(r"<summary>(Safe|Accepted|Documentation): [0-9,]+</summary>")


def rendered(report: Report) -> dict[Format, str]:
    """The report in all formats. Raises `Broken` where one of them is more than a report."""
    texts = {format: render(report, format) for format in FORMATS}
    if unknown := {change.rule for change in report.changes} - _rules():
        raise Broken("a change has no rule", unknown)
    for format, text in texts.items():
        if not text.endswith("\n") or not all(c.isprintable() or c == "\n" for c in text):
            raise Broken(f"{format}: unprintable characters", repr(text[:500]))
        lines = text.splitlines()
        if format == "github":
            for line in lines[1:]:
                if _commands(line) not in (["error"], ["warning"], ["notice"]):
                    raise Broken("github: a line is not a single command", line)
            lines = lines[:1]
        if commands := [line for line in lines if _commands(line)]:
            raise Broken(f"{format}: a line is a command", commands)
    _check_markdown(texts["markdown"])
    _check_json(texts["json"], report)
    return texts


@cache
def _rules() -> frozenset[str]:
    return frozenset(load_rules())


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads(diff_schema().read_text("utf-8")))


def _commands(line: str) -> list[str]:
    """The names of the commands that a runner of GitHub Actions sees in a line of its log."""
    bare = line.strip()
    names = [bare[2:].split("::", 1)[0].split(" ", 1)[0]] if bare.startswith("::") and "::" in bare[2:] else []
    return names + re.findall(r"##\[([^\]]*)\]", line)


def _check_markdown(text: str) -> None:
    tokens = MarkdownIt("gfm-like", {"linkify": False, "html": True}).parse(text)
    for token in tokens:
        if token.type == "html_block" and _SUMMARY.sub("", token.content).strip() not in ("<details>", "</details>"):
            raise Broken("markdown: HTML is live", token.content)
        for child in token.children or ():
            if child.type not in _INLINE or (
                child.type == "html_inline" and child.content not in ("<span>", "</span>")
            ):
                raise Broken("markdown: markup is live", (child.type, token.content))
            if child.type in ("text", "text_special") and re.search(r"@\w|(?<!&)#\w|://|www\.", child.content):
                raise Broken("markdown: a mention or a link is live", token.content)


def _check_json(text: str, report: Report) -> None:
    document = json.loads(text)
    if error := next(_validator().iter_errors(document), None):
        raise Broken("json: the report does not fit its schema", error.message[:500])
    if sum(len(cause["changes"]) for cause in document["causes"]) != len(report.changes):
        raise Broken("json: changes are missing")
