"""Two packages -> what the code of their callers notices.

Comes in: both versions of a `Package`. Goes out: `Finding`s. `surface_of.py` says what callers can see of one
version; the other modules compare two such surfaces.
"""
