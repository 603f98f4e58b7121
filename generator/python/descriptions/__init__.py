"""Descriptions of a document -> plain text.

In: CommonMark, perhaps with HTML in it, as OpenAPI 3.1, section 4.3 has descriptions. Out: text that reads well in a
docstring. Nothing that a reader would see is lost.
"""
