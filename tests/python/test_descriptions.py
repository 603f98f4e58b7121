"""Descriptions as plain text, and as summaries."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from generator.python.descriptions import plain_text as plain
from generator.python.descriptions.html import as_markdown
from generator.python.descriptions.plain_text import plain_text
from generator.python.descriptions.summaries import one_line, summary_and_rest


@pytest.mark.parametrize(
    ("description", "text"),
    [
        ("Nothing to do, not even in snake_case or a - b.", "Nothing to do, not even in snake_case or a - b."),
        ("<p>About <b>gardens</b>.</p>", "About gardens."),
        ("<p>One.</p><p>Two.</p>", "One.\n\nTwo."),
        ("Line<br>line<br/>line", "Line\n\nline\n\nline"),
        ("<ul><li>one</li><li>two</li></ul>after", "- one\n- two\n\nafter"),
        ('See <a href="https://g.example/a_b">the page</a>.', "See the page (https://g.example/a_b)."),
        ("See [this](/x) or [that](https://g.example 'T').", "See this or that (https://g.example)."),
        ("<https://g.example> and https://g.example", "https://g.example and https://g.example"),
        ("**Bold**, *thin*, __both__ and snake_case_words", "Bold, thin, both and snake_case_words"),
        ("a &lt;b&gt; &amp; &#99; &nosuch;", "a <b> & c &nosuch;"),
        ("a < b, <your-token>, List<Bed> and </odd>", "a < b, <your-token>, List<Bed> and </odd>"),
        ("`<b>` and <code>x</code>", "`<b>` and `x`"),
        ("# Head\n\ntext\n\n---\n\nmore", "Head\n\ntext\n\nmore"),
        ("```json\n{'a': '<b>'}\n```\nafter", "    {'a': '<b>'}\n\nafter"),
        ("<pre>one\n two</pre>", "    one\n     two"),
        ("1. one\n2. two\n   - *three*\n", "1. one\n2. two\n   - three"),
        ("| a | b |\n|---|---|\n| 1 | *2* |", "| a | b |\n| 1 | 2 |"),
        ("> quoted\n> **twice**", "> quoted\n> twice"),
        ("![a bed](bed.png) <img src='x' alt='a shed'>", "a bed a shed"),
        ("[Note]: stays", "[Note]: stays"),
        ("<p>unclosed <b>bold", "unclosed bold"),
        ("cut <a href=", "cut <a href="),
        ("/beds/* and 3 * 4 ** 2", "/beds/* and 3 * 4 ** 2"),
        ("<!-- hidden -->shown", "shown"),
        ("<P>One</P><BR>Two", "One\n\nTwo"),
        ("one<br/>\ntwo<br><br>three", "one\n\ntwo\n\nthree"),
        ("one  \ntwo\\\nthree", "one\n\ntwo\n\nthree"),
        ("2*3*4, *.py and **/*.py", "2*3*4, *.py and **/*.py"),
        ("<code>a &lt; b</code> and <pre>x &lt; 1\n  <b>y</b></pre>", "`a < b` and\n\n    x < 1\n      y"),
        ("* one\n* two\n  more\n    1. deep", "- one\n- two\n  more\n  1. deep"),
        (
            "Has<ul>\n    <li>one\n      line</li>\n    <li>two<ol><li>deep</ol></li>\n</ul>end",
            "Has\n\n- one line\n- two\n  1. deep\n\nend",
        ),
        ("a < b and c > d, a<b: Map<I>, <i>.<j>, <b and c>",) * 2,
        ("<p>A List<B> of beds</p>", "A List<B> of beds"),
        ("<script>x()</script> and <bed id='1'>y</bed>",) * 2,
        ("[beds](https://g.example/a?b={c}), <a href=/y>y</a>", "beds (https://g.example/a?b={c}), y"),
        ("[a@g.example](mailto:a@g.example), [us](mailto:a@g.example)", "a@g.example, us (a@g.example)"),
        ("Tom&nbsp;&eacute;", "Tom \u00e9"),
        ("All\n===\n<h2>Two</h2>three<hr>four", "All\n\nTwo\n\nthree\n\nfour"),
        (r"\*not\* a\_b ^\d+\, \\", "*not* a_b ^\\d+\\, \\"),
        ("|a|b|\n|-|:-:|\n|`x|y`|**z**|", "| a | b |\n| `x|y` | z |"),
        ("<table><tr><th>A</th><th>B</th></tr>\n<tr><td>1<td>2|3</table>", "| A | B |\n| 1 | 2|3 |"),
        ("10<sup>2</sup> H<sub>2</sub>O", "10^2 H2O"),
        ("<p> </p>\n***", ""),
    ],
)
def test_a_description_is_plain_text(description: str, text: str) -> None:
    assert plain_text(description) == text


TEXTS = st.text(st.sampled_from("xy <>/*_`#&;-=|!\\\n\"'1."), max_size=60)


@given(TEXTS)
def test_no_letter_of_any_text_is_lost(text: str) -> None:
    """Letters that are neither names of elements nor in comments, nor name the language of a block of code."""
    assume(not any(hidden in text for hidden in ("<!", "</", "```")))
    assert [*filter(str.isalpha, plain_text(text))] == [*filter(str.isalpha, text)]


@pytest.mark.parametrize(
    ("description", "summary", "rest"),
    [
        ("", "", ""),
        ("Lists beds", "Lists beds.", ""),
        ("Lists\nbeds.", "Lists beds.", ""),
        ("Lists beds!\n\nAll of them.", "Lists beds!", "All of them."),
        ("<p>Lists beds.</p>", "Lists beds.", ""),
        ("**New here?** Read [this](/x).\n\n---\n\nLists beds.\n", "Lists beds.", "New here? Read this."),
        ("---\n\nLists beds.", "Lists beds.", ""),
        ("Lists beds.\n\n---\n", "Lists beds.", ""),
        ("- one\n- two", "", "- one\n- two"),
        ("<p>New here?</p><hr><p>Lists beds.</p>", "Lists beds.", "New here?"),
        ("> Beta\n\n***\nLists beds.", "Lists beds.", "> Beta"),
        ("**Beta**\n---\nLists beds.", "Lists beds.", "Beta"),
        ("Lists beds.\n\n---\n\nAll of them.", "Lists beds.", "All of them."),
        ("# List beds\nAll of them.", "List beds.", "All of them."),
        (
            "Lists the beds of the garden, e.g. those of roses. It takes long. Nobody has an idea of why that is so.",
            "Lists the beds of the garden, e.g. those of roses.",
            "It takes long. Nobody has an idea of why that is so.",
        ),
    ],
)
def test_a_summary_is_one_line(description: str, summary: str, rest: str) -> None:
    assert summary_and_rest(description) == (summary, rest)


@pytest.mark.parametrize("text", ["Done.", "Done:", "Done?", "Done!", "Done…", "(Done.)", '"Done."', "完了。"])
def test_what_has_an_end_gets_no_full_stop(text: str) -> None:
    assert one_line(text) == text
    assert one_line(f"<p>{text}</p>") == text


def test_markup_that_is_nested_without_end_is_text() -> None:
    stars = "*" * 2_000
    assert plain_text(f"{stars}bed{stars}") == f"{stars}bed{stars}"
    assert len(as_markdown("<ul><li>bed" * 2_000)) < 200_000
    assert plain_text("__bed__ " * 3_000) == ("bed " * 3_000).strip()


@given(st.text("aZ09 ,.;:'()/-", max_size=40).map(lambda text: f"b{text}"))
def test_a_plain_sentence_is_read_as_the_parser_reads_it(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        read = plain.blocks(text)
        patch.setattr(plain, "_SENTENCE", re.compile("(?!)"))
        assert read == plain.blocks(text)


def test_the_parser_is_loaded_for_markup_alone() -> None:
    program = """
import sys
from generator.python.descriptions.summaries import summary_and_rest
assert summary_and_rest("One thing. And (mostly) another, 2/3.") == ("One thing. And (mostly) another, 2/3.", "")
assert "markdown_it" not in sys.modules
assert summary_and_rest("*One* thing")[0] == "One thing."
assert "markdown_it" in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True, cwd=Path(__file__).parents[2])
