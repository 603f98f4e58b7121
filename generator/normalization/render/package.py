"""The unified model and the checked mappings -> the files of `workflow-runs`, as text, and PROVIDERS.md beside it."""

from __future__ import annotations

import shlex

from ... import resources
from ...interpreter.fast_dataclasses import dataclass
from ...ir.model import Package
from ...python.annotations import UNIFIED
from ...python.client import title
from ...python.quoting import Code, hanging, name
from ...render.package import LIBRARIES, header, models_module, project_files, runs_dependencies, tracing
from ...render.templates import render
from ...versions import NEVER_RELEASED, Release, requirement
from ..capabilities import Capabilities, capabilities
from ..columns import columns
from ..mapping import Mapping
from ..samples.sample import sample_text
from ..unified import RESULT, ROOT, STATUS, UnifiedModel
from .adapter import adapter
from .events import event_adapter, event_modules
from .providers_page import page

DISTRIBUTION = "workflow-runs"
MODULE = "workflow_runs"
# typer 0.29 imports pydantic, by which each command takes a third longer.
COMMAND_LINE = ("cli", ("rich>=14,<17", "typer>=0.27,<0.29"))
"""The extra by which what the command `workflow-runs` needs is installed; the command itself names them, too."""
_HEADER = header("specs")


@dataclass(frozen=True, slots=True)
class ProviderEntry:
    """What templates print of a provider."""

    mapping: Mapping
    capabilities: Capabilities

    @property
    def title(self) -> str:
        """Its name for people."""
        return title(self.mapping.package.api)

    @property
    def argument(self) -> Code:
        """Its name as an argument and a module."""
        return name(self.mapping.provider)

    @property
    def constant(self) -> Code:
        """Its name as a constant."""
        return name(self.mapping.provider.upper())

    @property
    def adapter(self) -> str:
        """The module of its adapter."""
        return f"{MODULE}.adapters.{self.argument}"

    @property
    def server(self) -> str:
        """The documented server of the call that gets a run; "" where there is none."""
        servers = self.mapping.operation.servers
        return servers[0].default_url if servers else ""

    @property
    def polling(self) -> list[tuple[str, float]]:
        """(field, value) of its `PollPolicy`, where they are not the defaults."""
        return [*self.mapping.package.polling.own_values.items()]

    @property
    def globals(self) -> list[tuple[str, str, str]]:
        """The client's arguments that references fill: (argument, part, environment variable)."""
        environment = {item.argument: item.environment for item in self.mapping.package.api.globals}
        filled = [(item.parameter, item.part) for item in self.mapping.arguments if item.part]
        return [(p.name, part, environment.get(p.name, "")) for p, part in filled if p.from_client]

    @property
    def credentials(self) -> list[tuple[str, str]]:
        """The client's arguments that authenticate the call: (argument, environment variable)."""
        pairs: list[tuple[str, str]] = []
        for scheme in self.mapping.schemes:
            pairs.append((scheme.argument, scheme.environment))
            if client := scheme.client:
                pairs += [(client.id_argument, client.id_environment)]
                pairs += [(client.secret_argument, client.secret_environment)]
        return pairs

    @property
    def variables(self) -> list[str]:
        """The environment variables that the client reads."""
        variables = [variable for _, variable in self.credentials]
        variables += [item.environment for item in self.mapping.package.api.globals]
        return [variable for variable in (*variables, self.mapping.package.api.base_url_environment) if variable]


def runs_files(unified: UnifiedModel, mappings: list[Mapping], release: Release = NEVER_RELEASED) -> dict[str, str]:
    """The files of `workflow-runs` and PROVIDERS.md, by their paths below the folder that holds packages."""
    providers = [ProviderEntry(mapping, capabilities(mapping, unified)) for mapping in mappings]
    modules = {**_copied_modules(), **_adapters(providers, unified), **_modules(providers, unified)}
    modules["_version.py"] = render("normalization/version.py", header=_HEADER, version=release.version)
    example = min(providers, key=lambda item: len(item.mapping.parts))
    return {
        **{f"{DISTRIBUTION}/{MODULE}/{path}": text for path, text in modules.items()},
        **_project_files(providers, release),
        f"{DISTRIBUTION}/README.md": render(
            "normalization/README.md",
            providers=providers,
            libraries=LIBRARIES,
            command_line=Code(shlex.join(COMMAND_LINE[1])),
            example=example,
            unified=unified,
            statuses=unified.enums[STATUS].values,
            results=unified.enums[RESULT].values,
        ),
        f"{DISTRIBUTION}/QUEUES.md": render("normalization/QUEUES.md", example=example),
        f"{DISTRIBUTION}/TESTING.md": render("normalization/TESTING.md", example=example),
        "PROVIDERS.md": render(
            "normalization/PROVIDERS.md",
            header=_HEADER,
            **page([(item.mapping, item.capabilities) for item in providers], unified),
        ),
    }


def _copied_modules() -> dict[str, str]:
    """The modules that are plain Python."""
    folder = resources.templates_folder() / "normalization" / MODULE
    paths = sorted(folder.rglob("*.py"))
    return {path.relative_to(folder).as_posix(): resources.Copy.of(path) for path in paths}


def _adapters(providers: list[ProviderEntry], unified: UnifiedModel) -> dict[str, str]:
    """The modules below `adapters`."""
    modules = {"adapters/__init__.py": '"""One module per provider: how its responses become runs."""\n'}
    for item in providers:
        mapping = item.mapping
        modules[f"adapters/{item.argument}.py"] = render(
            "normalization/adapter.py",
            header=header(f"{mapping.package.origin}/normalization.yaml"),
            module_doc=f"How a run of {mapping.provider} ({item.title}) becomes a `{ROOT}`.",
            **adapter(mapping, unified, event_modules(mapping)),
        )
        modules |= _events(item, unified)
    return modules


def _events(item: ProviderEntry, unified: UnifiedModel) -> dict[str, str]:
    """The modules below `adapters/events` of one provider."""
    mapping, modules = item.mapping, event_modules(item.mapping)
    files = {
        f"adapters/_events/{modules[event.name]}.py": render(
            "normalization/event.py",
            header=header(f"{mapping.package.origin}/normalization.yaml"),
            module_doc=f"How the event {event.name} of {mapping.provider} ({item.title}) becomes a `{ROOT}`.",
            **event_adapter(event, unified),
        )
        for event in mapping.events
    }
    doc = '"""One module per event: how its body becomes a run."""\n'
    return {"adapters/_events/__init__.py": doc, **files} if files else {}


def _modules(providers: list[ProviderEntry], unified: UnifiedModel) -> dict[str, str]:
    """The other generated modules, and what lies beside them."""
    form = header("specs/workflow-run.yaml")
    vocabulary = {"schema": unified.schema, "terminal": unified.terminal, "resting": unified.resting}
    runs = {"providers": providers, "prefixes": (Code(""), Code("Async")), "init_text": _init_text(providers)}
    samples = {f"testing/samples/{p.mapping.provider}.json": sample_text(p.mapping, unified) for p in providers}
    return {
        **samples,
        "_form/models.py": render("client/models.py", header=form, **models_module(unified.api, UNIFIED)),
        "_form/vocabulary.py": render("normalization/vocabulary.py", header=form, **vocabulary),
        "_run/rows.py": render("normalization/rows.py", header=form, columns=columns(unified)),
        "_providers/registry.py": render("normalization/registry.py", header=_HEADER, providers=providers),
        "runs.py": render("normalization/runs.py", header=_HEADER, **runs),
        "workflow-run.schema.json": unified.json_schema,
        "py.typed": "",
    }


def _init_text(providers: list[ProviderEntry]) -> str:
    """The docstring of the constructors of `Runs` and `AsyncRuns`."""
    entries = [f"{item.argument}: A client for {item.title}, or several." for item in providers]
    entries += [
        "others: The same for providers of other packages, by the provider's name.",
        "timeout: The limits of a call, or the seconds that it may take in total, for clients that are made here.",
        "retry: When and how often a call is repeated, for clients that are made here.",
        "base_urls: By provider, the server of the client that is made here. References may name it.",
        "transport: An httpx2 transport for all clients that are made here. It is closed with them.",
        "allowed_base_urls: By provider, the servers that references may name beside the client's own. The client's"
        " credentials are sent there.",
    ]
    intro = (
        "For each provider: a client, a mapping from names of accounts to clients, or a function from a RunRef to a"
        " client. A client that is not given is made on first use, with the credentials that are then in the"
        " environment."
    )
    return f"{intro}\n\nArgs:\n" + "\n".join(hanging(entry, 8) for entry in entries)


def _project_files(providers: list[ProviderEntry], release: Release) -> dict[str, str]:
    clients = [(item.mapping.provider, (_client(item.mapping.package, release),)) for item in providers]
    everything = tuple(requirement for _, requirements in clients for requirement in requirements)
    objects = [(item.mapping.provider, f"{MODULE}._providers.registry:{item.constant}") for item in providers]
    return project_files(
        DISTRIBUTION,
        release=release,
        header=_HEADER,
        summary="One typed WorkflowRun over several workflow products.",
        dependencies=runs_dependencies(release),
        module=MODULE,
        extras=[*clients, ("all", everything), COMMAND_LINE, tracing(release)],
        scripts={DISTRIBUTION: f"{MODULE}.cli:main"},
        entry_points=[(f"{MODULE}.providers", objects), ("pytest11", [(DISTRIBUTION, f"{MODULE}.testing.plugin")])],
    )


def _client(package: Package, release: Release) -> str:
    """The requirement of a provider's client."""
    return requirement(package.distribution, release.needs.get(package.distribution) or package.release.version)
