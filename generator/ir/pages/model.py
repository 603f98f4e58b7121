"""How a call gets the next page, as a frozen value."""

from __future__ import annotations

from typing import Literal

from ...interpreter.fast_dataclasses import dataclass
from ..types import Type

Path = tuple[str, ...]
"""Names of properties, from an answer inwards."""


@dataclass(frozen=True, slots=True)
class Pagination:
    """How a call gets the next page. Names and paths are wire names; the path of an answer that is a list is ()."""

    kind: Literal["link", "cursor", "last-item", "offset", "page"]
    items: Path
    item: Type
    parameter: str = ""
    """What is sent to get the next page; "" where a link says everything."""
    in_body: bool = False
    next: Path = ()
    """The property that fills the parameter, of the answer or of its last item; or the one that has the link."""
    more: Path = ()
    """The property that says whether there are more."""
    total: Path = ()
    pages: Path = ()
    """The property that has the number of all pages, as `total` has that of all items."""
    limit: str = ""
    size: int = 0
    """The documented default of `limit`; 0 where it has none."""
    first: int = 0
    """The number of the first page."""
