"""Responses that come piece by piece.

In: a response whose head has arrived (`OpenResponse`). Out: typed events, one by one, from an iterator. Parsers and
`Reader` do no I/O; `pieces` does it, loads httpx2, and is loaded when the first stream begins.
"""
