"""A document as published -> valid OpenAPI 3, in one file.

Comes in: the tree as the file has it, corrected by its overlay. Goes out: OpenAPI 3.0 or 3.1, with Swagger 2.0
converted, other files bundled, and slips mended. A slip is mended only where one meaning is certain, and with a
warning; everything else that is wrong is an error.
"""
