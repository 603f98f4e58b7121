"""Every filter makes any text valid and inert where it is printed."""

from __future__ import annotations

import ast
import io
import re
import tokenize
import tomllib

import jinja2
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from generator.python.quoting import (
    Code,
    cell,
    code,
    comment,
    distribution,
    docstring,
    hanging,
    link,
    literal,
    markdown,
    mermaid,
    name,
    printed,
    prose,
    sentence,
    toml,
    wrapped,
)

PAYLOAD = "\"\"\"\n__import__('os').system('touch /tmp/x')\n'''\\"
NASTY = [
    PAYLOAD, '"', '\\"', '"""', '\\"""', '""""', 'a"', "a\\", "\\" * 5, '\\N{DASH}', "\\x41", "\r", "\r\n",
    "\n", "\x00", "\x1b[31m", "\u202e", "\u2066", "\u2028", "\x0c", "\x85", "\ud800", "\ufeff", "{{ 7 * 7 }}",
    "{% raw %}", "{}", "%s", "{0.__class__}", "#", "# -*- coding: utf-7 -*-", "```", "`", "``", "<b>", "[a](b)",
    "*a*", "| a | b |", "  indented", "- item", " ", "",
]  # fmt: skip
texts = (
    st.text()
    | st.text(alphabet="\"'\\\n\r\t {}%#`<>[]()*_|~aN{x0\x00\u202e\ud800", max_size=40)
    | st.sampled_from(NASTY)
)
indents = st.sampled_from([0, 4, 8])


def visible(text: str) -> str:
    """The text without its invisible characters."""
    return "".join(c for c in text if c.isprintable())


def is_one_line_without_controls(text: str) -> bool:
    return len(text.splitlines()) <= 1 and text.isprintable()


def rows(table: str) -> list[list[list[tuple[str, str]]]]:
    """The rows of a Markdown table's body; each cell as the tokens in it: (type, content)."""
    body_rows: list[list[list[tuple[str, str]]]] = []
    tokens = MarkdownIt().enable("table").parse(table)
    inside = False
    for token in tokens:
        inside = inside or token.type == "tbody_open"
        if inside and token.type == "tr_open":
            body_rows.append([])
        elif inside and token.type == "inline":
            body_rows[-1].append([(child.type, child.content) for child in token.children or ()])
    return body_rows


# Docstrings


@given(texts, indents)
@example('one"', 0)
@example("\\", 8)
@example('""" ' * 30, 4)
@example("- a\n    b\\\n\n\n\n  c", 8)
def test_a_docstring_is_one_string_and_nothing_else(text: str, indent: int) -> None:
    (statement,) = ast.parse(docstring(text).replace("\n" + " " * indent, "\n")).body
    assert isinstance(statement, ast.Expr)
    assert isinstance(statement.value, ast.Constant)
    assert isinstance(statement.value.value, str)


@given(texts, indents)
def test_a_docstring_stands_in_its_block(text: str, indent: int) -> None:
    opening = "".join(f"{' ' * (4 * level)}class A:\n" for level in range(indent // 4))
    tree = ast.parse(f"{opening}{' ' * indent}{docstring(text, indent)}\n")
    kinds = {type(node) for node in ast.walk(tree)}
    assert kinds <= {ast.Module, ast.ClassDef, ast.Expr, ast.Constant}


@given(texts)
def test_a_docstring_says_all_that_is_visible_in_the_text(text: str) -> None:
    value = ast.literal_eval(docstring(text))
    assert "".join(value.split()) == "".join(visible(text).split())


@given(texts, indents)
def test_a_docstring_holds_nothing_invisible(text: str, indent: int) -> None:
    assert visible(docstring(text, indent)) == docstring(text, indent).replace("\n", "")


@given(st.text(alphabet="ab \n", max_size=400), indents)
def test_prose_in_a_docstring_is_wrapped(text: str, indent: int) -> None:
    lines = docstring(text, indent).split("\n")
    assert all(len(line) <= 100 or " " not in line.strip() for line in lines)


def test_a_short_text_is_a_docstring_of_one_line() -> None:
    assert docstring(" One line. ") == '"""One line."""'


def test_paragraphs_are_filled_and_lists_are_left_alone() -> None:
    text = "One\nparagraph.\n\n\n\n- an item\n- another\n\n    code  here\n"
    assert wrapped(text, 80) == ["One paragraph.", "", "- an item", "- another", "", "    code  here"]


# Literals


@given(texts | st.integers() | st.none() | st.tuples(texts) | st.tuples(texts, texts))
def test_a_literal_is_its_value(value: str | int | tuple[str, ...] | None) -> None:
    assert ast.literal_eval(literal(value)) == value


@given(texts)
def test_a_literal_is_printable_ascii_or_at_least_visible(text: str) -> None:
    assert is_one_line_without_controls(literal(text))


# Comments


@given(texts)
@example("one\x0ctwo")
@example("-*- coding: utf-7 -*-")
def test_a_comment_is_not_code(text: str) -> None:
    assert ast.parse(f"# Code: {comment(text)}\n").body == []
    tokens = list(tokenize.tokenize(io.BytesIO(f"x\n# {comment(text)}\n".encode()).readline))
    assert [token.string for token in tokens if token.type == tokenize.NAME] == ["x"]


@given(texts)
def test_a_comment_is_one_line(text: str) -> None:
    assert is_one_line_without_controls(comment(text))


# TOML


@given(texts)
def test_a_toml_string_is_the_visible_text(text: str) -> None:
    value = tomllib.loads(f"a = {toml(text)}\n")["a"]
    normal = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")
    assert value == "".join(c for c in normal if c == "\n" or c.isprintable())


@given(texts)
def test_a_toml_string_is_one_value_and_nothing_else(text: str) -> None:
    assert list(tomllib.loads(f"a = {toml(text)}\n")) == ["a"]


# Markdown


@given(texts)
def test_markdown_is_one_line(text: str) -> None:
    assert is_one_line_without_controls(markdown(text))


@given(texts)
def test_markdown_says_what_the_text_says(text: str) -> None:
    shown = markdown(text)
    unescaped, rest = "", iter(shown)
    for character in rest:
        unescaped += next(rest) if character == "\\" else character
    assert unescaped.split() == visible(" ".join(text.replace("\t", " ").split("\n"))).split() or visible(
        "".join(text.split())
    ) == "".join(unescaped.split())


@given(texts)
def test_every_sign_of_markdown_is_escaped(text: str) -> None:
    shown = iter(markdown(text))
    for character in shown:
        if character == "\\":
            assert next(shown) in "\\`*_{}[]<>#|~"
        else:
            assert character not in "\\`*_{}[]<>#|~"


@given(texts)
def test_a_code_span_ends_where_it_should(text: str) -> None:
    shown = code(text)
    fence = shown[: len(shown) - len(shown.lstrip("`"))]
    assert fence
    assert shown.endswith(fence)
    inner = shown[len(fence) : -len(fence)]
    assert fence not in [run for run in inner.replace("`", " `").split() if set(run) == {"`"}]
    assert is_one_line_without_controls(shown)


@given(texts)
@example("a|b")
@example("`|`")
@example("\\|")
def test_a_cell_shows_its_text_and_stays_in_its_column(text: str) -> None:
    table = f"| left | right |\n|---|---|\n| {cell(text)} | end |\n"
    line = " ".join("".join(c for c in text.replace("\t", " ") if c in "\n\r" or c.isprintable()).split())
    (row,) = rows(table)
    assert len(row) == 2
    assert row[1] == [("text", "end")]
    if line and not re.search(r"\\\|", line):
        assert row[0] == [("code_inline", line)]


@given(texts)
@example("`")
@example("a `b` c")
@example("`a|b` | `")
def test_prose_shows_what_stands_between_backticks_as_code(text: str) -> None:
    assert is_one_line_without_controls(prose(text))
    if "`" not in text:
        assert prose(text) == markdown(text)
    elif text.count("`") % 2:
        assert "\\`" in prose(text)


def test_prose_is_text_with_code_in_it() -> None:
    assert prose("Says `a_b`, not *that*.") == r"Says `a_b`, not \*that\*."


@given(texts)
@example('a" --> b')
@example("a]\n  x --> y")
def test_a_label_of_a_diagram_ends_where_it_should(text: str) -> None:
    label = mermaid(text)
    assert label[0] == label[-1] == '"'
    assert re.fullmatch(r"(?:[\w ./-]|#\d+;)*", label[1:-1])


@given(texts)
def test_a_link_is_an_address_or_harmless_text(text: str) -> None:
    shown = link(text)
    if shown.startswith("<"):
        assert shown[1:5] == "http"
        assert not set(shown[1:-1]) & set(' <>"\\\n')
    else:
        assert shown == markdown(text)


def test_an_address_is_linked_and_a_script_is_not() -> None:
    assert link("https://example.com/a_b") == "<https://example.com/a_b>"
    assert link("javascript:alert(1)") == "javascript:alert(1)"


# Sentences, entries and names


@given(texts)
def test_a_sentence_is_one_line_with_an_end(text: str) -> None:
    text = sentence(text)
    assert is_one_line_without_controls(text)
    assert text == "" or text.rstrip("\"')]\u201d\u2019")[-1:] in tuple(".!?:\u2026\u3002\uff01\uff1f")


@given(texts, indents)
def test_an_entry_of_a_section_hangs(text: str, indent: int) -> None:
    beginning, *continuations = hanging(f"name: {text}", indent).split("\n")
    assert beginning.startswith("    name:")
    assert all(line.startswith("        ") and line.strip() for line in continuations)


@given(texts)
def test_a_name_is_an_identifier_or_refused(text: str) -> None:
    try:
        assert name(text).isidentifier()
    except ValueError:
        assert text in ("None", "True", "False") or not text.isidentifier() or f"{text}_".isidentifier()


@pytest.mark.parametrize("text", ["", "1a", "a b", "a.b", "a\n", "class", "None", "a;b", "a()"])
def test_an_invalid_identifier_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a Python identifier"):
        name(text)


@pytest.mark.parametrize("text", ["", "a b", "-a", "a;rm", "a\n", "$(a)", "ä"])
def test_an_invalid_name_of_a_distribution_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not the name of a distribution"):
        distribution(text)


# The templates' door


def test_a_template_prints_code_and_nothing_else() -> None:
    environment = jinja2.Environment(finalize=printed, autoescape=False)
    assert environment.from_string("{{ a }}").render(a=Code("x")) == "x"
    with pytest.raises(TypeError, match="a template prints 'x' without a filter"):
        environment.from_string("{{ a }}").render(a="x")
