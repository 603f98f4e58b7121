"""Templates -> text. What a template prints is `Code` already, or passes a filter that makes it that."""

from __future__ import annotations

from functools import cache
from typing import Any

from .. import resources
from ..python import classes as python_classes
from ..python import quoting as text
from ..python.client import credential_declaration
from ..python.expressions import MODELS, Annotation, Call, Name, code_of
from ..python.quoting import Code


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
    environment.filters |= {
        "name": text.name,
        "literal": text.literal,
        "toml": text.toml,
        "doc": text.docstring,
        "comment": text.comment,
        "comment_line": lambda value: Code(f"# {text.comment(value)}"),
        "markdown": text.markdown,
        "link": text.link,
        "sentence": text.sentence,
        "code": text.code,
        "dotted_name": lambda value: Code(".".join(text.name(word) for word in value.split("."))),
        "cell": text.cell,
        "prose": text.prose,
        "capitalized": lambda value: text.markdown(value[:1].upper() + value[1:]),
        "mermaid": text.mermaid,
        "distribution": text.distribution,
        "fields": python_classes.attributes,
        "field_doc": python_classes.field_doc,
        "class_doc": python_classes.class_doc,
        "alias_annotation": python_classes.alias_annotation,
        "member_doc": python_classes.member_doc,
        "enum_base": python_classes.enum_base,
        "credential": credential_declaration,
        "in_models": lambda value: code_of(value, MODELS),
        "as_text": lambda value: text.literal(code_of(value, MODELS)),
    }
    return environment


def _printed(value: object) -> Code:
    """What a template prints of a value: expressions are code as soon as they are printed."""
    return code_of(value) if isinstance(value, (Name, Annotation, Call)) else text.printed(value)


def render(template: str, **values: Any) -> str:
    """A template's text; every value that it prints has passed a filter of `text`."""
    rendered: str = _environment().get_template(f"{template}.jinja").render(**values)
    return rendered
