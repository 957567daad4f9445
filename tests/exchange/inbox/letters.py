"""Messages of a ministry that is not of this installation, to agencies of the cast."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from typing import Any

from tests.factories.signing import the_letter
from vanthu.edxml.message import (
    BusinessInfo,
    Edoc,
    Organization,
    ResponseFor,
    Signer,
    StatusReport,
    Trace,
)
from vanthu.edxml.writing import Attachment, edoc_bytes, status_bytes

MINISTRY = Organization("G99", "Bộ Thử nghiệm")
ISSUED = date(2026, 11, 19)


def an_edoc(*to: str, number: str = "125", **changes: Any) -> Edoc:
    """Công văn 125/BTN-VP of the ministry."""
    edoc = Edoc(
        sender=MINISTRY,
        receivers=tuple(Organization(code, f"Cơ quan {code}") for code in to),
        document_id=f"G99,2026/11/19,{number}/BTN-VP",
        number=number,
        notation="BTN-VP",
        subject="V/v phối hợp phòng cháy, chữa cháy",
        issued_on=ISSUED,
        issued_on_raw="2026/11/19",
        place="Hà Nội",
        type=2,
        type_detail=18,
        type_name="Công văn",
        signer=Signer("Người Ký Thử", "Thứ trưởng", "KT. BỘ TRƯỞNG"),
        traces=(Trace("G99", datetime(2026, 11, 19, 16, 0)),),  # noqa: DTZ001 - as edXML writes it
        business=BusinessInfo(reason="Văn bản điện tử mới"),
    )
    return replace(edoc, **changes)


def the_pdf() -> tuple[str, bytes]:
    return "van-ban.pdf", the_letter().issued


def message(edoc: Edoc, files: Sequence[tuple[str, bytes]] | None = None) -> bytes:
    """The message as edXML, with the letter as its document unless other files are given."""
    chosen = [the_pdf()] if files is None else files
    return edoc_bytes(
        edoc,
        [
            Attachment(
                f"cid:00000000-0000-0000-0000-00000000000{place}", name, lambda data=data: BytesIO(data)
            )
            for place, (name, data) in enumerate(chosen)
        ],
    )


def a_status(code: str, *, sender: str, answers: ResponseFor, at: datetime, text: str = "") -> bytes:
    return status_bytes(StatusReport(Organization(sender, sender), answers, code, text, at))
