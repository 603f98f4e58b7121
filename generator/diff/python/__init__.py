"""Two packages -> what the code of their callers notices.

Comes in: both versions of a `Package`. Goes out: `Finding`s. `package_surface.py` says what callers can see of one
version (`surface.py`); `pairs.py` and `class_pairs.py` say what is the same thing in the other one; the other modules
compare the two.
"""
