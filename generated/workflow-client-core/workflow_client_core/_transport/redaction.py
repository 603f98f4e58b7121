"""Masks credentials in what httpx2 and httpcore2 log during a call."""

from __future__ import annotations

import logging
import re

from .._credentials.secrets import MASK
from .attempt import CURRENT

_TRANSPORT_LOGGERS = (
    "httpx2",
    "httpcore2.connection",
    "httpcore2.http11",
    "httpcore2.http2",
    "httpcore2.proxy",
    "httpcore2.socks",
)
_SET_COOKIE = re.compile(r"""(?i)(b?['"]set-cookie['"], b?)('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""")


class _Redaction(logging.Filter):
    """Masks the credentials of the call in flight in what httpx2 and httpcore2 log of it."""

    def filter(self, record: logging.LogRecord) -> bool:
        current = CURRENT.get()
        if current is not None:
            text = record.getMessage()
            clean = _SET_COOKIE.sub(rf"\1'{MASK}'", current.request.conceal(text))
            if clean != text:
                record.msg, record.args = clean, ()
        return True


def redact_logs() -> None:
    """Mask what the HTTP libraries log from now on."""
    for name in _TRANSPORT_LOGGERS:
        logging.getLogger(name).addFilter(_Redaction())
