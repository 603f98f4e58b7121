"""`FakeProvider`: the servers of all providers, as tests tell them to answer."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Self

from ._clock import FakeClock
from ._fake import BaseFakeProvider

if TYPE_CHECKING:
    from ._server import FakeServer
    from ._transport import FakeTransport


class FakeProvider(BaseFakeProvider):
    """Stands for the servers of all providers, and answers for the runs that tests add.

        fake = FakeProvider()
        fake.add("dify:5b1f", "running", error(503), "running", "succeeded")
        with Runs(transport=fake.transport()) as runs:
            run = runs.wait("dify:5b1f", timeout="1h")

    Credentials have to come with requests, but any are accepted. A run that was not added is not found. Safe to share
    between threads and event loops.

    Args:
        names: the providers; none: all that this package knows.
        clock: the clock for times and delays; None: that which everything in the process goes by.

    Raises:
        UnknownProvider, ValueError: a provider does not exist, or there is no sample of it.
    """

    def transport(self) -> FakeTransport:
        """A transport for `Runs(transport=...)` and `AsyncRuns`: no request leaves the process. Loads httpx2."""
        from ._transport import FakeTransport

        return FakeTransport(self)

    def serve(self, port: int = 0) -> FakeServer:
        """A server on the loopback interface: `with fake.serve() as server`. See `FakeServer`."""
        from ._server import FakeServer

        return FakeServer(self, port)


class FakeRuns(FakeProvider):
    """A fake of all providers with a server of its own; the fixture `fake_runs`.

    Args:
        clock: the clock for times and delays.
    """

    def __init__(self, clock: FakeClock) -> None:
        super().__init__(clock=clock)
        self.server = self.serve()

    @property
    def clock(self) -> FakeClock:
        """The clock for times and delays."""
        clock = super().clock
        assert isinstance(clock, FakeClock)
        return clock

    def __enter__(self) -> Self:
        self.server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.server.stop()
