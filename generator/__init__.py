"""OpenAPI documents in, typed and installable client packages out. CONTRIBUTING.md walks through the stages."""

VERSION = "0.1.0"
"""The version of this project and of every package that it generates."""
