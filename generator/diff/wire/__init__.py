"""Two `Api`s -> what clients of the old version notice of servers of the new one.

Comes in: both versions of an `Api`. Goes out: `Finding`s. Names of classes do not count here: only what is sent and
read.
"""
