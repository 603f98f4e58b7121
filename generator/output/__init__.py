"""Texts by path -> a folder on disk that holds these and nothing else.

Comes in: rendered texts. Goes out: formatted files, and the manifest that records what they were made from. Killed runs
leave each file as it was before or as it is to be (`swap.py`); files that were edited by hand are reported, and copied
aside.
"""
