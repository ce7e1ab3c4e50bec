"""The one way in: a file of any kind litmine reads to a `Document`.

Owns telling what a file is from its content, and refusing what litmine does not read.
"""

import re
from pathlib import Path

from litmine.errors import ReadingError
from litmine.records import Document
from litmine.settings import ReadingSettings

PLAIN_SUFFIXES = frozenset({".txt", ".text", ".md", ".markdown"})
_READS = "litmine reads PDF, JATS XML, plain text (.txt) and Markdown (.md)."
XML_SUFFIXES = frozenset({".xml", ".nxml", ".jats"})
_WEB_PAGE = re.compile(rb"(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?(?:<!doctype html|<html|<head|<body)", re.DOTALL)
_ARTICLE = re.compile(rb"<(?:\w+:)?(?:article|pmc-articleset|oai-pmh)[\s>]")
_SIGNATURES = (
    (b"\xd0\xcf\x11\xe0", "an old Word, Excel or PowerPoint file"),
    (b"{\\rtf", "a rich text (RTF) file"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
    (b"GIF8", "a GIF picture"),
    (b"%!PS", "a PostScript file"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
)


def read_document(path: Path, settings: ReadingSettings | None = None) -> Document:
    """Read a file by what it holds, whatever its name.

    Blocks of the document are in reading order, disjoint and parted by a blank line; glyphs (of PDFs) are as long as
    the text; every visible character of the pages is in the text or counted in `dropped`.

    Raises ReadingError, and nothing else but MemoryError, where the file is missing, empty, damaged, locked, scanned,
    too long or of a kind litmine does not read.
    """
    settings = settings or ReadingSettings()
    path = Path(path)
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise ReadingError(f"There is no file {path}.") from None
    except IsADirectoryError:
        raise ReadingError(f"{path} is a folder; name the files in it or mine the folder as a whole.") from None
    except OSError as error:
        raise ReadingError(f"{path} cannot be opened: {error.strerror or error}.") from None
    if not data.strip(b"\x00\t\n\r "):
        raise ReadingError(f"{path.name} is empty.")
    # PDF allows up to 1,024 bytes of other matter before the header.
    if b"%PDF-" in data[:1032]:
        return _read_guarded(data, path, settings)
    if _is_xml(data, path):
        return _read_guarded(data, path, settings, xml=True)
    if path.suffix.lower() in PLAIN_SUFFIXES and _is_text(data):
        from litmine.reading.plain import read_plain

        return read_plain(data, path)
    raise ReadingError(f"{path.name} is not a PDF: it seems to be {_describe(data, path)}. {_READS}")


def _read_guarded(data: bytes, path: Path, settings: ReadingSettings, *, xml: bool = False) -> Document:
    """A file that breaks a step of reading is reported as damaged, with the step's own words."""
    try:
        if xml:
            from litmine.reading.jats.document import read_jats

            return read_jats(data, path)
        from litmine.reading.pdf import read_pdf

        return read_pdf(data, path, settings)
    except (ReadingError, MemoryError):
        raise
    except Exception as error:
        raise ReadingError(
            f"{path.name} could not be read; it is probably damaged ({type(error).__name__}: {error})."
        ) from error


def _is_xml(data: bytes, path: Path) -> bool:
    """Whether a file is XML that is no web page, by how it begins."""
    head = data[:2048]
    if head[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        head = head.decode("utf-16", "replace").encode()
    head = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if _WEB_PAGE.match(head):
        return False
    if head.startswith((b"<?xml", b"<!doctype")) or _ARTICLE.match(head):
        return True
    return head.startswith(b"<") and path.suffix.lower() in XML_SUFFIXES


def _is_text(data: bytes) -> bool:
    head = data[:4096]
    return b"\x00" not in head and sum(byte < 9 or 13 < byte < 32 for byte in head) <= 0.01 * len(head)


def _describe(data: bytes, path: Path) -> str:
    if data.startswith(b"PK\x03\x04"):
        if b"word/" in data[:65_536] or path.suffix.lower() == ".docx":
            return "a Word document (.docx)"
        if b"xl/" in data[:65_536] or path.suffix.lower() == ".xlsx":
            return "an Excel workbook (.xlsx)"
        if b"ppt/" in data[:65_536] or path.suffix.lower() == ".pptx":
            return "a PowerPoint presentation (.pptx)"
        if b"epub" in data[:200]:
            return "an e-book (EPUB)"
        return "a ZIP archive"
    for signature, name in _SIGNATURES:
        if data.startswith(signature):
            return name
    head = data[:2048].lstrip().lower()
    if _WEB_PAGE.match(head):
        return "a web page (HTML), perhaps a publisher's log-in or error page saved under the article's name"
    if _is_text(data):
        return "plain text under another name"
    return "data of an unknown kind, or a PDF whose beginning is lost"
