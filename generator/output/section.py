"""The section of a package's pyproject.toml that its users edit: input of the next run, in a generated file."""

from __future__ import annotations

FILE = "pyproject.toml"
SECTION = "workflow-client-generator"
"""The section is `[tool.workflow-client-generator]`, with the tables below it."""
_NAME = r"""(?:[\w-]+|"[^"\n]*"|'[^'\n]*')"""
NAMES = rf"{_NAME}(?:[ \t]*\.[ \t]*{_NAME})*"
"""The pattern of a dotted key in TOML."""
_HEADER = rf"^[ \t]*\[\[?[ \t]*({NAMES})[ \t]*\]\]?[ \t]*(?:#[^\n]*)?$".encode()
_OURS = rb"tool\.[\"']?%b[\"']?(\..*)?" % SECTION.encode()


def split(data: bytes) -> tuple[bytes, bytes]:
    """What is around the section in a pyproject.toml, and the section: from its header to that of another table."""
    if not any(SECTION.encode() in line and line.lstrip().startswith(b"[") for line in data.split(b"\n")):
        return data, b""
    import re  # late: most packages have no such section, and then nothing needs it

    start = None
    for header in re.finditer(_HEADER, data.replace(b"\r", b" "), re.MULTILINE):
        is_ours = re.fullmatch(_OURS, re.sub(rb"[ \t]", b"", header[1]))
        if start is None and is_ours:
            start = header.start()
        elif start is not None and not is_ours:
            return data[:start] + data[header.start() :], data[start : header.start()]
    return (data, b"") if start is None else (data[:start], data[start:])
