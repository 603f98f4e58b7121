"""The intermediate representation -> Python's terms: annotations, signatures, names, quoted text.

Comes in: an `Api`. Goes out: what templates print, piece by piece. Text of a description reaches generated code through
`quoting.py` alone, and every decision about Python is made here, before a template sees it.
"""
