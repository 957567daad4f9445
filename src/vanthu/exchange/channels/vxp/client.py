"""The client of the gateway: each call as the vendor's client makes it, each recorded, each trouble with a diagnosis."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import BinaryIO

from vanthu.edxml.answers import (
    AgencyItem,
    EmbeddedContent,
    ReceivedItem,
    SentItem,
    UnitItem,
    agency_items,
    received_items,
    sent_items,
    unit_items,
)
from vanthu.edxml.gateway import (
    CALLS,
    FILE_END,
    SERVICE,
    Answer,
    BodyForm,
    Call,
    UnreadableAnswer,
    framed_size,
    hash_file,
    parse_answer,
    pieces,
    plain_ascii,
    signed_headers,
)
from vanthu.exchange.channels.vxp.settings import MEGABYTE, LineSettings
from vanthu.exchange.channels.vxp.wire import Body, Head, LineBroken, exchange
from vanthu.exchange.rules.diagnoses import Break, Diagnosis, Kind, diagnose, kind_of, of_answer

LONGEST_LIST = 128 * MEGABYTE
"""An agency list of 111,339 entries has some 30 MB."""
LONGEST_RECORD = 4000
FETCHING = frozenset({"getEdoc", "downloadEdoc"})
PAGES = (b"<!doctype html", b"<html", b"unauthorized")
NOT_RECORDED = frozenset({"XroadVnpt-hash-header"})


@dataclass(frozen=True, slots=True)
class CallRecord:
    """Cuộc gọi as it was, for the flight recorder: no secret, no hash, no content. `diagnosis` is empty if all is well."""

    call: str
    at: datetime
    elapsed_ms: int
    request: Mapping[str, object]
    http_status: int | None
    answer: str
    diagnosis: str


class LineTrouble(Exception):
    """A call did not do what it was made for; `kind` says what follows."""

    def __init__(
        self,
        diagnosis: Diagnosis,
        detail: str = "",
        http_status: int | None = None,
        answer: Answer | None = None,
    ) -> None:
        super().__init__(f"{diagnosis}: {detail}" if detail else str(diagnosis))
        self.diagnosis = diagnosis
        self.detail = detail
        self.http_status = http_status
        self.answer = answer

    @property
    def kind(self) -> Kind:
        return kind_of(self.diagnosis)


@dataclass(slots=True)
class _Talk:
    """What one call has brought so far."""

    head: Head | None = None
    body: bytes = b""
    error: Break | None = None
    detail: str = ""
    answer: Answer | None = None


def _unrecorded(_record: CallRecord) -> None:
    """Where nobody keeps the calls."""


class Gateway:
    """Cổng liên thông. `clock` stamps each call; `on_call` is told every call, also one that failed.

    Trouble is raised as `LineTrouble`; "there already" counts as done.
    """

    def __init__(
        self,
        line: LineSettings,
        *,
        clock: Callable[[], datetime],
        on_call: Callable[[CallRecord], None] = _unrecorded,
    ) -> None:
        self.line = line
        self.skew: timedelta | None = None
        """Our clock against the gateway's, as its last answer showed it; plus: ours is ahead."""
        self._clock = clock
        self._on_call = on_call

    def agencies(self) -> tuple[AgencyItem, ...]:
        """The directory by the old codes."""
        return tuple(agency_items(self._ask("getAgenciesList", {})))

    def agencies_qd20(self, level: int | str = 1) -> tuple[AgencyItem, ...]:
        """The directory by QĐ 20/2020, one level of it, with the codes of QCVN 102."""
        return tuple(agency_items(self._ask("getAgenciesListQD20", {"level": str(level)})))

    def units(self) -> tuple[UnitItem, ...]:
        """What changed in the directory."""
        return tuple(unit_items(self._ask("getSynchronizeUnit", {})))

    def register_agency(
        self,
        *,
        code: str,
        name: str,
        parent_code: str,
        agency_id: str = "",
        mail: str = "",
        mobile: str = "",
        fax: str = "",
    ) -> None:
        """Đăng ký cơ quan with the axis."""
        order = {
            "id": agency_id,
            "pcode": parent_code,
            "code": code,
            "name": name,
            "mail": mail,
            "mobile": mobile,
            "fax": fax,
        }
        body = json.dumps(order, separators=(",", ":"), ensure_ascii=False).encode()
        self._ask("registerAgency", {}, Body(len(body), lambda: iter((body,))))

    def delete_agency(self, code: str) -> None:
        self._ask("deleteAgency", {"AgencyCode": code})

    def received(
        self,
        kind: str,
        *,
        since: date | None = None,
        until: date | None = None,
        receiver: str = "",
        status: str = "",
        page_size: int | None = None,
        page_index: int | None = None,
    ) -> tuple[ReceivedItem, ...]:
        """What waits for us: `kind` is `edoc` or `status`. A filter that is not given is not sent."""
        filters = {
            "fromDate": f"{since:%Y/%m/%d}" if since else "",
            "toDate": f"{until:%Y/%m/%d}" if until else "",
            "to": receiver,
            "status": status,
            "pageSize": "" if page_size is None else str(page_size),
            "pageIndex": "" if page_index is None else str(page_index),
        }
        given = {name: value for name, value in filters.items() if value}
        return tuple(received_items(self._ask("getReceivedEdocList", {**_of_kind(kind), **given})))

    def fetch(self, doc_id: str) -> bytes:
        """The bytes of a packet, for those that fit into memory easily."""
        out = io.BytesIO()
        self.fetch_into(doc_id, out)
        return out.getvalue()

    def fetch_into(self, doc_id: str, out: BinaryIO) -> int:
        """Decode a packet into `out` as it comes; its size. What was written before trouble is worth nothing."""
        content = EmbeddedContent(out)
        values = {"docId": doc_id, "filePath": self.line.file_path}
        self._talk("getEdoc", values, None, content.feed, content.answer, self.line.limit * 4 // 3 + MEGABYTE)
        return content.size

    def download_into(self, doc_id: str, out: BinaryIO) -> int:
        """The packet as a raw stream, where the gateway knows that call (2.0.1)."""
        content = _RawContent(out)
        values = {"docId": doc_id, "filePath": self.line.file_path}
        self._talk("downloadEdoc", values, None, content.feed, content.answer, self.line.limit)
        return content.size

    def acknowledge(self, doc_id: str, state: str, description: str = "") -> None:
        """Tell the gateway how far a packet has come: `processing`, `done` or `fail`. It is told without accents."""
        values = {"docId": doc_id, "status": state}
        if description:
            values["description"] = plain_ascii(description)
        self._ask("updateStatus", values)

    def send(self, kind: str, data: bytes | BinaryIO, *, sender: str, to: str = "") -> str:
        """Send a packet; the axis' id of it, empty where the axis says only that it has it already."""
        values = {**_of_kind(kind), "hash-file": hash_file(data), "from": sender}
        if to:
            values["to"] = to
        size = len(data) if isinstance(data, bytes) else data.seek(0, io.SEEK_END)
        return self._ask("sendEdoc", values, Body(framed_size(size), lambda: _framed(data))).doc_id

    def sent(self, kind: str, doc_id: str = "") -> tuple[SentItem, ...]:
        """What the axis has of ours, one entry for each receiver; of one packet, or of all that it still lists."""
        return tuple(sent_items(self._ask("getSentEdocList", {**_of_kind(kind), "docId": doc_id})))

    def count(self, kind: str) -> int:
        """How many packets wait."""
        answer = self._ask("countReceiveEdoc" if kind == "edoc" else "countReceiveStatus", {})
        return answer.count or 0

    def _ask(self, name: str, values: Mapping[str, str], body: Body | None = None) -> Answer:
        received = bytearray()
        return self._talk(
            name, values, body, received.extend, lambda: parse_answer(bytes(received)), LONGEST_LIST
        )

    def _talk(
        self,
        name: str,
        values: Mapping[str, str],
        body: Body | None,
        feed: Callable[[bytes], None],
        finish: Callable[[], Answer],
        limit: int,
    ) -> Answer:
        """One call: `feed` takes the answer as it comes, `finish` says what it was."""
        call = CALLS[name]
        at, started = self._clock(), time.monotonic()
        headers = signed_headers(
            call, system_id=self.line.system_id, secret=self.line.secret, now=at, values=values
        )
        body = body or _empty(call)
        talk = _Talk()
        self._listen(talk, call, headers, body, feed, finish, limit)
        found = self._diagnose(talk, call)
        self._on_call(
            CallRecord(
                call.name,
                at,
                round((time.monotonic() - started) * 1000),
                _recorded(call, headers, body),
                talk.head.status if talk.head else None,
                _said(talk, call),
                found or "",
            )
        )
        if found is not None and kind_of(found) is not Kind.DUPLICATE:
            raise LineTrouble(
                found, _said(talk, call)[:400], talk.head.status if talk.head else None, talk.answer
            )
        assert talk.answer is not None
        return talk.answer

    def _listen(
        self,
        talk: _Talk,
        call: Call,
        headers: list[tuple[str, str]],
        body: Body | None,
        feed: Callable[[bytes], None],
        finish: Callable[[], Answer],
        limit: int,
    ) -> None:
        def take(head: Head, piece: bytes) -> None:
            talk.head = head
            talk.body += piece[: LONGEST_RECORD - len(talk.body)]
            feed(piece)

        try:
            talk.head = exchange(self.line, call, headers, body, take, limit)
            talk.answer = finish()
        except LineBroken as broken:
            talk.error, talk.detail = broken.how, broken.detail
        except UnreadableAnswer as trouble:
            talk.detail = str(trouble)
        if talk.head is not None and talk.head.date is not None:
            self.skew = self._clock() - talk.head.date

    def _diagnose(self, talk: _Talk, call: Call) -> Diagnosis | None:
        if talk.answer is not None:
            return of_answer(talk.answer, skew=self.skew)
        head = talk.head
        status, content_type = (head.status, head.content_type) if head else (None, "")
        return diagnose(call.name, status, content_type, talk.body, talk.error, skew=self.skew) or (
            Diagnosis.TRUNCATED
        )


class _RawContent:
    """A packet as raw bytes, or an answer that says why there is none: that one begins with a brace, or is a page."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._start = b""
        self.size = 0

    def feed(self, piece: bytes) -> None:
        if len(self._start) < LONGEST_RECORD:
            self._start += piece[: LONGEST_RECORD - len(self._start)]
        self._out.write(piece)
        self.size += len(piece)

    def answer(self) -> Answer:
        start = self._start.lstrip(b"\xef\xbb\xbf \t\r\n")
        if start.startswith(b"<") and b"<edXML" in start:
            return Answer(True, "0", "")
        return parse_answer(self._start)


def _of_kind(kind: str) -> dict[str, str]:
    return {"servicetype": SERVICE, "messagetype": kind}


def _empty(call: Call) -> Body | None:
    if call.body is BodyForm.NONE:
        return None
    braces = b"{}" if call.body is BodyForm.BRACES else b""
    return Body(len(braces), lambda: iter((braces,)))


def _framed(data: bytes | BinaryIO) -> Iterator[bytes]:
    yield from pieces(data)
    yield FILE_END


def _recorded(call: Call, headers: list[tuple[str, str]], body: Body | None) -> Mapping[str, object]:
    return {
        "line": f"{call.method} {call.path}",
        "headers": {name: value for name, value in headers if name not in NOT_RECORDED},
        "body": body.size if body else 0,
    }


def _said(talk: _Talk, call: Call) -> str:
    """What is kept of an answer: what one that was read says, the beginning of one that was not; never contents."""
    if talk.answer is not None:
        counted = f", {len(talk.answer.rows)} rows" if talk.answer.rows else ""
        word = "OK" if talk.answer.is_ok else "FAIL"
        return f"{word} {talk.answer.code} {talk.answer.text} {talk.answer.doc_id}".strip()[:3900] + counted
    start = talk.body.lstrip().lower()
    if call.name in FETCHING and not start.startswith(PAGES):
        return talk.detail
    return f"{talk.detail}\n{talk.body.decode(errors='replace')}".strip().replace("\0", "")[:LONGEST_RECORD]
