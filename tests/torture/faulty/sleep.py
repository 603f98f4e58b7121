"""A subject with a fault: a case waits for something that never comes."""

import threading
from pathlib import Path
from random import Random

from tests.torture.subject import Case, Counts, Subject


def attack(case: Case, folder: Path) -> str:
    threading.Event().wait()
    return "awake"


SUBJECT = Subject("sleep", "Every case ends.", Random.random, attack, Counts(1, 1, 1), 1)
