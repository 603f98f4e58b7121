"""Everything is accounted for: each value of an answer is mapped or raw_only, each unified field mapped or absent."""

from __future__ import annotations

from collections.abc import Iterator

from generator.document import Array, Object
from generator.facts import among
from generator.normalization.mapping import Mapping, Path, Unified
from generator.normalization.pointers import Answers
from generator.normalization.unified import leaves
from generator.problems import Source


def check_coverage(mapping: Mapping, answers: Answers, unified: Unified, document: Object) -> None:
    """Report what is on neither list, on both, or stale on one of them."""
    _check_answer(mapping, answers, document)
    _check_unified(mapping, answers, unified, document)


def _check_answer(mapping: Mapping, answers: Answers, document: Object) -> None:
    places = dict(answers.leaves(mapping.answer))
    used = dict(_paths(mapping))
    excused = dict(_entries(document, "raw_only", "at"))
    for pointer, place in excused.items():
        below = [leaf for leaf in places if leaf == pointer or leaf.startswith(f"{pointer}/")]
        if not below:
            message = (
                f"{pointer} is raw_only, but is nothing in the answer any more ({_model_source(mapping, answers)})"
            )
            answers.problems.error("stale-raw-only", place, message, among(pointer, [*places]))
        for leaf in below:
            if leaf in used:
                message = f"{leaf} is raw_only, and mapped as well (at {used[leaf].source})"
                answers.problems.error("stale-raw-only", place, message, "remove it from one of them")
    for leaf, field in places.items():
        if leaf not in used and not any(leaf == p or leaf.startswith(f"{p}/") for p in excused):
            message = f"{leaf} is neither mapped nor raw_only ({field.source})"
            hint = f"map it under `fields`, or list it under `raw_only` with the reason: at: [{leaf}]"
            answers.problems.error("unmapped-property", _place(document, "raw_only"), message, hint)


def _paths(mapping: Mapping) -> Iterator[tuple[str, Path]]:
    """Every place of the answer that is read, by its pointer from the root."""
    found = [path for value in mapping.values for path in value.paths]
    found += mapping.statuses.paths
    if mapping.envelope:
        found.append(mapping.envelope.status)
    for path in found:
        yield path.pointer, path
    for each in mapping.lists:
        inner = [path for value in each.values for path in value.paths]
        inner += each.statuses.paths if each.statuses else ()
        for path in inner:
            yield each.path.pointer + path.pointer, path


def _check_unified(mapping: Mapping, answers: Answers, unified: Unified, document: Object) -> None:
    fillable = {name for name, (model, field) in leaves(unified).items() if (model, field) not in unified.filled}
    holders = {name[: -len(rest) - 1] for name in fillable for rest in _tails(name)}
    filled = {value.target: value.source for value in mapping.values}
    for each in mapping.lists:
        filled |= {f"{each.target}.{value.target}": value.source for value in each.values}
    excused = dict(_entries(document, "absent", "fields"))
    for name, place in excused.items():
        below = [leaf for leaf in fillable if leaf == name or leaf.startswith(f"{name}.")]
        if not below:
            source = unified.models[unified.root].source
            message = f"{name!r} is absent, but is no field of {unified.root} that a mapping fills ({source})"
            answers.problems.error("stale-absent", place, message, among(name, sorted(fillable | holders)))
        for leaf in sorted(below):
            if leaf in filled:
                message = f"{leaf!r} is absent, and mapped as well (at {filled[leaf]})"
                answers.problems.error("stale-absent", place, message, "remove it from one of them")
    for name in sorted(fillable - filled.keys()):
        if not any(name == e or name.startswith(f"{e}.") for e in excused):
            model, field = leaves(unified)[name]
            source = next(f.source for f in unified.models[model].fields if f.name == field)
            message = f"the unified field {name!r} is neither mapped nor absent ({source})"
            hint = f"map it under `fields`, or list it under `absent` with the reason: fields: [{name}]"
            answers.problems.error("unmapped-field", _place(document, "absent"), message, hint)


def _tails(name: str) -> Iterator[str]:
    parts = name.split(".")
    for at in range(1, len(parts)):
        yield ".".join(parts[at:])


def _entries(document: Object, key: str, names: str) -> Iterator[tuple[str, Source]]:
    """Each name on a list with reasons, with its place; what has another shape was reported before."""
    for entry in document.get(key) or ():
        listed = entry.get(names) if isinstance(entry, Object) else None
        if isinstance(listed, Array):
            yield from ((name, listed.where(at)) for at, name in enumerate(listed) if isinstance(name, str))


def _place(document: Object, key: str) -> Source:
    return document.where(key)


def _model_source(mapping: Mapping, answers: Answers) -> Source:
    return answers.models[mapping.answer].source
