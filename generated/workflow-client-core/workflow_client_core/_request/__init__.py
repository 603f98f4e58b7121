"""An operation and its arguments become a request.

In: an `Operation`, values by Python name and a body. Out: a `Request`, in bytes and text that can be sent more than
once. Nothing here does I/O, except that an open file is read; what cannot be sent as it is meant is refused.
"""
