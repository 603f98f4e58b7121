"""The only importer of `openapi_python_client`: names, gate, second reader.

Its parser alone would lose operations and properties without a word, so it never decides what is generated. It gives
names that people who know its clients expect, refuses documents that are not OpenAPI (gate), and reads every prepared
document once more, for `second_reading.py` to compare. Pinned exactly, imported late (0.3 to 0.45 s).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from generator.document import Object, nearest
from generator.prepare.names import Naming
from generator.problems import Problems, Source

_PREFIX = "field_"
_BETWEEN_WORDS = re.compile(r"[^\w\s.'\u2019-]+")


def naming() -> Naming:
    """The library's names, made stable under repetition: `ClassName` is not idempotent."""
    from openapi_python_client.strings import ClassName, PythonIdentifier

    def fixpoint(change: Callable[[str], str], text: str) -> str:
        seen = [change(text)]
        while (again := change(seen[-1])) not in seen:
            seen.append(again)
        return min(seen[seen.index(again) :])  # some letters go round in a circle: GrÖßE, GrÖße

    # Python reads identifiers in normal form NFKC (its reference, section 2.3): two spellings can be one name.
    def identifier(text: str) -> str:
        return unicodedata.normalize("NFKC", PythonIdentifier(_words(text), _PREFIX))

    def class_name(text: str) -> str:
        return unicodedata.normalize("NFKC", ClassName(_words(text), "Model"))

    return Naming(identifier=partial(fixpoint, identifier), class_name=partial(fixpoint, class_name))


def _words(text: str) -> str:
    """A text whose words are apart also where the library, which drops other characters, would join them.

    `filter[name]` is `filter_name`, and `workflow-run:get` `workflow_run_get`.
    """
    return _BETWEEN_WORDS.sub(" ", text)


def gate(document: Object, problems: Problems) -> None:
    """Report where the document is not OpenAPI 3, judged by the library's document schema."""
    from openapi_python_client.schema import OpenAPI
    from pydantic import ValidationError

    try:
        OpenAPI.model_validate(document)
    except ValidationError as error:
        hint = "correct it by an overlay action"
        reported = set[Source]()
        for finding in _deepest(error.errors(include_url=False, include_input=False)):
            place = nearest(document, finding["loc"])
            if place in reported and finding["type"] != "missing":
                continue  # another branch of a union that failed at the same place
            reported.add(place)
            found = {token.replace("~1", "/").replace("~0", "~") for token in place.pointer.split("/")[1:]}
            keys = [token for token in finding["loc"] if isinstance(token, str) and token in found]
            what = keys[-1] if keys else "the document"
            if finding["type"] == "missing":
                what = str(finding["loc"][-1])
            message = f"`{what}`: {finding['msg'][:1].lower()}{finding['msg'][1:]}"
            problems.error("not-openapi", place, message, hint)


def _deepest(findings: list[Any]) -> Iterator[Any]:
    """Of the branches of a union that all failed at one place, the one that got furthest: the others are noise."""
    by_start: dict[tuple[object, ...], list[Any]] = {}
    for finding in findings:
        start = tuple(t for t in finding["loc"] if t not in ("Reference", "Schema", "Parameter", "Response", "Header"))
        by_start.setdefault(start, []).append(finding)
    starts = sorted(by_start, key=len, reverse=True)
    for start in starts:
        last = start[-1] if start else ""
        if last == "$ref" and len(starts) > 1:
            continue  # "a reference needs $ref": it was not meant as one
        yield by_start[start][0]


def read_again(document: Object) -> tuple[Any, str]:
    """The library's reading of a document (`GeneratorData`), or None and why it refuses the document."""
    from openapi_python_client.config import Config, ConfigFile, MetaType
    from openapi_python_client.parser import GeneratorData
    from openapi_python_client.parser.errors import GeneratorError

    config = Config.from_sources(ConfigFile(), MetaType.NONE, Path("openapi.yaml"), "utf-8", False, None)
    data = GeneratorData.from_dict(document, config=config)
    return (None, f"{data.header}: {data.detail}") if isinstance(data, GeneratorError) else (data, "")
