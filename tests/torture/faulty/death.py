"""A subject with a fault: its process dies in the case 3."""

import os
import signal
from pathlib import Path
from random import Random

from tests.torture.subject import Case, Counts, Subject


def draw(random: Random) -> Case:
    return random.randrange(2**32)


FATAL = draw(Random("1:death:3"))


def attack(case: Case, folder: Path) -> str:
    if case == FATAL:
        os.kill(os.getpid(), signal.SIGKILL)
    return "alive"


SUBJECT = Subject("death", "The process lives.", draw, attack, Counts(10, 10, 10), 1)
