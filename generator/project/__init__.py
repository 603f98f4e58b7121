"""Folders and files of a user -> packages and mappings: who calls the pipeline, and with what.

Comes in: a folder of providers (`specs/`), or any one document with its overlay. Goes out: `Package`s, checked
`Mapping`s, and the texts of all generated files. Problems name each file as the user did, and those of one provider do
not hide the next one's.
"""
