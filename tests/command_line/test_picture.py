"""The picture in README.md shows what the command shows."""

from __future__ import annotations

from pathlib import Path

from tests.command_line.picture import PICTURE, picture

ROOT = Path(__file__).resolve().parents[2]


def test_the_picture_is_what_is_drawn_now() -> None:
    assert PICTURE.read_text("utf-8") == picture(), "run `make picture`, look at it, and commit it"


def test_the_picture_loads_nothing_and_is_shown() -> None:
    text = PICTURE.read_text("utf-8")
    assert "url(http" not in text
    assert "href" not in text
    assert f"({PICTURE.relative_to(ROOT)})" in (ROOT / "README.md").read_text("utf-8")
