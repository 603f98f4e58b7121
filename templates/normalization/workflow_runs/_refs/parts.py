"""Parts of references: as integers, and in URLs."""

from __future__ import annotations

from workflow_client_core import UNSET, UnsetType

from .._errors import InvalidRef
from .._text import brief, percent_encoded
from .ref import RunRef, with_run_id


def integer_part(ref: RunRef, part: str) -> int:
    """The part of a reference as an integer.

    Raises:
        InvalidRef: it is not written as one.
    """
    text = ref.run_id if part == "run_id" else ref.parts[part]
    if not (text.isascii() and text.isdigit()):
        raise InvalidRef(f"{part} of a reference to {ref.provider} is an integer, but not in {brief(str(ref))}")
    return int(text)


def optional_integer_part(ref: RunRef, part: str) -> int | UnsetType:
    """The part of a reference as an integer; UNSET when it is left out. Raises like `integer_part`."""
    return integer_part(ref, part) if part in ref.parts else UNSET


def reference_to(run_id: str | None, ref: RunRef) -> RunRef | None:
    """The reference of another run beside that of `ref`; None where there is none.

    Raises:
        InvalidRef: it is an identifier that no reference can have.
    """
    return with_run_id(ref, run_id) if run_id else None


def url(template: str, *parts: str | None, base: str | None = "") -> str | None:
    """The URL of a template: `base`, and `template` with the parts of a reference in its braces, percent-encoded.

    None where `base` or a part is missing.
    """
    values = [percent_encoded(part) for part in parts if part is not None]
    if base is None or len(values) < len(parts):
        return None
    return base.rstrip("/") + template.format(*values)
