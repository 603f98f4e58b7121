"""Times of the unified model: a time that is read from JSON has a zone, or is refused."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, TypeAlias

from msgspec import Meta

AwareDatetime: TypeAlias = Annotated[datetime, Meta(tz=True)]
