"""What the core has for callers comes from a package that has the core inside, typed as from the core."""

from __future__ import annotations

import pickle
import sys

from standalone_client import (
    ApiError,
    AsyncStandaloneClient,
    Decoded,
    EventStream,
    File,
    NotFound,
    Pages,
    RawResponse,
    Retry,
    StandaloneClient,
    StatusError,
    Timeout,
    decode,
    encode,
)
from standalone_client.models import Bed, ListBedsResponse, Season
from standalone_client.webhooks import dug

client = StandaloneClient(key="k", retry=Retry(max_retries=0), timeout=Timeout(total=5.0))


def calls() -> None:
    try:
        client.beds.put_photo("1", File(b"...", "bed.png"))
    except NotFound as error:
        status: int = error.status
        print(status, error.body)
    except ApiError as error:
        attempts: int = error.attempts
        print(attempts)
    pages: Pages[Bed, ListBedsResponse] = client.beds.paginated.list_beds(season="spring")
    beds: list[Bed] = list(pages)
    whole: RawResponse[ListBedsResponse] = client.beds.raw.list_beds(season=Season.FALL)
    lines: EventStream[Bed] = client.log.read_log()
    print(beds, whole.parsed, lines)
    client.beds.list_beds(season=1)  # error
    client.beds.put_photo("1", 1)  # error


async def asynchronous_calls() -> None:
    async with AsyncStandaloneClient(key="k") as other:
        page: ListBedsResponse = await other.beds.list_beds()
        print(page.beds)


def main() -> None:
    bed = Bed(id="1", season=Season.SPRING, additional_properties={"soil": "clay"})
    data = encode(bed)
    read: Decoded[Bed] = decode(data, Bed)
    assert read.parsed == bed == dug(data) == pickle.loads(pickle.dumps(bed))
    error = pickle.loads(pickle.dumps(StatusError("none", status=404, headers={}, content=b"")))
    assert isinstance(error, StatusError)
    assert issubclass(NotFound, StatusError)
    assert issubclass(StatusError, ApiError)
    assert not {name for name in sys.modules if name.startswith(("workflow_client_core", "httpx2"))}
