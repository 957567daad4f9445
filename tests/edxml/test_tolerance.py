"""The differences that are in circulation are read, each with its notice (edxml.md §6)."""

from datetime import date, datetime

import pytest

from tests.edxml.messages import composed, edited, edoc_of, kinds, read_bytes, refusal_of
from vanthu.edxml.message import NAMESPACE, Business, Notice, WarningKind
from vanthu.edxml.reading import glance

DATE = "<edXML:PromulgationDate>2026/11/22</edXML:PromulgationDate>\n        </edXML:PromulgationInfo>"
STAMP = "<edXML:Timestamp>2026/11/22 09:30:00</edXML:Timestamp>"


def dated(text: str) -> bytes:
    return edited(DATE, DATE.replace("2026/11/22", text))


def test_a_revocation_in_the_other_spelling_is_a_revocation() -> None:
    data = composed("edoc_1_revoke").replace(b"Bussiness", b"Business")
    assert edoc_of(data).business.type is Business.REVOKE
    assert WarningKind.BUSINESS_SPELLING in kinds(read_bytes(data).warnings)


def test_business_may_stand_before_the_traces() -> None:
    data = composed("edoc_1_revoke")
    start, end = data.index(b"        <edXML:TraceHeader>"), data.index(b"        <edXML:Bussiness>")
    close = data.index(b"      </edXML:TraceHeaderList>")
    turned = data[:start] + data[end:close] + data[start:end] + data[close:]
    assert edoc_of(turned) == edoc_of(data)


def test_missing_business_means_new() -> None:
    data = composed()
    start, end = data.index(b"        <edXML:Bussiness>"), data.index(b"      </edXML:TraceHeaderList>")
    assert edoc_of(data[:start] + data[end:]).business.type is Business.NEW


def test_an_unknown_business_is_refused_and_an_unreadable_one_is_new() -> None:
    assert refusal_of(edited("DocType>0<", "DocType>7<")).code == "kind"
    assert edoc_of(edited("DocType>0<", "DocType>mới<")).business.type is Business.NEW


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026/11/22", date(2026, 11, 22)),
        ("30/10/2020", date(2020, 10, 30)),
        ("3/4/2028", date(2028, 4, 3)),
        ("2026-11-22", date(2026, 11, 22)),
        ("2026-11-22T08:00:00", date(2026, 11, 22)),
        ("2026-11-22T20:00:00Z", date(2026, 11, 23)),
        ("2026-11-22T20:00:00.123+07:00", date(2026, 11, 22)),
        ("2026/11/22 08:00:00", date(2026, 11, 22)),
        ("22-11-2026", date(2026, 11, 22)),
    ],
)
def test_a_date_is_read_in_every_form_and_its_text_is_kept(text: str, day: date) -> None:
    edoc = edoc_of(dated(text))
    assert (edoc.issued_on, edoc.issued_on_raw) == (day, text)
    noticed = WarningKind.DATE_FORM in kinds(read_bytes(dated(text)).warnings)
    assert noticed is (text != "2026/11/22")


@pytest.mark.parametrize(
    "text",
    ["ngày 22", "0028/09/30", "2026/13/01", "2014/02/30", "22/11/26", "2026", "20261122", "２０２６/11/22"],
)
def test_a_date_that_cannot_be_read_is_absent_and_its_text_is_kept(text: str) -> None:
    reading = read_bytes(dated(text))
    assert reading.edoc is not None
    assert (reading.edoc.issued_on, reading.edoc.issued_on_raw) == (None, text)
    assert Notice(WarningKind.DATE_UNREADABLE, "PromulgationInfo/PromulgationDate", text) in reading.warnings


def test_the_first_of_january_1900_means_no_date() -> None:
    assert edoc_of(edited("2026/12/05", "01/01/1900")).due_on is None


@pytest.mark.parametrize("text", ["2026-11-22T02:30:00Z", "22/11/2026 09:30", "2026-11-22T09:30:00+07:00"])
def test_an_instant_is_local_time_of_hanoi(text: str) -> None:
    trace = edoc_of(edited(STAMP, STAMP.replace("2026/11/22 09:30:00", text))).traces[0]
    assert (trace.at, trace.at_raw) == (datetime(2026, 11, 22, 9, 30), text)  # noqa: DTZ001  # local, as written


def test_an_empty_response_for_means_none() -> None:
    data = composed()
    start, end = data.index(b"        <edXML:ResponseFor>"), data.index(b"        <edXML:SteeringType>")
    for empty in (
        b"<edXML:ResponseFor />",
        b"<edXML:ResponseFor><edXML:OrganId></edXML:OrganId></edXML:ResponseFor>",
    ):
        assert edoc_of(data[:start] + empty + data[end:]).responses == ()


@pytest.mark.parametrize(("number", "kind"), [("18", 18), ("71", 71), ("", 2), ("CV", 2), ("1", 1)])
def test_an_odd_type_is_kept_or_becomes_administrative(number: str, kind: int) -> None:
    assert edoc_of(edited("<edXML:Type>2<", f"<edXML:Type>{number}<")).type == kind


def test_a_type_name_that_nobody_knows_is_kept_with_a_notice() -> None:
    reading = read_bytes(edited("Công văn</", "Văn bản điện tử mới</"))
    assert reading.edoc is not None
    assert reading.edoc.type_name == "Văn bản điện tử mới"
    assert WarningKind.TYPE_NAME_UNKNOWN in kinds(reading.warnings)


@pytest.mark.parametrize("organ", ["<edXML:OrganId>null</edXML:OrganId>", "<edXML:OrganId/>", ""])
def test_a_hop_without_a_code_is_kept(organ: str) -> None:
    hop = f"<edXML:TraceHeader>{organ}{STAMP}</edXML:TraceHeader><edXML:Bussiness>"
    reading = read_bytes(edited("<edXML:Bussiness>", hop))
    assert reading.edoc is not None
    assert [trace.organ_code for trace in reading.edoc.traces] in (["H26.99", "null"], ["H26.99", ""])
    assert WarningKind.ORGAN_CODE_MISSING in kinds(reading.warnings)


def test_old_and_new_code_of_one_agency_are_two_receivers() -> None:
    data = edited("<edXML:OrganId>H26.98<", "<edXML:OrganId>000.00.00.G99<")
    assert [organ.code for organ in edoc_of(data).receivers] == ["G99", "000.00.00.G99"]


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("vxp.saas.03", None),
        ("020123456789", None),
        ("H26 99", WarningKind.ORGAN_CODE_FORM),
        ("a.b.c.d.e", WarningKind.ORGAN_CODE_FORM),
        ("G99", WarningKind.RECEIVER_TWICE),
    ],
)
def test_codes_are_taken_as_they_are_with_a_notice_for_odd_ones(code: str, kind: WarningKind | None) -> None:
    reading = read_bytes(edited("<edXML:OrganId>H26.98<", f"<edXML:OrganId>{code}<"))
    assert kinds(reading.warnings) == ({kind} if kind else set())


def test_line_ends_of_windows_are_read() -> None:
    assert edoc_of(composed().replace(b"\n", b"\r\n")) == edoc_of(composed())


@pytest.mark.parametrize("prefix", ["x", "ns2", "edxml"])
def test_another_prefix_is_read_with_a_notice(prefix: str) -> None:
    data = (
        composed()
        .replace(b"edXML:", f"{prefix}:".encode())
        .replace(b"xmlns:edXML", f"xmlns:{prefix}".encode())
    )
    reading = read_bytes(data)
    assert reading.edoc == edoc_of(composed())
    assert WarningKind.NO_PREFIX in kinds(reading.warnings)
    assert glance(data).edoc == reading.edoc


def test_attachments_with_the_prefix_are_read() -> None:
    data = composed()
    for name in (b"AttachmentEncoded", b"Attachment"):
        data = data.replace(
            b"<" + name + b">", b"<edXML:" + name + b' xmlns:edXML="' + NAMESPACE.encode() + b'">'
        )
        data = data.replace(b"</" + name + b">", b"</edXML:" + name + b">")
    reading = read_bytes(data)
    assert reading.attachments == read_bytes(composed()).attachments
    assert kinds(reading.warnings) == {WarningKind.NO_PREFIX}


def test_a_message_without_a_namespace_is_read_with_a_notice() -> None:
    data = composed().replace(b"edXML:", b"").replace(b' xmlns="' + NAMESPACE.encode() + b'"', b"")
    data = data.replace(b' xmlns:edXML="' + NAMESPACE.encode() + b'"', b"")
    assert WarningKind.NO_NAMESPACE in kinds(read_bytes(data).warnings)


def test_declarations_unknown_elements_and_attributes_are_passed_over() -> None:
    data = edited(
        '<edXML xmlns="',
        '<edXML xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true" xmlns="',
    )
    data = data.replace(b"<edXML:Subject>", b"<edXML:Mystery>?</edXML:Mystery><edXML:Subject>", 1)
    data = data.replace(b"    </edXML:edXMLHeader>", b"<edXML:DigitalSignature/></edXML:edXMLHeader>")
    reading = read_bytes(data)
    assert reading.edoc == edoc_of(composed())
    assert kinds(reading.warnings) == {WarningKind.UNKNOWN_ELEMENT, WarningKind.SIGNATURE_IGNORED}


@pytest.mark.parametrize(
    "signature",
    [
        "<Signature><SignedInfo><Reference URI=''/></SignedInfo></Signature>",
        "<Signature xmlns='http://www.w3.org/2000/09/xmldsig#'><SignedInfo Id='a'/></Signature>",
        "<Signature><KeyInfo><OrganId>H26.99</OrganId><Token>x</Token></KeyInfo></Signature>",
    ],
)
def test_a_signature_in_any_shape_counts_for_nothing(signature: str) -> None:
    reading = read_bytes(edited("    </edXML:edXMLHeader>", f"{signature}</edXML:edXMLHeader>"))
    assert reading.edoc == edoc_of(composed())
    assert kinds(reading.warnings) == {WarningKind.SIGNATURE_IGNORED}


@pytest.mark.parametrize(
    ("text", "code"), [("5", "05"), ("05", "05"), ("13", "13"), ("99", "99"), ("xong", "xong")]
)
def test_a_status_code_is_padded_and_an_unknown_one_is_kept(text: str, code: str) -> None:
    reading = read_bytes(edited("StatusCode>05<", f"StatusCode>{text}<", "status_05"))
    assert reading.status is not None
    assert reading.status.code == code
    assert (WarningKind.STATUS_CODE_FORM in kinds(reading.warnings)) is (text == "5")
    assert (WarningKind.STATUS_CODE_UNKNOWN in kinds(reading.warnings)) is (code in {"99", "xong"})


def test_the_answered_document_is_read_in_any_order() -> None:
    data = composed("status_03")
    start, end = data.index(b"          <edXML:OrganId>H26.99"), data.index(b"        </edXML:ResponseFor>")
    lines = data[start:end].splitlines(keepends=True)
    assert read_bytes(data[:start] + b"".join(reversed(lines)) + data[end:]).status == read_bytes(data).status


@pytest.mark.parametrize(
    "identity", ["9fbfbad2-f1f8-4256-a2eb-50fb1061cddb", "5f8d0d55b54764421b7156c1", "bất kỳ, gì/cũng được"]
)
def test_a_document_id_is_opaque_text(identity: str) -> None:
    assert (
        edoc_of(
            edited("<edXML:DocumentId>H26.99,2026/11/22,125/STN-VP<", f"<edXML:DocumentId>{identity}<")
        ).document_id
        == identity
    )


def test_number_and_notation_are_kept_character_for_character() -> None:
    data = edited("<edXML:CodeNumber>125<", "<edXML:CodeNumber> 0125a <")
    data = data.replace(b"Notation>STN-VP<", "Notation>Ơ\u0309/STN&#32;VP<".encode(), 1)
    edoc = edoc_of(data)
    assert (edoc.number, edoc.notation, edoc.code) == (" 0125a ", "Ơ\u0309/STN VP", " 0125a /Ơ\u0309/STN VP")


@pytest.mark.parametrize(("text", "urgency"), [("4", 4), ("0", 0), ("9", 0), ("-1", 0), ("gấp", 0), ("", 0)])
def test_urgency_stays_within_its_five_degrees(text: str, urgency: int) -> None:
    assert edoc_of(edited("Priority>0<", f"Priority>{text}<")).urgency == urgency


def test_what_is_missing_or_repeated_or_too_long_is_noticed() -> None:
    data = edited("<edXML:Subject>", f"<edXML:Subject>{'dài ' * 200}</edXML:Subject><edXML:Subject>")
    data = data.replace(b"<edXML:CodeNumber>125</edXML:CodeNumber>", b"")
    assert kinds(read_bytes(data).warnings) == {
        WarningKind.FIELD_TOO_LONG,
        WarningKind.ELEMENT_TWICE,
        WarningKind.FIELD_MISSING,
    }


def test_a_receiver_change_that_cannot_be_read_changes_nobody() -> None:
    data = edited("<edXML:ReceiverType>0<", "<edXML:ReceiverType>2<", "edoc_2_update")
    assert [change.code for change in edoc_of(data).business.receivers] == ["H26.97"]


def test_comments_and_sections_do_not_disturb() -> None:
    data = edited(
        "<edXML:Subject>V/v báo",
        "<!-- <edXML:Subject>x</edXML:Subject> --><edXML:Subject><![CDATA[V/v]]> báo",
    )
    data = data.replace(b"<AttachmentEncoded>", b"<!-- <AttachmentEncoded> --><AttachmentEncoded><?x y?>")
    assert edoc_of(data) == edoc_of(composed())
    assert glance(data).edoc == edoc_of(composed())
