"""Processes that are forked from the one that runs the tests."""

from __future__ import annotations

import os
import traceback
import warnings
from collections.abc import Callable
from typing import Any

from msgspec import json


class Child:
    """A forked process that calls a function, whose result is JSON, and then ends at once."""

    def __init__(self, function: Callable[[], Any]) -> None:
        self._answers, answers = os.pipe()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # newer Pythons warn: there are threads
            self.pid = os.fork()
        if self.pid == 0:
            try:
                os.write(answers, json.encode(function()))
            except BaseException:
                os.write(answers, json.encode(traceback.format_exc()))
            finally:
                os._exit(0)
        os.close(answers)

    def result(self) -> Any:
        """What the function returned; the traceback as a text where it raised."""
        with os.fdopen(self._answers, "rb") as answers:
            text = answers.read()
        os.waitpid(self.pid, 0)
        return json.decode(text)


def in_child(function: Callable[[], Any]) -> Any:
    """What a function returns in a forked process."""
    return Child(function).result()
