"""Descriptions as plain text, and as summaries."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

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
