"""Every sample behaves as its list says: what is in the repository, and the vendor's where they lie beside it."""

from datetime import date, datetime
from typing import Any

import pytest

from tests.edxml.messages import COMPOSED, VENDOR, composed, kinds, read_bytes, refusal_of, variant
from vanthu.edxml.message import Business, Unreadable, WarningKind
from vanthu.edxml.reading import glance
from vanthu.edxml.showing import as_json

D1 = "H26.99,2026/11/22,125/STN-VP"
SENDER = {"code": "H26.99", "name": "Sở Thử nghiệm Hà Nội"}
MINISTRY = {"code": "G99", "name": "Bộ Thử nghiệm"}
BOARD = {"code": "H26.98", "name": "Ban Thử nghiệm A"}
PDF = {
    "name": "125_STN-VP.signed.pdf",
    "media_type": "application/pdf",
    "size": 125,
    "sha256": "79370862c6cb54e96ed3125464c11e4ce3e8b08fb5048723695b6b9e9728d701",
    "zipped": False,
}
NEW: dict[str, Any] = {
    "kind": "edoc",
    "from": SENDER,
    "to": [MINISTRY, BOARD],
    "document_id": D1,
    "number": "125",
    "notation": "STN-VP",
    "issued_on": "2026-11-22",
    "type_name": "Công văn",
    "subject": "V/v báo cáo kết quả thử nghiệm liên thông",
    "signer": {"name": "Người Ký Thử", "position": "Phó Giám đốc", "competence": "KT. GIÁM ĐỐC"},
    "urgency": 0,
    "due_on": "2026-12-05",
    "business": {
        "type": 0,
        "reason": "Văn bản điện tử mới",
        "document_id": None,
        "replaces": [],
        "receivers": [],
    },
    "attachments": [
        PDF,
        {
            "name": "Phu luc I.xlsx",
            "media_type": "text/plain",
            "size": 16,
            "sha256": "ecffd8817c7e42baeac30f66376a408b8ab0c89fa37603b82ae4cec8b7365797",
            "zipped": True,
        },
    ],
    "trace": [{"code": "H26.99", "timestamp": "2026-11-22T09:30:00"}],
    "status_code": None,
    "description": None,
    "response_for": {
        "code": "G99",
        "notation": "77/BTN-VP",
        "document_id": "G99,2026/11/10,77/BTN-VP",
        "issued_on": "2026-11-10",
    },
    "timestamp": None,
    "warnings": [],
}
REVOKE = NEW | {
    "to": [MINISTRY],
    "business": {
        "type": 1,
        "reason": "Thu hồi do ban hành nhầm phụ lục",
        "document_id": D1,
        "replaces": [],
        "receivers": [],
    },
    "attachments": [],
    "response_for": None,
}
UPDATE = NEW | {
    "to": [MINISTRY, BOARD, {"code": "H26.97", "name": "Ban Thử nghiệm B"}],
    "subject": "V/v báo cáo kết quả thử nghiệm liên thông (cập nhật)",
    "business": {
        "type": 2,
        "reason": "Cập nhật nơi nhận và trích yếu",
        "document_id": D1,
        "replaces": [],
        "receivers": [{"code": "H26.98", "type": 0}, {"code": "H26.97", "type": 1}],
    },
    "attachments": [PDF],
    "response_for": None,
}
REPLACE = NEW | {
    "document_id": "H26.99,2026/11/24,131/STN-VP",
    "number": "131",
    "issued_on": "2026-11-24",
    "subject": "V/v báo cáo kết quả thử nghiệm liên thông (thay thế)",
    "business": {
        "type": 3,
        "reason": "Thay thế công văn 125/STN-VP",
        "document_id": None,
        "replaces": [{"document_id": D1, "receivers": ["G99", "H26.98"]}],
        "receivers": [],
    },
    "attachments": [PDF],
    "response_for": None,
}
STATUSES = {
    "01": ("Đã đến", "2026-11-22T09:31:10"),
    "03": ("Đã tiếp nhận, vào sổ đến số 900", "2026-11-22T10:05:00"),
    "13": ("Lấy lại: gửi nhầm nơi nhận", "2026-11-22T11:00:00"),
}
READ_WITH = {
    "v01": WarningKind.BUSINESS_SPELLING,
    "v02": WarningKind.NO_PREFIX,
    "v05": WarningKind.NO_TRACE,
    "v06": WarningKind.DATE_FORM,
    "v07": WarningKind.DATE_FORM,
    "v08": WarningKind.NUMBER_UNREADABLE,
    "v10": WarningKind.BYTE_ORDER_MARK,
    "v12": WarningKind.NO_ATTACHMENT,
    "v13": WarningKind.ATTACHMENT_TYPE_LIES,
    "v14": WarningKind.ATTACHMENT_LINE_BREAKS,
    "v15": WarningKind.UNBOUND_ATTRIBUTE_PREFIX,
    "v17": WarningKind.FOREIGN_ATTRIBUTE,
    "v18": WarningKind.ELEMENT_ORDER,
}
REFUSED = {"v03": "namespace", "v04": "namespace", "v11": "junk", "v16": "doctype"}


@pytest.mark.parametrize(
    ("name", "accepted"),
    [("edoc_0_new", NEW), ("edoc_1_revoke", REVOKE), ("edoc_2_update", UPDATE), ("edoc_3_replace", REPLACE)],
)
def test_a_composed_document_gives_the_accepted_answer(name: str, accepted: dict[str, Any]) -> None:
    assert as_json(read_bytes(composed(name))) == accepted


def test_all_thirteen_composed_messages_are_read_without_a_warning() -> None:
    readings = [read_bytes(path.read_bytes()) for path in COMPOSED]
    assert len(readings) == 13
    assert not any(reading.warnings for reading in readings)


@pytest.mark.parametrize("code", ["01", "02", "03", "04", "05", "06", "13", "15", "16"])
def test_a_composed_status_gives_the_accepted_answer(code: str) -> None:
    shown = as_json(read_bytes(composed(f"status_{code}")))
    asking, asked = (SENDER, "G99") if code == "13" else (MINISTRY, "H26.99")
    assert (shown["kind"], shown["status_code"], shown["from"]) == ("status", code, asking)
    assert shown["response_for"] == {
        "code": asked,
        "notation": "125/STN-VP",
        "document_id": D1,
        "issued_on": "2026-11-22",
    }
    assert shown.keys() == NEW.keys()
    if code in STATUSES:
        assert (shown["description"], shown["timestamp"]) == STATUSES[code]


@pytest.mark.parametrize("name", [*READ_WITH, "v09"])
def test_a_variant_is_read_as_the_message_it_varies(name: str) -> None:
    reading = read_bytes(variant(name))
    shown = as_json(reading)
    expected = NEW | {"warnings": shown["warnings"]}
    if name == "v05":
        expected |= {"trace": [], "business": {**NEW["business"], "reason": None}}
    if name == "v12":
        expected["attachments"] = []
    assert shown == expected
    assert kinds(reading.warnings) >= ({READ_WITH[name]} if name in READ_WITH else set())


@pytest.mark.parametrize(("name", "code"), REFUSED.items())
def test_a_variant_that_must_be_refused_is_refused_with_its_reason(name: str, code: str) -> None:
    assert refusal_of(variant(name)).code == code
    with pytest.raises(Unreadable) as refused:
        glance(variant(name))
    assert refused.value.code == code


@pytest.mark.parametrize("name", ["v03", "v04"])
def test_the_sender_of_a_message_in_a_foreign_namespace_is_known_for_the_answer(name: str) -> None:
    sender = refusal_of(variant(name)).sender
    assert sender is not None
    assert (sender.code, sender.name) == ("H26.99", "Sở Thử nghiệm Hà Nội")


def test_the_vendors_samples_are_read_or_refused_as_their_list_says() -> None:
    for path in sorted(VENDOR.glob("*.edxml")):
        data = path.read_bytes()
        if path.stem.startswith("negative_"):
            assert refusal_of(data).code == ("junk" if "junk" in path.stem else "unbound-prefix"), path.stem
            continue
        reading = read_bytes(data)
        assert kinds(reading.warnings) <= {WarningKind.SIGNATURE_IGNORED}, path.stem
        if path.stem.startswith("status"):
            assert reading.status is not None
            assert reading.status.code in path.stem or path.stem == "status"
            assert reading.status.response_for.code == "7816/VPCP-TTĐT"
        else:
            require_vendor_document(path.stem, data)


def require_vendor_document(name: str, data: bytes) -> None:
    reading = read_bytes(data)
    edoc = reading.edoc
    assert edoc is not None
    wanted = {"new": Business.NEW, "revocation": Business.REVOKE, "update": Business.UPDATE}
    assert edoc.business.type is wanted.get(name.removeprefix("edoc_"), Business.REPLACE)
    assert edoc.issued_on in {date(2019, 1, 16), date(2018, 9, 28)}
    assert edoc.traces[0].at == datetime(2018, 9, 28)  # noqa: DTZ001  # local, as written
    assert [item.zipped for item in reading.attachments] == [True]
    assert reading.attachments[0].name.endswith(".doc")
    if edoc.business.type is Business.REPLACE:
        assert [len(item.organ_codes) for item in edoc.business.replaces] == [2, 2]


@pytest.mark.parametrize("path", COMPOSED, ids=lambda path: path.stem)
def test_a_glance_says_of_the_header_what_reading_says(path: Any) -> None:
    data = path.read_bytes()
    glanced, whole = glance(data), read_bytes(data)
    assert (glanced.edoc, glanced.status) == (whole.edoc, whole.status)
    assert (glanced.sha256, glanced.size, glanced.kind) == (whole.sha256, whole.size, whole.kind)
    assert glanced.attachments == ()
