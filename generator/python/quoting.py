"""The filters through which a document's text reaches generated files: each quotes it for one syntax as `Code`.

Templates print `Code` alone, so a text that has not passed a filter stops the generation.
"""

from __future__ import annotations

import json
import keyword
import re
import reprlib
import textwrap
from collections.abc import Mapping, Sequence
from itertools import groupby

WIDTH = 100
"""Columns of wrapped prose; code may be wider."""
_NOT_FILLED = re.compile(r"\s|[-*+|>#] ?|[0-9]+[.)] |```")
"""The beginnings of list items, tables, quotations, headings and blocks of code."""
_ENDED = re.compile("[.!?:\u2026\u3002\uff01\uff1f][\"')\\]\u201d\u2019]*$")
"""The end of a sentence, also of a Chinese or Japanese one, and what may follow it."""
_MARKED = re.compile(r"( *(?:- |[0-9]+\. ))?(.*)")
"""A line of a list, and its marker."""


class Code(str):
    """Text that is safe where it is printed."""

    __slots__ = ()


class UnquotedError(TypeError):
    """A template prints a value that no filter has quoted."""


def printed(value: object) -> Code:
    """The value, for Jinja's `finalize`. Raises UnquotedError where no filter has quoted it."""
    if isinstance(value, Code):
        return value
    shown = reprlib.repr(value) if isinstance(value, (str, int, float)) else f"a value of type {type(value).__name__}"
    raise UnquotedError(f"a template prints {shown} without a filter")


def name(value: str) -> Code:
    """A Python identifier."""
    if not value.isidentifier() or keyword.iskeyword(value):
        raise ValueError(f"{value!r} is not a Python identifier")
    return Code(value)


def dotted_name(value: str) -> Code:
    """Python identifiers with dots between them."""
    return Code(".".join(map(name, value.split("."))))


def literal(value: str | float | tuple[object, ...] | Mapping[str, object] | None) -> Code:
    """A Python literal; `repr` escapes quotes, backslashes, and whatever does not print."""
    return Code(repr(value))


def toml(value: object) -> Code:
    """A value of TOML (https://toml.io/en/v1.0.0): a text as a basic string, as JSON's are, a mapping in one line."""
    match value:
        case str():
            return Code(json.dumps(_visible(value), ensure_ascii=False))
        case bool() | int():
            return Code(json.dumps(value))
        case Mapping():
            return Code(f"{{{', '.join(f'{toml(key)} = {toml(item)}' for key, item in value.items())}}}")
        case Sequence():
            return Code(f"[{', '.join(toml(item) for item in value)}]")
    raise TypeError(f"{value!r} is not a value of TOML")


def comment(value: str) -> Code:
    """One line for a comment that does not declare an encoding (PEP 263 looks for `coding:` in the first two lines)."""
    return Code(re.sub(r"(?<=coding)(?=[:=])", " ", _line(value)))


def markdown(value: str) -> Code:
    """One line of Markdown that shows the text as it is."""
    return Code(_escaped(_line(value)))


def paragraphs(value: str) -> Code:
    """Markdown that shows the paragraphs and lists of a text as they are."""
    lines = (_MARKED.fullmatch(line.rstrip()) for line in _visible(value).strip().split("\n"))
    return Code("\n".join(f"{line[1] or ''}{_escaped_beginning(line[2].strip())}" for line in lines if line))


def _escaped_beginning(line: str) -> str:
    """A line of Markdown that neither begins a list nor underlines a heading."""
    return re.sub(r"^(?=[-+=])", r"\\", _escaped(line))


def code(value: str) -> Code:
    """A code span of Markdown (CommonMark 0.31, section 6.1)."""
    line = _line(value)
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", line)), default=0))
    pad = " " if line[:1] in ("`", "") or line.endswith("`") else ""
    return Code(f"{fence}{pad}{line}{pad}{fence}")


def prose(value: str) -> Code:
    """One line of Markdown that shows the text as it is, with code spans where it has text between backticks."""
    texts = _line(value).split("`")
    if len(texts) % 2 == 0:
        return markdown(value)
    return Code("".join(code(text) if i % 2 else _escaped(text) for i, text in enumerate(texts)))


def cell(value: str) -> Code:
    """A code span in a cell of a table (GitHub Flavored Markdown 0.29, section 4.10)."""
    return Code(code(value).replace("|", r"\|"))


def mermaid(value: str) -> Code:
    """A quoted label of a Mermaid diagram, whose escapes are `#` codes (mermaid.js.org, "Entity codes to escape")."""
    return Code('"' + "".join(c if c.isalnum() or c in " _-./" else f"#{ord(c)};" for c in _line(value)) + '"')


def distribution(value: str) -> Code:
    """The name of a distribution, for a shell."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", value):
        raise ValueError(f"{value!r} is not the name of a distribution")
    return Code(value)


def link(value: str) -> Code:
    """A URL between angle brackets, for Markdown; text that is not an http(s) URL is shown as text."""
    line = _line(value)
    if line.startswith(("http://", "https://")) and not re.search(r"[\s<>\"\\]", line):
        return Code(f"<{line}>")
    return markdown(line)


def docstring(value: str, indent: int = 0) -> Code:
    """A wrapped docstring, for a line that is indented by `indent` spaces."""
    margin = " " * indent
    lines = wrapped(value, WIDTH - indent)
    text = "\n".join(lines).replace("\\", "\\\\")
    if '"""' in text or text.endswith('"'):
        text = text.replace('"', r"\"")
    if "\n" not in text and len(text) + indent + 6 <= WIDTH:
        return Code(f'"""{text}"""')
    return Code('"""' + text.replace("\n", "\n" + margin).replace(f"\n{margin}\n", "\n\n") + f'\n{margin}"""')


def wrapped(value: str, width: int) -> list[str]:
    """The lines of a text: paragraphs are filled; list items, tables, indented lines stay; blank lines are merged."""
    lines: list[str] = []
    stripped = [line.rstrip() for line in _visible(value).strip().split("\n")]
    for is_paragraph, group in groupby(stripped, lambda line: bool(line) and not _NOT_FILLED.match(line)):
        for line in _wrapped(" ".join(group), width - 4) if is_paragraph else group:
            if line or (lines and lines[-1]):
                lines.append(line)
    return lines


def hanging(value: str, indent: int) -> str:
    """An entry of a section, in a docstring that is indented by `indent` spaces."""
    return "    " + "\n        ".join(_wrapped(_line(value), WIDTH - indent - 8))


def _wrapped(text: str, width: int) -> list[str]:
    if len(text) <= width:
        return [text]  # most are short
    return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)


def sentence(value: str) -> str:
    """The text in one line that ends with a punctuation mark; "" stays empty."""
    line = _line(value)
    return line if not line or _ENDED.search(line) else line + "."


def _escaped(line: str) -> str:
    return re.sub(r"([\\`*_{}\[\]<>#|~])", r"\\\1", line)


def _visible(value: str) -> str:
    """The text without control, bidirectional, private and unpaired surrogate characters; tabs become spaces."""
    value = value.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")
    lines = value.split("\n")
    return "\n".join(line if line.isprintable() else "".join(filter(str.isprintable, line)) for line in lines)


def _line(value: str) -> str:
    return " ".join(_visible(value).split())
