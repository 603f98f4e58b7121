"""Times of RFC 3339, with or without seconds, read a second time and by other means than the core."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from hypothesis import strategies as st

_PATTERN = re.compile(
    r"(?P<start>[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2})"
    r"(?::(?P<second>[0-5][0-9]|60)(?P<fraction>\.[0-9]+)?)?(?P<zone>[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
)


def microseconds(text: str) -> Fraction:
    """Microseconds since the year 1 in UTC.

    Raises:
        ValueError: `text` is not a date-time of RFC 3339, seconds apart, or one of the year 0.
    """
    match = _PATTERN.fullmatch(text)
    if match is None:
        raise ValueError(text)
    zone = "+00:00" if match["zone"] in "Zz" else match["zone"]
    moment = datetime.strptime(match["start"].upper().replace("T", " "), "%Y-%m-%d %H:%M")
    hours, minutes = int(zone[1:3]), int(zone[4:])
    offset = timedelta(hours=hours, minutes=minutes) * (-1 if zone[0] == "-" else 1)
    since = moment - datetime(1, 1, 1) - offset
    if match["second"] == "60" and since % timedelta(days=1) != timedelta(hours=23, minutes=59):
        raise ValueError(text)
    return (
        Fraction(int(since.total_seconds())) + int(match["second"] or 0) + Fraction(match["fraction"] or 0)
    ) * 1_000_000


def since_year_one(moment: datetime) -> int:
    """Microseconds since the year 1 in UTC."""
    offset = moment.utcoffset()
    assert offset is not None
    return (moment.replace(tzinfo=None) - datetime(1, 1, 1) - offset) // timedelta(microseconds=1)


def is_timestamp(value: object) -> bool:
    """Whether a value is a date-time, or nothing that could be one."""
    if isinstance(value, str):
        try:
            microseconds(value)
        except ValueError:
            return False
    return True


_MOMENTS, _YEARS, _SEPARATORS = st.datetimes(), st.integers(1, 9999), st.sampled_from("Tt ")
_SECONDS = st.just("") | st.from_regex(r":[0-5][0-9](\.[0-9]{1,15})?", fullmatch=True)
_OFFSETS = st.tuples(st.sampled_from("+-"), st.integers(0, 23), st.integers(0, 59))
_ZONES = st.sampled_from("Zz") | _OFFSETS.map(lambda parts: "{}{:02}:{:02}".format(*parts))
_ONE_IN_TEN, _YEARS_OF_LEAP_SECONDS = st.integers(0, 9), st.integers(1, 9998)


@st.composite
def timestamps(draw: st.DrawFn) -> str:
    """Date-times of RFC 3339 in all their spellings, and without seconds; of a year that Python can hold."""
    text = draw(_MOMENTS).strftime("%m-%d{}%H:%M")
    year = draw(_YEARS)
    text = f"{year:04}-{text}".replace("02-29", "02-28").format(draw(_SEPARATORS))
    text += draw(_SECONDS)
    text += draw(_ZONES)
    if draw(_ONE_IN_TEN) == 0:
        day = datetime(draw(_YEARS_OF_LEAP_SECONDS), 12, 31, tzinfo=UTC)
        return day.strftime("%Y-%m-%dT23:59:60Z").zfill(20)
    return text
