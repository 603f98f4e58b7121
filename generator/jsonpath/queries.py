"""The nodes that a JSONPath selects, in a bounded number of steps: paths such as `$..*..*` select a node very often."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from jsonpath_rfc9535 import JSONPathEnvironment, JSONPathError, JSONPathNode
from jsonpath_rfc9535.function_extensions import ExpressionType, FilterFunction

from ..steps import count_steps
from .regular_expressions import InvalidPattern, Pattern

_pattern = lru_cache(Pattern)


class InvalidPath(Exception):  # noqa: N818 - it says what it is about
    """A text that is not a JSONPath, or one with a pattern that is too large."""


def selected_nodes(path: str, document: Any) -> list[JSONPathNode]:
    """The nodes of a document that a JSONPath selects. Raises InvalidPath or TooManySteps."""
    nodes = []
    try:
        for node in _Environment().finditer(path, document):
            count_steps(1)
            nodes.append(node)
    except RecursionError as error:
        raise InvalidPath("it is nested too deeply") from error
    except (JSONPathError, OverflowError) as error:
        raise InvalidPath(str(error)) from error
    return nodes


class _Environment(JSONPathEnvironment):
    """Counts a step for each value that a wildcard, a filter or `..` visits: the library then reads these settings."""

    @property
    def nondeterministic(self) -> bool:  # type: ignore[override]
        count_steps(1)
        return False

    @property
    def max_recursion_depth(self) -> int:  # type: ignore[override]
        count_steps(1)
        return JSONPathEnvironment.max_recursion_depth

    def setup_function_extensions(self) -> None:
        super().setup_function_extensions()
        self.function_extensions |= {"match": _Matching(whole=True), "search": _Matching(whole=False)}


class _Matching(FilterFunction):
    """The functions `match` and `search` (RFC 9535, section 2.4.6): false for what is not text, or not a pattern."""

    arg_types = [ExpressionType.VALUE, ExpressionType.VALUE]  # noqa: RUF012 - as the library declares it
    return_type = ExpressionType.LOGICAL

    def __init__(self, *, whole: bool) -> None:
        self._whole = whole

    def __call__(self, subject: object, pattern: object) -> bool:
        if not isinstance(subject, str) or not isinstance(pattern, str):
            return False
        try:
            return _pattern(pattern).matches(subject, whole=self._whole)
        except InvalidPattern:
            return False
