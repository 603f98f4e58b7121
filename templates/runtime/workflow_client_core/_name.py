"""What this is called in logs and traces: the name by which it is imported."""

from __future__ import annotations

NAME = __name__.removesuffix("._name").removesuffix("._vendor.workflow_client_core")
"""`workflow_client_core`; or the client package that this is a part of, which offers what callers need of it."""
