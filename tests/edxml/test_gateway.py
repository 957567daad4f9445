"""The signing of calls: the captured requests are reproduced, whoever changed anything is found out."""

from __future__ import annotations

import hashlib
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from vanthu.edxml.answers import EmbeddedContent, received_items
from vanthu.edxml.gateway import (
    CALLS,
    BadSignature,
    UnreadableAnswer,
    hash_file,
    hash_matches,
    in_map_order,
    parse_answer,
    parse_stamp,
    plain_ascii,
    signed_headers,
    stamp,
    system_of,
    unpadded,
    verify_headers,
)

CAPTURES = Path(__file__).parents[1] / "axis" / "captures"
CAPTURED = [json.loads(row) for row in (CAPTURES / "capture.jsonl").read_text().splitlines()]
SECRET = "dummy-secret-for-loopback"
TRANSPORT = {
    "Content-Length",
    "Host",
    "Connection",
    "Accept-Encoding",
    "Expect",
    "Accept",
    "Cache-Control",
    "Pragma",
}


def named(capture: dict[str, str]) -> str:
    return capture["request_line"].split()[1].rsplit("/", 1)[1]


def values_in(headers: dict[str, str], name: str) -> dict[str, str]:
    call = CALLS[name]
    return {
        key: headers[f"XroadVnpt-{key}"]
        for key in (*call.required, *call.optional)
        if f"XroadVnpt-{key}" in headers
    }


@pytest.mark.parametrize("capture", CAPTURED, ids=named)
def test_a_captured_request_is_signed_again_to_the_letter(capture: dict[str, object]) -> None:
    written = [tuple(pair) for pair in capture["headers"]]  # type: ignore[attr-defined]
    headers = dict(written)
    name = named(capture)  # type: ignore[arg-type]
    at = parse_stamp(headers["XroadVnpt-timestamp"])
    assert at is not None
    found = signed_headers(
        CALLS[name],
        system_id="00.26.TEST",
        secret=SECRET,
        now=at.astimezone(UTC),
        values=values_in(headers, name),
    )
    assert found == [pair for pair in written if pair[0] not in TRANSPORT]
    assert capture["request_line"] == f"{CALLS[name].method} {CALLS[name].path} HTTP/1.1"


@pytest.mark.parametrize("capture", CAPTURED, ids=named)
@pytest.mark.parametrize("spell", [str, str.upper, str.lower, lambda name: name.upper().replace("-", "_")])
def test_a_captured_signature_is_accepted_however_the_headers_are_spelt(capture, spell) -> None:
    headers = {spell(name): value for name, value in capture["headers"]}
    call = verify_headers(headers, SECRET)
    assert call.system_id == system_of(headers) == "00.26.TEST"
    assert stamp(call.at) == call.values["timestamp"]


@pytest.mark.parametrize("capture", CAPTURED, ids=named)
def test_no_signed_header_can_be_changed_taken_away_or_signed_with_another_secret(capture) -> None:
    headers = dict(capture["headers"])
    for name in headers["XroadVnpt-sign-header-key"].split(";"):
        with pytest.raises(BadSignature):
            verify_headers({**headers, f"XroadVnpt-{name}": "x"}, SECRET)
        with pytest.raises(BadSignature):
            verify_headers({key: headers[key] for key in headers if key != f"XroadVnpt-{name}"}, SECRET)
    with pytest.raises(BadSignature):
        verify_headers(headers, SECRET + "2")


def test_what_was_not_signed_is_not_handed_on() -> None:
    headers = {**dict(CAPTURED[0]["headers"]), "XroadVnpt-docId": "slipped in"}
    assert "docid" not in verify_headers(headers, SECRET).values


def test_any_order_of_the_signed_names_is_accepted_and_the_text_may_be_rebuilt() -> None:
    import hmac

    names = {
        "timestamp": "22112026T152322+0752",
        "docId": "1",
        "systemid": "A",
        "Content-Type": "application/json",
    }
    text = json.dumps({f"XroadVnpt-{name}": value for name, value in names.items()}, separators=(",", ":"))
    headers = {f"XroadVnpt-{name}": value for name, value in names.items()} | {
        "XroadVnpt-sign-header-key": ";".join(names),
        "XroadVnpt-hash-header": hmac.new(b"s", text.encode(), hashlib.sha256).hexdigest(),
    }
    assert verify_headers(headers, "s").values["docid"] == "1"
    assert verify_headers({**headers, "XroadVnpt-sign-header": text}, "s").system_id == "A"


def test_optional_parameters_stand_where_a_java_map_puts_them() -> None:
    call = CALLS["getReceivedEdocList"]
    everything = ["systemid", "timestamp", "Content-Type", *call.required, *call.optional]
    assert in_map_order(everything) == [
        "fromDate", "systemid", "servicetype", "messagetype", "pageIndex", "toDate", "pageSize", "to",
        "timestamp", "Content-Type", "status",
    ]  # fmt: skip


def test_a_digest_is_written_without_the_zeros_and_known_in_both_spellings() -> None:
    # The digest of the vendor's own sample, which its client wrote as it stands in the capture of sendEdoc.
    digest = bytes.fromhex("cc7bdd662415e725c750bf6c0e64c36a87ad21bf38d00a593f9f10203572747f")
    sent = dict(next(row for row in CAPTURED if named(row) == "sendEdoc")["headers"])
    assert unpadded(digest) == sent["XroadVnpt-hash-file"]
    assert hash_matches(unpadded(digest), digest)
    assert hash_matches(digest.hex().upper(), digest)
    assert not hash_matches("", digest)


@given(some.binary(max_size=300))
def test_a_file_hashes_alike_from_memory_and_from_a_stream(content: bytes) -> None:
    assert hash_file(content) == hash_file(io.BytesIO(content))


@given(some.datetimes(min_value=datetime(2000, 1, 2), timezones=some.just(UTC)))  # noqa: DTZ001
def test_a_stamp_is_read_back_to_the_millisecond(at: datetime) -> None:
    found = parse_stamp(stamp(at))
    assert found == at.replace(microsecond=at.microsecond // 1000 * 1000)


@pytest.mark.parametrize(
    "text", ["", "22112026T152322", "32112026T152322+0752", "x+1", "22112026T152322+07520"]
)
def test_what_is_no_stamp_is_none(text: str) -> None:
    assert parse_stamp(text) is None


def test_a_header_never_carries_a_line_break_or_a_letter_with_an_accent() -> None:
    assert plain_ascii("Đã đến\r\nX-Evil: 1") == "Da den  X-Evil: 1"
    with pytest.raises(ValueError, match="what a header cannot carry"):
        signed_headers(
            CALLS["deleteAgency"],
            system_id="A",
            secret="s",
            now=datetime.now(UTC),
            values={"AgencyCode": "a\r\nb"},
        )


@pytest.mark.parametrize("row", (CAPTURES / "answers.jsonl").read_text().splitlines())
def test_every_accepted_answer_is_read(row: str) -> None:
    body = json.loads(row)["body"]
    answer = parse_answer(json.dumps(body).encode())
    assert answer.is_ok
    assert (answer.code, answer.text) == ("0", "Thanh cong")
    assert answer.count == (3 if "count" in body else None)
    assert answer.doc_id == body.get("DocId", "")
    for item in received_items(answer):
        assert (item.sender, item.receiver, item.status) == ("A", "B", "initial")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "empty"),
        (b"\n<html><body>502</body></html>", "html"),
        (b"<!DOCTYPE html>", "html"),
        (b"Unauthorized", "not-json"),
        (b'{"status":"OK","ErrorCode":"0","da', "truncated"),
        (b"[]", "shape"),
        (b'{"status":"MAYBE"}', "shape"),
        (b'{"status":"OK","data":[1]}', "shape"),
        (b"[" * 100_000, "truncated"),
    ],
)
def test_what_is_no_answer_says_why(body: bytes, code: str) -> None:
    with pytest.raises(UnreadableAnswer) as refusal:
        parse_answer(body)
    assert refusal.value.code == code


@given(some.binary(max_size=200), some.integers(1, 40), some.booleans())
def test_content_comes_out_of_an_answer_however_it_was_cut(content: bytes, size: int, after: bool) -> None:
    import base64

    text = base64.b64encode(content).decode().replace("=", "\\u003d").replace("/", "\\/")
    fields = ['"status":"OK"', '"ErrorCode":"0"', '"ErrorDesc":"data ok"', f'"data" : "{text}"']
    raw = ("{" + ",".join(fields if after else reversed(fields)) + "}").encode()
    out = io.BytesIO()
    reading = EmbeddedContent(out)
    for start in range(0, len(raw), size):
        reading.feed(raw[start : start + size])
    assert reading.answer().is_ok
    assert out.getvalue() == content
    assert reading.size == len(content)


def test_content_that_breaks_off_is_noticed() -> None:
    reading = EmbeddedContent(io.BytesIO())
    reading.feed(b'{"status":"OK","data":"PGVkWE1M')
    with pytest.raises(UnreadableAnswer, match="truncated"):
        reading.answer()
