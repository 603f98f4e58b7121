"""What authors say about pages: `x-speakeasy-pagination` of an operation, or the option `pagination`, in the same form.

    {type: cursor, inputs: [{name: page_token, in: parameters, type: cursor}],
     outputs: {results: $.beds, nextCursor: $.next_page_token}}

`false` in its place says that an operation has no pages.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Literal

from ...document.field_reader import FieldReader
from ...document.tree import Object
from ..model import Model, Operation
from ..types import ListOf
from .answer import answer_of, lists_in, type_at
from .inputs import Input, inputs_of
from .model import Pagination, Path

_FORMS = {"cursor": "cursor", "offsetLimit": "", "url": "link"}
_PLACES = {"parameters": False, "requestBody": True}
_INPUTS = ("cursor", "offset", "page", "limit")
_OUTPUTS = {"results", "nextCursor", "nextUrl", "numPages", "total", "hasMore"}
_NAME = re.compile(r"\.([^.\[\]]+)|\['([^']+)'\]")
_LAST = re.compile(r"\[(?:-1|-1:|\(@\.length-1\))\]")


class DeclaredPages:
    """Reads what is said about one operation; what is wrong is reported where it stands."""

    def __init__(self, operation: Operation, models: Mapping[str, Model], reader: FieldReader) -> None:
        self.operation, self.models, self.reader = operation, models, reader
        self.inputs: dict[str, Input] = {}
        self.outputs = Object()

    def read(self, holder: Object, key: str) -> Pagination | None:
        """The pagination that stands at `key`; None where there is none, or it is wrong."""
        value, answer = holder[key], answer_of(self.operation)
        if not isinstance(value, Object):
            if value is not False:
                self.reader.error(holder.where(key), f"`{key}` is neither a mapping nor false")
            return None
        self.reader.check_keys(value, {"type", "inputs", "outputs"})
        form = self.reader.text(value, "type")
        if form not in _FORMS:
            hint = f"the types are: {', '.join(_FORMS)}"
            self.reader.error(value.where("type"), f"`type` is {form!r}, which is not a form of pages", hint)
            return None
        for item in self.reader.mappings(value, "inputs"):
            self._input(item)
        self.outputs = self.reader.mapping(value, "outputs")
        self.reader.check_keys(self.outputs, _OUTPUTS)
        results = self._path("results")[0]
        lists = lists_in(answer, self.models) if answer else {}
        if "results" in self.outputs:
            type_ = type_at(answer, results, self.models) if answer else None
            lists = {results: type_.item} if isinstance(type_, ListOf) else {}
        if len(lists) != 1:
            hint = "write the path of a list that the response documents, such as `results: $.data`"
            where = self.outputs.where("results") if self.outputs else value.source
            self.reader.error(where, f"{self.operation.dotted_name} documents no list of items there", hint)
            return None
        (items, item_type), *_ = lists.items()
        return self._pagination(value, form, Pagination("link", items, item_type))

    def _input(self, value: Object) -> None:
        """Remember an input, if the operation has it."""
        self.reader.check_keys(value, {"name", "in", "type"})
        name, place, kind = (self.reader.text(value, key) for key in ("name", "in", "type"))
        if place not in _PLACES or kind not in _INPUTS:
            message = f"an input is `in` one of {', '.join(_PLACES)}, and its `type` one of {', '.join(_INPUTS)}"
            self.reader.error(value.source, message)
            return
        known = {i.wire: i for i in inputs_of(self.operation, self.models) if i.in_body == _PLACES[place]}
        if name not in known:
            where = "property of its JSON body" if _PLACES[place] else "query parameter"
            hint = f"there are: {', '.join(sorted(known)) or 'none'}"
            self.reader.error(value.where("name"), f"{self.operation.dotted_name} has no {where} {name!r}", hint)
            return
        self.inputs[kind] = known[name]

    def _pagination(self, value: Object, form: str, base: Pagination) -> Pagination | None:
        """What the inputs and outputs amount to, for the list of `base`."""
        kind: Literal["link", "cursor", "last-item", "offset", "page"] = "link"
        (next_, inner), first = self._path("nextUrl" if form == "url" else "nextCursor"), 0
        filled: Input | None = None
        if form == "cursor":
            filled, kind = self.inputs.get("cursor"), "cursor"
            if inner is not None and next_ == base.items:
                kind, next_ = "last-item", inner
            if filled is None or not next_ or (inner is not None and kind == "cursor"):
                hint = "name the input of the type cursor, and the property that fills it as `nextCursor`"
                self.reader.error(value.source, "a cursor needs an input and an output", hint)
                return None
        elif form == "offsetLimit":
            kind = "offset" if "offset" in self.inputs else "page"
            filled, next_ = self.inputs.get(kind), ()
            if filled is None:
                self.reader.error(value.source, "neither an input of the type offset nor one of the type page is named")
                return None
            first = self._first(filled, value) if kind == "page" else 0
        limit = self.inputs.get("limit")
        return Pagination(
            kind,
            base.items,
            base.item,
            parameter=filled.wire if filled else "",
            in_body=filled.in_body if filled else False,
            next=next_,
            more=self._path("hasMore")[0],
            total=self._path("total")[0],
            pages=self._path("numPages")[0],
            limit=limit.wire if limit and filled and limit.in_body == filled.in_body else "",
            size=limit.size if limit else 0,
            first=first,
        )

    def _first(self, page: Input, value: Object) -> int:
        """The number of the first page."""
        if page.default in ("0", "1"):
            return int(json.loads(page.default))
        if not page.required:
            hint = f"give {page.wire} the default 0 or 1 in the document, by an overlay action"
            self.reader.error(value.source, f"nothing says whether the first {page.wire} is 0 or 1", hint)
        return 1

    def _path(self, key: str) -> tuple[Path, Path | None]:
        """The path of an output, and what follows where it goes through the last item of a list."""
        text = self.reader.text(self.outputs, key, required=False)
        if text.startswith("/"):
            return tuple(name.replace("~1", "/").replace("~0", "~") for name in text[1:].split("/")), None
        before, *after = _LAST.split(text.removeprefix("$"))
        paths = [tuple(a or b for a, b in _NAME.findall(part)) for part in (before, *after)]
        if len(paths) > 2 or any(_NAME.sub("", part) for part in (before, *after)):
            hint = "write a path such as $.data.next, $.data[-1].id or /data/next"
            self.reader.error(self.outputs.where(key), f"`{key}` is {text!r}, which is not a path that is known", hint)
        return paths[0], (paths[1] if after else None)
