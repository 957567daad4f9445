"""Names of attachments for display, and what kind of file the bytes are."""

from __future__ import annotations

import unicodedata

LONGEST_NAME = 200
HEAD_BYTES = 64 * 1024  # what is looked at

# Files that are a ZIP themselves. One may be wrapped in another: then the outer ZIP holds a file of its own kind.
PLAIN_ZIP = "zip"  # never wrapped, never unwrapped
ZIP_KINDS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "docm": "application/vnd.ms-word.document.macroEnabled.12",
    "dotx": "application/vnd.openxmlformats-officedocument.wordprocessingml.template",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xslx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",  # so the official writer spells it
    "xlsm": "application/vnd.ms-excel.sheet.macroEnabled.12",
    "xltx": "application/vnd.openxmlformats-officedocument.spreadsheetml.template",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "ppsx": "application/vnd.openxmlformats-officedocument.presentationml.slideshow",
    "pptm": "application/vnd.ms-powerpoint.presentation.macroEnabled.12",
    "vsdx": "application/vnd.ms-visio.drawing",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "odg": "application/vnd.oasis.opendocument.graphics",
    "epub": "application/epub+zip",
    "jar": "application/java-archive",
    "kmz": "application/vnd.google-earth.kmz",
    "asice": "application/vnd.etsi.asic-e+zip",
    "asics": "application/vnd.etsi.asic-s+zip",
}
_OLE = {
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
}
_TEXT = {
    "txt": "text/plain",
    "csv": "text/csv",
    "htm": "text/html",
    "html": "text/html",
    "json": "application/json",
}
_MAGIC = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"BM", "image/bmp"),
    (b"{\\rtf", "application/rtf"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"\x1f\x8b", "application/gzip"),
    (b"<?xml", "application/xml"),
    (b"\xef\xbb\xbf<?xml", "application/xml"),
)
_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OFFICE_PARTS = (
    "[Content_Types].xml",
    "_rels/",
    "docProps/",
    "word/",
    "xl/",
    "ppt/",
    "mimetype",
    "customXml/",
)
_HIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}  # control and direction characters change what a reader sees
_REPLACEMENT = b"\xef\xbf\xbd"


def display_name(raw: str, position: int) -> str:
    """The name to show: no folders, no control or direction characters, never empty; `position` counts from 0."""
    name = raw.replace("\\", "/").rpartition("/")[2]
    if not name.isascii() or not name.isprintable():
        name = "".join(letter for letter in name if unicodedata.category(letter) not in _HIDDEN)
    name = name.strip().rstrip(".")
    if len(name) > LONGEST_NAME:
        stem, dot, ending = name.rpartition(".")
        name = name[:LONGEST_NAME] if not dot or len(ending) > 10 else f"{stem[: LONGEST_NAME - 11]}.{ending}"
    return name or f"Tệp {position + 1}"


def extension(name: str) -> str:
    """The ending in small letters, without the dot."""
    _, dot, ending = name.rpartition(".")
    return ending.lower() if dot else ""


def is_wrapping(name: str, entry_name: str) -> bool:
    """Whether a ZIP under this name is a wrapping to take off, judged by the ZIP's first entry."""
    ending = extension(name)
    if ending == PLAIN_ZIP:
        return False
    if ending in ZIP_KINDS:
        return extension(entry_name) == ending and "/" not in entry_name
    return not entry_name.startswith(_OFFICE_PARTS)


def media_type(head: bytes, name: str) -> str:
    """The type by magic bytes; the ending of the name decides only between kinds that share them."""
    for magic, found in _MAGIC:
        if head.startswith(magic):
            return found
    ending = extension(name)
    if head.startswith(b"PK\x03\x04"):
        return ZIP_KINDS.get(ending, "application/zip")
    if head.startswith(_OLE_MAGIC):
        return _OLE.get(ending, "application/x-ole-storage")
    return _TEXT.get(ending, "text/plain") if _is_text(head) else "application/octet-stream"


def _is_text(head: bytes) -> bool:
    if not head or b"\0" in head:
        return False
    try:
        head[: len(head) - 4 if len(head) >= HEAD_BYTES else None].decode()
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data" and len(head) >= HEAD_BYTES
    return True


def is_mangled(head: bytes) -> bool:
    """Whether a binary file went through a text conversion: replacement characters where bytes were."""
    return head.startswith((b"%PDF-", b"PK\x03", b"\x89PNG")) and head.count(_REPLACEMENT) >= 3


def is_type_wrong(declared: str, found: str, *, was_zip: bool) -> bool:
    """Whether the declared type says something else than the bytes; nothing declared is no lie."""
    declared = declared.strip().lower()
    if not declared or declared == "application/octet-stream":
        return False
    if was_zip:
        return declared != "application/zip"
    if "zip" in declared:
        return not (found == "application/zip" or found in ZIP_KINDS.values())
    return ("pdf" in declared) != (found == "application/pdf")
