"""What is made of samples: ratios, goals, tables, the chart; and that what is kept agrees."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks import chart, draw
from tests.benchmarks.comparison import Comparison, PartResult, Spread, Unmeasured
from tests.benchmarks.goals import GOALS, verdicts
from tests.benchmarks.publishing import PAGE, README, with_table
from tests.benchmarks.results import dump, load
from tests.benchmarks.tables import amount, page, readme_table, times


def row(ours: tuple[float, ...], peers: tuple[float, ...], goal: str) -> Comparison:
    return Comparison("a|b", "ours", "peer", "seconds", ours, peers, goal)


def part(*rows: Comparison, date: str = "2026-11-29") -> PartResult:
    missing = Unmeasured("a bed", "other", "cannot be run: there is no spade here")
    return PartResult(date, "abc", 2.0, {"processor": "P", "cores": "2"}, {"peer": "1"}, rows, (missing,))


RESULTS = {
    "call": part(row((2.0, 3.0, 9.0), (1.0, 1.0, 1.0), "call-mock"), row((1.0,), (2.0,), "call-mock")),
    "decode": part(row((2.0,), (1.0,), "decode-typed"), row((1.0,), (8.0,), "decode-typed"), date="2026-11-28"),
}


def test_ratios_are_of_pairs() -> None:
    assert row((1.0, 4.0, 9.0), (1.0, 2.0, 3.0), "").ratio == Spread(2.0, 1.0, 3.0)


def test_samples_come_in_pairs() -> None:
    with pytest.raises(ValueError):
        _ = row((1.0, 2.0), (1.0,), "").ratio


def test_the_worst_comparison_decides_or_the_geometric_mean() -> None:
    decode, call = verdicts(RESULTS)
    assert (decode.goal.id, round(decode.figure, 9), decode.reached) == ("decode-typed", 0.5, True)
    assert (call.goal.id, call.figure, call.reached) == ("call-mock", 3.0, False)


def test_goals_have_names_of_their_own() -> None:
    assert len({goal.id for goal in GOALS}) == len(GOALS)


def test_results_are_read_as_they_were_written(tmp_path: Path) -> None:
    file = tmp_path / "results.json"
    assert load(file) == {}
    file.write_text(dump(RESULTS), "utf-8")
    assert load(file) == RESULTS
    assert dump(load(file)) == dump(RESULTS)


def test_the_page_has_each_row_and_each_reason() -> None:
    text = page(RESULTS)
    assert "| a call, without a network | httpx2 alone | 3 | 1.15 | **missed** |" in text
    assert "| call | a\\|b | ours | 3 s | peer | 1 s | 3 (2 to 9) | 2026-11-29 |" in text
    assert "- `decode`, a bed: other cannot be run: there is no spade here" in text
    assert "`decode`, 2026-11-28, commit abc, 2 s: processor P, cores 2." in text


def test_the_table_replaces_the_one_with_the_same_head() -> None:
    table = readme_table(verdicts(RESULTS))
    before = f"# A\n\n{table[0]}\n| old |\n\nB\n"
    assert with_table(before, table) == "# A\n\n" + "\n".join(table) + "\n\nB\n"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.04, "0.04"),
        (0.0123, "0.012"),
        (0.5, "0.5"),
        (1, "1"),
        (3.456, "3.46"),
        (15, "15"),
        (15.26, "15.3"),
        (138.2, "138"),
    ],
)
def test_ratios_have_three_digits_at_most(value: float, text: str) -> None:
    assert times(value) == text


def test_costs_have_units() -> None:
    assert [amount(value, "seconds") for value in (138.8, 2.9, 0.08, 0.0000125)] == [
        "139 s",
        "2.9 s",
        "80 ms",
        "12.5 µs",
    ]
    assert amount(1234.4, "megabytes") == "1,234 MB"


def test_the_chart_has_a_row_for_each_goal_with_a_panel() -> None:
    (panel,) = chart.content(RESULTS)["panels"]
    assert [each["label"] for each in panel["rows"]] == ["an answer, typed", "a call, no network"]
    assert [each["text"] for each in panel["rows"]] == ["2 times less", "3 times as much"]
    assert chart.described(1.01) == "as much"
    low, high = draw.limits([panel])
    assert low < 0.5
    assert high > 3


def test_the_page_the_readme_and_the_chart_show_the_results_that_are_kept() -> None:
    kept = load()
    table = readme_table(verdicts(kept))
    assert with_table(README.read_text("utf-8"), table) == README.read_text("utf-8"), "`make bench` writes the table"
    if kept:
        assert PAGE.read_text("utf-8") == page(kept), "`make bench` writes the page"
        assert f"results {chart.digest(kept)}" in chart.FILE.read_text("utf-8"), "`make bench` draws the chart"
