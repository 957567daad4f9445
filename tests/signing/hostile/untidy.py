"""Untidy but honest files, each beside its dishonest twin: what the programs of the world really write."""

from io import BytesIO

from asn1crypto import keys
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.generic import StreamObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer
from pyhanko.sign import signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from tests.signing.hostile.material import (
    HEADER,
    Maker,
    Objects,
    Table,
    bare_rsa_maker,
    base_objects,
    cms_maker,
    field,
    first,
    increment,
    indefinite,
    pkcs7_sha1_maker,
    seal,
    signature_value,
    signed_letter,
    signer,
    stamp_maker,
    stream,
    text_page,
)
from tests.signing.hostile.table import case
from vanthu.signing.rules.verdicts import Verdict

CATALOG = b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[6 0 R]/SigFlags 3>>%s>>"
VRI_KEY = b"/" + b"AB" * 20
OTHER_TEXT = text_page("Kinh phi: 9 000 000 dong")


def with_store(data: bytes, store: bytes, more: Objects | None = None, table: Table | None = None) -> bytes:
    """Append archive data (DSS) as an update of the catalog."""
    objects = {1: CATALOG % b"/DSS 20 0 R", 20: store, 21: stream(b"0\x82")} | (more or {})
    return increment(data, objects, table)


def with_second_field(
    data: bytes, *, page: bytes = b"", extra: Objects | None = None, widget: bytes = b""
) -> bytes:
    """Append a second signature in a field of its own, and sign it."""
    objects = {
        1: CATALOG.replace(b"[6 0 R]", b"[6 0 R 8 0 R]") % b"",
        3: page or base_objects()[3].replace(b"/Annots[6 0 R]", b"/Annots[6 0 R 8 0 R]"),
        8: widget or field("Chu_ky_2", b"9 0 R"),
        9: signature_value(),
    } | (extra or {})
    return seal(increment(data, objects), cms_maker(signer("ec")))


# --- hybrid references: what Word writes -------------------------------------------------------------------


def hybrid() -> bytes:
    return seal(first(base_objects() | {10: b"<</A 1>>"}, Table("hybrid")))


@case("hybrid", Verdict.INTACT, "not-strict")
def hybrid_references_as_word_saves_them() -> bytes:
    return hybrid()


@case("hybrid", Verdict.INTACT, "not-strict")
def hybrid_references_with_archive_data() -> bytes:
    return with_store(hybrid(), b"<</Certs[21 0 R]>>")


@case("hybrid", Verdict.INTACT, "not-strict")
def hybrid_references_with_a_second_signature() -> bytes:
    return with_second_field(hybrid())


@case("hybrid", Verdict.MODIFIED_AFTER, "comparison")
def hybrid_update_that_changes_the_text() -> bytes:
    return increment(hybrid(), {4: OTHER_TEXT, 11: b"<<>>"}, Table("hybrid"))


# --- archive data ---------------------------------------------------------------------------------------------


@case("dangling", Verdict.INTACT, "meaning-not-bookkeeping")
def certificate_in_the_store_that_is_not_there() -> bytes:
    return with_store(signed_letter(), b"<</Certs[21 0 R 99 0 R]>>")


@case("dangling", Verdict.INTACT, "meaning-not-bookkeeping")
def revocation_list_in_the_store_that_is_not_there() -> bytes:
    return with_store(signed_letter(), b"<</CRLs[98 0 R]/OCSPs[97 0 R]/Certs[21 0 R]>>")


@case("dangling", Verdict.INTACT, "meaning-not-bookkeeping")
def vri_that_refers_to_nothing() -> bytes:
    return with_store(signed_letter(), b"<</VRI<<" + VRI_KEY + b"<</Cert[96 0 R]>>>>>>")


@case("dangling", Verdict.MODIFIED_AFTER, "comparison")
def dangling_content_that_an_update_supplies() -> bytes:
    page = base_objects()[3].replace(b"/Contents 4 0 R", b"/Contents[4 0 R 12 0 R]")
    signed = signed_letter(o3=page, o30=b"<<>>")
    return with_store(signed, b"<</Certs[21 0 R]>>", {12: text_page("va them 9 000 000 dong")})


def with_vri(item: bytes) -> bytes:
    store = b"<</VRI<<" + VRI_KEY + b"<</Cert[21 0 R]>>>>>>"
    signed = signed_letter(o1=CATALOG % b"/DSS 20 0 R", o20=store, o21=stream(b"0"))
    return increment(signed, {20: b"<</VRI<<" + item + b">>>>"})


@case("vri", Verdict.INTACT, "meaning-not-bookkeeping")
def vri_rewritten() -> bytes:
    return with_vri(VRI_KEY + b"<</Cert[21 0 R 21 0 R]/TU(D:20260302)>>")


@case("vri", Verdict.INTACT, "meaning-not-bookkeeping")
def vri_taken_away() -> bytes:
    return with_vri(b"")


@case("vri", Verdict.INTACT, "meaning-not-bookkeeping")
def vri_under_a_name_that_is_no_digest() -> bytes:
    return with_vri(b"/chu-ky-1<</Cert[21 0 R]/La 1>>")


@case("vri", Verdict.MODIFIED_AFTER, "comparison")
def vri_that_brings_another_text_along() -> bytes:
    return increment(with_vri(b""), {4: OTHER_TEXT})


INDIRECT = base_objects()[3].replace(b"/Resources<</Font<</F1 5 0 R>>>>", b"/Resources 10 0 R")
RESOURCES = b"<</Font<</F1 5 0 R>>>>"


def with_resources(page: bytes, more: Objects) -> bytes:
    signed = signed_letter(o3=INDIRECT, o10=RESOURCES)
    return with_store(signed, b"<</Certs[21 0 R]>>", {3: page} | more)


@case("resources", Verdict.INTACT, "meaning-not-bookkeeping")
def resources_under_a_new_number() -> bytes:
    return with_resources(INDIRECT.replace(b"10 0 R", b"30 0 R"), {30: RESOURCES})


@case("resources", Verdict.INTACT, "meaning-not-bookkeeping")
def resources_written_into_the_page() -> bytes:
    return with_resources(INDIRECT.replace(b"10 0 R", RESOURCES), {})


@case("resources", Verdict.INTACT, "meaning-not-bookkeeping")
def font_copied_by_an_update() -> bytes:
    page = INDIRECT.replace(b"10 0 R", b"<</Font<</F1 31 0 R>>>>")
    return with_resources(page, {31: base_objects()[5]})


@case("resources", Verdict.INTACT, "meaning-not-bookkeeping")
def content_packed_by_an_update() -> bytes:
    content = b"BT /F1 14 Tf 72 700 Td (Kinh phi: 1 000 000 dong) Tj ET"
    return increment(signed_letter(o4=stream(content)), {4: stream(content, packed=True)})


@case("resources", Verdict.MODIFIED_AFTER, "comparison")
def resources_with_another_font() -> bytes:
    other = b"<</Type/Font/Subtype/Type1/BaseFont/Symbol>>"
    return with_resources(INDIRECT.replace(b"10 0 R", b"<</Font<</F1 31 0 R>>>>"), {31: other})


# --- the structure tree ---------------------------------------------------------------------------------------

TREE = b"<</Type/StructTreeRoot/K[41 0 R]/ParentTree 42 0 R/ParentTreeNextKey 1>>"
PARAGRAPH = b"<</S/P/P 40 0 R/Pg 3 0 R/K 0/ActualText(Kinh phi: 1 000 000 dong)>>"


def tagged(elements: bytes, more: Objects) -> bytes:
    catalog = CATALOG % b"/StructTreeRoot 40 0 R/MarkInfo<</Marked true>>"
    index = b"<</Nums[0[41 0 R]]>>"
    signed = signed_letter(o1=catalog, o40=TREE, o41=PARAGRAPH, o42=index)
    page = base_objects()[3].replace(b"[6 0 R]", b"[6 0 R 8 0 R]")
    update = {
        1: catalog.replace(b"[6 0 R]", b"[6 0 R 8 0 R]"),
        40: TREE.replace(b"[41 0 R]", elements),
        42: b"<</Nums[0[41 0 R]1 43 0 R]>>",
        43: b"<</S/Form/P 40 0 R/Pg 3 0 R/K<</Type/OBJR/Obj 8 0 R>>>>",
    }
    return with_second_field(signed, page=page, extra=update | more)


@case("structure", Verdict.INTACT, "structure-may-grow")
def structure_grown_by_the_new_field() -> bytes:
    return tagged(b"[41 0 R 43 0 R]", {})


@case("structure", Verdict.INTACT, "structure-may-grow")
def structure_grown_by_the_new_field_in_front() -> bytes:
    return tagged(b"[43 0 R 41 0 R]", {})


@case("structure", Verdict.MODIFIED_AFTER, "comparison")
def structure_that_reads_another_sum_aloud() -> bytes:
    return tagged(b"[41 0 R 43 0 R]", {41: PARAGRAPH.replace(b"1 000", b"9 000")})


@case("structure", Verdict.MODIFIED_AFTER, "structure-only-of-fields")
def structure_grown_by_text_of_its_own() -> bytes:
    return tagged(b"[41 0 R 43 0 R]", {43: b"<</S/P/P 40 0 R/Pg 3 0 R/K 0/ActualText(da huy)>>"})


# --- freed objects ----------------------------------------------------------------------------------------------


@case("freed", Verdict.INTACT, "meaning-not-bookkeeping")
def freed_object_that_nobody_uses() -> bytes:
    return with_store(signed_letter(o10=b"<</La 1>>"), b"<</Certs[21 0 R]>>", table=Table(freed=[10]))


@case("freed", Verdict.INTACT, "meaning-not-bookkeeping")
def freed_resources_after_they_were_copied() -> bytes:
    signed = signed_letter(o3=INDIRECT, o10=RESOURCES)
    return increment(signed, {3: INDIRECT.replace(b"10 0 R", RESOURCES)}, Table(freed=[10]))


@case("freed", Verdict.INTACT, "meaning-not-bookkeeping")
def freed_old_archive_data() -> bytes:
    signed = with_store(signed_letter(), b"<</Certs[21 0 R]>>")
    return increment(signed, {20: b"<</Certs[22 0 R]>>", 22: stream(b"1")}, Table(freed=[21]))


@case("freed", Verdict.MODIFIED_AFTER, "comparison")
def freed_content_of_the_page() -> bytes:
    return increment(signed_letter(), {20: b"<<>>"}, Table(freed=[4]))


# --- linearised files ---------------------------------------------------------------------------------------------


def linearised() -> bytes:
    """A file with its first cross-references in front, as web servers like it; signed in one go."""
    objects = base_objects()
    front, back = [1, 2, 3, 6], [4, 5, 7]
    size = len(objects) + 1

    def table(offsets: dict[int, int], numbers: list[int], trailer: bytes) -> bytes:
        rows = b"".join(b"%d 1\n%010d 00000 n \n" % (n, offsets.get(n, 0)) for n in numbers)
        return b"xref\n" + rows + b"trailer\n<</Size %d/Root 1 0 R" % size + trailer + b">>\nstartxref\n"

    offsets: dict[int, int] = {}
    for _ in range(2):  # once to learn the places, once to write them
        prev = b"/Prev %010d" % offsets.get(-1, 0)
        out = bytearray(HEADER)
        start = len(out)
        out += table(offsets, front, prev) + b"0\n%%EOF\n"
        for number in front + back:
            offsets[number] = len(out)
            out += b"%d 0 obj\n" % number + objects[number] + b"\nendobj\n"
        offsets[-1] = len(out)
        out += table(offsets, back, b"") + b"%d\n%%%%EOF\n" % start
    return seal(bytes(out))


@case("linearised", Verdict.INTACT, "signed-bytes-are-a-document")
def linearised_with_archive_data() -> bytes:
    return with_store(linearised(), b"<</Certs[21 0 R]>>")


@case("linearised", Verdict.INTACT, "signed-bytes-are-a-document")
def linearised_with_a_second_signature() -> bytes:
    return with_second_field(linearised())


@case("linearised", Verdict.INTACT, "signed-bytes-are-a-document")
def linearised_with_empty_lines_after_it() -> bytes:
    return linearised() + b"\r\n\r\n"


@case("linearised", Verdict.MODIFIED_AFTER, "comparison")
def linearised_with_another_text() -> bytes:
    return increment(linearised(), {4: OTHER_TEXT})


# --- fields -------------------------------------------------------------------------------------------------------


@case("dots", Verdict.INTACT, "meaning-not-bookkeeping")
def field_name_with_dots() -> bytes:
    return with_store(signed_letter(o6=field("van.ban.chu_ky")), b"<</Certs[21 0 R]>>")


@case("dots", Verdict.INTACT, "meaning-not-bookkeeping")
def second_field_name_with_dots() -> bytes:
    return with_second_field(signed_letter(), widget=field("co.quan", b"9 0 R"))


@case("dots", Verdict.INTACT, "meaning-not-bookkeeping")
def dotted_name_below_another_field() -> bytes:
    parent = b"<</FT/Sig/T(cha)/Kids[10 0 R]>>"
    child = field("con.mot", extra=b"/Parent 6 0 R")
    page = base_objects()[3].replace(b"/Annots[6 0 R]", b"/Annots[10 0 R]")
    return with_store(signed_letter(o6=parent, o10=child, o3=page), b"<</Certs[21 0 R]>>")


@case("dots", Verdict.MODIFIED_AFTER, "comparison")
def field_name_with_dots_and_another_text() -> bytes:
    return increment(signed_letter(o6=field("van.ban")), {4: OTHER_TEXT})


def direct() -> bytes:
    objects = {number: body for number, body in base_objects().items() if number != 7}
    return seal(first(objects | {6: field(value=signature_value())}))


@case("direct", Verdict.INTACT, "direct-value")
def signature_written_into_its_field() -> bytes:
    return direct()


@case("direct", Verdict.INTACT, "direct-value")
def signature_written_into_its_field_with_archive_data() -> bytes:
    return with_store(direct(), b"<</Certs[21 0 R]>>")


@case("direct", Verdict.INVALID_INTEGRITY, "digest")
def signature_written_into_its_field_over_another_text() -> bytes:
    return direct().replace(b"1 000 000", b"9 000 000")


@case("fields", Verdict.INTACT, "page-widgets")
def signature_that_only_the_page_lists() -> bytes:
    return signed_letter(o1=b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[]/SigFlags 3>>>>")


@case("fields", Verdict.INTACT, "page-widgets")
def signature_in_a_file_without_a_form() -> bytes:
    return signed_letter(o1=b"<</Type/Catalog/Pages 2 0 R>>")


@case("fields", Verdict.INTACT, "own-walk-of-fields")
def field_that_is_its_own_child() -> bytes:
    form = CATALOG.replace(b"[6 0 R]", b"[6 0 R 10 0 R]") % b""
    return signed_letter(o1=form, o10=b"<</T(vong)/FT/Sig/Kids[10 0 R]>>")


# --- algorithms ------------------------------------------------------------------------------------------------


@case("sha-1", Verdict.WEAK_ALGORITHM, "weak-algorithms")
def digest_sha_1() -> bytes:
    return signed_letter(cms_maker(digest="sha1"))


@case("sha-1", Verdict.WEAK_ALGORITHM, "weak-algorithms")
def digest_md5() -> bytes:
    return signed_letter(cms_maker(digest="md5"))


@case("sha-1", Verdict.WEAK_ALGORITHM, "weak-algorithms")
def rsa_of_1024_bits() -> bytes:
    return signed_letter(cms_maker(signer("rsa-1024")))


@case("sha-1", Verdict.WEAK_ALGORITHM, "weak-algorithms")
def elliptic_curve_of_192_bits() -> bytes:
    return signed_letter(cms_maker(signer("ec-192")))


@case("sha-1", Verdict.WEAK_ALGORITHM, "old-formats")
def adobe_pkcs7_sha1() -> bytes:
    return signed_letter(pkcs7_sha1_maker(), o7=signature_value(b"/adbe.pkcs7.sha1"))


def bare_rsa(*, lie: bool = False) -> bytes:
    certificate = b"/Cert<" + signer().certificate.dump().hex().encode() + b">"
    return signed_letter(
        bare_rsa_maker(lie=lie), o7=signature_value(b"/adbe.x509.rsa_sha1", extra=certificate)
    )


@case("sha-1", Verdict.WEAK_ALGORITHM, "old-formats")
def adobe_x509_rsa_sha1() -> bytes:
    return bare_rsa()


@case("sha-1", Verdict.INVALID_INTEGRITY, "old-formats")
def adobe_x509_rsa_sha1_over_another_text() -> bytes:
    return bare_rsa(lie=True)


@case("sha-1", Verdict.INVALID_INTEGRITY, "old-formats")
def adobe_pkcs7_sha1_over_another_text() -> bytes:
    return signed_letter(pkcs7_sha1_maker(lie=True), o7=signature_value(b"/adbe.pkcs7.sha1"))


@case("sha-3", Verdict.INTACT, "names-of-algorithms")
def rsa_with_sha3_256() -> bytes:
    return signed_letter(cms_maker(digest="sha3_256"))


@case("sha-3", Verdict.INTACT, "names-of-algorithms")
def rsa_with_sha3_512() -> bytes:
    return signed_letter(cms_maker(digest="sha3_512"))


@case("sha-3", Verdict.INTACT, "names-of-algorithms")
def content_with_sha_2_and_value_with_sha_3() -> bytes:
    return signed_letter(cms_maker(digest="sha256", value_digest="sha3_256"))


@case("sha-3", Verdict.INTACT, "names-of-algorithms")
def plain_ecdsa() -> bytes:
    return signed_letter(cms_maker(signer("ec"), scheme="plain"))


@case("sha-3", Verdict.INVALID_INTEGRITY, "digest")
def rsa_with_sha3_over_another_text() -> bytes:
    return signed_letter(cms_maker(digest="sha3_256", lie=True))


@case("cms", Verdict.INTACT, "order-of-attributes")
def attributes_stored_unsorted() -> bytes:
    return signed_letter(cms_maker(stored_order="backwards"))


@case("cms", Verdict.INTACT, "order-of-attributes")
def attributes_stored_unsorted_with_ecdsa() -> bytes:
    return signed_letter(cms_maker(signer("ec"), stored_order="backwards"))


@case("cms", Verdict.INTACT, "order-of-attributes")
def attributes_stored_unsorted_and_stamped() -> bytes:
    return signed_letter(cms_maker(stored_order="backwards", stamp=stamp_maker()))


@case("cms", Verdict.INTACT, "names-without-sizes")
def ed25519() -> bytes:
    return signed_letter(cms_maker(signer("ed25519"), digest="sha512"))


@case("cms", Verdict.INVALID_INTEGRITY, "digest")
def lengths_left_open_over_another_text() -> bytes:
    return signed_letter(lambda data: indefinite(cms_maker(lie=True)(data)))


@case("cms", Verdict.INDETERMINATE, "certificate-needed")
def signature_without_a_certificate() -> bytes:
    return signed_letter(cms_maker(with_certificate=False))


@case("cms", Verdict.INVALID_INTEGRITY, "certificate-needed")
def signature_without_a_certificate_over_another_text() -> bytes:
    return signed_letter(cms_maker(with_certificate=False, lie=True))


# --- hexadecimal -----------------------------------------------------------------------------------------------


def with_spaced_contents(data: bytes) -> bytes:
    """Break the zeros that pad the signature into lines; they are outside what is signed."""
    start = data.index(b"/Contents <")
    stop = data.index(b">", start)
    return data[: stop - 40] + b"0000\r\n0000 0000\t0000\n" + b"0" * 19 + data[stop:]


@case("hexadecimal", Verdict.INTACT, "gap-is-read-as-written")
def contents_in_several_lines() -> bytes:
    return with_spaced_contents(signed_letter())


@case("hexadecimal", Verdict.INTACT, "gap-is-read-as-written")
def contents_in_several_lines_with_archive_data() -> bytes:
    return with_store(with_spaced_contents(signed_letter()), b"<</Certs[21 0 R]>>")


@case("hexadecimal", Verdict.INTACT, "gap-is-read-as-written")
def brackets_of_the_contents_signed_as_well() -> bytes:
    data = first(base_objects())
    at = data.index(b"[0 1111111111")
    start = data.index(b"/Contents <", at) + len(b"/Contents <")
    stop = data.index(b">", start)
    numbers = b"[0 %d %d %d]" % (start, stop, len(data) - stop)
    data = data[:at] + numbers.ljust(36) + data[at + 36 :]
    value = cms_maker()(data[:start] + data[stop:]).hex().encode()
    return data[:start] + value.ljust(stop - start, b"0") + data[stop:]


# --- encryption --------------------------------------------------------------------------------------------------


def encrypted(user: str) -> bytes:
    """A file encrypted for everybody."""
    objects = base_objects(signed=False)
    objects[3] = objects[3].replace(b"/Annots[6 0 R]", b"")
    objects[1] = b"<</Type/Catalog/Pages 2 0 R>>"
    plain = PdfFileReader(BytesIO(first({number: objects[number] for number in range(1, 6)})))
    writer = copy_into_new_writer(plain)
    writer.encrypt(owner_pass="chu", user_pass=user, pdf_mac=False)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def signed_by_library(data: bytes, user: str = "", name: str = "Chu_ky_1") -> bytes:
    """Sign an encrypted file in a field of its own."""
    update = IncrementalPdfFileWriter(BytesIO(data), strict=False)
    update.encrypt(user)
    who = signer()
    key = who.key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    own = signers.SimpleSigner(
        signing_cert=who.certificate,
        signing_key=keys.PrivateKeyInfo.load(key),
        cert_registry=SimpleCertificateStore(),
    )
    meta = signers.PdfSignatureMetadata(field_name=name, md_algorithm="sha256")
    return signers.sign_pdf(update, meta, own).getvalue()


@case("encrypted", Verdict.INTACT, "empty-password")
def encrypted_for_everybody() -> bytes:
    return signed_by_library(encrypted(""))


@case("encrypted", Verdict.INVALID_INTEGRITY, "empty-password")
def encrypted_for_everybody_and_changed() -> bytes:
    data = encrypted_for_everybody()
    position = 11  # in the comment of the first lines, which nobody decrypts
    return data[:position] + bytes([data[position] ^ 1]) + data[position + 1 :]


@case("encrypted", Verdict.UNREADABLE, "boundary-of-the-file")
def encrypted_with_a_password() -> bytes:
    return signed_by_library(encrypted("bi-mat"), "bi-mat")


@case("encrypted", Verdict.INTACT, "signatures-are-never-encrypted")
def encrypted_for_everybody_and_signed_twice() -> bytes:
    return signed_by_library(encrypted_for_everybody(), name="Chu_ky_2")


@case("encrypted", Verdict.MODIFIED_AFTER, "comparison")
def encrypted_for_everybody_and_given_another_page() -> bytes:
    update = IncrementalPdfFileWriter(BytesIO(encrypted_for_everybody()), strict=False)
    update.encrypt("")
    page = update.root["/Pages"]["/Kids"][0]
    page["/Contents"] = update.add_object(StreamObject(stream_data=b"BT /F1 14 Tf 72 700 Td (9) Tj ET"))
    update.mark_update(page.container_ref)
    out = BytesIO()
    update.write(out)
    return out.getvalue()


# --- time stamps -------------------------------------------------------------------------------------------------


def document_stamp(maker: Maker, kind: bytes) -> bytes:
    return signed_letter(maker, o7=signature_value(b"/ETSI.RFC3161", kind=kind))


@case("stamps", Verdict.INTACT, "a-stamp-by-its-format")
def document_time_stamp_without_a_type() -> bytes:
    return document_stamp(stamp_maker(), b"")


@case("stamps", Verdict.INTACT, "a-stamp-by-its-format")
def document_time_stamp_typed_as_a_signature() -> bytes:
    return document_stamp(stamp_maker(), b"/Type/Sig")


@case("stamps", Verdict.INVALID_INTEGRITY, "digest")
def document_time_stamp_of_another_file() -> bytes:
    return document_stamp(stamp_maker(lie=True), b"/Type/DocTimeStamp")


@case("stamps", Verdict.INTACT, "a-bad-token-does-not-harm")
def token_without_its_certificate() -> bytes:
    return signed_letter(cms_maker(stamp=stamp_maker(with_certificate=False)))


@case("stamps", Verdict.INDETERMINATE, "a-broken-token-is-named")
def token_of_another_signature() -> bytes:
    return signed_letter(cms_maker(stamp=stamp_maker(lie=True)))
