"""Answers of the gateway: `{"status", "ErrorCode", "ErrorDesc", …}` read strictly enough to notice what is none.

Norm: edxml.md §7.2; the keys are those that the vendor's client accepts.
"""

from __future__ import annotations

import binascii
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from vanthu.edxml.base64_text import decoded

MARKUP = (b"<!doctype", b"<html", b"<head", b"<?xml", b"<body")
OK_CODE = "0"


class UnreadableAnswer(ValueError):
    """The body is no answer of the gateway: `code` is `empty`, `html`, `truncated`, `not-json`, `shape`, `base64`."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Answer:
    """Trả lời of the gateway. `rows` for lists, `data` for content in base64, `doc_id` of what was sent."""

    is_ok: bool
    code: str
    text: str
    doc_id: str = ""
    data: str = ""
    rows: tuple[Mapping[str, Any], ...] = ()
    count: int | None = None


def parse_answer(body: bytes) -> Answer:
    """Read an answer; names of keys count in any case. Raises `UnreadableAnswer`."""
    found = {str(name).lower(): value for name, value in _object(body).items()}
    status = str(found.get("status", "")).upper()
    if status not in {"OK", "FAIL"}:
        raise UnreadableAnswer("shape", "status")
    data = found.get("data")
    if isinstance(data, list) and not all(isinstance(row, dict) for row in data):
        raise UnreadableAnswer("shape", "data")
    return Answer(
        is_ok=status == "OK",
        code=_text(found.get("errorcode")),
        text=_text(found.get("errordesc")),
        doc_id=_text(found.get("docid")),
        data=data if isinstance(data, str) else "",
        rows=tuple(data) if isinstance(data, list) else (),
        count=_number(found.get("count")),
    )


def _object(body: bytes) -> dict[str, Any]:
    head = body.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not head:
        raise UnreadableAnswer("empty")
    if head[:200].lower().startswith(MARKUP):
        raise UnreadableAnswer("html")
    try:
        found = json.loads(head)
    except (ValueError, RecursionError) as error:
        whole = head.rstrip().endswith((b"}", b"]"))
        raise UnreadableAnswer("truncated" if head[:1] in b"{[" and not whole else "not-json") from error
    if not isinstance(found, dict):
        raise UnreadableAnswer("shape")
    return found


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()


def _number(value: object) -> int | None:
    text = _text(value)
    return int(text) if text.isascii() and text.isdigit() else None


def _of(row: Mapping[str, Any]) -> Mapping[str, str]:
    return {str(name).lower(): _text(value) for name, value in row.items()}


@dataclass(frozen=True, slots=True)
class ReceivedItem:
    """A packet that waits for us. Times are text as the gateway writes them; `receiver` is the code it was sent to."""

    doc_id: str
    kind: str
    sender: str
    receiver: str
    status: str
    status_text: str
    created_at: str
    updated_at: str


@dataclass(frozen=True, slots=True)
class SentItem:
    """A packet that we sent, for one of its receivers."""

    doc_id: str
    kind: str
    sender: str
    receiver: str
    receiver_doc_id: str
    notation: str
    title: str
    send_status: str
    send_text: str
    receive_status: str
    receive_text: str
    sent_at: str
    received_at: str


@dataclass(frozen=True, slots=True)
class AgencyItem:
    """Cơ quan of the axis' directory: `old_code` and `code102` are its other names."""

    code: str
    name: str
    id: str = ""
    parent_id: str = ""
    mail: str = ""
    old_code: str = ""
    code102: str = ""


@dataclass(frozen=True, slots=True)
class UnitItem:
    """An entry of the list of units that changed."""

    code: str
    name: str
    id: str = ""
    parent_id: str = ""
    mail: str = ""
    version: str = ""
    center_code: str = ""
    is_deleted: bool = False
    is_agency: bool = True
    modified_at: str = ""


# The keys of an answer in the order of the fields that they fill.
_RECEIVED = ("docid", "messagetype", "from", "to", "status", "status_desc", "created_time", "updated_time")
_SENT = (
    "senderdocid", "messagetype", "fromcode", "tocode", "receiverdocid", "notation", "title", "sendstatus",
    "sendstatusdesc", "receivestatus", "receivestatusdesc", "senttime", "receivedtime",
)  # fmt: skip
_AGENCY = ("code", "name", "id", "pid", "mail", "oldcode", "code102")


def _texts(row: Mapping[str, str], keys: tuple[str, ...]) -> Iterator[str]:
    return (row.get(key, "") for key in keys)


def received_items(answer: Answer) -> Iterator[ReceivedItem]:
    """The packets of getReceivedEdocList; one without an id can't be fetched and is left out."""
    for row in map(_of, answer.rows):
        if row.get("docid"):
            yield ReceivedItem(*_texts(row, _RECEIVED))


def sent_items(answer: Answer) -> Iterator[SentItem]:
    """What getSentEdocList says of each receiver."""
    for row in map(_of, answer.rows):
        yield SentItem(*_texts(row, _SENT))


def agency_items(answer: Answer) -> Iterator[AgencyItem]:
    """The agencies of either directory call; an entry without a code is left out."""
    for row in map(_of, answer.rows):
        if row.get("code"):
            yield AgencyItem(*_texts(row, _AGENCY))


def unit_items(answer: Answer) -> Iterator[UnitItem]:
    """The units that changed; an entry without a code is left out."""
    for row in map(_of, answer.rows):
        if row.get("code"):
            yield UnitItem(
                row["code"],
                row.get("name", ""),
                row.get("id", ""),
                row.get("pid", ""),
                row.get("mail", ""),
                row.get("version", ""),
                row.get("centercode", ""),
                row.get("deleted", "").lower() in {"1", "true"},
                row.get("isagency", "true").lower() in {"1", "true", ""},
                row.get("modifydate", ""),
            )


_DATA = re.compile(rb'"data"\s*:\s*"', re.IGNORECASE)
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=]+")
_ESCAPES = ((b"\\/", b"/"), (b"\\u003d", b"="), (b"\\u003D", b"="), (b"\\u002b", b"+"), (b"\\u002B", b"+"))
_LONGEST_ESCAPE = 6


class EmbeddedContent:
    """Takes an answer of getEdoc piece by piece and decodes the content into `out` as it comes.

    What is around the content is kept, so that `answer()` can tell at the end what the gateway said.
    """

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._around = bytearray()
        self._pending = b""
        self._is_inside = self._is_past = False
        self.size = 0

    def feed(self, piece: bytes) -> None:
        """Take the next piece. Raises `UnreadableAnswer`."""
        if self._is_inside:
            self._decode(piece)
            return
        self._around += piece
        if self._is_past:
            return
        found = _DATA.search(self._around)
        if found is not None:
            rest = bytes(self._around[found.end() :])
            del self._around[found.end() :]
            self._is_inside = True
            self._decode(rest)

    def _decode(self, piece: bytes) -> None:
        text, quote, rest = (self._pending + piece).partition(b'"')
        if not quote and b"\\" in text[-_LONGEST_ESCAPE:]:
            held = text.rindex(b"\\")
            text, kept = text[:held], text[held:]
        else:
            kept = b""
        for written, meant in _ESCAPES:
            text = text.replace(written, meant)
        text = text.replace(b"\\n", b"").replace(b"\\r", b"")
        letters = _NOT_BASE64.sub(b"", text)
        whole = len(letters) if quote else len(letters) // 4 * 4
        self._write(letters[:whole])
        self._pending = letters[whole:] + kept
        if quote:
            self._is_inside, self._is_past, self._pending = False, True, b""
            self._around += quote + rest

    def _write(self, letters: bytes) -> None:
        try:
            content = decoded(letters)
        except binascii.Error as error:
            raise UnreadableAnswer("base64") from error
        self._out.write(content)
        self.size += len(content)

    def answer(self) -> Answer:
        """What the gateway said, without the content. Raises `UnreadableAnswer` where the answer broke off."""
        if self._is_inside:
            raise UnreadableAnswer("truncated", "data")
        return parse_answer(bytes(self._around))
