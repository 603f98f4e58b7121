"""Valid OpenAPI 3 -> an equal, simpler OpenAPI 3.1 document. One rule a file, in the order of `simplify`.

What comes in has references to schemas of its `components` alone. What goes out is a valid document that has one
spelling for each thing. A rule takes a document and returns the next one, keeps the lines of what it moves, changes
schemas only where schemas can stand, and reports what it leaves out.
"""

from __future__ import annotations

from ..document.problems import Problems
from ..document.tree import Object
from .all_of import merge_all_of
from .components import name_schemas
from .discriminators import describe_event_data, plain_discriminators
from .enums import name_values, plain_enums
from .names import Naming, name_operations, name_webhooks
from .null import move_null_to_references, normalize_null
from .operations import complete_parameters, drop_empty_bodies, inherit_security_and_servers
from .restrictions.record import record_restrictions
from .schemas import Growth
from .subtypes import split_parents
from .types import declare_discriminating, declare_required, explicit_types
from .unions import distribute_unions, flatten_unions

_MAX_FURTHER_PASSES = 5


def simplify(document: Object, naming: Naming, problems: Problems) -> Object:
    """The simplified document; the comments say what each rule guarantees to those that follow."""
    document = inherit_security_and_servers(document)  # operations have their effective `security` and `servers`
    document = complete_parameters(document, problems)  # ... and every parameter of a call, once
    document = record_restrictions(document)  # what narrows values without shaping a type has an extension
    document = explicit_types(document, problems)  # objects and arrays say `type`; arrays have `items`
    document = name_values(document)  # names that authors give to the values of an enum are in a mapping
    document = normalize_null(document)  # null is the last member of an `anyOf`, and of no component; one `type` each
    document = split_parents(document)  # `allOf` refers to the parent itself, everything else to its subtypes
    growth = Growth(document)
    document = _merge_compositions(document, growth, problems)  # no `allOf`, no `oneOf`
    document = flatten_unions(document, growth, problems)  # members of an `anyOf` are distinct and not unions
    document = declare_required(document, problems)  # classes declare all properties that they require
    document = declare_discriminating(document)  # ... and those by which a discriminator chooses them
    document = plain_enums(document, problems)  # no `const`; enums have one type, string or integer
    document = move_null_to_references(document)  # again, as constants that became one enum can leave enum or null
    document = drop_empty_bodies(document)  # a GET has no body in which nothing is documented
    document = plain_discriminators(document, problems)  # discriminators stand at unions and refer to components
    document = describe_event_data(document)  # event streams have schemas of data; no `contentSchema`
    document = name_operations(document, naming)  # operations have their Python names
    document = name_webhooks(document, naming)  # ... and webhooks too
    document = name_schemas(document, naming)  # every class and alias is a component under its Python name
    return document.replacing("openapi", "3.1.1")


def _merge_compositions(document: Object, growth: Growth, problems: Problems) -> Object:
    """The document without `allOf`, and without shaping keywords beside unions.

    Both in turn: merging can put a union beside properties, and distributing that makes parts to merge.
    """
    document, _ = distribute_unions(document, growth, problems)
    document = merge_all_of(document, growth, problems)
    for _ in range(_MAX_FURTHER_PASSES):
        document, distributed = distribute_unions(document, growth, problems)
        if not distributed:
            break
        document = merge_all_of(document, growth, problems)
    return document
