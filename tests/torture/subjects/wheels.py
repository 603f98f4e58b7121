"""The wheels of the generated packages, built again from copies in other surroundings."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from functools import cache
from pathlib import Path
from random import Random

from tests.torture.subject import Broken, Case, Counts, Subject
from tests.torture.trial import ROOT

_PACKAGES = sorted(path.name for path in (ROOT / "generated").iterdir() if path.is_dir())


def draw(random: Random) -> Case:
    return {
        "package": random.choice(_PACKAGES),
        "modified": random.randrange(400_000_000, 2_000_000_000),
        "umask": random.choice([0o022, 0o077, 0]),
        "environment": {
            "PYTHONHASHSEED": str(random.randrange(2**32)),
            "TZ": random.choice(["UTC", "EAST-14", "Asia/Kathmandu"]),
            "LC_ALL": random.choice(["C", "C.UTF-8"]),
        },
    }


def attack(case: Case, folder: Path) -> str:
    assert isinstance(case, dict)
    package, environment, umask = str(case["package"]), case["environment"], case["umask"]
    assert isinstance(environment, dict)
    assert isinstance(umask, int)
    copy = folder / package
    shutil.copytree(ROOT / "generated" / package, copy, ignore=shutil.ignore_patterns("__pycache__"))
    for path in copy.rglob("*"):
        os.utime(path, (int(str(case["modified"])),) * 2)
    wheel = _built(copy, folder / "dist", {name: str(value) for name, value in environment.items()}, umask)
    name, digest = _expected(package)
    if (wheel.name, _digest(wheel)) != (name, digest):
        raise Broken("another wheel", _contents(wheel))
    sources = {path.relative_to(copy).as_posix() for path in copy.glob("*/**/*") if path.is_file()}
    files = {path for path in _contents(wheel) if ".dist-info/" not in path}
    if files != sources:
        raise Broken("the wheel has not the files of the package", sorted(files ^ sources))
    return "the same"


@cache
def _expected(package: str) -> tuple[str, str]:
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name, package)
        shutil.copytree(ROOT / "generated" / package, copy, ignore=shutil.ignore_patterns("__pycache__"))
        wheel = _built(copy, Path(name, "dist"), {}, -1)
        return wheel.name, _digest(wheel)


def _built(package: Path, out: Path, environment: dict[str, str], umask: int) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", os.fspath(out)]
    run = subprocess.run(
        command, cwd=package, env={**os.environ, **environment}, umask=umask, capture_output=True, text=True
    )
    if run.returncode:
        raise Broken("no wheel is built", run.stderr)
    (wheel,) = out.glob("*.whl")
    return wheel


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _contents(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


SUBJECT = Subject(
    name="wheels",
    promise="A wheel of a generated package is the same, byte by byte, wherever and whenever it is built.",
    draw=draw,
    attack=attack,
    counts=Counts(test=1, default=10, full=70),
    minutes=1,
)
