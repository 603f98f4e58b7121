"""The section of a package's pyproject.toml that its users edit: input of the next run, in a generated file."""

from __future__ import annotations

import re

FILE = "pyproject.toml"
SECTION = "workflow-client-generator"
"""The section is `[tool.workflow-client-generator]`, with the tables below it."""
_NAME = r"""(?:[\w-]+|"[^"\n]*"|'[^'\n]*')"""
NAMES = rf"{_NAME}(?:[ \t]*\.[ \t]*{_NAME})*"
"""The pattern of a dotted key in TOML."""
_HEADER = re.compile(rf"^[ \t]*\[\[?[ \t]*({NAMES})[ \t]*\]\]?[ \t]*(?:#[^\n]*)?$".encode(), re.MULTILINE)
_OURS = re.compile(rb"tool\.[\"']?%b[\"']?(\..*)?" % SECTION.encode())


def split(data: bytes) -> tuple[bytes, bytes]:
    """What is around the section in a pyproject.toml, and the section: from its header to that of another table."""
    start = None
    for header in _HEADER.finditer(data.replace(b"\r", b" ")):
        is_ours = _OURS.fullmatch(re.sub(rb"[ \t]", b"", header[1]))
        if start is None and is_ours:
            start = header.start()
        elif start is not None and not is_ours:
            return data[:start] + data[header.start() :], data[start : header.start()]
    return (data, b"") if start is None else (data[:start], data[start:])
