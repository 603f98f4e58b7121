"""A response becomes a value or an error.

In: a `Response` (status, headers, bytes) and the `Operation` that was called. Out: what the operation returns, a
`RawResponse`, or an `ApiError`. Nothing here does I/O, and every text of a server that is quoted is masked and short.
"""
