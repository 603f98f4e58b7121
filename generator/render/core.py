"""The run-time core inside of a client package, which then needs no other package of ours.

It is a copy that nobody imports by its name: what callers need of it, the client package itself offers.
"""

from __future__ import annotations

from .. import resources
from ..ir.model import Package

MODULE = "workflow_client_core"
FOLDER = "_vendor"
"""The folder that it is in. It imports itself relatively, so that it may be anywhere."""
FOR_CALLERS = (
    "MAX_PAGES",
    "MAX_RESPONSE_SIZE",
    "ApiError",
    "AsyncCredentialSource",
    "AsyncEventStream",
    "AsyncPages",
    "BadRequest",
    "CallOptions",
    "Conflict",
    "ConnectionFailed",
    "CredentialSource",
    "CredentialsError",
    "Decoded",
    "Event",
    "EventStream",
    "File",
    "Forbidden",
    "InvalidResponse",
    "Issue",
    "NotFound",
    "OpenIntEnum",
    "OpenStrEnum",
    "OpenStruct",
    "Outcome",
    "Pages",
    "PaginationError",
    "RateLimited",
    "RawResponse",
    "RequestOptions",
    "RequestTimeout",
    "ResponseTooLarge",
    "Retry",
    "ServerError",
    "StatusError",
    "Timeout",
    "Unauthorized",
    "UnprocessableEntity",
    "decode",
    "encode",
    "environment_suffix",
)
"""What the core has for those who call clients; the rest is for generated code. No client can be called like one."""


def core_inside(package: Package) -> dict[str, str]:
    """The files of the core as a part of a package, by their paths below the folder that holds packages.

    Only its README is not what it is elsewhere: it names what callers import from the package.
    """
    runtime = resources.templates_folder() / "runtime"
    vendor = f"{package.distribution}/{package.module}/{FOLDER}"
    folder = f"{vendor}/{MODULE}"
    modules = {path.relative_to(runtime / MODULE).as_posix(): path for path in sorted((runtime / MODULE).rglob("*.py"))}
    readme = (runtime / "README.md").read_text(encoding="utf-8").replace(MODULE, package.module)
    return {
        f"{vendor}/__init__.py": '"""What this package brings along, so that it needs no other package for it."""\n',
        f"{folder}/README.md": readme,
        f"{folder}/LICENSE": resources.license_file().read_text(encoding="utf-8"),
        **{f"{folder}/{inside}": resources.Copy.of(path) for inside, path in modules.items()},
    }
