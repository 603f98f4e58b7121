"""Times of RFC 3339, with or without seconds, read a second time and by other means than the core."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from fractions import Fraction
from random import Random

from hypothesis import strategies as st

from tests.examples import drawn

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


def timestamp(chance: Random) -> str:
    """A date-time of RFC 3339 in one of its spellings, or without seconds; of a year that Python can hold."""
    if chance.randrange(10) == 0:
        return f"{chance.randint(1, 9998):04}-12-31T23:59:60Z"
    day = datetime(chance.randint(1, 9999), 1, 1) + timedelta(days=chance.randrange(365))
    text = f"{day:%m-%d}{chance.choice('Tt ')}{chance.randrange(24):02}:{chance.randrange(60):02}"
    if chance.randrange(2):
        text += f":{chance.randrange(60):02}"
        digits = chance.randrange(16)
        text += f".{chance.randrange(10**digits):0{digits}}" if digits else ""
    offset = f"{chance.choice('+-')}{chance.randrange(24):02}:{chance.randrange(60):02}"
    return f"{day.year:04}-{text}{chance.choice(('Z', 'z', offset, offset))}"


def timestamps() -> st.SearchStrategy[str]:
    """Date-times of RFC 3339 in all their spellings, and without seconds."""
    return drawn(timestamp)
