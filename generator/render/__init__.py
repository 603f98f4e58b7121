"""Python's terms -> the files of client packages, as text.

Comes in: a `Package`. Goes out: texts by path. Templates only loop and print; nothing is written to disk here.
"""
