"""Carrying out a command: whatever ends it leaves one line that says why, and a terminal as it was."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

from .._errors import WorkflowRunError
from .display.messages import NAME, CommandError, message_of, say_error, say_traceback
from .display.terminal import PipeClosed, is_terminal, say, write
from .ending import Ending, ending_of


class Terminated(BaseException):
    """Somebody asked this process to end."""


def carried_out(action: Callable[[], Ending], *, debug: bool, after_interruption: Callable[[], str] = str) -> Ending:
    """Carry out a command; how it ends.

    Args:
        action: what to do.
        debug: whether to say where an error comes from.
        after_interruption: what to say when somebody ends it in between.
    """
    try:
        with _signals():
            return action()
    except PipeClosed:
        return Ending.PIPE_CLOSED
    except (KeyboardInterrupt, Terminated) as interruption:
        if is_terminal(sys.stderr):
            write(sys.stderr, "\n")  # the terminal shows ^C
        say(f"{NAME}: interrupted{after_interruption()}")
        return Ending.TERMINATED if isinstance(interruption, Terminated) else Ending.INTERRUPTED
    except (CommandError, WorkflowRunError, OSError) as error:
        say_error(message_of(error))
        if debug:
            say_traceback(error)
        return ending_of(error)
    except Exception as error:
        hint = "" if debug else "; please report it, with what --debug shows"
        say_error(f"a mistake in this program: {type(error).__name__}: {message_of(error)}{hint}")
        if debug:
            say_traceback(error)
        return Ending.MISTAKE


@contextmanager
def _signals() -> Generator[None]:
    """Let SIGTERM and SIGHUP end what is under way as Ctrl-C does, unless they are ignored, as by nohup."""
    numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    is_main = threading.current_thread() is threading.main_thread()
    usual = [number for number in numbers if is_main and signal.getsignal(number) == signal.SIG_DFL]
    for number in usual:
        signal.signal(number, _terminate)
    try:
        yield
    finally:
        for number in usual:
            signal.signal(number, signal.SIG_DFL)


def _terminate(number: int, frame: FrameType | None) -> NoReturn:
    raise Terminated
