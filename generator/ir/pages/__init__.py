"""How the pages of a list follow one another.

In: an operation and the models that it mentions, or what an author says about it. Out: its `Pagination`, or None.
"""
