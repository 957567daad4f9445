"""Thousands of mutants of messages: reading raises nothing but `Unreadable`, and what it reads can be written and read."""

import os
import random
from io import BytesIO

import pytest
from lxml import etree

from tests.edxml.messages import COMPOSED, PDF, carrying_file, composed, read_bytes, variant, zip_of
from vanthu.edxml.limits import Limits
from vanthu.edxml.message import Unreadable
from vanthu.edxml.reading import Reading, glance, read
from vanthu.edxml.showing import as_json, as_lines
from vanthu.edxml.words import refusal_sentence
from vanthu.edxml.writing import Unwritable, edoc_bytes, status_bytes

FULL = os.environ.get("VANTHU_TEST_SOAK") == "full"
MUTANTS = 60_000 if FULL else 2_000
PARTS = 4
SEED = os.environ.get("VANTHU_FUZZ_SEED", "edxml")
STRANGER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
NAMESPACE_TROUBLE = ("Namespace prefix", "xmlns", "colons are forbidden", "Failed to parse QName")
LIMITS = Limits(message_bytes=2_000_000, file_bytes=1_000_000)
SNIPPETS = (
    b"<", b">", b"&", b"&#0;", b"&lt;", b"]]>", b"<![CDATA[", b"<!--", b"-->", b"<?x", b"<!DOCTYPE a>", b"\0", b"\xff",
    b"\xef\xbf\xbd", b"=", b"====", b" ", b"\r\n", b'"', b"xmlns:edXML=''", b"xmlns=''", b"edXML:", b"x:", b"null",
    b"-1", b"99999999999999999999", b"PK\x03\x04", b"UEsDBA", b"</edXML:edXMLEnvelope>", b"<AttachmentEncoded>",
    b"<edXML:ContentTransferEncoded>", b"</edXML:ContentTransferEncoded>", "\u202e".encode(), b"../../",
)  # fmt: skip


def originals() -> list[bytes]:
    return [
        *(path.read_bytes() for path in COMPOSED),
        *(variant(f"v{number:02}") for number in (1, 2, 14, 15, 17, 18)),
        carrying_file("a.txt", zip_of(("x.txt", PDF))),
        carrying_file("a.docx", zip_of(("[Content_Types].xml", b"x"), ("y", PDF))),
    ]


def mutant(dice: random.Random, sources: list[bytes]) -> bytes:
    data = bytearray(dice.choice(sources))
    for _ in range(dice.choice((1, 1, 2, 4))):
        place = dice.randrange(len(data) + 1)
        length = dice.choice((1, 4, 30, 300))
        what = dice.randrange(6)
        if what == 0:
            data[place:place] = dice.choice(SNIPPETS)
        elif what == 1:
            data[place : place + length] = dice.choice(SNIPPETS)
        elif what == 2:
            del data[place : place + length]
        elif what == 3:
            other = dice.choice(sources)
            start = dice.randrange(len(other))
            data[place:place] = other[start : start + length]
        elif what == 4 and place < len(data):
            data[place] = dice.randrange(256)
        else:
            swap_elements(dice, data)
    return bytes(data)


def swap_elements(dice: random.Random, data: bytearray) -> None:
    """Whole lines change places: the markup stays well-formed more often."""
    lines = data.splitlines(keepends=True)
    first, second = dice.randrange(len(lines)), dice.randrange(len(lines))
    lines[first], lines[second] = lines[second], lines[first]
    data[:] = b"".join(lines)


@pytest.mark.soak
@pytest.mark.timeout(3600 if FULL else 300)
@pytest.mark.parametrize("part", range(PARTS))
def test_a_mutant_is_read_or_refused_and_nothing_else(part: int) -> None:
    dice, sources = random.Random(f"{SEED}:{part}"), originals()
    outcomes = [outcome_of(mutant(dice, sources)) for _ in range(MUTANTS // PARTS)]
    assert min(outcomes.count(True), outcomes.count(False)) > len(outcomes) // 20


def outcome_of(data: bytes) -> bool:
    look(data)
    try:
        reading = read_bytes(data, LIMITS)
    except Unreadable as refusal:
        assert refusal_sentence(refusal)  # noqa: PT017  # one of the two right outcomes
        assert not same_in_pieces(data)
        return False
    require_well_formed(data)
    assert same_in_pieces(data) == reading
    assert as_json(reading).keys() == as_json(read_bytes(composed())).keys()
    assert as_lines(reading)
    require_written_again(reading)
    return True


def require_well_formed(data: bytes) -> None:
    """Another parser has nothing to say about it, contents included, but that a prefix is declared nowhere."""
    try:
        etree.fromstring(data, STRANGER)
    except etree.XMLSyntaxError as error:
        assert str(error).startswith(NAMESPACE_TROUBLE)  # noqa: PT017


def look(data: bytes) -> None:
    try:
        glance(data)
    except Unreadable as refusal:
        assert refusal.code  # noqa: PT017


def same_in_pieces(data: bytes) -> Reading | None:
    class Dripping(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(min(97, size or 97))

    try:
        return read(Dripping(data), limits=LIMITS)
    except Unreadable:
        return None


def require_written_again(reading: Reading) -> None:
    """The header survives being written, but for what only the reader keeps."""
    try:
        data = edoc_bytes(reading.edoc) if reading.edoc is not None else status_bytes(reading.status)  # type: ignore[arg-type]
    except Unwritable as refusal:
        assert refusal.reason in {"required", "receiver-twice"}  # noqa: PT017
        return
    again = read_bytes(data, LIMITS)
    assert again.kind == reading.kind
    assert again.sender == reading.sender
