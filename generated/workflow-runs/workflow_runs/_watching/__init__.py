"""Watching many runs at once: which is asked for next, from which server, and which changes callers get."""
