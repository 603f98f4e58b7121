"""Templates -> text. What a template prints is `Code`, an expression, or passes a filter that returns `Code`."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from .. import resources
from ..python import classes
from ..python import quoting as text
from ..python.client import credential_declaration
from ..python.expressions import MODELS, Annotation, Call, Name, code_of
from ..python.quoting import Code

_FILTERS: tuple[Callable[..., Any], ...] = (
    *(text.name, text.dotted_name, text.literal, text.docstring, text.comment, text.sentence),
    *(text.markdown, text.link, text.code, text.prose, text.cell, text.mermaid, text.toml, text.distribution),
    *(classes.attributes, classes.field_doc, classes.class_doc, classes.member_doc),
    *(classes.alias_annotation, classes.constants, classes.enum_base, classes.model_base, credential_declaration),
)
"""The filters of templates that are called like their functions."""


@cache
def _environment() -> Any:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(resources.templates_folder()),
        undefined=jinja2.StrictUndefined,
        finalize=_printed,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {filter_.__name__: filter_ for filter_ in _FILTERS} | {
        "comment_line": lambda value: Code(f"# {text.comment(value)}"),
        "capitalized": lambda value: text.markdown(value[:1].upper() + value[1:]),
        "in_models": lambda value: code_of(value, MODELS),
        "as_text": lambda value: text.literal(code_of(value, MODELS)),
    }
    return environment


def _printed(value: object) -> Code:
    """The code that a template prints for a value: an expression as code, or code as it is."""
    return code_of(value) if isinstance(value, (Name, Annotation, Call)) else text.printed(value)


def render(template: str, **values: Any) -> str:
    """The text of a template; every value that it prints is code, or has passed a filter that makes it code."""
    rendered: str = _environment().get_template(f"{template}.jinja").render(**values)
    return rendered
