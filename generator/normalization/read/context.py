"""What all readers of one mapping share."""

from __future__ import annotations

from collections.abc import Iterable

from ...document.field_reader import FieldReader, name_hint
from ...document.problems import Source
from ...document.tree import Object
from ...interpreter.fast_dataclasses import dataclass
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

    def unknown(self, id: str, source: Source, message: str, name: str, known: Iterable[str], *see: Source) -> None:
        """Record that `name` is not among those that are `known`, which the hint suggests."""
        self.error(id, source, message, name_hint(name, [*known]), *see, subject=name)

    def path(self, holder: Object, key: str, model: str, *, required: bool = True) -> FieldPath | None:
        """Where the pointer at `key` leads from `model`; None when there is none, or it leads nowhere."""
        pointer = self.reader.text(holder, key, required=required)
        return self.models.path(pointer, model, holder.where(key)) if pointer else None
