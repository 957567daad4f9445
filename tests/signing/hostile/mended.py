"""Files that viewers mend before they show them: broken references, bytes before the beginning. Each with its twin."""

import re

from tests.signing.hostile.material import (
    FILLER,
    HEADER,
    Table,
    base_objects,
    cms_maker,
    field,
    first,
    increment,
    last_startxref,
    renamed,
    seal,
    signature_value,
    signed_letter,
    signer,
    text_page,
)
from tests.signing.hostile.table import case
from tests.signing.hostile.untidy import CATALOG, encrypted_for_everybody, with_store
from vanthu.signing.rules.verdicts import Verdict

FOREWORD = b"X-Mail-Gateway: ok\r\n\r\n"
MARK = b"\xef\xbb\xbf"


def astray(data: bytes, by: int = 77) -> bytes:
    """The last pointer to the references points beside them."""
    start = last_startxref(data)
    head, tail = data[: data.rindex(b"startxref")], b"startxref\n%d\n%%%%EOF\n" % (start + by)
    return head + tail


# --- signed as they are: whoever has signed every byte answers for it -------------------------------------------


@case("mended", Verdict.INTACT, "mended")
def references_astray() -> bytes:
    return seal(astray(first(base_objects())))


@case("mended", Verdict.INTACT, "mended")
def packed_objects_with_references_astray() -> bytes:
    return seal(astray(first(base_objects(), Table("packed"))))


@case("mended", Verdict.INTACT, "mended")
def offsets_astray() -> bytes:
    data = first(base_objects())
    return seal(re.sub(rb"(?m)^(\d{10}) 00000 n", lambda row: b"%010d 00000 n" % (int(row[1]) + 3), data))


@case("mended", Verdict.INTACT, "mended")
def references_counted_from_one() -> bytes:
    data = first(base_objects())
    start = last_startxref(data)
    rows = re.findall(rb"(?m)^\d{10} \d{5} [nf] ?$", data)
    table = b"xref\n1 %d\n" % len(rows) + b"".join(row.ljust(19) + b"\n" for row in rows)
    return seal(data[:start] + table + data[data.index(b"trailer", start) :])


@case("mended", Verdict.INTACT, "mended")
def no_references_at_all() -> bytes:
    data = first(base_objects())
    return seal(re.sub(rb"(?s)\nxref\n.*?trailer", b"\ntrailer", data))


@case("mended", Verdict.INTACT, "mended")
def signed_with_other_bytes_in_front() -> bytes:
    return seal(first(base_objects(), header=FOREWORD + HEADER))


@case("mended", Verdict.INTACT, "mended")
def signed_with_a_byte_order_mark_that_offsets_do_not_count() -> bytes:
    return seal(MARK + first(base_objects()))


@case("mended", Verdict.INTACT, "empty-lines-are-nothing")
def zeros_after_the_end() -> bytes:
    return signed_letter() + bytes(512)


# --- what nobody has signed -------------------------------------------------------------------------------------


@case("mended", Verdict.MODIFIED_AFTER, "bytes-before-the-start")
def bytes_put_in_front_of_a_signed_letter() -> bytes:
    return FOREWORD + signed_letter()


@case("mended", Verdict.MODIFIED_AFTER, "mended-is-believed-less")
def archive_data_with_references_astray() -> bytes:
    return astray(with_store(signed_letter(), b"<</Certs[21 0 R]>>"))


@case("mended", Verdict.MODIFIED_AFTER, "mended-is-believed-less")
def second_signature_over_references_astray() -> bytes:
    page = base_objects()[3].replace(b"/Annots[6 0 R]", b"/Annots[6 0 R 8 0 R]")
    form = CATALOG.replace(b"[6 0 R]", b"[6 0 R 8 0 R]") % b""
    second = {1: form, 3: page, 8: field("Chu_ky_2", b"9 0 R"), 9: signature_value()}
    return seal(astray(increment(signed_letter(), second)), cms_maker(signer("ec")))


@case("mended", Verdict.MODIFIED_AFTER, "mended")
def text_replaced_with_references_astray() -> bytes:
    return astray(increment(signed_letter(), {4: text_page("Kinh phi: 9 000 000 dong")}))


@case("mended", Verdict.UNREADABLE, "only-what-holds-is-mended")
def another_text_with_references_astray() -> bytes:
    return seal(astray(first(base_objects())), cms_maker(lie=True))


@case("mended", Verdict.UNREADABLE, "only-what-holds-is-mended")
def letter_without_signatures_with_references_astray() -> bytes:
    return astray(first(base_objects(signed=False)))


# --- what is written in unusual places --------------------------------------------------------------------------


@case("mended", Verdict.INTACT, "range-in-an-object-of-its-own")
def range_in_an_object_of_its_own() -> bytes:
    value = signature_value().replace(FILLER, b"9 0 R")
    data = first(base_objects() | {7: value, 9: FILLER})
    start = data.index(b"/Contents <") + len(b"/Contents ")
    stop = data.index(b">", start) + 1
    numbers = b"[0 %d %d %d]" % (start, stop, len(data) - stop)
    data = data.replace(FILLER, numbers.ljust(len(FILLER)))
    contents = cms_maker()(data[:start] + data[stop:]).hex().encode()
    return data[: start + 1] + contents.ljust(stop - start - 2, b"0") + data[stop - 1 :]


@case("mended", Verdict.INTACT, "names-of-algorithms")
def name_of_the_signature_in_place_of_the_hash() -> bytes:
    return signed_letter(renamed(signer(), "digest_algorithm", "1.2.840.113549.1.1.11"))


@case("mended", Verdict.INTACT, "names-of-algorithms")
def name_of_the_key_in_place_of_the_signature() -> bytes:
    return signed_letter(renamed(signer("ec"), "signature_algorithm", "1.2.840.10045.2.1"))


@case("mended", Verdict.INVALID_INTEGRITY, "digest")
def name_of_the_signature_in_place_of_the_hash_over_another_text() -> bytes:
    return signed_letter(renamed(signer(), "digest_algorithm", "1.2.840.113549.1.1.11", lie=True))


@case("mended", Verdict.MODIFIED_AFTER, "the-key-stays")
def update_of_an_encrypted_file_that_drops_the_key() -> bytes:
    """Readers that look at the last trailer only show the encrypted text as it is stored: noise."""
    data = encrypted_for_everybody()
    root = int(re.findall(rb"/Root (\d+) 0 R", data)[-1])
    return increment(data, {30: b"<<>>"}, Table(root=root))
