"""The changes of all layers and operations -> causes: one for each thing in the document that changed.

`grouping` finds which changes belong together, and makes of them the `Cause`s of `cause`; `subject` has the words for
what changed.
"""
