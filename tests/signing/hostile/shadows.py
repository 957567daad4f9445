"""Attacks on what is shown: layers, forms, fonts, pages, notes and fields that come after the signature.

After the published shadow attacks and those on certified documents; every file is our own likeness of the idea.
"""

import re
import zlib

from tests.signing.hostile.attacks import BOX, FAR, FORM_STREAM, MODIFIED, WHITE
from tests.signing.hostile.material import (
    Objects,
    Table,
    base_objects,
    cms_maker,
    field,
    first,
    increment,
    last_startxref,
    seal,
    signature_value,
    signed_letter,
    signer,
    stream,
)
from tests.signing.hostile.table import case
from tests.signing.hostile.untidy import CATALOG, OTHER_TEXT, with_second_field
from vanthu.signing.rules.verdicts import Verdict

# --- shadow: hide -------------------------------------------------------------------------------------------------

IMAGE = b"/Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8"
COVER = stream(b"\xff", IMAGE)


def shadowed(**more: bytes) -> bytes:
    page = base_objects()[3].replace(b"/F1 5 0 R>>", b"/F1 5 0 R>>/XObject<</Im 10 0 R>>")
    page = page.replace(b"/Contents 4 0 R", b"/Contents[4 0 R 11 0 R]")
    cover = stream(b"q 300 0 0 40 60 690 cm /Im Do Q")
    return signed_letter(**({"o3": page, "o10": COVER, "o11": cover} | more))


@case("hide", MODIFIED, "comparison")
def hidden_text_shown_by_freeing_the_picture() -> bytes:
    return increment(shadowed(), {20: b"<<>>"}, Table(freed=[10]))


@case("hide", MODIFIED, "comparison")
def hidden_text_shown_by_another_picture() -> bytes:
    return increment(shadowed(), {10: COVER.replace(b"/Width 1", b"/Width 0")})


@case("hide", MODIFIED, "comparison")
def hidden_text_shown_by_dropping_the_layer() -> bytes:
    page = base_objects()[3].replace(b"/F1 5 0 R>>", b"/F1 5 0 R>>/XObject<</Im 10 0 R>>")
    return increment(shadowed(), {3: page})


@case("hide", MODIFIED, "annotations-stay")
def hidden_text_shown_by_removing_a_note() -> bytes:
    note = b"<</Type/Annot/Subtype/Square/Rect" + BOX + b"/IC[1 1 1]>>"
    page = base_objects()[3].replace(b"[6 0 R]", b"[6 0 R 10 0 R]")
    return increment(signed_letter(o3=page, o10=note), {3: base_objects()[3]})


# --- shadow: replace ------------------------------------------------------------------------------------------------

TEXT_FIELD = b"<</Type/Annot/Subtype/Widget/FT/Tx/T(so_tien)/P 3 0 R/Rect" + BOX + b"/DA(/F1 12 Tf 0 g)%s>>"


def form_letter(value: bytes = b"") -> bytes:
    form = CATALOG.replace(b"[6 0 R]", b"[6 0 R 10 0 R]").replace(
        b"/SigFlags 3", b"/SigFlags 3/DR<</Font<</F1 5 0 R>>>>"
    )
    page = base_objects()[3].replace(b"[6 0 R]", b"[6 0 R 10 0 R]")
    shown = stream(b"/Tx BMC EMC", FORM_STREAM)
    return signed_letter(o1=form % b"", o3=page, o10=TEXT_FIELD % (value + b"/AP<</N 11 0 R>>"), o11=shown)


def filled_form(data: bytes) -> bytes:
    shown = stream(b"1 1 1 rg 0 0 250 25 re f BT /F1 14 Tf 2 5 Td (9 000 000 dong) Tj ET", FORM_STREAM)
    return increment(data, {10: TEXT_FIELD % b"/V(9 000 000)/AP<</N 12 0 R>>", 12: shown})


@case("replace", MODIFIED, "comparison")
def form_field_painted_over_the_text() -> bytes:
    return filled_form(form_letter())


@case("replace", MODIFIED, "comparison")
def form_field_filled_anew() -> bytes:
    return filled_form(form_letter(b"/V(1 000 000)"))


@case("replace", MODIFIED, "fields-are-not-redrawn")
def form_field_drawn_anew_by_the_reader() -> bytes:
    form = CATALOG.replace(b"[6 0 R]", b"[6 0 R 10 0 R]").replace(
        b"/SigFlags 3", b"/SigFlags 3/DR<</Font<</F1 5 0 R>>>>/NeedAppearances true"
    )
    return increment(form_letter(b"/V(9 000 000)"), {1: form % b""})


@case("replace", MODIFIED, "comparison")
def font_of_the_text_redefined() -> bytes:
    return increment(signed_letter(), {5: b"<</Type/Font/Subtype/Type1/BaseFont/ZapfDingbats>>"})


@case("replace", MODIFIED, "fonts-of-the-form-stay")
def font_of_the_form_redefined() -> bytes:
    form = CATALOG.replace(b"[6 0 R]", b"[6 0 R 10 0 R]").replace(
        b"/SigFlags 3", b"/SigFlags 3/DR<</Font<</F1 15 0 R>>>>"
    )
    other = b"<</Type/Font/Subtype/Type1/BaseFont/ZapfDingbats>>"
    return increment(form_letter(), {1: form % b"", 15: other})


@case("replace", MODIFIED, "no-font-turns-up")
def missing_font_of_a_form_that_readers_draw() -> bytes:
    def form(fonts: bytes) -> bytes:
        resources = b"/SigFlags 3/NeedAppearances true/DR<</Font<<" + fonts + b">>>>"
        return CATALOG.replace(b"[6 0 R]", b"[6 0 R 10 0 R]").replace(b"/SigFlags 3", resources) % b""

    page = base_objects()[3].replace(b"[6 0 R]", b"[6 0 R 10 0 R]")
    signed = signed_letter(o1=form(b""), o3=page, o10=TEXT_FIELD % b"/V(1 000 000)")
    other = b"<</Type/Font/Subtype/Type1/BaseFont/ZapfDingbats>>"
    return increment(signed, {1: form(b"/F1 15 0 R"), 15: other})


# --- shadow: hide and replace -----------------------------------------------------------------------------------------


def with_hidden(*parts: bytes) -> bytes:
    """A file that carries a second version of an object, which its references do not name yet."""
    data = first(base_objects())
    at = data.index(b"xref\n0 1")
    hidden = b"".join(parts)
    data = (
        data[:at] + hidden + data[at:].replace(b"startxref\n%d" % at, b"startxref\n%d" % (at + len(hidden)))
    )
    return seal(data)


def pointed_at(data: bytes, number: int, mark: bytes, extra: bytes = b"", root: int = 1) -> bytes:
    """Append nothing but a table that leads to what was hidden."""
    start = len(data)
    offset = data.index(mark)
    row = b"%d 1\n%010d 00000 n \n" % (number, offset)
    trailer = b"trailer\n<</Size 60/Root %d 0 R/Prev %d%s>>\n" % (root, last_startxref(data), extra)
    return data + b"xref\n" + row + trailer + b"startxref\n%d\n%%%%EOF\n" % start


@case("hide-and-replace", MODIFIED, "comparison")
def hidden_content_put_in_by_the_table() -> bytes:
    hidden = b"4 0 obj\n" + OTHER_TEXT + b"\nendobj\n"
    data = with_hidden(hidden)
    return pointed_at(data, 4, hidden)


@case("hide-and-replace", MODIFIED, "comparison")
def hidden_pages_put_in_by_the_table() -> bytes:
    pages = b"2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1/Rotate 180>>\nendobj\n"
    return pointed_at(with_hidden(pages), 2, pages)


@case("hide-and-replace", MODIFIED, "comparison")
def hidden_catalog_put_in_by_the_trailer() -> bytes:
    """A whole second document lies in the file; the new trailer names its catalog."""
    other = base_objects()
    objects = base_objects() | {
        51: other[1].replace(b"/Pages 2 0 R", b"/Pages 52 0 R"),
        52: b"<</Type/Pages/Kids[53 0 R]/Count 1>>",
        53: other[3]
        .replace(b"/Contents 4 0 R", b"/Contents 54 0 R")
        .replace(b"/Parent 2 0 R", b"/Parent 52 0 R"),
        54: OTHER_TEXT,
    }
    return increment(seal(first(objects)), {20: b"<<>>"}, Table(root=51))


@case("hide-and-replace", MODIFIED, "comparison")
def hidden_objects_unpacked_from_another_stream() -> bytes:
    """The update overwrites the container of packed objects, so that old references mean new things."""
    objects = base_objects() | {10: b"<</Font<</F1 5 0 R>>>>"}
    objects[3] = objects[3].replace(b"/Resources<</Font<</F1 5 0 R>>>>", b"/Resources 10 0 R")
    data = seal(first(objects, Table("packed")))
    found = re.search(
        rb"(\d+) 0 obj\n<</Type/ObjStm/N (\d+)/First (\d+)/Filter/FlateDecode/Length (\d+)>>\nstream\n", data
    )
    assert found is not None
    number, count, start, length = (int(item) for item in found.groups())
    content = zlib.decompress(data[found.end() : found.end() + length]).replace(b"Helvetica", b"ZapfDings")
    entries = b"/Type/ObjStm/N %d/First %d" % (count, start)
    return increment(data, {number: stream(content, entries, packed=True)}, Table("stream"))


# --- certified documents ------------------------------------------------------------------------------------------------


def certified(level: int, **more: bytes) -> bytes:
    rule = b"/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</Type/TransformParams/P %d/V/1.2>>>>]"
    catalog = CATALOG % b"/Perms<</DocMDP 7 0 R>>"
    return signed_letter(**({"o1": catalog, "o7": signature_value(extra=rule % level)} | more))


def annotated(data: bytes, note: bytes, more: Objects | None = None) -> bytes:
    page = base_objects()[3].replace(b"[6 0 R]", b"[6 0 R 12 0 R]")
    return increment(data, {3: page, 12: note} | (more or {}))


NOTE = (
    b"<</Type/Annot/Subtype/FreeText/Rect"
    + BOX
    + b"/Contents(9 000 000 dong)/DA(/F1 14 Tf)/AP<</N 13 0 R>>>>"
)


@case("evil-annotation", MODIFIED, "annotations-stay")
def free_text_over_a_certified_letter() -> bytes:
    return annotated(certified(3), NOTE, {13: WHITE})


@case("evil-annotation", MODIFIED, "annotations-stay")
def stamp_over_a_certified_letter() -> bytes:
    return annotated(certified(3), NOTE.replace(b"FreeText", b"Stamp"), {13: WHITE})


@case("evil-annotation", MODIFIED, "annotations-stay")
def redaction_of_a_certified_letter() -> bytes:
    return annotated(certified(3), b"<</Type/Annot/Subtype/Redact/Rect" + BOX + b"/IC[1 1 1]>>")


@case("evil-annotation", MODIFIED, "annotations-stay")
def comment_on_a_signed_letter() -> bytes:
    return annotated(signed_letter(), b"<</Type/Annot/Subtype/Text/Rect[10 10 30 30]/Contents(Xem lai)>>")


def certified_then_field(level: int, rect: bytes, *, sign: bool, picture: bytes = WHITE) -> bytes:
    value = b"9 0 R" if sign else b""
    objects = {
        1: CATALOG.replace(b"[6 0 R]", b"[6 0 R 8 0 R]") % b"/Perms<</DocMDP 7 0 R>>",
        3: base_objects()[3].replace(b"[6 0 R]", b"[6 0 R 8 0 R]"),
        8: field("Chu_ky_2", value, rect, b"/AP<</N 13 0 R>>"),
        13: picture,
    }
    if not sign:
        return increment(certified(level), objects)
    return seal(increment(certified(level), objects | {9: signature_value()}), cms_maker(signer("ec")))


@case("sneaky-signature", MODIFIED, "visible-after-certifying")
def visible_signature_after_certifying() -> bytes:
    shown = stream(b"BT /F1 14 Tf 2 5 Td (Dong y chi 9 ty) Tj ET", FORM_STREAM)
    return certified_then_field(2, FAR, sign=True, picture=shown)


@case("sneaky-signature", MODIFIED, "visible-after-certifying")
def visible_signature_after_certifying_with_level_3() -> bytes:
    return certified_then_field(3, FAR, sign=True)


@case("sneaky-signature", MODIFIED, "permissions")
def signature_after_certifying_without_changes() -> bytes:
    objects = {
        1: CATALOG.replace(b"[6 0 R]", b"[6 0 R 8 0 R]") % b"/Perms<</DocMDP 7 0 R>>",
        3: base_objects()[3].replace(b"[6 0 R]", b"[6 0 R 8 0 R]"),
        8: field("Chu_ky_2", b"9 0 R"),
        9: signature_value(),
    }
    return seal(increment(certified(1), objects), cms_maker(signer("ec")))


@case("sneaky-signature", MODIFIED, "empty-fields-show-nothing")
def empty_field_that_shows_a_promise() -> bytes:
    shown = stream(b"BT /F1 14 Tf 2 5 Td (Dong y chi 9 ty) Tj ET", FORM_STREAM)
    return with_empty_field(shown)


def with_empty_field(picture: bytes) -> bytes:
    objects = {
        1: CATALOG.replace(b"[6 0 R]", b"[6 0 R 8 0 R]") % b"",
        3: base_objects()[3].replace(b"[6 0 R]", b"[6 0 R 8 0 R]"),
        8: field("Chu_ky_2", b"", FAR, b"/AP<</N 13 0 R>>"),
        13: picture,
    }
    return increment(signed_letter(), objects)


@case("sneaky-signature", MODIFIED, "acting-fields")
def signature_field_that_runs_a_script() -> bytes:
    act = b"/AA<</E<</S/JavaScript/JS(app.alert\\(1\\))>>>>"
    return with_second_field(signed_letter(), widget=field("Chu_ky_2", b"9 0 R", extra=act))


@case("permissions", Verdict.INTACT, "archive-keys")
def archive_data_after_certifying_without_changes() -> bytes:
    objects = {
        1: CATALOG % b"/Perms<</DocMDP 7 0 R>>/DSS 20 0 R",
        20: b"<</Certs[21 0 R]>>",
        21: stream(b"0"),
    }
    return increment(certified(1), objects)


@case("permissions", MODIFIED, "locks")
def signature_in_a_field_that_was_locked() -> bytes:
    lock = b"/Reference[<</TransformMethod/FieldMDP/TransformParams<</Action/All/V/1.2>>>>]"
    signed = signed_letter(o7=signature_value(extra=lock))
    return with_second_field(signed, widget=field("Chu_ky_2", b"9 0 R"))


@case("permissions", MODIFIED, "comparison")
def form_filled_after_certifying() -> bytes:
    form = CATALOG.replace(b"[6 0 R]", b"[6 0 R 10 0 R]") % b"/Perms<</DocMDP 7 0 R>>"
    page = base_objects()[3].replace(b"[6 0 R]", b"[6 0 R 10 0 R]")
    signed = certified(2, o1=form, o10=TEXT_FIELD % b"", o3=page)
    return increment(signed, {10: TEXT_FIELD % b"/V(9)"})


# --- a later signature that covers ---------------------------------------------------------------------------------------


def covering(rect: bytes, letter: bytes) -> bytes:
    widget = field("Chu_ky_2", b"9 0 R", rect, b"/AP<</N 13 0 R>>")
    return with_second_field(letter, widget=widget, extra={13: WHITE})


@case("cover", MODIFIED, "covers")
def later_signature_over_the_text() -> bytes:
    return covering(BOX, signed_letter())


@case("cover", MODIFIED, "covers")
def later_signature_over_the_whole_page() -> bytes:
    return covering(b"[0 0 595 842]", signed_letter())


@case("cover", MODIFIED, "covers")
def later_signature_over_a_table_of_lines() -> bytes:
    drawn = stream(b"0 0 0 rg 310 110 100 40 re f")
    return covering(FAR, signed_letter(o4=drawn))


def prepared(words: str) -> bytes:
    """A form that keeps a place for the second signature, over some words, signed by the first."""
    objects = base_objects(text=words)
    objects[1] = CATALOG.replace(b"[6 0 R]", b"[6 0 R 8 0 R]") % b""
    objects[3] = objects[3].replace(b"[6 0 R]", b"[6 0 R 8 0 R]")
    signed = seal(first(objects | {8: field("Chu_ky_2", b"", BOX)}))
    widget = field("Chu_ky_2", b"9 0 R", BOX, b"/AP<</N 13 0 R>>")
    return seal(increment(signed, {8: widget, 9: signature_value(), 13: WHITE}), cms_maker(signer("ec")))


@case("cover", Verdict.INTACT, "places-of-forms")
def second_signature_in_its_place_of_a_form() -> bytes:
    return prepared("Nguoi kiem tra ..........")


@case("cover", MODIFIED, "covers")
def second_signature_in_a_place_over_a_sum() -> bytes:
    return prepared("Kinh phi: 1 000 000 dong")


@case("cover", Verdict.INTACT, "new-fields")
def later_signature_where_nothing_stands() -> bytes:
    return covering(FAR, signed_letter())


@case("fields", MODIFIED, "fields-stay")
def text_field_added_to_the_form() -> bytes:
    form = CATALOG.replace(b"[6 0 R]", b"[6 0 R 10 0 R]") % b""
    return increment(signed_letter(), {1: form, 10: TEXT_FIELD % b"/V(9)"})
