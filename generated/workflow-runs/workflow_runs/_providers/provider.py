"""What is known about a provider without its client: its name, references, credentials and capabilities.

Another package adds a provider by an entry point of the group `workflow_runs.providers`, named like the provider, whose
object is a `Provider`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct

from .._form.models import RunStatus
from .poll_policy import PollPolicy

RUN_ID = "run_id"
"""The part of a reference that every provider has; an attribute of `RunRef`, not among its `parts`."""
BASE_URL, ACCOUNT = "base_url", "account"
ALWAYS_ALLOWED = (BASE_URL, ACCOUNT)
"""What every reference may have in its query; attributes of `RunRef`, not among its `parts`."""

_NAME = re.compile(r"[a-z][a-z0-9_]*")


def is_name(text: str) -> bool:
    """Whether a provider, or a part of a reference, can have this name: `dify`, `workflow_id`."""
    return _NAME.fullmatch(text) is not None


class RefForm(Struct, frozen=True):
    """The parts of a provider's references, in the order of the text form.

    - `path`: the names of those that every reference has, `run_id` among them.
    - `query`: the names of those that may be left out.
    """

    path: tuple[str, ...] = (RUN_ID,)
    query: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        names = (*self.path, *self.query)
        is_unique = len({*names, *ALWAYS_ALLOWED}) == len(names) + len(ALWAYS_ALLOWED)
        if RUN_ID not in self.path or not is_unique or not all(map(is_name, names)):
            raise ValueError(
                f"a RefForm needs {RUN_ID} in its path, and names in lower case, each once and none of them"
                f" {' or '.join(ALWAYS_ALLOWED)}: not {names}"
            )

    @property
    def parts(self) -> tuple[str, ...]:
        """The names that can stand in `RunRef.parts`."""
        return tuple(name for name in (*self.path, *self.query) if name != RUN_ID)

    def shown(self, provider: str) -> str:
        """The text form, with names in place of values: `juo:{run_id}?tenant={tenant}`."""
        query = "&".join(f"{name}={{{name}}}" for name in self.query)
        return f"{provider}:{'/'.join(f'{{{name}}}' for name in self.path)}{query and '?'}{query}"


class Capabilities(Struct, frozen=True):
    """What a run of a provider can hold.

    - `provider`: its name.
    - `present`: the fields of `WorkflowRun` that can be present, dotted (`usage.credits`).
    - `absent`: the fields that never are, and why.
    - `statuses`: all statuses that a run can have; `UNKNOWN` is always among them.
    - `events`: the names of the events whose bodies `normalize` reads, too; what is in them counts as well.
    """

    provider: str
    present: tuple[str, ...]
    absent: Mapping[str, str]
    statuses: tuple[RunStatus, ...]
    events: tuple[str, ...] = ()


class Provider(Struct, frozen=True, kw_only=True):
    """A product whose runs can be fetched and normalized.

    - `name`: as it stands in references (`dify`); lower-case letters, digits and `_`.
    - `title`: its name for people.
    - `distribution`: the package of its client (`workflow-client-dify`).
    - `extra`: the extra of workflow-runs that installs the client; "" for a provider of another package.
    - `documentation`: the page that describes the response (a URL).
    - `ref`: the parts of its references.
    - `globals`: constructor arguments of its client that references can fill: (argument, part, environment variable).
    - `credentials`: constructor arguments of its client that authenticate: (argument, environment variable).
    - `base_url_environment`: the environment variable of its client's `base_url`; "": there is none.
    - `server`: the documented server of the call that gets a run, which `run.ref` leaves out; "": there is none.
    - `adapter`: the module that holds its `ADAPTER`.
    - `capabilities`: what its runs can hold.
    - `polling`: how often to ask for a run that somebody waits for, unless callers say otherwise.
    - `requires`: the top-level modules whose absence means that the client is not installed.

    Raises:
        ValueError: the name is not allowed.
    """

    name: str
    title: str
    distribution: str
    adapter: str
    capabilities: Capabilities
    extra: str = ""
    documentation: str = ""
    ref: RefForm = RefForm()
    globals: tuple[tuple[str, str, str], ...] = ()
    credentials: tuple[tuple[str, str], ...] = ()
    base_url_environment: str = ""
    server: str = ""
    polling: PollPolicy = PollPolicy()
    requires: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not is_name(self.name):
            raise ValueError(f"a provider cannot be named {self.name!r}: lower-case letters, digits and _ are allowed")

    def passed(self, value: str) -> str:
        """How a caller passes this value to `Runs` for the provider: `dify=...`, or within `others`."""
        return f"{self.name}={value}" if self.extra else f"others={{{self.name!r}: {value}}}"

    @property
    def variables(self) -> tuple[str, ...]:
        """The environment variables of its client, without that of the server."""
        return tuple(name for *_, name in (*self.credentials, *self.globals) if name)
