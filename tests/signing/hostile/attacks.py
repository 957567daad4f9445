"""Attacks: files whose signature is meant to look good while something else is shown or signed.

After the published families (universal forgery, incremental saving, wrapping, shadow, certified documents);
every file is our own likeness of the idea.
"""

import re
import zlib

from tests.signing.hostile.material import (
    FIELD,
    HEADER,
    Table,
    base_objects,
    cms_maker,
    field,
    first,
    increment,
    last_startxref,
    signature_value,
    signed_letter,
    signer,
    stream,
    text_page,
)
from tests.signing.hostile.table import case
from tests.signing.hostile.untidy import CATALOG, OTHER_TEXT, with_second_field, with_store
from vanthu.signing.rules.verdicts import Verdict

BOX = b"[70 695 320 720]"  # over the sum in the text
FAR = b"[300 100 500 160]"  # where the page is empty
FORM_STREAM = b"/Type/XObject/Subtype/Form/BBox[0 0 250 25]"
WHITE = stream(b"1 1 1 rg 0 0 250 25 re f", FORM_STREAM)
MODIFIED = Verdict.MODIFIED_AFTER
INVALID = Verdict.INVALID_INTEGRITY


def replaced(data: bytes, pattern: bytes, by: bytes) -> bytes:
    """Exchange something for something of the same length."""
    found = re.search(pattern, data)
    assert found is not None
    assert len(by) <= len(found[0])
    return data[: found.start()] + by.ljust(len(found[0])) + data[found.end() :]


RANGE = rb"/ByteRange \[[^\]]*\] *"
CONTENTS = rb"/Contents <[0-9a-f]{1000,}>"


def ranged(numbers: bytes) -> bytes:
    return replaced(signed_letter(), RANGE, b"/ByteRange [" + numbers + b"]")


# --- universal signature forgery ---------------------------------------------------------------------------------


@case("forgery", INVALID, "boundary-of-the-signature")
def contents_missing() -> bytes:
    return replaced(signed_letter(), CONTENTS, b"")


@case("forgery", INVALID, "boundary-of-the-signature")
def contents_null() -> bytes:
    return replaced(signed_letter(), CONTENTS, b"/Contents null")


@case("forgery", INVALID, "boundary-of-the-signature")
def contents_empty() -> bytes:
    return replaced(signed_letter(), CONTENTS, b"/Contents <>")


@case("forgery", INVALID, "boundary-of-the-signature")
def range_missing() -> bytes:
    return replaced(signed_letter(), RANGE, b"")


@case("forgery", INVALID, "boundary-of-the-signature")
def range_null() -> bytes:
    return replaced(signed_letter(), RANGE, b"/ByteRange null")


@case("zeros", INVALID, "boundary-of-the-signature")
def contents_all_zeros() -> bytes:
    data = signed_letter()
    found = re.search(CONTENTS, data)
    assert found is not None
    return replaced(data, CONTENTS, b"/Contents <" + b"0" * (len(found[0]) - 12) + b">")


@case("zeros", INVALID, "boundary-of-the-signature")
def contents_all_zeros_before_a_good_signature() -> bytes:
    return with_second_field(contents_all_zeros())


@case("zeros", INVALID, "boundary-of-the-signature")
def contents_prepared_but_never_filled() -> bytes:
    data = first(base_objects())
    return replaced(data, RANGE, b"/ByteRange [0 500 18600 300]")


# --- the byte range ------------------------------------------------------------------------------------------------


@case("range", INVALID, "digest")
def range_of_zeros() -> bytes:
    return ranged(b"0 0 0 0")


@case("range", INVALID, "digest")
def range_with_negative_numbers() -> bytes:
    return ranged(b"0 -1 900 -5")


@case("range", INVALID, "digest")
def range_with_one_part() -> bytes:
    return ranged(b"0 700")


@case("range", INVALID, "sound-range")
def range_that_does_not_begin_at_the_beginning() -> bytes:
    """A text before the signed file; the offsets are moved along."""
    objects = base_objects()
    data = first(objects, header=HEADER + b"% truoc\n")
    at = data.index(b"[0 1111111111")
    start = data.index(b"/Contents <", at) + 10
    stop = data.index(b">", start) + 1
    numbers = b"[5 %d %d %d]" % (start - 5, stop, len(data) - stop)
    data = data[:at] + numbers.ljust(36) + data[at + 36 :]
    value = cms_maker()(data[5:start] + data[stop:]).hex().encode()
    return data[: start + 1] + value.ljust(stop - start - 2, b"0") + data[stop - 1 :]


@case("range", INVALID, "gap")
def range_with_room_for_an_unsigned_object() -> bytes:
    """The gap holds a second content beside the signature; nobody has signed it."""
    objects = base_objects()
    objects[7] = objects[7].replace(b"/M(D:", b"/La(" + b"x" * 300 + b")/M(D:")
    data = first(objects)
    at = data.index(b"[0 1111111111")
    start = data.index(b"/Contents <", at) + 10
    stop = data.index(b"x)/M(D:", start) - 100
    numbers = b"[0 %d %d %d]" % (start, stop, len(data) - stop)
    data = data[:at] + numbers.ljust(36) + data[at + 36 :]
    value = cms_maker()(data[:start] + data[stop:]).hex().encode()
    return data[: start + 1] + value.ljust(9000, b"0") + data[start + 1 + 9000 :]


# --- wrapping ------------------------------------------------------------------------------------------------------


def wrapped(*, move_range: bool, copy: bool = True) -> bytes:
    """Move the second signed part back; where it pointed to, a table of ours now leads to another text."""
    data = first(base_objects())
    old_table = last_startxref(data)
    at = data.index(b"[0 1111111111")
    start = data.index(b"/Contents <", at) + 10
    stop = data.index(b">", start) + 1
    room = stop - start - 2
    head = data[data.index(b"7 0 obj") : at]
    evil = b"4 0 obj\n" + OTHER_TEXT + b"\nendobj\n"
    size = len(head) + 36 + len(b"/Contents <>>>\nendobj\n") + room
    offsets = {number: data.index(b"%d 0 obj\n" % number) for number in (1, 2, 3, 5, 6)}
    table = b"xref\n0 1\n0000000000 65535 f \n"
    table += b"".join(b"%d 1\n%010d 00000 n \n" % item for item in offsets.items())
    place = old_table + len(table) + 2 * 24 + len(b"trailer\n<</Size 8/Root 1 0 R>>\n")
    own = place + len(evil) if copy else data.index(b"7 0 obj\n")
    table += b"4 1\n%010d 00000 n \n7 1\n%010d 00000 n \ntrailer\n<</Size 8/Root 1 0 R>>\n" % (place, own)
    length = old_table - stop + len(table) + len(evil) + size
    second = stop + (length if move_range else 0)
    numbers = (b"[0 %d %d %d]" % (start, second, len(data) - stop)).ljust(36)
    data = data[:at] + numbers + data[at + 36 :]
    value = cms_maker()(data[:start] + data[stop:]).hex().encode().ljust(room, b"0")
    again = head + numbers + b"/Contents <" + value + b">>>\nendobj\n"
    filling = b" " * (old_table - stop) + table + evil + again
    return data[:start] + b"<" + value + b">" + filling + data[stop:]


@case("wrapping", INVALID, "digest")
def wrapped_with_the_old_range() -> bytes:
    return wrapped(move_range=False)


@case("wrapping", INVALID, "gap")
def wrapped_with_a_moved_range() -> bytes:
    """As published: the digest still fits, for the range leaps over what was put in."""
    return wrapped(move_range=True)


@case("wrapping", INVALID, "boundary-of-the-signature")
def wrapped_around_the_signature_itself() -> bytes:
    return wrapped(move_range=True, copy=False)


# --- incremental saving ----------------------------------------------------------------------------------------------


@case("saving", MODIFIED, "comparison")
def update_with_another_text() -> bytes:
    return increment(signed_letter(), {4: OTHER_TEXT})


@case("saving", MODIFIED, "bytes-after-the-end")
def update_without_references() -> bytes:
    return signed_letter() + b"4 0 obj\n" + OTHER_TEXT + b"\nendobj\n"


@case("saving", MODIFIED, "bytes-after-the-end")
def update_that_points_back_to_the_old_references() -> bytes:
    data = signed_letter()
    end = b"startxref\n%d\n%%%%EOF\n" % last_startxref(data)
    return data + b"4 0 obj\n" + OTHER_TEXT + b"\nendobj\n" + end


@case("saving", MODIFIED, "bytes-after-the-end")
def update_with_a_trailer_but_no_table() -> bytes:
    return signed_letter() + b"4 0 obj\n" + OTHER_TEXT + b"\nendobj\ntrailer\n<</Root 1 0 R/Size 8>>\n"


@case("saving", MODIFIED, "comparison")
def update_with_packed_objects() -> bytes:
    return increment(signed_letter(), {3: base_objects()[3].replace(b"842", b"421")}, Table("packed"))


@case("tail", MODIFIED, "bytes-after-the-end")
def foreign_file_after_the_end() -> bytes:
    return signed_letter() + b"PK\x03\x04" + b"mot tep khac" * 20


@case("tail", MODIFIED, "bytes-after-the-end")
def second_end_after_the_end() -> bytes:
    return signed_letter() + b"%%EOF\n"


@case("tail", MODIFIED, "bytes-after-the-end")
def comment_after_the_end() -> bytes:
    return signed_letter() + b"% da ky thay\n"


@case("tail", Verdict.INTACT, "empty-lines-are-nothing")
def empty_lines_after_the_end() -> bytes:
    return signed_letter() + b"\r\n\r\n \n"


# --- transplanted and reused signatures ---------------------------------------------------------------------------------


def transplanted(donor: bytes, data: bytes) -> bytes:
    found = re.search(CONTENTS, donor)
    assert found is not None
    return replaced(data, CONTENTS, found[0])


@case("transplant", INVALID, "digest")
def signature_of_another_letter() -> bytes:
    other = signed_letter(o4=OTHER_TEXT)
    return transplanted(signed_letter(), other)


@case("transplant", INVALID, "digest")
def signature_of_another_signer_over_another_letter() -> bytes:
    return transplanted(signed_letter(cms_maker(signer("ec"))), signed_letter(o4=OTHER_TEXT))


@case("transplant", INVALID, "value")
def digest_exchanged_in_a_foreign_signature() -> bytes:
    """The digest is that of this letter, the value that of another."""

    def make(data: bytes) -> bytes:
        good, other = cms_maker()(data), cms_maker()(b"mot van ban khac")
        return good[:-256] + other[-256:]

    return signed_letter(make)


@case("transplant", MODIFIED, "signatures-are-not-torn-out")
def later_signature_torn_out() -> bytes:
    return increment(with_second_field(signed_letter()), {20: b"<<>>"}, Table(freed=[9]))


@case("transplant", MODIFIED, "signatures-are-new-objects")
def old_signature_in_a_new_field() -> bytes:
    objects = {
        1: CATALOG.replace(b"[6 0 R]", b"[6 0 R 8 0 R]") % b"",
        8: field("Chu_ky_2", b"7 0 R"),
        3: base_objects()[3].replace(b"[6 0 R]", b"[6 0 R 8 0 R]"),
    }
    return increment(signed_letter(), objects)


@case("transplant", MODIFIED, "comparison")
def reason_of_the_signature_rewritten() -> bytes:
    data = signed_letter(o7=signature_value(extra=b"/Reason(Y kien)"))
    found = re.search(rb"(?s)7 0 obj\n(.*?)\nendobj", data)
    assert found is not None
    return increment(data, {7: found[1].replace(b"(Y kien)", b"(Dong y)")})


@case("pages", MODIFIED, "pages-stay")
def page_added() -> bytes:
    more = base_objects()[3].replace(b"/Annots[6 0 R]", b"")
    return increment(signed_letter(), {2: b"<</Type/Pages/Kids[3 0 R 12 0 R]/Count 1>>", 12: more})


@case("pages", MODIFIED, "pages-stay")
def page_shown_twice() -> bytes:
    return increment(signed_letter(), {2: b"<</Type/Pages/Kids[3 0 R 3 0 R]/Count 1>>"})


@case("pages", MODIFIED, "pages-stay")
def pages_taken_away() -> bytes:
    signed = signed_letter(o2=b"<</Type/Pages/Kids[3 0 R 12 0 R]/Count 1>>", o12=base_objects()[3])
    return increment(signed, {2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>"})


@case("pages", MODIFIED, "comparison")
def page_given_another_parent() -> bytes:
    """It would inherit from there; found by the fuzz run."""
    page = base_objects()[3].replace(b"/Parent 2 0 R", b"/Parent 12 0 R")
    return increment(signed_letter(), {3: page, 12: b"<</Type/Pages/Rotate 180/Kids[3 0 R]/Count 1>>"})


# --- files that want to break the program -------------------------------------------------------------------------------


@case("bombs", Verdict.UNREADABLE, "boundary-of-the-file")
def references_that_go_round() -> bytes:
    data = signed_letter()
    at = last_startxref(data)
    return data.replace(b"/Root 1 0 R>>", b"/Root 1 0 R/Prev %d>>" % at).replace(b"%PDF-1.7", b"%PDF-1.x")


@case("bombs", Verdict.INTACT, "explicit-stack")
def arrays_nested_deep() -> bytes:
    deep = b"[" * 400 + b"]" * 400
    return with_store(
        signed_letter(o1=CATALOG % (b"/La" + deep)), b"<<>>", {1: CATALOG % (b"/DSS 20 0 R/La" + deep)}
    )


@case("bombs", MODIFIED, "own-axis")
def stream_that_swells() -> bytes:
    bomb = zlib.compress(b"\0" * 3_000_000)
    packed = b"<</Filter[/FlateDecode/FlateDecode]/Length %d>>\nstream\n" % len(zlib.compress(bomb))
    body = packed + zlib.compress(bomb) + b"\nendstream"
    return increment(signed_letter(o4=body), {4: body.replace(b"/Length", b"/La 1/Length")})


@case("bombs", Verdict.UNREADABLE, "boundary-of-the-file")
def file_cut_in_the_middle() -> bytes:
    data = signed_letter()
    return data[: len(data) // 2]


@case("bombs", Verdict.UNREADABLE, "boundary-of-the-file")
def picture_instead_of_a_letter() -> bytes:
    return b"\x89PNG\r\n\x1a\n" + bytes(2000)


@case("bombs", Verdict.UNSIGNED, "nothing-is-unsigned")
def letter_without_a_signature() -> bytes:
    return first(base_objects(signed=False) | {6: field(value=b"")})


@case("bombs", Verdict.UNSIGNED, "nothing-is-unsigned")
def letter_without_a_form() -> bytes:
    objects = {number: body for number, body in base_objects(signed=False).items() if number != FIELD}
    page = objects[3].replace(b"/Annots[6 0 R]", b"")
    return first(objects | {1: b"<</Type/Catalog/Pages 2 0 R>>", 3: page, 4: text_page()})
