"""Free values of a run, such as its outputs, as values of a type that the caller chooses."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeAlias, cast

import msgspec

from .._errors import WorkflowRunError
from .._text import escaped

_Convert: TypeAlias = Callable[[Any], Any]
_MESSAGE = re.compile(r"(?P<problem>.*) - at (?P<key>`key` in )?`\$(?P<path>.*)`", re.DOTALL)
"""What msgspec says, and where: `$.items[0].name`. A key of a mapping is `[...]` there, whatever it is."""
_INDEX = re.compile(r"\[([0-9]+)\]")
_ANY_KEY = "[...]"


class UnexpectedValue(WorkflowRunError, ValueError):
    """What is in the outputs or inputs of a run is not of the type that was asked for.

    `pointer` is a JSON Pointer (RFC 6901) from the root of the outputs or inputs to where it is not.
    """

    def __init__(self, message: str, *, pointer: str) -> None:
        super().__init__(message)
        self.pointer = pointer


def converted(value: Any, type_: Any, name: str, *, strict: bool) -> Any:
    """A JSON value as a value of `type_`; `name` is what the value is, for messages.

    Raises:
        UnexpectedValue: it is not of this type.
        TypeError: msgspec does not know such a type.
    """

    def convert(json_value: Any) -> Any:
        return msgspec.convert(json_value, type_, strict=strict, str_keys=True)

    try:
        return convert(value)
    except msgspec.ValidationError as error:
        pointer = _pointer(value, str(error), convert)
        problem = "there are none" if value is None else _MESSAGE.sub(r"\g<problem>", str(error))
        message = f"the {name} are not of the type that was asked for: {problem}{pointer and ' at '}{pointer}"
        raise UnexpectedValue(message, pointer=pointer) from error


def _pointer(root: Any, message: str, convert: _Convert) -> str:
    """The JSON Pointer to where msgspec's message says that a value is not of its type."""
    match = _MESSAGE.fullmatch(message)
    rest = match["path"] + (_ANY_KEY if match["key"] else "") if match else ""
    keys: list[Any] = []
    value = root
    while rest:
        if rest.startswith(_ANY_KEY) and isinstance(value, dict):
            names = [*cast("dict[str, Any]", value)]
            key: Any = names[_first_failing(root, keys, names, message, convert)]
            rest = rest.removeprefix(_ANY_KEY)
        elif isinstance(value, list) and (index := _INDEX.match(rest)):
            key = int(index[1])
            rest = rest[index.end() :]
        elif isinstance(value, dict) and (candidates := _names_at(rest, cast("dict[str, Any]", value))):
            key = max(candidates, key=len)
            rest = rest[1 + len(key) :]
        else:
            break  # a value of another sort than JSON has, which only a program can put there
        keys.append(key)
        value = cast("Any", value)[key]
    return "".join(f"/{escaped(str(key))}" for key in keys)


def _names_at(path: str, value: dict[str, Any]) -> list[str]:
    """The names in an object with which a path may go on; a name can have dots and brackets itself."""
    return [name for name in value if re.match(rf"\.{re.escape(name)}(\.|\[|$)", path)]


def _first_failing(root: Any, keys: list[Any], names: list[str], message: str, convert: _Convert) -> int:
    """Which name of the object at `keys` the message is about: the last one of the fewest that give this message."""
    low, high = 1, len(names)
    while low < high:
        middle = (low + high) // 2
        try:
            convert(_with_names(root, keys, names[:middle]))
            fails = False
        except msgspec.ValidationError as error:
            fails = str(error) == message
        low, high = (low, middle) if fails else (middle + 1, high)
    return low - 1


def _with_names(value: Any, keys: list[Any], names: list[str]) -> Any:
    """A copy of a JSON value in which the object at `keys` has only these names."""
    if not keys:
        return {name: value[name] for name in names}
    copy = value.copy()
    copy[keys[0]] = _with_names(value[keys[0]], keys[1:], names)
    return copy
