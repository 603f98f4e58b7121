"""`python -m workflow_runs` is the command `workflow-runs`."""

from __future__ import annotations

from .cli import main

if __name__ == "__main__":
    main()
