"""One attempt of a call, over HTTP.

In: a `Request` and the `Terms` that it has to keep to. Out: a `Response`, or a `Failure` that says whether repeating
makes sense. `attempt`, `http` and what they import load httpx2; `limits` and `retry` do not.
"""
