"""What a provider says about itself, and what its adapter does. Importable without any client.

Another package adds a provider by an entry point of the group `workflow_runs.providers`, named like the provider, whose
object is a `Provider`.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Generic, TypeVar

from msgspec import Struct
from workflow_client_core import AsyncClient, Client, RawResponse

from ._models import RunStatus

if TYPE_CHECKING:
    from ._notes import Notes
    from ._ref import RunRef
    from ._run import WorkflowRun

N = TypeVar("N")
C = TypeVar("C", bound=Client)
A = TypeVar("A", bound=AsyncClient)

RUN_ID = "run_id"
"""The part of a reference that every provider has; an attribute of `RunRef`, not among its `parts`."""
BASE_URL = "base_url"
"""What every reference may have in its query."""

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
        if RUN_ID not in self.path or len({*names, BASE_URL}) <= len(names) or not all(map(is_name, names)):
            raise ValueError(
                f"a RefForm needs {RUN_ID} in its path, and names in lower case, each once and none of them {BASE_URL}:"
                f" not {names}"
            )

    @property
    def parts(self) -> tuple[str, ...]:
        """The names that can stand in `RunRef.parts`."""
        return tuple(name for name in (*self.path, *self.query) if name != RUN_ID)

    def shown(self, provider: str) -> str:
        """The text form with names in the place of values: `juo:{run_id}?tenant={tenant}`."""
        query = "&".join(f"{name}={{{name}}}" for name in self.query)
        return f"{provider}:{'/'.join(f'{{{name}}}' for name in self.path)}{query and '?'}{query}"


class Capabilities(Struct, frozen=True):
    """What a run of a provider can tell.

    - `provider`: its name.
    - `present`: the fields of `WorkflowRun` that can be there, dotted (`usage.credits`).
    - `absent`: those that never are, and why.
    - `statuses`: all that a run can have; `UNKNOWN` is always among them.
    """

    provider: str
    present: tuple[str, ...]
    absent: Mapping[str, str]
    statuses: tuple[RunStatus, ...]


class Provider(Struct, frozen=True, kw_only=True):
    """A product whose runs can be got and normalized.

    - `name`: as it stands in references (`dify`); lower-case letters, digits and `_`.
    - `title`: its name for people.
    - `distribution`: the package of its client (`workflow-client-dify`).
    - `extra`: the extra of workflow-runs that installs the client; "" for a provider of another package.
    - `documentation`: the page that describes the answer (a URL).
    - `ref`: the parts of its references.
    - `globals`: constructor arguments of its client that references can fill: (argument, part, environment variable).
    - `credentials`: constructor arguments of its client that authenticate: (argument, environment variable).
    - `adapter`: the module that holds its `ADAPTER`.
    - `capabilities`: what its runs can tell.
    - `requires`: the top-level modules whose absence means that the client is not installed.

    Raises:
        ValueError: the name cannot be one.
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
    requires: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not is_name(self.name):
            raise ValueError(f"a provider cannot be named {self.name!r}: lower-case letters, digits and _ are allowed")


class Adapter(Struct, Generic[N, C, A], frozen=True, kw_only=True):
    """How the runs of a provider are got and normalized.

    - `model`: the type of the provider's answer.
    - `client`, `async_client`: the classes of its clients.
    - `fetch`, `fetch_async`: get an answer, whatever can be read of it.
    - `normalize`: makes the answer a run, and notes what has no unified form. The layer adds `native`, `raw`, `issues`
      and `pending.deadline`, and takes from a run that has not ended its result and the time of its end.
    - `unwrap`: refuses an answer that holds no run, by a `ProviderError`. Given the answer, its bytes, the reference
      and the notes.
    - `reason`: the provider's own word for what went wrong, from the body of an error as the client read it.
    - `timeout_at`: where `pending.timeout` is read from (a JSON Pointer), for the issue with a deadline out of range.
    """

    model: type[N]
    client: type[C]
    async_client: type[A]
    fetch: Callable[[C, RunRef], RawResponse[N]]
    fetch_async: Callable[[A, RunRef], Awaitable[RawResponse[N]]]
    normalize: Callable[[N, RunRef, Notes], WorkflowRun]
    unwrap: Callable[[N, bytes, RunRef, Notes], None] | None = None
    reason: Callable[[object], str | None] | None = None
    timeout_at: str = ""
