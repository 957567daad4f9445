"""PDF/A rules about the file as a whole: header, trailer, filters, limits, metadata, output intent, attachments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO

import pikepdf
from pikepdf import Dictionary, Name, Stream

from vanthu.renditions.pdfa.parts import Parts, listed

HEADER = re.compile(rb"%PDF-1\.[0-7](\r\n|\r|\n)%[\x80-\xff]{4}")
AFTER_END = re.compile(rb"%%EOF(\r\n|\r|\n)?\Z")
FILTERS = {
    "/ASCIIHexDecode",
    "/ASCII85Decode",
    "/FlateDecode",
    "/RunLengthDecode",
    "/CCITTFaxDecode",
    "/DCTDecode",
    "/JBIG2Decode",
    "/JPXDecode",
}
LONGEST_STRING, LONGEST_NAME, LARGEST_INTEGER = 32_767, 127, 2**31 - 1
PARTS = {"2", "3"}
CONFORMANCE = {"A", "B", "U"}
CHANNELS = {b"GRAY": 1, b"RGB ": 3, b"CMYK": 4}


def header(parts: Parts) -> Iterator[str]:
    if not HEADER.match(parts.data):
        yield "first lines"


def nothing_after_the_end(parts: Parts) -> Iterator[str]:
    if not AFTER_END.search(parts.data[-16:]):
        yield "last line"


def identified(parts: Parts) -> Iterator[str]:
    if len(listed(parts.pdf.trailer.get("/ID"))) != 2:
        yield "trailer"


def not_encrypted(parts: Parts) -> Iterator[str]:
    if parts.pdf.is_encrypted:
        yield "trailer"


def no_external_streams(parts: Parts) -> Iterator[str]:
    for where, stream in parts.streams:
        if {"/F", "/FFilter", "/FDecodeParms"} & set(stream.stream_dict.keys()):
            yield where


def known_filters(parts: Parts) -> Iterator[str]:
    """LZW and encryption filters are forbidden, unknown ones cannot be read."""
    for where, stream in parts.streams:
        for name in listed(stream.get("/Filter")):
            if str(name) not in FILTERS:
                yield f"{where} {name}"


def lengths(parts: Parts) -> Iterator[str]:
    for where, each in parts.dictionaries:
        for key, value in each.items():
            if len(key.encode()) > LONGEST_NAME + 1 or _is_too_long(value):
                yield f"{where} {key[:40]}"


def _is_too_long(value: object) -> bool:
    if isinstance(value, pikepdf.String):
        return len(bytes(value)) > LONGEST_STRING
    if isinstance(value, Name):
        return len(str(value).encode()) > LONGEST_NAME + 1
    return isinstance(value, int) and abs(value) > LARGEST_INTEGER


def page_sizes(parts: Parts) -> Iterator[str]:
    for number, page in enumerate(parts.pdf.pages, start=1):
        x0, y0, x1, y1 = (float(edge) for edge in page.mediabox)
        if not (3 <= abs(x1 - x0) <= 14_400 and 3 <= abs(y1 - y0) <= 14_400):
            yield f"page {number}"


def permissions(parts: Parts) -> Iterator[str]:
    allowed = parts.pdf.Root.get("/Perms", Dictionary())
    yield from sorted(set(allowed.keys()) - {"/UR3", "/DocMDP"})


def catalog(parts: Parts) -> Iterator[str]:
    """What would make the file need more than its pages: requirements, alternates, rendering by a form."""
    root = parts.pdf.Root
    for key in ("/Requirements", "/AA", "/NeedsRendering"):
        if key in root:
            yield f"catalog {key}"
    if "/AlternatePresentations" in root.get("/Names", Dictionary()):
        yield "catalog /AlternatePresentations"


def optional_content(parts: Parts) -> Iterator[str]:
    """Layers that change by themselves."""
    layers = parts.pdf.Root.get("/OCProperties")
    if layers is None:
        return
    for setup in (layers.get("/D"), *listed(layers.get("/Configs"))):
        if setup is None or "/AS" in setup or "/Name" not in setup:
            yield "catalog /OCProperties"


def metadata(parts: Parts) -> Iterator[str]:
    """The XMP packet lies open, so that it can be read without knowing PDF."""
    stream = parts.pdf.Root.get("/Metadata")
    if not isinstance(stream, Stream):
        yield "catalog"
        return
    if "/Filter" in stream.stream_dict:
        yield "compressed"
    if stream.get("/Type") != Name.Metadata or stream.get("/Subtype") != Name.XML:
        yield "type"
    packet = stream.read_bytes()
    if b"<x:xmpmeta" not in packet and b"<rdf:RDF" not in packet:
        yield "no XMP"


def claim(parts: Parts) -> Iterator[str]:
    with parts.pdf.open_metadata() as packet:
        part, level = str(packet.get("pdfaid:part", "")), str(packet.get("pdfaid:conformance", ""))
    if part not in PARTS or level not in CONFORMANCE:
        yield f"{part}{level}" or "none"


def output_intent(parts: Parts) -> Iterator[str]:
    intents = [
        each for each in listed(parts.pdf.Root.get("/OutputIntents")) if each.get("/S") == Name.GTS_PDFA1
    ]
    found = [each.get("/DestOutputProfile") for each in intents]
    profiles = [profile for profile in found if isinstance(profile, Stream)]
    if not intents or len(profiles) < len(found):
        yield "catalog"
        return
    if len({profile.objgen for profile in profiles}) > 1:
        yield "several profiles"
    for profile in profiles:
        icc = profile.read_bytes()
        if icc[36:40] != b"acsp" or CHANNELS.get(icc[16:20]) != profile.get("/N"):
            yield "profile"


def channels(parts: Parts) -> int:
    """How many channels the output intent has; 0 without one."""
    for intent in listed(parts.pdf.Root.get("/OutputIntents")):
        profile = intent.get("/DestOutputProfile")
        if isinstance(profile, Stream):
            return CHANNELS.get(profile.read_bytes()[16:20], 0)
    return 0


def embedded_files(parts: Parts) -> Iterator[str]:
    """Part 2: attachments are PDF/A themselves; part 3: each says how it belongs to the document."""
    with parts.pdf.open_metadata() as packet:
        is_part_3 = str(packet.get("pdfaid:part", "")) == "3"
    for where, each in parts.dictionaries:
        if "/EF" not in each:
            continue
        named = "/F" in each and "/UF" in each
        belongs = "/AFRelationship" in each if is_part_3 else _claims_pdfa(each["/EF"].get("/F"))
        if not (named and belongs):
            yield where


def _claims_pdfa(stream: object) -> bool:
    try:
        with pikepdf.open(BytesIO(stream.read_bytes())) as attached, attached.open_metadata() as packet:  # type: ignore[attr-defined]
            return bool(packet.pdfa_status)
    except (pikepdf.PdfError, AttributeError):
        return False
