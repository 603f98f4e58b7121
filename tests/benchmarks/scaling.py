"""What large documents cost: `python -m tests.benchmarks.scaling`, from the repository's root.

A document of N operations and N models that refer to each other at random goes through `client` and through plain
`openapi-python-client generate`, taking turns: whole processes, wall time and peak memory of the process tree.
Then the time that importing a package of more than 1,000 classes takes. Exit status 1 when a goal is missed.

Plain openapi-python-client takes minutes and gigabytes: `--no-plain` leaves it out, and ratios with it.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer

from tests.corpus.measure import Run, measured

ROOT = Path(__file__).resolve().parents[2]
GOALS = {1000: (15.0, 15.0), 3000: (40.0, 15.0)}
"""Operations: how many times faster, and smaller, than plain openapi-python-client."""
IMPORTED, IMPORT_SECONDS = 320, 0.2
"""Operations of a document that gives more than a thousand classes, and how long importing them may take."""
_WORDS = tuple("account order invoice tea cup price state owner label note region batch result step task token".split())  # noqa: SIM905
_TEXTS: list[dict[str, Any]] = [
    {},
    {"format": "uuid"},
    {"format": "date-time"},
    {"format": "date"},
    {"maxLength": 80},
    {"format": "uri"},
]


def document(operations: int, seed: int = 7) -> dict[str, Any]:
    """An OpenAPI 3.1 document with as many models as operations; the same for the same arguments."""
    return _Writer(operations, random.Random(seed)).document()


class _Writer:
    def __init__(self, size: int, chance: random.Random) -> None:
        self.size, self.chance = size, chance

    def document(self) -> dict[str, Any]:
        paths = {path: self.path_item(i) for i, path in enumerate(map("/things-{0}/{{id}}".format, range(self.size)))}
        return {
            "openapi": "3.1.0",
            "info": {"title": f"{self.size} operations", "version": "1"},
            "servers": [{"url": "https://api.example.com/v1"}],
            "security": [{"token": []}],
            "paths": paths,
            "components": {
                "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
                "schemas": {f"Model{i}": self.model() for i in range(self.size)} | {"Problem": _PROBLEM},
            },
        }

    def ref(self) -> dict[str, Any]:
        return {"$ref": f"#/components/schemas/Model{self.chance.randrange(self.size)}"}

    def name(self, number: int) -> str:
        return f"{self.chance.choice(_WORDS)}_{self.chance.choice(_WORDS)}_{number}"

    def scalar(self) -> dict[str, Any]:
        json_type = self.chance.choice(("string", "string", "string", "integer", "number", "boolean"))
        return {"type": json_type, **(self.chance.choice(_TEXTS) if json_type == "string" else {})}

    def enum(self) -> dict[str, Any]:
        return {"type": "string", "enum": self.chance.sample(_WORDS, 4)}

    def schema(self, depth: int = 0) -> dict[str, Any]:
        chance = self.chance.random()
        if chance < 0.3 or depth > 1:
            schema = self.scalar()
        elif chance < 0.7:
            return self.ref()
        elif chance < 0.8:
            schema = {"type": "array", "items": self.schema(depth + 1)}
        elif chance < 0.88:
            schema = self.enum()
        elif chance < 0.95:
            schema = {"type": "object", "properties": {self.name(i): self.schema(depth + 1) for i in range(3)}}
        else:
            schema = {"type": "object", "additionalProperties": self.schema(depth + 1)}
        return {**schema, "description": f"The {self.chance.choice(_WORDS)} of the {self.chance.choice(_WORDS)}."}

    def model(self) -> dict[str, Any]:
        properties = {self.name(i): self.schema() for i in range(self.chance.randrange(3, 11))}
        required = [name for name in properties if self.chance.random() < 0.4]
        return {"type": "object", "required": required, "properties": properties, "description": "What it is."}

    def path_item(self, number: int) -> dict[str, Any]:
        method = self.chance.choice(("get", "get", "post", "put", "patch", "delete"))
        parameters = [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}]
        for i in range(self.chance.randrange(1, 5)):
            schema = self.chance.choice((self.scalar, self.enum, lambda: {"type": "array", "items": self.scalar()}))()
            described = "Which ones are wanted."
            parameters.append({"name": self.name(i), "in": "query", "schema": schema, "description": described})
        if self.chance.random() < 0.3:
            parameters.append({"name": "X-Request-ID", "in": "header", "schema": {"type": "string"}})
        body = self.ref() if self.chance.random() < 0.7 else {"type": "array", "items": self.ref()}
        operation: dict[str, Any] = {
            "operationId": f"{method}Thing{number}",
            "tags": [f"tag {number % 40}"],
            "summary": f"Does {method} with thing {number}.",
            "description": "A longer text says what it is good for, and when it fails.",
            "parameters": parameters,
            "responses": {
                "200": {"description": "Done.", "content": {"application/json": {"schema": body}}},
                "404": {"description": "None.", "content": {"application/json": {"schema": _TO_PROBLEM}}},
            },
        }
        if method in ("post", "put", "patch"):
            operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": self.ref()}}}
        return {method: operation}


_PROBLEM = {"type": "object", "properties": {"title": {"type": "string"}, "status": {"type": "integer"}}}
_TO_PROBLEM = {"$ref": "#/components/schemas/Problem"}


def ours(spec: Path, out: Path, limit: float, *options: str) -> Run:
    """Run the `client` command on a document."""
    command = [sys.executable, "-m", "generator", "client", str(spec), "--name", "large-client", "--out", str(out)]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    return measured([*command, *options], limit=limit, cwd=ROOT, env=env)


def plain(spec: Path, out: Path, limit: float) -> Run:
    """Plain openapi-python-client on it, as its users run it."""
    command = [str(Path(sys.executable).parent / "openapi-python-client"), "generate", "--path", str(spec)]
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))  # for its last step, which is ruff
    env = {**os.environ, "PATH": path}
    return measured([*command, "--output-path", str(out), "--overwrite"], limit=limit, cwd=out.parent, env=env)


def import_seconds(package: Path, module: str) -> tuple[float, int]:
    """Processor time of importing a package and its models, and how many classes these are; the least of five times.

    Neither imports the HTTP library. What starting Python takes is not counted.
    """
    path = os.pathsep.join((str(package), str(ROOT / "generated" / "workflow-client-core")))
    code = (
        "import sys, time; start = time.process_time()\n"
        f"import {module}, {module}.models as models\n"
        "seconds = time.process_time() - start\n"
        "classes = sum(isinstance(value, type) for value in vars(models).values())\n"
        "print(seconds, classes, 'httpx2' in sys.modules)"
    )
    env = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"} | {"PYTHONPATH": path}
    measurements = []
    for _ in range(6):  # the first one writes bytecode
        run = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
        seconds, classes, http = run.stdout.split()
        assert http == "False", "importing the package imports the HTTP library"
        measurements.append((float(seconds), int(classes)))
    return min(measurements)


def main(
    sizes: Annotated[list[int], typer.Argument(help="Numbers of operations.")] = [1000],  # noqa: B006 - typer's way
    with_plain: Annotated[bool, typer.Option("--plain/--no-plain", help="Run plain openapi-python-client too.")] = True,
    rounds: Annotated[int, typer.Option(help="How often each runs; the least time and memory count.")] = 1,
    limit: Annotated[float, typer.Option(help="Seconds that one run may take.")] = 7200,
    options: Annotated[str, typer.Option(help="Options for our command.")] = "",
) -> None:
    """Compare ours with plain openapi-python-client."""
    missed = []
    with tempfile.TemporaryDirectory() as name:
        for size in sizes:
            spec = Path(name, f"{size}.json")
            spec.write_text(json.dumps(document(size)), encoding="utf-8")
            runs: dict[str, list[Run]] = {}
            for _ in range(rounds):
                runs.setdefault("ours", []).append(ours(spec, Path(name), limit, *options.split()))
                if with_plain:
                    runs.setdefault("plain", []).append(plain(spec, Path(name, "plain"), limit))
            least = {}
            for who, own in runs.items():
                if any(run.status != 0 for run in own):
                    sys.exit(f"{who} failed on {size} operations: {own[0].stderr[-2000:] or own[0].stdout[-2000:]}")
                least[who] = min(run.seconds for run in own), min(run.megabytes for run in own)
                print(f"{size:>6} operations  {who:<6}{least[who][0]:>9.2f} s{least[who][1]:>9.0f} MB", flush=True)
            if with_plain:
                for quantity, unit, i in (("time", "faster", 0), ("memory", "smaller", 1)):
                    ratio, goal = least["plain"][i] / least["ours"][i], GOALS.get(size, (0.0, 0.0))[i]
                    print(f"{size:>6} operations  {quantity}: {ratio:.1f} times {unit} (goal: {goal:.0f})")
                    missed += [f"{quantity} of {size} operations"] if ratio < goal else []
        spec = Path(name, "imported.json")
        spec.write_text(json.dumps(document(IMPORTED)), encoding="utf-8")
        ours(spec, Path(name), limit)
        seconds, classes = import_seconds(Path(name, "large-client"), "large_client")
        print(f"{classes:>6} classes     import: {seconds:.3f} s of the processor, without the HTTP library")
        missed += [f"import of {classes} classes"] if seconds >= IMPORT_SECONDS else []
    if missed:
        sys.exit(f"missed: {', '.join(missed)}")


if __name__ == "__main__":
    typer.run(main)
