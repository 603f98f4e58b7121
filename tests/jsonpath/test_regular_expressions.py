"""Regular expressions of JSONPath mean what RFC 9485 says, and take linear time."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.jsonpath.regular_expressions import InvalidPattern, Pattern
from generator.steps import BASE, TooManySteps, steps_bounded

ATOMS = ["a", "b", ".", r"\.", "[ab]", "[^a]", "[a-c]", "[-a]", "[a-]", "[^-a]", r"[\]]", r"\n", "-", "é", "^", "()"]


def extended(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    quantified = st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{1,2}", "{1,}", "{0}"])).map(
        lambda pair: f"({pair[0]}){pair[1]}"
    )
    return quantified | st.lists(inner, max_size=3).map("".join) | st.lists(inner, min_size=1, max_size=3).map("|".join)


PATTERNS = st.recursive(st.sampled_from(ATOMS), extended, max_leaves=8)


@given(pattern=PATTERNS, subject=st.text("abcé-.]\n", max_size=6))
def test_it_matches_what_python_s_engine_matches(pattern: str, subject: str) -> None:
    python = re.compile(pattern.replace(".", r"[^\n\r]").replace(r"\[^\n\r]", r"\."))
    assert Pattern(pattern).matches(subject, whole=True) is bool(python.fullmatch(subject))
    assert Pattern(pattern).matches(subject, whole=False) is bool(python.search(subject))


@pytest.mark.parametrize(
    ("pattern", "subject", "whole", "found"),
    [
        ("", "", True, True),
        ("", "a", False, True),
        ("^ab$", "ab", False, True),
        ("b$", "ab\n", False, False),
        ("^b", "ab", False, False),
        ("^$", "", False, True),
        (r"\p{Lu}\P{L}", "Ä1", True, True),
        (r"[\p{Nd}x-]+", "1-x٣", True, True),
        (r"[^\p{L}]", "a", True, False),
        (r"a{2,3}", "aaaa", True, False),
        (r"a{2,}", "aaaa", True, True),
        (r"\(\)\*\+\-\.\?\[\\\]\^\{\|\}\n\r\t", "()*+-.?[\\]^{|}\n\r\t", True, True),
        (".", "\r", True, False),
        (".", "\U0001f600", True, True),
    ],
)
def test_it_means_what_the_rfc_says(pattern: str, subject: str, whole: bool, found: bool) -> None:
    assert Pattern(pattern).matches(subject, whole=whole) is found


@pytest.mark.parametrize(
    "pattern",
    ["(", ")", "a)", "*", "a**", "a{2,1}", "a{", "}", "[", "[]", "[b-a]", r"\d", r"\p{Xx}", r"\p", "\\", "(?:a)"],
)  # fmt: skip
def test_what_is_not_a_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(InvalidPattern):
        Pattern(pattern)


@pytest.mark.parametrize(
    "pattern", ["(a+)+b", "(a|aa)*b", "(a|a)*b", "a*a*a*a*a*b", "(a?){25}a{25}b", "(.*)*(.*)*[^a]"]
)
@pytest.mark.parametrize("whole", [True, False])
def test_patterns_that_others_try_for_ever_take_steps_by_the_length_of_the_text(pattern: str, whole: bool) -> None:
    for length in (1_000, 100_000):
        with steps_bounded(-(BASE - 20_000 - 2 * length) // 100):
            assert not Pattern(pattern).matches("a" * length, whole=whole)


@pytest.mark.parametrize(
    "pattern", ["a{99999}", "(((a{99}){99}){99}){99}", "((((){9999}){9999}){9999}){9999}", "a{1,9999}"]
)
def test_a_pattern_with_too_many_repetitions_takes_too_many_steps(pattern: str) -> None:
    with steps_bounded(0), pytest.raises(TooManySteps):
        Pattern(pattern)
