"""Chạy lại trong hộp thử: what today's software makes of the stored bytes and answers. It reads, and changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from vanthu.documents.queries import current_files
from vanthu.edxml.message import Notice, Unreadable
from vanthu.edxml.reading import ReadAttachment, Reading, read
from vanthu.exchange.queries.recorder import CallRow, Recording
from vanthu.exchange.rules.diagnoses import diagnose
from vanthu.foundation.storage import DamagedBlob, MissingBlob, blobs

KEPT_ANSWER = 4000
"""An answer of this length was cut when it was kept: half an answer says nothing."""


@dataclass(frozen=True, slots=True)
class Rejudged:
    """A kept call, and what its answer is called today; both empty: it went well."""

    call: CallRow
    today: str

    @property
    def differs(self) -> bool:
        return self.today != self.call.diagnosis


@dataclass(frozen=True, slots=True)
class Replay:
    """What the run found. `trouble` is `missing`, `damaged` or a code of `Unreadable`; empty: the message is read."""

    trouble: str
    detail: str
    reading: Reading | None
    files_missing: tuple[str, ...]
    calls: tuple[Rejudged, ...]

    @property
    def attachments(self) -> tuple[ReadAttachment, ...]:
        return self.reading.attachments if self.reading else ()

    @property
    def warnings(self) -> tuple[Notice, ...]:
        return self.reading.warnings if self.reading else ()

    @property
    def is_as_before(self) -> bool:
        return not self.trouble and not self.files_missing and not any(each.differs for each in self.calls)


def replay(recording: Recording) -> Replay | None:
    """Read the stored packet again and judge each kept answer anew; None where no packet was kept."""
    packet = recording.packet
    if packet is None:
        return None
    calls = tuple(Rejudged(call, _today(call)) for call in packet.calls)
    try:
        reading = read(BytesIO(blobs().read(packet.sha256)))
    except MissingBlob:
        return Replay("missing", packet.sha256, None, (), calls)
    except DamagedBlob:
        return Replay("damaged", packet.sha256, None, (), calls)
    except Unreadable as trouble:
        return Replay(trouble.code, trouble.detail, None, (), calls)
    return Replay("", "", reading, _missing(recording, reading), calls)


def _today(call: CallRow) -> str:
    """A call that broke has no answer to judge, and half an answer is none."""
    if call.http_status is None or not call.answer or len(call.answer) >= KEPT_ANSWER:
        return call.diagnosis
    found = diagnose(call.call, call.http_status, "", call.answer.encode())
    return str(found) if found else ""


def _missing(recording: Recording, reading: Reading) -> tuple[str, ...]:
    """Files of our record that the packet does not carry; statuses, revocations and updates carry their own."""
    if reading.edoc is None or reading.edoc.business.type in {1, 2}:
        return ()
    carried = {each.sha256 for each in reading.attachments}
    return tuple(file.name for file in current_files(recording.document_id) if file.sha256 not in carried)
