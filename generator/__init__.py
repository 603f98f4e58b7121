"""OpenAPI documents in, typed and installable client packages out. CONTRIBUTING.md walks through the stages."""

TOOL = "workflow-client-generator"
"""What this project is called, by itself and in what it generates."""
VERSION = "0.1.0"
"""The version of this project; packages have versions of their own."""
