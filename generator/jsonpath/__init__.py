"""JSONPath (RFC 9535): a path and a document come in, the selected nodes go out.

Both are input: the work is bounded (`queries.py`), and regular expressions take linear time (`regular_expressions.py`).
"""
