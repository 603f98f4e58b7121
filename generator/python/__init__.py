"""The intermediate representation -> Python's terms: annotations, signatures, names, quoted text.

Comes in: an `Api`. Goes out: values that templates print and `diff` compares (`expressions.py`); they know what they
import. A document's text reaches generated code through `quoting.py` alone. Every decision about Python is made here.
"""
