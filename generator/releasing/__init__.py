"""What changed since a revision -> the next release of each package: its version, and the draft of its changelog.

Comes in: the revision of the last releases, and what a person decides. `diff` says what changes for callers
(`generator/diff/bump.py` says which number of a version that raises), and `generated/` of the revision which files do.
Goes out: a `Plan`, which `notes.py` prints and `bump.py` writes: versions.yaml, the core's version and the changelogs.

A package of which something has changed gets a new version, and so does one that does not work with the new version of
another of ours. All others stay as they are, also in the ranges that they ask for.
"""
