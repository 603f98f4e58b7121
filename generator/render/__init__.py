"""Python's terms -> the files of client packages, as text.

Comes in: a `Package`. Goes out: texts by path. Templates loop and print; nothing is decided in them, and nothing is
written here.
"""
