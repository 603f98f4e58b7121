"""A subject with a fault: a text must not hold the letter x."""

from pathlib import Path
from random import Random

from tests.torture.subject import Broken, Case, Counts, Subject


def draw(random: Random) -> Case:
    return {"texts": ["".join(random.choices("abcx", k=8)) for _ in range(4)], "number": random.randrange(100)}


def attack(case: Case, folder: Path) -> str:
    assert isinstance(case, dict)
    texts = case["texts"]
    assert isinstance(texts, list)
    assert list(folder.iterdir()) == []
    (folder / "file").write_text("left behind")
    if any("x" in str(text) for text in texts):
        raise Broken("x is shown", texts)
    return "clean"


SUBJECT = Subject("leak", "A text does not hold the letter x.", draw, attack, Counts(20, 20, 20), 1)
