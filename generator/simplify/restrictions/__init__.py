"""What narrows values without shaping their type: `minProperties`, `not`, `if`, `prefixItems` and the like.

Comes in: a document before anything is simplified. Goes out: the same, whose schemas have what narrows their values in
an extension (`record`), in one spelling (`canonical`). The rules of `simplify/` keep it where they merge schemas. Types
do not show it, so that generated code does not depend on it; `diff` compares it.
"""
