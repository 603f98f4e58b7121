"""A value of a request or a response in two versions, and all values inside it -> findings.

    types               a value in both versions, and all values inside it
        objects         properties
        unions          members with the same JSON type
        constraints     formats, constraints, enum values
        restrictions/   what narrows values without shaping their type

`pairs` has the pairs of values that these compare, `context` the classes of both versions, `json_types` the JSON types
that a type allows.
"""
