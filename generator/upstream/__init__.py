"""The only importer of `openapi_python_client`, for three services: names, the gate, the second reader.

Its parser alone would lose operations and properties without a word, so it never decides what is generated. It gives
names that people who know its clients expect (`naming.py`), refuses documents that are not OpenAPI (`gate.py`), and
reads every simplified document once more, for comparison (`second_reading.py`). It is pinned exactly, as its Python
API is not a stable one, and imported when it is first needed, as that takes 0.3 to 0.45 s (`partial_import.py`).
"""
