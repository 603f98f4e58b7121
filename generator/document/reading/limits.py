"""How large and deep a document may be, whatever it is written in."""

MAX_DEPTH = 120
"""Levels of nesting: real API descriptions stay under 60, and every later stage recurses."""
MAX_NODES = 3_000_000
"""Values after expansion of aliases: a few lines of YAML can mean billions of them."""
MAX_POINTERS = 500_000_000
"""Characters of the pointers of all mappings and lists: long keys around many values multiply."""
