"""Files -> documents: trees of mappings and lists in which every key and item knows its file and line.

YAML or JSON text and overlays come in; trees of `Object` and `Array` go out, and `Problems` that say where they are.
References are looked up across files (`lookup.py`). Nothing in here knows OpenAPI, except where schemas and operations
are in a document (`schemas.py`, `operations.py`), and that Swagger 2.0 keeps components in other fields.
"""
