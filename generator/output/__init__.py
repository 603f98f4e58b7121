"""Texts by path -> a folder on disk that holds these and nothing else.

Comes in: rendered texts. Goes out: formatted files, and the manifest that records what they were made from. A run that
is killed leaves the old folder or the new one, and a file that was edited by hand is reported and copied aside.
"""
