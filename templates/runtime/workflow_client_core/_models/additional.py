"""The attribute of generated models that holds the properties that a document allows beyond the declared ones."""

from __future__ import annotations

from typing import Any, cast

import msgspec

WIRE = "additionalProperties*"
"""What the attribute is called in JSON until its items are put beside the declared properties."""
_declared = False


def additional_properties() -> Any:
    """The declaration of the attribute, in place of a default; it must be the last attribute.

    OpenAPI 3.1, section 4.8.24.6 (`additionalProperties`): msgspec itself has no such thing. What costs time is done
    only after the first declaration, and only for types that contain such models.
    """
    global _declared
    _declared = True
    return msgspec.field(default_factory=cast("Any", dict), name=WIRE)


def any_declared() -> bool:
    """Whether any model has the attribute."""
    return _declared
