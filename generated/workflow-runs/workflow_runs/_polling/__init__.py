"""Waiting for runs: when to ask again. No I/O, the same for sync, async and queues."""
