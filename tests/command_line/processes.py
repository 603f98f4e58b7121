"""The command as a process of its own: in pipes, and on a real pseudo-terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
from collections.abc import Iterable, Sequence

from tests.clients.providers import GENERATED

PATH = os.pathsep.join(str(folder) for folder in sorted(GENERATED.glob("workflow-*")))
KEY = "key-of-dify-1234"
ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "PYTHONPATH": PATH,
    "PYTHONDONTWRITEBYTECODE": "1",
    "LANG": "C.UTF-8",
    "TERM": "xterm-256color",
    "DIFY_API_KEY": KEY,
}
COMMAND = (sys.executable, "-m", "workflow_runs")

# Against a fake of the providers in the same process. Its clock stands still, or lets hours pass at once.
_FAKED = """
import os, sys
from workflow_runs.cli import run
from workflow_runs.testing import FakeClock, FakeProvider, error, use_clock

fake = FakeProvider()
{added}
with fake.serve() as server, use_clock(FakeClock(auto_advance={passes})):
    os.environ.update(server.environment)
    status = run(sys.argv[1:])
sys.exit(status)
"""


def faked(*added: str, passes: bool = True) -> tuple[str, ...]:
    """The command against a fake: with these lines that add runs, and with a clock whose time passes, or not."""
    return (sys.executable, "-c", _FAKED.format(added="\n".join(added), passes=passes))


def started(
    command: Sequence[str],
    *arguments: str,
    stdin: int = subprocess.DEVNULL,
    stdout: int = subprocess.PIPE,
    **environment: str,
) -> subprocess.Popen[bytes]:
    """A process of the command, in pipes."""
    return subprocess.Popen(
        [*command, *arguments],
        env={**ENVIRONMENT, **environment},
        stdin=stdin,
        stdout=stdout,
        stderr=subprocess.PIPE,
    )


def on_terminal(
    command: Sequence[str],
    *arguments: str,
    size: tuple[int, int] = (24, 100),
    keys: Iterable[tuple[bytes, bytes]] = (),
    **environment: str,
) -> tuple[int, str]:
    """The exit status of the command on a terminal of so many lines and columns, and all that the terminal got.

    Args:
        keys: what is typed, each behind the text whose arrival it waits for.
    """
    process, terminal = pty.fork()
    if process == 0:
        os.execvpe(command[0], [*command, *arguments], {**ENVIRONMENT, **environment})
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", *size, 0, 0))
    received, waiting = b"", list(keys)
    while select.select([terminal], [], [], 60)[0]:
        try:
            data = os.read(terminal, 65536)
        except OSError:  # nobody has it open any more
            break
        received += data
        if not data:
            break
        if waiting and waiting[0][0] in received:
            os.write(terminal, waiting.pop(0)[1])
    os.close(terminal)
    _, status = os.waitpid(process, 0)
    text = received.decode("utf-8", "backslashreplace").replace("\r\n", "\n")
    assert KEY not in text
    return os.waitstatus_to_exitcode(status), text
