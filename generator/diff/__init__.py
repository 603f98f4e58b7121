"""Two versions of an API -> what each difference means for callers.

Comes in: OLD and NEW, as the command line names them. Goes out: a report of changes in any of its formats, by layer:
`wire/`, `python/`, `normalized/`, and the lagging layer, which is the wire with the sides swapped. These folders
only find differences (`Finding`); `rules/` says what each means for callers, and `judge.py` applies that (`Change`).
"""
