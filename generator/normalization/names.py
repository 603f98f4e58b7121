"""The names that a provider's folder gives to things in `workflow-runs`."""

from __future__ import annotations

import keyword

from ..document.problems import Problems, Source
from ..ir.model import Package

_ARGUMENTS = {"others", "timeout", "retry", "base_urls", "transport", "allowed_base_urls"}
"""The arguments of `Runs` that are not a provider's."""
_RESERVED = {*_ARGUMENTS, "self", "super", "all", "cli", "otel", "providers"}
"""These, other names in `Runs`, those of the extras that are not a provider's, and that of the tuple of providers."""


def identifier(folder: str) -> str:
    """The name of a provider in runs, references and Python."""
    return folder.replace("-", "_")


def check_names(packages: dict[str, Package], name: str, problems: Problems) -> None:
    """Report folders below `name` whose names clash in what is generated for all providers together."""
    clients: dict[str, str] = {}
    for folder, package in packages.items():
        argument = identifier(folder)
        reasons = []
        if argument in _RESERVED or keyword.iskeyword(argument):
            reasons.append(f"workflow-runs already uses the name {argument!r}")
        for client in (f"{package.client}Client", f"Async{package.client}Client"):
            if (earlier := clients.setdefault(client, folder)) != folder:
                reasons.append(f"its class {client} has the same name as that of {name}/{earlier}")
        if reasons:
            message = f"{folder!r} cannot be the name of a provider: {reasons[0]}"
            problems.error("bad-name", Source(f"{name}/{folder}"), message, "rename the folder")
