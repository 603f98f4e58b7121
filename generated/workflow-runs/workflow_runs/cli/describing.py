"""`providers` and `schema`: what there is to know without asking anybody. Credentials are named, never shown."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from typing import Any

import msgspec

from .._errors import UnknownProvider
from .._form.json_schema import json_schema
from .._form.models import RunStatus
from .._providers import environment
from .._providers.lookup import find, providers
from .._providers.provider import Provider
from .display.messages import message_of, say_error
from .display.terminal import printable
from .ending import Ending
from .output import Output


def describe(names: Sequence[str], output: str | None, *, as_json: bool) -> Ending:
    """Write what is known of these providers; of all, if there are none."""
    known = list[Provider]()
    ending = Ending.FINE
    for name in names or providers():
        try:
            known.append(find(name))
        except UnknownProvider as error:
            if names:
                raise
            say_error(message_of(error))  # one package that is broken does not hide the others
            ending = Ending.WRONG_CALL
    with Output(output) as out:
        if as_json:
            data = msgspec.json.encode([description_of(provider) for provider in known])
            out.write_json(f"{msgspec.json.format(data, indent=2).decode()}\n")
        else:
            out.write("\n".join("".join(f"{line}\n" for line in _lines(provider)) for provider in known))
    return ending


def show_schema(output: str | None) -> Ending:
    """Write the JSON Schema of runs."""
    with Output(output) as out:
        data = msgspec.json.encode(json_schema())
        out.write_json(f"{msgspec.json.format(data, indent=2).decode()}\n")
    return Ending.FINE


def description_of(provider: Provider) -> dict[str, Any]:
    """What is known of a provider, for programs."""
    capabilities = provider.capabilities
    return {
        "name": provider.name,
        "title": provider.title,
        "documentation": provider.documentation or None,
        "ref": provider.ref.shown(provider.name),
        "installed": is_installed(provider),
        "variables": _variables(provider, None),
        "accounts": {name: _variables(provider, name) for name in environment.accounts(provider)},
        "server": provider.server or None,
        "statuses": capabilities.statuses,
        "present": capabilities.present,
        "absent": dict(capabilities.absent),
        "events": capabilities.events,
    }


def is_installed(provider: Provider) -> bool:
    """Whether the client of a provider is there."""
    return all(find_spec(module) is not None for module in provider.requires)


def complete_provider(incomplete: str) -> list[str]:
    """The names of providers that begin so, for shells."""
    return [name for name in providers() if name.startswith(incomplete)]


def complete_ref(incomplete: str) -> list[str]:
    """How references begin, for shells."""
    return [f"{name}:" for name in complete_provider(incomplete.partition(":")[0]) if ":" not in incomplete]


def complete_status(incomplete: str) -> list[str]:
    """The statuses that begin so, for shells."""
    return [str(status) for status in RunStatus if status.startswith(incomplete) and status is not RunStatus.UNKNOWN]


def complete_event(incomplete: str) -> list[str]:
    """The names of events that begin so, of whatever provider, for shells."""
    events = {event for name in providers() for event in find(name).capabilities.events}
    return sorted(event for event in events if event.startswith(incomplete))


def _variables(provider: Provider, account: str | None) -> dict[str, bool]:
    """The environment variables of an account, and whether they are set."""
    names = [*environment.variables_of(provider, account)]
    if provider.base_url_environment:
        names.append(f"{provider.base_url_environment}{environment.suffix_of(account) or ''}")
    return {name: bool(os.environ.get(name)) for name in names}


def _lines(provider: Provider) -> Iterator[str]:
    capabilities = provider.capabilities
    yield printable(f"{provider.name}: {provider.title}")
    rows: list[tuple[str, str]] = [
        ("reference", provider.ref.shown(provider.name)),
        ("client", "installed" if is_installed(provider) else f"not installed: {_install(provider)}"),
        ("environment", _listed(_variables(provider, None))),
    ]
    rows += [(f"account {name}", _listed(_variables(provider, name))) for name in environment.accounts(provider)]
    rows += [
        ("server", provider.server or "none: it has to be given"),
        ("statuses", ", ".join(map(str, capabilities.statuses))),
        ("tells", ", ".join(capabilities.present)),
        ("never tells", ", ".join(capabilities.absent) or "-"),
        ("events", ", ".join(capabilities.events)),
        ("documented at", provider.documentation),
    ]
    for name, value in rows:
        if value:
            yield printable(f"  {name:13}  {value}")


def _listed(variables: dict[str, bool]) -> str:
    return ", ".join(f"{name} {'is set' if is_set else 'is not set'}" for name, is_set in variables.items())


def _install(provider: Provider) -> str:
    if provider.extra:
        return f"pip install --no-index --find-links DIST 'workflow-runs[{provider.extra}]' (DIST has the wheels)"
    return f"pip install '{provider.distribution}'"
