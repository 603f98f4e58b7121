"""A resolved OpenAPI 3 document -> an equal, simpler OpenAPI 3.1 document. One small rule per file, in the order below.

The result is a valid document that can be printed and read by anybody, with one spelling for each thing: schemas are a
reference, a scalar, an array, an object, or a flat `anyOf`; every class and alias is a component under its Python name;
parameters, security and servers stand at the operations.
"""

from __future__ import annotations

from ..document.problems import Problems
from ..document.schemas import rewrite_document
from ..document.tree import Object
from .allof import merge_all_of
from .components import hoist
from .discriminators import spelled
from .enums import plain_enums
from .inherit import inherit
from .names import Naming, name_operations
from .null import lift_null, one_null
from .parameters import settle_parameters
from .subtypes import split_parents
from .types import explicit_types
from .unions import distribute_unions, flat_unions
from .webhooks import name_webhooks

_ROUNDS = 6


def simplify(document: Object, naming: Naming, problems: Problems) -> Object:
    """The simplified document. Raises ProblemsFound when the document holds what has no equal in the simple form."""
    document = inherit(document)
    document = settle_parameters(document, problems)
    schemas = document.get("components", {}).get("schemas") or Object()
    document = rewrite_document(document, explicit_types(schemas, problems))
    document, merged = split_parents(one_null(document)), False
    for _ in range(_ROUNDS):  # merging can put a union beside properties, and distributing it makes parts to merge
        moved: list[Object] = []
        document = rewrite_document(document, distribute_unions(problems, moved))
        if merged and not moved:
            break
        document, merged = merge_all_of(document, problems), True
    document = rewrite_document(document, flat_unions(problems))
    document = rewrite_document(document, plain_enums(problems))
    problems.stop_on_errors()
    document = lift_null(document)  # once more: constants that have become one enum may be a component that is null
    schemas = document.get("components", {}).get("schemas") or Object()
    document = rewrite_document(document, spelled(schemas, problems))
    document = hoist(name_webhooks(name_operations(document, naming), naming), naming)
    return document.derive(("openapi", "3.1.1") if k == "openapi" else (k, v) for k, v in document.items())
