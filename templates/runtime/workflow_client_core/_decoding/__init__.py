"""JSON becomes models: one call of msgspec where the document is as documented, a repair where it is not.

In: bytes and a type. Out: `Decoded`, with an issue for each value that could not be read, or `Unreadable`. Only
`read`, `results` and `strict` are loaded with the package; what repairs, and what tells the members of unions apart,
is loaded when the first document needs it. No error carries, or is chained to, a text of the document.
"""
