"""What is said to VGCA Sign Service, and how its answers are understood."""

import json
from datetime import date

import pytest

from vanthu.signing.rules.agent_refusals import AGENT_REFUSALS
from vanthu.signing.rules.desk_agent import (
    MAX_QUOTED,
    AgentOrder,
    Method,
    Outcome,
    file_name_for,
    issued_date,
    read_answer,
    request_text,
    service_address,
    upload_answer,
)

FILE, UPLOAD = "http://nha.test/tep", "http://nha.test/nop"


def fields_of(method: Method) -> dict[str, object]:
    order = AgentOrder(
        method,
        FILE,
        UPLOAD,
        number="12/QĐ-UBND",
        issued_on=date(2026, 3, 2),
        metadata=(("document", "7"),),
    )
    read: dict[str, object] = json.loads(request_text(order))
    return read


@pytest.mark.parametrize("method", list(Method))
def test_every_method_names_the_file_and_where_to_bring_it(method: Method) -> None:
    fields = fields_of(method)
    assert fields["FileName"] == FILE
    assert fields["FileUploadHandler"] == UPLOAD
    assert fields["SessionId"] == fields["JWTToken"] == ""
    assert fields["MetaData"] == [{"Key": "document", "Value": "7"}]


@pytest.mark.parametrize(
    ("method", "extra"),
    [
        (Method.APPROVED, set()),
        (Method.INCOME, set()),
        (Method.ISSUED, {"DocNumber", "IssuedDate"}),
        (Method.APPENDIX, {"DocNumber"}),
        (Method.COPY, {"DocNumber"}),
    ],
)
def test_number_and_day_go_only_to_methods_that_ask_for_them(method: Method, extra: set[str]) -> None:
    assert fields_of(method).keys() & {"DocNumber", "IssuedDate"} == extra


def test_the_day_is_written_with_the_offset_of_hanoi() -> None:
    assert fields_of(Method.ISSUED)["IssuedDate"] == "2026-03-02T00:00:00+07:00"
    assert issued_date(None) == ""


def test_vietnamese_letters_stay_letters_on_the_socket() -> None:
    assert "12/QĐ-UBND" in request_text(AgentOrder(Method.ISSUED, FILE, UPLOAD, number="12/QĐ-UBND"))


def test_each_method_has_its_socket() -> None:
    assert service_address("wss://127.0.0.1:8987/", Method.COPY) == "wss://127.0.0.1:8987/SignCopy"


@pytest.mark.parametrize("status", [0, "0", " 0 ", True, "true", "True", 0.0])
def test_success_is_understood_however_it_is_spelled(status: object) -> None:
    answer = read_answer(
        json.dumps({"Status": status, "FileName": "a.pdf", "FileServer": "/a", "DocumentNumber": "12"})
    )
    assert answer.outcome is Outcome.SIGNED
    assert answer.code == ""
    assert (answer.file_name, answer.file_server, answer.number) == ("a.pdf", "/a", "12")


@pytest.mark.parametrize("status", [1, -1, "1", False, "false", None, [], {}, "0x0028", 40])
def test_any_other_status_is_no_success(status: object) -> None:
    assert read_answer(json.dumps({"Status": status, "Message": ""})).outcome is not Outcome.SIGNED


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("Người dùng hủy thao tác ký", Outcome.CANCELLED),
        ("The operation was cancelled by the user", Outcome.CANCELLED),
        ("Sai mã PIN", Outcome.PIN_REFUSED),
        ("Incorrect PIN", Outcome.PIN_REFUSED),
        ("Mã PIN đã bị khóa", Outcome.PIN_LOCKED),
        ("PIN is locked", Outcome.PIN_LOCKED),
        ("Không tìm thấy thiết bị", Outcome.NO_DEVICE),
        ("USB Token not present", Outcome.NO_DEVICE),
        ("Chứng thư số đã hết hạn", Outcome.NO_CERTIFICATE),
        ("Không tải được: lỗi tải tệp từ máy chủ", Outcome.CANNOT_FETCH),
        ("Lỗi 0x0028", Outcome.CANNOT_DELIVER),
        ("Upload file failed", Outcome.CANNOT_DELIVER),
        ("Lỗi không xác định", Outcome.FAILED),
    ],
)
def test_the_agents_words_become_an_outcome_with_a_remedy(text: str, outcome: Outcome) -> None:
    answer = read_answer(json.dumps({"Status": 1, "Message": text}, ensure_ascii=False))
    assert answer.outcome is outcome
    assert AGENT_REFUSALS[answer.code].remedy


@pytest.mark.parametrize(
    "text", ["", "not json", "[]", "0", "null", '"ok"', "{}", '{"Status":0', "[" * 100_000, "\x00"]
)
def test_what_is_no_answer_is_said_to_be_garbled(text: str) -> None:
    assert read_answer(text).outcome is Outcome.GARBLED


def test_the_agents_words_are_quoted_as_one_short_line() -> None:
    answer = read_answer(json.dumps({"Status": 9, "Message": "<b>lỗi</b>\n\u202e" + "x" * 9000}))
    assert len(answer.message) == MAX_QUOTED
    assert answer.message.startswith("<b>lỗi</b> x")
    assert read_answer('{"Status": 9, "Message": {"a": 1}}').message == ""


@pytest.mark.parametrize("outcome", [each for each in Outcome if each is not Outcome.SIGNED])
def test_every_outcome_has_its_words(outcome: Outcome) -> None:
    assert f"signing.agent.{outcome}" in AGENT_REFUSALS


@pytest.mark.parametrize("accepted", [True, False])
def test_the_upload_is_answered_with_a_boolean(accepted: bool) -> None:
    text = json.dumps(upload_answer(accepted=accepted, message="…", file_name="a.pdf", file_url="/a"))
    assert f'"Status": {str(accepted).lower()}' in text
    assert set(json.loads(text)) == {"Status", "Message", "FileName", "FileServer"}


@pytest.mark.parametrize(
    ("number", "method", "name"),
    [
        ("12/QĐ-UBND", Method.ISSUED, "12-Q%C4%90-UBND.pdf"),
        ("", Method.APPROVED, "van-ban-trinh-ky.pdf"),
        ("../..", Method.COPY, "ban-sao.pdf"),
        ("//", Method.INCOME, "van-ban-den.pdf"),
    ],
)
def test_the_files_name_is_one_plain_part_of_an_address(number: str, method: Method, name: str) -> None:
    assert "/" not in file_name_for(number, method)
    assert file_name_for(number, method) == name
