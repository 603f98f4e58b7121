"""Templates as Jinja compiles them, kept beside them in `__pycache__`, as Python does it with modules.

Jinja takes longer to compile our templates than to print them. What is kept says what it follows from, and counts only
while all of that is the same: the template with its path, the environment, Jinja and Python. Python's own settings for
`__pycache__` hold here, too.
"""

from __future__ import annotations

import contextlib
import marshal
import os
import sys
from hashlib import sha256
from importlib.util import MAGIC_NUMBER, cache_from_source

import jinja2
from jinja2.bccache import Bucket


class CompiledTemplates(jinja2.BytecodeCache):
    """What Jinja has compiled in an environment; `settings` says what else than templates that follows from.

    Nothing that the environment holds, such as its filters, may be called when a template is compiled.
    """

    def __init__(self, settings: bytes) -> None:
        self._settings = settings

    def get_bucket(self, environment: jinja2.Environment, name: str, filename: str | None, source: str) -> Bucket:
        """The place of a template; its `code` is None where nothing of that origin is kept."""
        origin = repr((name, filename, source, self._settings, jinja2.__version__, MAGIC_NUMBER))
        bucket = Bucket(
            environment, cache_from_source(filename) if filename else "", sha256(origin.encode()).hexdigest()
        )
        self.load_bytecode(bucket)
        return bucket

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give the place its code, if what is kept there has the same origin."""
        try:
            with open(bucket.key, "rb") as file:
                if file.read(len(bucket.checksum)) == bucket.checksum.encode():
                    bucket.code = marshal.load(file)
        except (OSError, EOFError, ValueError, TypeError):  # not there, or damaged
            return

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of a place, if Python keeps that of modules; the folder may be one that nobody may write to."""
        if sys.dont_write_bytecode:
            return
        part = f"{bucket.key}.{os.getpid()}"
        with contextlib.suppress(OSError):
            os.makedirs(os.path.dirname(bucket.key), exist_ok=True)
            with open(part, "wb") as file:
                file.write(bucket.checksum.encode() + marshal.dumps(bucket.code))
            os.replace(part, bucket.key)
