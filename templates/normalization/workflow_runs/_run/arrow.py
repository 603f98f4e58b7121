"""The schema of rows for Apache Arrow."""

from __future__ import annotations

from datetime import datetime
from importlib import import_module
from typing import Any

from .rows import ROW_COLUMNS


def arrow_schema() -> Any:
    """The `pyarrow.Schema` of rows, such as for `pyarrow.Table.from_pylist(rows, schema=arrow_schema())`.

    Times have microseconds, in UTC.

    Raises:
        ImportError: pyarrow, which this package does not depend on, is not installed.
    """
    try:
        pyarrow: Any = import_module("pyarrow")
    except ModuleNotFoundError as error:
        if error.name != "pyarrow":
            raise
        raise ImportError(
            "arrow_schema() needs pyarrow, which is not installed: pip install pyarrow", name="pyarrow"
        ) from error
    types = {
        str: pyarrow.string(),
        int: pyarrow.int64(),
        float: pyarrow.float64(),
        bool: pyarrow.bool_(),
        datetime: pyarrow.timestamp("us", tz="UTC"),
    }
    return pyarrow.schema([(name, types[type_]) for name, type_ in ROW_COLUMNS.items()])
