"""The base classes of generated clients.

In: an `Api`, constructor arguments, and the calls of a generated package. Out: the values, raw responses and streams
of the calls. A call is a generator of steps without I/O (`calls`), which both kinds of clients carry out.
"""
