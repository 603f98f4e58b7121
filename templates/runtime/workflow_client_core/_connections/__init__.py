"""The connections of a client: to whom they belong, and how they end while calls are in flight.

In: an httpx2 client or transport, if callers pass one. Out: the `Connections` on which a call is sent. A connection
belongs to one process and, where it is asynchronous, to one event loop. Only what callers pass makes this load httpx2.
"""
