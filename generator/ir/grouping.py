"""What makes the groups of a document: the first tags of its operations, or else the first segments of their paths."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from ..document.operations import every_operation
from ..document.tree import Object
from ..interpreter.fast_dataclasses import dataclass
from ..options import TAGS, Options

GROUPED_FROM = 40
"""Number of operations from which methods are in groups, unless the user decides."""
_MOST = 0.9
"""The share of operations below one path from which that path says nothing: one health check does not count."""
_VERSION = re.compile(
    r"api|rest|latest|(api[._-]?)?v?[0-9]+([._-][0-9]+)*(p[0-9]+)?((alpha|beta|preview|rc)[0-9]*)?", re.IGNORECASE
)
"""Segments that name a version or the API itself: they begin paths, and group nothing."""


@dataclass(frozen=True, slots=True, order=True)
class Label:
    """What the operations of a group share: a tag, or a segment of their paths; both empty without a group."""

    tag: str = ""
    segment: str = ""

    @property
    def text(self) -> str:
        """What the group is named after; "" without a group."""
        return self.tag or self.segment


def decided(document: Object, options: Options) -> Options:
    """The options with a decision about groups. Where the user made none, many operations make them, if there are two.

    Tags make them where at least half of the operations have one; else the first segments behind what is common to
    nearly all paths.
    """
    routes = [(path, operation) for path, _, operation in every_operation(document) if path]
    tagged = sum(bool(_tag(operation)) for _, operation in routes)
    group_by = options.group_by or (TAGS if tagged * 2 >= len(routes) else _common_path([path for path, _ in routes]))
    labels = {label_of(path, operation, group_by) for path, operation in routes} - {Label()}
    groups = len(routes) >= GROUPED_FROM and len(labels) > 1 if options.groups is None else options.groups
    return replace(options, groups=groups, group_by=group_by if groups else options.group_by)


def label_of(path: str, operation: Object, group_by: str) -> Label:
    """The group of an operation: its first tag, or the first segment behind `group_by`, if its path is below that."""
    if group_by == TAGS:
        return Label(tag=_tag(operation))
    base, segments = _segments(group_by), _segments(path)
    rest = segments[len(base) :] if segments[: len(base)] == base else segments
    return Label(segment=rest[0] if rest else "")


def _tag(operation: Object) -> str:
    """The first tag; "" when there is none that could be a name."""
    tags = operation.get("tags")
    name = next((tag for tag in tags if isinstance(tag, str)), "") if isinstance(tags, list) else ""
    return name if any(c.isalnum() for c in name) else ""


def _segments(path: str) -> list[str]:
    """What the segments of a path name, variables and versions apart."""
    return [name for segment in path.split("/") if (name := _name(segment))]


def _name(segment: str) -> str:
    """What a segment names: `beds` for `beds:search`, `beds.json` and `beds({id})`; "" where it names nothing."""
    name = "" if _VERSION.fullmatch(segment) else re.split("[:.(]", segment.lstrip("."))[0]
    return name if "{" not in name and any(c.isalnum() for c in name) else ""


def _common_path(paths: list[str]) -> str:
    """The longest path below which nearly all are, and which leaves them two different segments or more; else "/"."""
    common: list[str] = []
    base: list[str] = []
    below = [_segments(path) for path in paths]
    while firsts := Counter(segments[len(base)] for segments in below if len(segments) > len(base)):
        if len(firsts) > 1:
            common = [*base]
        base.append(min(firsts, key=lambda segment: (-firsts[segment], segment)))
        below = [segments for segments in below if segments[len(base) - 1 : len(base)] == base[-1:]]
        if len(below) < len(paths) * _MOST:
            break
    return f"/{'/'.join(common)}"
