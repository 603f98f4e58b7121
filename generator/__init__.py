"""OpenAPI documents in, typed and installable client packages out. CONTRIBUTING.md walks through the stages."""

TOOL = "workflow-client-generator"
"""What this project is called, by itself and in what it generates."""
PROGRAM = TOOL if __name__ == TOOL.replace("-", "_") else f"python -m {__name__}"
"""The command by which people start it: in the repository it is a module, where it is installed a program."""
VERSION = "0.1.0"
"""The version of this project; packages have versions of their own."""
