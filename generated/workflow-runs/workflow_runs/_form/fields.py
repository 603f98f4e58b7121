"""The fields of a run as an adapter fills them, before what holds for the runs of every provider."""

from __future__ import annotations

from typing import TypeAlias

from .models import WorkflowRun

RunFields: TypeAlias = WorkflowRun
