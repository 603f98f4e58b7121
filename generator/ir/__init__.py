"""The simplified document -> the intermediate representation (`model.py`), which is all that later stages read.

Comes in: the document that `simplify/` leaves. Goes out: an `Api`, frozen, in which every node has its `Source`. What a
client cannot express is an error here, and is never dropped in silence.
"""
