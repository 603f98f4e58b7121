"""What programs load of OpenTelemetry: nothing that they have not loaded themselves."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import workflow_client_core

from tests.loopback import Loopback

CALL = """
import sys
from workflow_client_core import Api, Client
api = Api("acme", "1", server=sys.argv[1])
with Client(api, {}) as client:
    client.request("GET", "/runs")
"""
LOADED = '\nprint(*sorted(name for name in sys.modules if name.partition(".")[0] == "opentelemetry"))'
SDK = """
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, ConsoleSpanExporter
"""
SET_UP = """
trace.set_tracer_provider(TracerProvider())
provider = trace.get_tracer_provider()
provider.add_span_processor(SimpleSpanProcessor(ConsoleSpanExporter(formatter=lambda span: span.name + "\\n")))
"""
BLOCKED = 'import sys\nsys.modules["opentelemetry"] = None\n'


def run(program: str, server: Loopback, **environment: str) -> str:
    path = str(Path(workflow_client_core.__path__[0]).parent)
    done = subprocess.run(
        [sys.executable, "-c", program, server.url],
        env={"PYTHONPATH": path, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout + done.stderr


def test_a_program_that_does_not_use_it_loads_none_of_it(server: Loopback) -> None:
    assert run(CALL + LOADED, server).strip() == ""
    assert len(server.requests) == 1


def test_a_program_without_it_calls_as_ever(server: Loopback) -> None:
    assert run(BLOCKED + CALL, server) == ""
    assert len(server.requests) == 1


def test_a_program_that_sets_it_up_after_its_first_call_has_spans_from_then_on(server: Loopback) -> None:
    assert run(CALL + SDK + CALL + SET_UP + CALL, server) == "GET\n"
    assert ["traceparent" in request.headers for request in server.requests] == [False, False, True]


def test_a_setting_that_cannot_be_used_costs_the_spans_and_no_call(server: Loopback) -> None:
    output = run(SDK + SET_UP + CALL + CALL, server, OTEL_PROPAGATORS="misspelled")
    assert output == (
        "requests are not traced, as OpenTelemetry cannot be imported:"
        " Propagator misspelled not found. It is either misspelled or not installed.\n"
    )
    assert len(server.requests) == 2
