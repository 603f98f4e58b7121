"""Checked mappings -> the files of `workflow-runs`, and PROVIDERS.md beside it.

Comes in: the unified model and all mappings. Goes out: texts by path. Nothing is checked here, and what a template
prints has passed a filter of `python/quoting.py`.
"""
