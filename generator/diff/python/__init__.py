"""Two packages -> what the code of their callers notices.

Comes in: both versions of a `Package`. Goes out: `Finding`s. `package_surface.py` reads what callers can see of each
version (the types in `surface.py`), `pairs.py` and `class_pairs.py` pair what is the same thing in both, and the other
modules compare the pairs.
"""
