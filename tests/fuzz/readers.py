"""Coverage-guided fuzzing of the readers: `make fuzz`, or `python -m tests.fuzz.readers FOLDER -max_total_time=3600`.

What raises anything but a `CorpusError`, breaks an offset, or takes longer than ten seconds is written to
FOLDER/findings, once for each place in the code, and the run goes on. Each finding becomes a test in
`tests/rag/ingest/test_findings.py`.
"""

import hashlib
import sys
import time
import traceback
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["rag.ingest", "mammoth", "pdfminer.pdfparser", "pdfminer.pdfdocument"]):
    from rag.errors import CorpusError
    from rag.ingest.limits import ReadingLimits
    from rag.ingest.parse import parse_content

from tests.fuzz.seeds import parts_of, seeds
from tests.rag.ingest.documents import packed

SUFFIXES = (".md", ".txt", ".html", ".xml", ".pdf", ".docx", ".epub")
LIMITS = ReadingLimits(max_characters=200_000, max_pages=20)
SLOW_SECONDS = 10.0
_PACKED = {suffix: parts_of(content) for suffix, content in seeds() if suffix in (".docx", ".epub")}
_FUZZED = {".docx": "word/document.xml", ".epub": "OEBPS/text/one.xhtml"}

findings = Path(sys.argv[1] if len(sys.argv) > 1 else "artifacts/fuzz") / "findings"
seen: set[str] = set()


def one_input(data: bytes) -> None:
    """Read one file; the first byte says its format, the others are its content."""
    if len(data) < 2:
        return
    suffix = SUFFIXES[data[0] % len(SUFFIXES)]
    content = _in_package(suffix, data)
    started = time.perf_counter()
    try:
        for article in parse_content(content, Path(f"a{suffix}"), None, LIMITS).articles:
            for block in article.blocks:
                if not article.text[block.span.start : block.span.end].strip():
                    raise AssertionError("an empty block")
    except CorpusError as error:
        if "\n" in str(error) or len(str(error)) > 1000:
            keep("reason", data, repr(str(error)))
        frames = traceback.extract_tb(error.__cause__.__traceback__) if error.__cause__ else []
        if frames and "cannot be parsed" in str(error) and "/rag/ingest/" in frames[-1].filename:
            keep(str(frames[-1]), data, "".join(traceback.format_exception(error)))  # a slip of ours, not a parser's
    except Exception:
        keep(traceback.format_exc().strip().rsplit("\n", 3)[-3], data, traceback.format_exc())
    if time.perf_counter() - started > SLOW_SECONDS:
        keep(f"slow {suffix}", data, f"{time.perf_counter() - started:.1f} s")


def _in_package(suffix: str, data: bytes) -> bytes:
    """The input as a file, or for packed formats as one part of a sound package."""
    if suffix not in _FUZZED or not data[0] & 0x80:
        return data[1:]
    parts = _PACKED[suffix]
    if data[0] & 0x40:
        return packed({**parts, list(parts)[data[1] % len(parts)]: data[2:]})
    return packed({**parts, _FUZZED[suffix]: data[1:]})


def keep(place: str, data: bytes, report: str) -> None:
    """Write an input that broke something, the first one for its place."""
    name = hashlib.sha256(place.encode()).hexdigest()[:12]
    if name not in seen:
        seen.add(name)
        findings.mkdir(parents=True, exist_ok=True)
        (findings / name).write_bytes(data)
        (findings / f"{name}.txt").write_text(report, encoding="utf-8", errors="replace")


def main() -> None:
    """Write the seeds and fuzz until the time is over."""
    folder = findings.parent / "inputs"
    folder.mkdir(parents=True, exist_ok=True)
    for suffix, content in seeds():
        first = SUFFIXES.index(suffix)
        (folder / f"{hashlib.sha256(content).hexdigest()[:12]}{suffix}").write_bytes(bytes((first,)) + content)
        if suffix in _FUZZED:
            inner = (
                bytes((next(byte for byte in range(128, 192) if byte % len(SUFFIXES) == first),))
                + _PACKED[suffix][_FUZZED[suffix]]
            )
            (folder / f"inner{suffix}").write_bytes(inner)
    atheris.Setup([sys.argv[0], str(folder), *sys.argv[2:]], one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
