"""Which text can be sent, and where: the same rules for credentials, parameters, files and media types."""

from __future__ import annotations

import re
from encodings import normalize_encoding
from encodings.aliases import aliases

# RFC 9110, 5.5: anything else needs an encoding that no two servers agree on.
_HEADER_VALUE = re.compile(r"[\x20-\x7e]*")
_CONTROL_CHARACTER = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")

_CHARSET = re.compile(r""";\s*charset\s*=\s*"?([^\s;"]+)""", re.IGNORECASE)
_CODECS = frozenset(
    (
        *("utf_8", "utf_16", "utf_16_be", "utf_16_le", "utf_32", "utf_32_be", "utf_32_le", "ascii", "latin_1"),
        *(f"iso8859_{part}" for part in range(2, 17) if part != 12),  # there is no part 12
        *(f"cp125{page}" for page in range(9)),
        *("cp437", "cp850", "cp852", "cp866", "cp874", "cp932", "cp949", "koi8_r", "koi8_u", "tis_620"),
        *("mac_roman", "mac_cyrillic"),
        *("big5", "big5hkscs", "gb18030", "gb2312", "gbk", "hz", "euc_jp", "iso2022_jp", "shift_jis", "euc_kr"),
        "iso2022_kr",
    )
)
"""The codecs of charsets; other codecs of Python, such as `unicode_escape`, are not charsets."""

_LABELS = {
    **{"windows_874": "cp874", "dos_874": "cp874", "windows_31j": "cp932", "windows_949": "cp949"},
    **{"unicode": "utf_16", "ucs_2": "utf_16", "koi8": "koi8_r", "koi8_ru": "koi8_u", "mac": "mac_roman"},
    **{"mac_ukrainian": "mac_cyrillic", "gb_2312": "gb2312", "gb_2312_80": "gb2312", "cn_big5": "big5"},
    **{"ksc_5601": "euc_kr", "ks_c_5601_1989": "euc_kr", "sun_eu_greek": "iso8859_7", "visual": "iso8859_8"},
    **{f"iso_8859_{part}_{order}": f"iso8859_{part}" for part in (6, 8) for order in "ei"},
}
"""Labels of the Encoding standard (https://encoding.spec.whatwg.org/#names-and-labels) that Python does not know."""
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_JOINED = re.compile(r"(?<=^iso8859)(?=[0-9])")


def charset_of(media_type: str) -> str:
    """The `charset` of a media type; "" where it has none."""
    match = _CHARSET.search(media_type)
    return match[1] if match else ""


def codec_of(charset: str) -> str | None:
    """Python's name of a charset (RFC 2978), UTF-8 for ""; None: it is not known."""
    name = normalize_encoding(charset or "utf-8").lower().removeprefix("x_")
    name = _JOINED.sub("_", name)
    codec = aliases.get(name) or _LABELS.get(name, name)
    return codec if codec in _CODECS else None


def has_control_character(text: str) -> bool:
    """Whether `text` holds one of Unicode's category Cc: C0, DEL or C1."""
    # Some servers take more than CR and LF for a line end.
    return _CONTROL_CHARACTER.search(text) is not None


def has_lone_surrogate(text: str) -> bool:
    """Whether `text` holds half of a surrogate pair, which UTF-8 cannot encode."""
    return not text.isascii() and _SURROGATE.search(text) is not None


def is_header_value(text: str) -> bool:
    """Whether `text` can be the value of a header as it is."""
    return _HEADER_VALUE.fullmatch(text) is not None and text == text.strip(" ")


def with_whole_escapes(url: str) -> str:
    """`url`, in which every percent sign that begins no escape is escaped itself (RFC 3986, 2.1)."""
    return _STRAY_PERCENT.sub("%25", url)


def user_agent_of(products: str, own: str) -> str:
    """A User-Agent that names the caller's products first, and then `own` (RFC 9110, 10.1.5); none of them twice."""
    if f" {products}".endswith(f" {own}"):
        return products
    return own if f"{own} ".startswith(f"{products} ") else f"{products} {own}".strip()
