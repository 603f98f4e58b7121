"""The intermediate representation -> Python's terms: annotations, signatures, names, quoted text.

Comes in: an `Api`. Goes out: values that templates print and `diff` compares (`expressions.py`), in which each name
says what it is imported from. A document's text reaches generated code through `quoting.py` alone. Every decision about
Python is made here.
"""
