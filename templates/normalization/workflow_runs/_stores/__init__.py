"""What watching remembers when its program ends: a SQLite file, by the standard library.

In: the state of each run that is watched, and its changes. Out: the same, to the next process, however the last one
ended. SQLite is imported by the first store that is opened. What the file holds is in `form.py`.
"""
