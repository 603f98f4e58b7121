"""Templates -> text. What a template prints is `Code`, an expression, or passes a filter that returns `Code`.

Users' own templates replace those of `templates/client`, each by its name. They run as code that the user trusts.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Set
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from traceback import walk_tb
from typing import Any

from .. import resources
from ..document.problems import Problem, ProblemsFound, Source
from ..interpreter.fast_dataclasses import dataclass
from ..python import classes
from ..python import quoting as text
from ..python.client import credential_declaration
from ..python.descriptions.plain_text import plain_text
from ..python.descriptions.summaries import one_line
from ..python.expressions import MODELS, Annotation, Call, Name, code_of
from ..python.quoting import Code

_FILTERS: tuple[Callable[..., Any], ...] = (
    *(text.name, text.dotted_name, text.literal, text.docstring, text.comment, text.sentence, plain_text, one_line),
    *(
        text.markdown,
        text.paragraphs,
        text.link,
        text.code,
        text.prose,
        text.cell,
        text.mermaid,
        text.toml,
        text.distribution,
    ),
    *(classes.attributes, classes.field_doc, classes.class_doc, classes.member_doc),
    *(
        classes.alias_annotation,
        classes.class_options,
        classes.constants,
        classes.enum_base,
        classes.model_base,
        credential_declaration,
    ),
)
"""The filters of templates that are called like their functions."""


ORIGINALS = "built-in"
"""The folder in which own templates find those that they replace."""
_FILTERS_OF_SYNTAXES = (
    "print it through the filter for where it stands: in Python literal, name, docstring or comment_line; in Markdown "
    "markdown, code, prose or link; in TOML toml"
)


@dataclass(frozen=True, slots=True)
class OwnTemplate:
    """A user's template: its name in `templates/client`, its file as it is called in problems, and its text."""

    name: str
    file: str
    text: str


OwnTemplates = tuple[OwnTemplate, ...]


def template_names() -> list[str]:
    """The names of the templates in `templates/client`, which own templates can have."""
    return sorted(path.name for path in (resources.templates_folder() / "client").glob("*.jinja"))


@cache
def _environment(own: OwnTemplates) -> Any:
    import jinja2

    from .compiled import CompiledTemplates

    # The filter `literal` takes the `repr` of a value: that of an undefined one must fail, too.
    undefined = type("Undefined", (jinja2.StrictUndefined,), {"__repr__": jinja2.StrictUndefined.__str__})
    folder = resources.templates_folder()
    texts = {f"client/{template.name}": (template.text, template.file, None) for template in own}
    environment: Any = jinja2.Environment(
        loader=jinja2.ChoiceLoader(
            [
                jinja2.FunctionLoader(texts.get),
                jinja2.PrefixLoader({ORIGINALS: jinja2.FileSystemLoader(folder / "client")}),
                jinja2.FileSystemLoader(folder),
            ]
        ),
        undefined=undefined,
        finalize=_noting_failures({template.file for template in own}) if own else _printing(),
        # No filter is called when a template is compiled: what is kept of that must not follow from filters.
        optimized=False,
        bytecode_cache=None if own else CompiledTemplates(Path(__file__).read_bytes()),
        autoescape=False,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.concat = lambda parts: Code("".join(parts))  # what a macro or a block has printed is code
    environment.filters |= {filter_.__name__: filter_ for filter_ in _FILTERS} | {
        "comment_line": lambda value: Code(f"# {text.comment(value)}"),
        "capitalized": lambda value: text.markdown(value[:1].upper() + value[1:]),
        "in_models": lambda value: code_of(value, MODELS),
        "as_text": lambda value: text.literal(code_of(value, MODELS)),
    }
    return environment


def _printed(value: object) -> Code:
    """The code that a template prints for a value: an expression as code, or code as it is."""
    if isinstance(value, Code):
        return value  # most values are
    if isinstance(value, (Name, Annotation, Call)):
        return code_of(value)
    try:
        return text.printed(value)
    except text.UnquotedError:
        from jinja2 import Undefined

        if isinstance(value, Undefined):
            str(value)  # raises
        raise


def _printing() -> Callable[[Any, object], Code]:
    """`_printed`, which Jinja does not call when it compiles a template."""
    from jinja2 import pass_context

    return pass_context(lambda _, value: _printed(value))


def _noting_failures(files: Set[str]) -> Callable[[Any, object], Code]:
    """`_printed`, which in these files goes on where it fails, so that one run finds all that cannot be printed.

    The failures are in `failures` of the environment, by their places.
    """
    from jinja2 import UndefinedError, pass_context

    @pass_context  # as in `_printing`
    def printed(context: Any, value: object) -> Code:
        try:
            return _printed(value)
        except (text.UnquotedError, UndefinedError) as error:
            frame = sys._getframe(1)
            template = frame.f_globals["__jinja_template__"]
            if template.filename not in files:
                raise
            source = Source(template.filename, line=template.get_corresponding_lineno(frame.f_lineno))
            context.environment.failures.setdefault(source, error)
            return Code("")

    return printed


def render(template: str, own: OwnTemplates = (), /, **values: Any) -> str:
    """The text of a template; every value that it prints is code, or has passed a filter that makes it code.

    Raises ProblemsFound where an own template fails.
    """
    environment = _environment(own)
    environment.failures = failures = dict[Source, Exception]()
    files = {f"client/{own_template.name}": own_template.file for own_template in own}
    rendered = ""
    try:
        rendered = environment.get_template(f"{template}.jinja").render(**values)
    except Exception as error:  # a template is code, and may fail in any way
        places = [Source(frame.f_code.co_filename, line=line) for frame, line in walk_tb(error.__traceback__)]
        own_places = [place for place in places if place.file in files.values()]
        if not own_places:
            raise
        failures[own_places[-1]] = error
    if failures:
        file = files.get(f"{template}.jinja")
        raise ProblemsFound(
            _failure(error, place, values if place.file == file else {}) for place, error in failures.items()
        )
    return str(rendered)  # whatever is done with `Code` would copy it once more


def _failure(error: Exception, source: Source, values: dict[str, Any]) -> Problem:
    """The problem of an own template that failed; `values` are those that it got, none where others include it."""
    from jinja2 import TemplateNotFound, UndefinedError

    message, hint = f"{type(error).__name__}: {error}", f"correct the template; {_guide()} says what it gets"
    if isinstance(error, UndefinedError):
        message = str(error)
        name = re.match(r"'(\w+)' is undefined", message)
        here = f"; here it is {', '.join(sorted(values))}" if values else ""
        hint = f"{_guess(name[1], values) if name else ''}{_guide()} says what each template gets{here}"
    elif isinstance(error, text.UnquotedError):
        message, hint = str(error), _FILTERS_OF_SYNTAXES
    elif isinstance(error, TemplateNotFound):
        return _missing(str(error), source)
    return Problem("bad-template", source, message, hint)


def template_problems(own: OwnTemplates) -> Iterator[Problem]:
    """What is wrong with own templates, whatever values they get: their syntax, and templates that do not exist."""
    import jinja2
    from jinja2 import nodes

    environment = _environment(own)
    for template in own:
        try:
            environment.compile(template.text)  # knows the filters, which the tree does not
        except jinja2.TemplateSyntaxError as error:
            hint = "see https://jinja.palletsprojects.com/templates/"
            name = re.search("filter.*'(.*)'", str(error.message))
            if name:
                hint = f"{_guess(name[1], environment.filters)}{_guide()} lists filters beside Jinja's"
            yield Problem("bad-template", Source(template.file, line=error.lineno), str(error.message), hint)
            continue
        tree = environment.parse(template.text)
        for node in tree.find_all((nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)):
            if isinstance(node.template, nodes.Const) and not getattr(node, "ignore_missing", False):
                yield from _included(node.template.value, template, Source(template.file, line=node.lineno))
        for node in tree.find_all(nodes.FilterBlock):
            message, hint = "a `filter` block prints what no filter has quoted", "give the filter each value instead"
            yield Problem("bad-template", Source(template.file, line=node.lineno), message, hint)


def _included(name: object, template: OwnTemplate, source: Source) -> Iterator[Problem]:
    """What is wrong with the name of a template that an own template includes, extends or imports."""
    if name == f"client/{template.name}":
        hint = f"the template that it replaces is {ORIGINALS}/{template.name}"
        yield Problem("bad-template", source, "this template includes itself", hint)
    elif isinstance(name, str) and name not in _includable():
        yield _missing(name, source)


def _includable() -> list[str]:
    return [f"{folder}/{name}" for folder in ("client", ORIGINALS) for name in template_names()]


def _missing(name: str, source: Source) -> Problem:
    hint = f"{_guess(name, _includable())}client/NAME is your template or else ours, {ORIGINALS}/NAME is ours"
    return Problem("bad-template", source, f"there is no template {name!r}", hint)


def _guide() -> str:
    return f"{resources.templates_name()}/README.md"


def _guess(name: str, known: Iterable[str]) -> str:
    close = get_close_matches(name, sorted(known), 1)
    return f"did you mean {close[0]}? " if close else ""
