"""Bytes into text: by byte order mark, by what the file declares, as UTF-8, else by the likeliest legacy encoding."""

import codecs

import charset_normalizer
import regex

from rag.errors import UnreadableFileError

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it starts with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = regex.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{2,40})""", regex.IGNORECASE)
_DECLARED_WITHIN = 4096

LEGACY = ("cp1252", "mac_roman", "cp1250", "cp1251", "koi8_r", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257")
LEGACY_WIDE = ("shift_jis", "euc_jp", "gb18030", "big5", "euc_kr")
"""Encodings that pages and text files were saved in before UTF-8; rarer ones are told apart too badly to guess."""

_SAMPLE_BYTES = 200_000
_WESTERN = frozenset("éèêëàâäáãåæçîïíìñôöóòõøœùûüúßÿ’‘“”«»–—…•·°½¼¾±×€£©®™µ§\xa0ÉÀÄÖÜÅØÆÇ")
"""What stands beside ASCII in English, German, French, Spanish and Nordic texts."""

MIN_WESTERN_SHARE = 0.9
"""From this share of usual signs a text is taken as Western; at 0.9, single odd signs do not turn it into Greek."""

MAX_WESTERN_DENSITY = 0.2
"""Signs beyond ASCII per byte; accents and typographic quotes are rarer, letters of another script far denser."""

MAX_CONTROL_SHARE = 0.002
"""Control characters per character; a text has next to none, random bytes have one in ten."""

_CONTROLS = regex.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


def decode(content: bytes, *, declares: bool = False) -> str:
    """Return the text of a file with one line feed at each line end.

    Args:
        content: the file.
        declares: the format may name its own encoding near the top, as HTML and XML do.

    Raises:
        UnreadableFileError: it is not text in any known encoding, or is binary.
    """
    text = _by_mark(content)
    if text is None:
        text = _wide_without_mark(content)
    if text is None and b"\x00" in content:
        raise UnreadableFileError("the file holds NUL bytes, so it is binary; expected text")
    if text is None:
        text = _strictly(content, "utf-8")
    if text is None and declares:
        text = _as_declared(content)
    if text is None:
        _refuse_damaged_utf8(content)
        text = _legacy(content)
    if text is None:
        raise UnreadableFileError("the file is not text in any known encoding; save it as UTF-8")
    if "\x00" in text or len(_CONTROLS.findall(text)) > max(4, MAX_CONTROL_SHARE * len(text)):
        raise UnreadableFileError("the file is binary (NUL bytes or control characters); expected text")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _strictly(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _by_mark(content: bytes) -> str | None:
    """Text with a byte order mark; what is cut in the middle of a character is read up to there."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            text = content.decode(encoding, errors="replace")
            if text.count("\ufffd") > 1 + len(text) // 100:
                return None
            return text.removeprefix("\ufeff")
    return None


def _wide_without_mark(content: bytes) -> str | None:
    """UTF-16 of a mostly Latin text shows by a NUL in every other byte."""
    sample = content[:_SAMPLE_BYTES]
    if len(sample) < 4 or b"\x00" not in sample:
        return None
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    for encoding, zeros, others in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if zeros > 0.6 * len(sample) / 2 and others < 0.05 * len(sample) / 2:
            return _strictly(content[: len(content) // 2 * 2], encoding)
    return None


def _refuse_damaged_utf8(content: bytes) -> None:
    """A file whose signs are mostly UTF-8 is damaged UTF-8: another encoding would turn its good parts into rubbish."""
    text = content[:_SAMPLE_BYTES].decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    if sum(sign > "\x7f" for sign in text) - broken >= max(1, broken):
        try:
            content.decode("utf-8")
        except UnicodeDecodeError as error:
            raise UnreadableFileError(
                f"the file is damaged UTF-8 from byte {error.start} on; mend it or save it as UTF-8 again"
            ) from None


def _as_declared(content: bytes) -> str | None:
    match = _DECLARED.search(content[:_DECLARED_WITHIN])
    if match is None:
        return None
    name = match[1].decode("ascii").lower()
    if name in ("iso-8859-1", "latin-1", "latin1", "us-ascii", "ascii"):
        name = "cp1252"  # what pages that say so hold, by the WHATWG encoding standard
    try:
        info = codecs.lookup(name)
    except LookupError:
        return None
    if not info._is_text_encoding or info.name in ("utf-7", "unicode_escape", "raw_unicode_escape", "punycode", "idna"):
        return None
    return _strictly(content, info.name)


def _legacy(content: bytes) -> str | None:
    western = _western(content)
    if western is not None:
        return western
    best = charset_normalizer.from_bytes(content[:_SAMPLE_BYTES], cp_isolation=[*LEGACY, *LEGACY_WIDE]).best()
    if best is None:
        return None
    return content.decode(best.encoding, errors="replace")


def _western(content: bytes) -> str | None:
    """Windows-1252 or Mac Roman, whichever gives more of the signs that Western texts hold; None for neither."""
    high = bytes(byte for byte in content[:_SAMPLE_BYTES] if byte >= 0x80)
    scores = {
        name: sum(sign in _WESTERN for sign in high.decode(name, errors="replace")) for name in ("cp1252", "mac_roman")
    }
    best = max(scores, key=lambda name: scores[name])  # the first of equals: Windows-1252 is the commoner
    dense = len(high) > MAX_WESTERN_DENSITY * len(content[:_SAMPLE_BYTES])
    if not high or dense or scores[best] < MIN_WESTERN_SHARE * len(high):
        return None
    return content.decode(best, errors="replace")
