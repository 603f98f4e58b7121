"""Makes a failing case smaller, as long as it fails in the same way."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import TypeVar

from tests.torture.subject import Case

_Item = TypeVar("_Item")


def smallest(case: Case, fails: Callable[[Case], bool], attempts: int = 500) -> Case:
    """The smallest case that is reached in so many attempts, and for which `fails` is true, as it is for `case`."""
    left = attempts
    progress = True
    while progress:
        progress = False
        for candidate in _smaller(case):
            if not left:
                return case
            left -= 1
            if _size(candidate) < _size(case) and fails(candidate):
                case, progress = candidate, True
                break
    return case


def _size(case: Case) -> tuple[int, str]:
    text = json.dumps(case)
    return len(text), text


def _smaller(case: Case) -> Iterator[Case]:
    """Cases that lack something of `case`: large steps first."""
    if isinstance(case, dict):
        yield from (dict(items) for items in _shorter(list(case.items())))
        for key, value in case.items():
            yield from ({**case, key: smaller} for smaller in _smaller(value))
    elif isinstance(case, list):
        yield from _shorter(case)
        for index, value in enumerate(case):
            yield from ([*case[:index], smaller, *case[index + 1 :]] for smaller in _smaller(value))
    elif isinstance(case, str):
        yield from ("".join(characters) for characters in _shorter(list(case)))
    elif isinstance(case, bool) or case is None:
        return
    elif isinstance(case, int):
        yield from (0, case // 10)


def _shorter(items: list[_Item]) -> Iterator[list[_Item]]:
    """Lists without a part of `items`: without halves first, then quarters, down to single items."""
    length = len(items)
    while length:
        for start in range(0, len(items), length):
            yield items[:start] + items[start + length :]
        length //= 2
