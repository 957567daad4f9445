"""A message from a description (JSON or TOML as a mapping): the keys of `show --json`, and what else a message can hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from vanthu.edxml.described import Described, Undescribed
from vanthu.edxml.message import (
    Business,
    BusinessInfo,
    Edoc,
    Organization,
    Receiver,
    Replacement,
    ResponseFor,
    Signer,
    Staff,
    StatusReport,
    Trace,
)

_TEXTS = (
    "notation", "subject", "place", "type_name", "content", "sphere", "typer_notation", "reply_fors",
    "reference_codes", "application_type",
)  # fmt: skip
_NUMBERS = ("type_detail", "promulgation_amount", "page_amount", "steering")
_LISTS = ("appendixes", "task_codes", "to_places")
_STAFF = ("department", "department_id", "staff", "staff_id", "email", "mobile")
_CONTACT = ("in_charge", "address", "email", "telephone", "fax", "website")
_URGENCIES = range(5)


@dataclass(frozen=True, slots=True)
class FileToSend:
    """An attachment of a description: `file` is a path as written there; the rest is derived where it is empty."""

    file: str
    name: str = ""
    description: str = ""
    content_id: str = ""


def message_from(values: Any, *, now: datetime) -> tuple[Edoc | StatusReport, tuple[FileToSend, ...]]:
    """The message that a description holds, and its files. `now` is local time of Hà Nội, without a zone.

    Raises `Undescribed`.
    """
    described = Described(values)
    kind = described.text("kind", "status" if values.get("status_code") else "edoc")
    described.tables("warnings")
    files = tuple(_file(item) for item in described.tables("attachments"))
    if kind == "status":
        message: Edoc | StatusReport = _status(described, now)
    elif kind == "edoc":
        message = _edoc(described, now)
    else:
        raise Undescribed("kind", "phải là edoc hoặc status")
    described.done()
    return message, files


def _edoc(described: Described, now: datetime) -> Edoc:
    sender = _organization(described.required_table("from"))
    number, notation = described.text("number", None), described.text("notation", None)
    issued_on = described.day("issued_on")
    # The composed form; whoever receives it takes it as it is.
    composed = f"{sender.code},{issued_on:%Y/%m/%d},{number}/{notation}" if issued_on is not None else None
    values: dict[str, Any] = {
        **{name: described.text(name) for name in _TEXTS},
        **{name: described.number(name) for name in _NUMBERS},
        **{name: described.texts(name) for name in _LISTS},
    }
    return Edoc(
        sender=sender,
        receivers=tuple(_organization(item) for item in described.tables("to")),
        document_id=described.text("document_id", composed),
        number=number,
        issued_on=issued_on,
        signer=_signer(described.table("signer")),
        due_on=described.day("due_on"),
        urgency=_urgency(described),
        type=described.number("type") or 2,
        direction=described.truth("direction"),
        responses=_responses(described),
        traces=_traces(described.tables("trace")) or (Trace(sender.code, now),),
        business=_business(described.table("business"), _staff(described.table("staff"))),
        **values,
    )


def _status(described: Described, now: datetime) -> StatusReport:
    return StatusReport(
        sender=_organization(described.required_table("from")),
        response_for=_response(described.required_table("response_for")),
        code=described.text("status_code", None).zfill(2),
        description=described.text("description"),
        at=described.instant("timestamp") or now,
        staff=_staff(described.table("staff")),
    )


def _urgency(described: Described) -> int:
    urgency = described.number("urgency") or 0
    if urgency not in _URGENCIES:
        raise Undescribed("urgency", "phải từ 0 đến 4")
    return urgency


def _organization(described: Described) -> Organization:
    code, name = described.text("code", None), described.text("name")
    organ = Organization(code, name, **{key: described.text(key) for key in _CONTACT})
    described.done()
    return organ


def _signer(described: Described | None) -> Signer | None:
    if described is None:
        return None
    signer = Signer(described.text("name"), described.text("position"), described.text("competence"))
    described.done()
    return signer


def _staff(described: Described | None) -> Staff | None:
    if described is None:
        return None
    staff = Staff(**{key: described.text(key) for key in _STAFF})
    described.done()
    return staff


def _responses(described: Described) -> tuple[ResponseFor, ...]:
    first = described.table("response_for")
    return tuple(
        _response(item) for item in ([first] if first is not None else []) + described.tables("responses")
    )


def _response(described: Described) -> ResponseFor:
    response = ResponseFor(
        organ_code=described.text("code"),
        code=described.text("notation"),
        document_id=described.text("document_id"),
        issued_on=described.day("issued_on"),
    )
    described.done()
    return response


def _traces(described: list[Described]) -> tuple[Trace, ...]:
    traces = []
    for item in described:
        traces.append(Trace(item.text("code"), item.instant("timestamp")))
        item.done()
    return tuple(traces)


def _business(described: Described | None, staff: Staff | None) -> BusinessInfo:
    if described is None:
        return BusinessInfo(staff=staff)
    try:
        kind = Business(described.number("type") or 0)
    except ValueError as error:
        raise Undescribed("business.type", "phải là 0, 1, 2 hoặc 3") from error
    business = BusinessInfo(
        type=kind,
        reason=described.text("reason"),
        document_id=described.text("document_id"),
        paper=described.number("paper"),
        content_changed=described.truth("content_changed"),
        receivers_changed=described.truth("receivers_changed"),
        receivers=tuple(_receiver(item) for item in described.tables("receivers")),
        replaces=tuple(_replacement(item) for item in described.tables("replaces")),
        staff=staff,
    )
    described.done()
    return business


def _receiver(described: Described) -> Receiver:
    receiver = Receiver(described.text("code", None), bool(described.number("type")))
    described.done()
    return receiver


def _replacement(described: Described) -> Replacement:
    replacement = Replacement(described.text("document_id", None), described.texts("receivers"))
    described.done()
    return replacement


def _file(described: Described) -> FileToSend:
    # What `show` prints of an attachment beside its name follows from the file.
    file, name = described.text("file", None), described.text("name")
    described.skip("media_type", "size", "sha256", "zipped")
    found = FileToSend(file, name, described.text("description"), described.text("content_id"))
    described.done()
    return found
