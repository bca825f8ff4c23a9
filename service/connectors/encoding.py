"""Tells the encoding of a text file that is Polish, Czech, Estonian or English, or a mix of them.

UTF-8 is strict enough to prove itself. The 8-bit code pages are not: each decodes nearly any bytes,
so each is tried and the one whose letters are likeliest in one of the languages wins, line by line.
"""

from __future__ import annotations

import codecs
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from service.connectors.rows import FileFormatError

CODE_PAGES = ("windows-1250", "iso-8859-2", "windows-1257", "windows-1252")
"""Tried in this order; the first wins a tie. The last is for files of English Windows."""

_CHUNK = 1 << 18
_SAMPLE = 1 << 16
_LINE = 2_000
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NOT_FOR_FILES = {"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "utf_7"}

# Letters per 10,000, counted over the Tatoeba and XED sentences (pl, cs, et) and the NHS comments
# (en) of the evaluation data.
_COUNTS = {
    "pl": "a853 b188 c394 d331 e861 f19 g131 h100 i878 j266 k270 l191 m408 n507 o752 p297 q1 r367 "
    "s435 t402 u204 v3 w351 x1 y372 z589 ą89 ć79 ę185 ł183 ń15 ó68 ś98 ź13 ż98",
    "cs": "a632 b191 c234 d376 e950 f18 g18 h232 i406 j351 k305 l439 m456 n579 o794 p291 q2 r279 "
    "s459 t649 u328 v339 w5 x3 y210 z174 á246 č67 ď13 é56 ě180 í248 ň10 ó1 ř103 š112 ť8 ú5 ů46 "
    "ý55 ž132",
    "et": "a1349 b96 c10 d396 e1097 f6 g179 h169 i935 j133 k445 l630 m533 n584 o414 p165 q0 r241 "
    "s850 t669 u519 v192 w1 x0 y10 z1 ä163 õ110 ö28 ü69 š2 ž1",
    "en": "a844 b146 c296 d415 e1277 f224 g219 h468 i682 j9 k85 l435 m273 n725 o731 p234 q14 r557 "
    "s550 t919 u265 v164 w220 x22 y223 z4 é1",
}
_RARE, _SIGN, _FOREIGN, _ODD, _UNDEFINED = (math.log(p) for p in (1e-4, 1e-3, 1e-5, 1e-6, 1e-9))
_LETTERS = {
    language: {
        entry[0]: max(math.log(max(int(entry[1:]), 1) / 10_000), _RARE) for entry in counts.split()
    }
    for language, counts in _COUNTS.items()
}
_SIGNS = frozenset("„”“’‘‚–—…€£§°«»·×™®©½²\xa0")
_ESCAPED = re.compile("[\udc80-\udcff]")
_HIGH = re.compile("[^\x00-\x7f]")


@dataclass(frozen=True, slots=True)
class Encoding:
    """A codec's name and how its errors are let through, so that only their rows are lost."""

    name: str
    errors: str


def detect(path: Path, explicit: str | None = None) -> Encoding:
    """Encoding of a text file; reads it once from end to end, in constant memory.

    Args:
        path: the file.
        explicit: a codec's name that overrides the detection.

    Raises:
        FileFormatError: `explicit` is unknown or wrong, or no encoding fits.
    """
    if explicit is not None:
        return _explicit(path, explicit)
    with path.open("rb") as stream:
        head = stream.read(4096)
    name = next((name for bom, name in _BOMS if head.startswith(bom)), "") or _wide(head)
    if name.startswith("utf-16"):
        wide = Encoding(name, "surrogatepass")
        _verify(path, wide)
        return wide
    return Encoding(name, "surrogateescape") if name else _narrow(path)


def _explicit(path: Path, name: str) -> Encoding:
    try:
        codec = codecs.lookup(name).name
        "a".encode(codec)  # refuses codecs that are not of text
    except (LookupError, UnicodeError, ValueError):
        codec = ""
    if not codec or codec.replace("-", "_") in _NOT_FOR_FILES:
        raise FileFormatError(
            f"{name[:40]!r} is no encoding of text files. Use utf-8, utf-16 or one of "
            f"{', '.join(CODE_PAGES)}, or leave it out to have it detected."
        )
    with path.open("rb") as stream:
        bom = stream.read(3) == codecs.BOM_UTF8
    encoding = Encoding("utf-8-sig" if codec == "utf-8" and bom else codec, "strict")
    _verify(path, encoding)
    return encoding


def _verify(path: Path, encoding: Encoding) -> None:
    decoder = codecs.getincrementaldecoder(encoding.name)(encoding.errors)
    before = 0
    try:
        for chunk in _chunks(path):
            decoder.decode(chunk)
            before += len(chunk)
        decoder.decode(b"", final=True)
    except UnicodeError as error:
        place = before + (error.start if isinstance(error, UnicodeDecodeError) else 0)
        raise FileFormatError(
            f"The file is not {encoding.name}: it cannot be read near byte {place:,}. "
            "Name its right encoding, or save it as UTF-8."
        ) from error


def _wide(head: bytes) -> str:
    """UTF-16 without a mark: text of our languages has a zero in nearly every pair of bytes."""
    pairs = len(head) // 2
    if pairs == 0:
        return ""
    high_last = head[1 : 2 * pairs : 2].count(0) / pairs
    high_first = head[0 : 2 * pairs : 2].count(0) / pairs
    if high_last > 0.4 and high_first < 0.05:
        return "utf-16-le"
    return "utf-16-be" if high_first > 0.4 and high_last < 0.05 else ""


def _narrow(path: Path) -> Encoding:
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    good = bad = size = 0
    sample: list[bytes] = []
    for chunk in _chunks(path):
        text = decoder.decode(chunk)
        if text.isascii():
            continue
        escaped = len(_ESCAPED.findall(text))
        bad += escaped
        good += len(_HIGH.findall(text)) - escaped
        if size < _SAMPLE:
            lines = _telling_lines(chunk, _SAMPLE - size)
            sample += lines
            size += sum(map(len, lines))
    bad += len(decoder.decode(b"", final=True))
    if bad == 0 or good > bad:
        # A few bad bytes in good UTF-8 cost their own rows, not everyone else's letters.
        return Encoding("utf-8", "surrogateescape")
    return Encoding(_code_page(sample), "surrogateescape")


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def _telling_lines(chunk: bytes, limit: int) -> list[bytes]:
    lines: list[bytes] = []
    for line in chunk.split(b"\n"):
        if line.isascii():
            continue
        lines.append(line[:_LINE])
        limit -= len(lines[-1])
        if limit <= 0:
            break
    return lines


def _code_page(lines: Iterable[bytes]) -> str:
    """The code page under which the lines are likeliest; ties go to the first."""
    lines = list(lines)
    letters = [byte for line in lines for byte in line if byte >= 0x80 or chr(byte).isalpha()]
    high = sum(byte >= 0x80 for byte in letters)
    if len(letters) >= 20 and high > len(letters) / 2:
        raise FileFormatError(
            "The file's encoding cannot be told: it is not UTF-8, and most of its letters are not "
            "Polish, Czech, Estonian or English. If it is text, save it as UTF-8 or name its "
            "encoding; if it is binary, export it as CSV, JSONL, XLSX or Parquet."
        )
    scores = {
        name: sum(_likelihood(line.decode(name, "surrogateescape")) for line in lines)
        for name in CODE_PAGES
    }
    return max(CODE_PAGES, key=lambda name: round(scores[name], 6))


def _likelihood(line: str) -> float:
    """Log-probability of a line's letters in the language that suits it best."""
    line = line.lower()
    return max(
        sum(
            known.get(letter, 0.0) if letter < "\x80" else known.get(letter) or _stranger(letter)
            for letter in line
        )
        for known in _LETTERS.values()
    )


def _stranger(letter: str) -> float:
    if "\udc80" <= letter <= "\udcff":
        return _UNDEFINED
    if letter in _SIGNS:
        return _SIGN
    return _FOREIGN if letter.isalpha() else _ODD
