"""Two versions of a mapping -> what callers of `workflow-runs` notice.

Comes in: checked mappings, and the unified model. Goes out: `Finding`s. A mapping that no longer fits the new
description is read against it as far as it does, and its problems are findings.
"""
