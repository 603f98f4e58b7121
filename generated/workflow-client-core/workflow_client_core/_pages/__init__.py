"""Lists that come page by page.

In: an operation that declares how its pages follow one another (`Pagination`), and a function that sends one call.
Out: iterables of items and of pages. `progress` and `links` do no I/O: they say what to send next, and when to stop.
"""
