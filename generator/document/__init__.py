"""Files -> documents: trees of mappings and lists in which every key and item knows its file and line.

Comes in: YAML or JSON text, and overlays. Goes out: `Object` and `Array` trees, and `Problems` with places in them.
Nothing here knows what OpenAPI means, beyond where schemas and operations stand (`schemas.py`, `operations.py`).
"""
