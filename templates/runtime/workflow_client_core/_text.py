"""Which text can be sent, and where: the same rules for credentials, parameters, files and media types."""

from __future__ import annotations

import re

# RFC 9110, 5.5: anything else needs an encoding that no two servers agree on.
_HEADER_VALUE = re.compile(r"[\x20-\x7e]*")


def has_control_character(text: str) -> bool:
    """Whether `text` holds one of Unicode's category Cc: C0, DEL or C1."""
    # Some servers take more than CR and LF for a line end.
    return any(character < " " or "\x7f" <= character < "\xa0" for character in text)


def has_lone_surrogate(text: str) -> bool:
    """Whether `text` holds half of a surrogate pair, which UTF-8 cannot encode."""
    return any("\ud800" <= character <= "\udfff" for character in text)


def is_header_value(text: str) -> bool:
    """Whether `text` can be the value of a header as it is."""
    return _HEADER_VALUE.fullmatch(text) is not None and text == text.strip(" ")
