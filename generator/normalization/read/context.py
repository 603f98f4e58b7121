"""What all readers of one mapping share."""

from __future__ import annotations

from dataclasses import dataclass

from ...document.field_reader import FieldReader
from ...document.problems import Source
from ...document.tree import Object
from ...ir.model import Api
from ..mapping import FieldPath
from ..unified import UnifiedModel
from .response_models import ResponseModels


@dataclass(frozen=True)
class Context:
    """A mapping's document, and the two sides that it is checked against."""

    document: Object
    api: Api
    """The provider's."""
    unified: UnifiedModel
    reader: FieldReader
    models: ResponseModels

    def error(self, id: str, source: Source, message: str, hint: str = "", *see: Source, subject: str = "") -> None:
        """Record a problem; see `Problem`."""
        self.reader.problems.error(id, source, message, hint, see=see, subject=subject)

    def shape_error(self, source: Source, message: str, hint: str = "") -> None:
        """Record that a value is of another shape than a mapping's."""
        self.error(self.reader.id, source, message, hint)

    def path(self, holder: Object, key: str, model: str, *, required: bool = True) -> FieldPath | None:
        """Where the pointer at `key` leads from `model`; None when there is none, or it leads nowhere."""
        pointer = self.reader.text(holder, key, required=required)
        return self.models.path(pointer, model, holder.where(key)) if pointer else None

    def paths(self, pointers: list[tuple[str, Source]], model: str) -> tuple[FieldPath, ...]:
        """Where pointers lead from `model`; () when one of them leads nowhere."""
        paths = [self.models.path(pointer, model, source) for pointer, source in pointers]
        return tuple(path for path in paths if path) if all(paths) else ()
