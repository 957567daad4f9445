"""The markup that is written: prefixes, order, spelling and white space of a document or status message.

Receivers at the axis look at the prefixes although XML says they do not matter, so this is a template, not a serialiser.
Norm: edxml.md §2.1–2.3, §4. An element whose value is empty is left out, as the official writer does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from vanthu.edxml.message import (
    NAMESPACE,
    BusinessInfo,
    Edoc,
    Organization,
    ResponseFor,
    Signer,
    Staff,
    StatusReport,
    Trace,
)

HEAD = f"""<?xml version="1.0" encoding="UTF-8"?>
<edXML xmlns="{NAMESPACE}">
  <edXML:edXMLEnvelope xmlns:edXML="{NAMESPACE}">
    <edXML:edXMLHeader>
      <edXML:MessageHeader>
"""
STATUS_TAIL = """      </edXML:MessageHeader>
    </edXML:edXMLHeader>
  </edXML:edXMLEnvelope>
</edXML>
"""
MANIFEST = """      </edXML:TraceHeaderList>
    </edXML:edXMLHeader>
    <edXML:edXMLBody>
      <edXML:edXMLManifest version="1.0">
"""
ATTACHMENTS = """      </edXML:edXMLManifest>
    </edXML:edXMLBody>
  </edXML:edXMLEnvelope>
  <AttachmentEncoded>
"""
TAIL = """  </AttachmentEncoded>
</edXML>
"""
CONTENT_OPENS = f'      <edXML:ContentTransferEncoded xmlns:edXML="{NAMESPACE}">'
CONTENT_CLOSES = "</edXML:ContentTransferEncoded>\n    </Attachment>\n"

_HEADER_INDENT = " " * 8
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Unwritable(ValueError):
    """The message cannot be written: `element` names the place, `reason` is `character`, `required`, `receiver-twice`,
    `attachment-twice` or `attachment-changed`."""

    def __init__(self, reason: str, element: str) -> None:
        super().__init__(f"{reason}: {element}")
        self.reason = reason
        self.element = element


def escaped(text: str, element: str) -> str:
    """Text between tags. Raises `Unwritable` for what XML 1.0 cannot carry."""
    if _FORBIDDEN.search(text):
        raise Unwritable("character", element)
    if "&" in text or "<" in text or ">" in text or "\r" in text:
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")
    return text


def _leaf(indent: str, name: str, value: str | int | None) -> str:
    text = "" if value is None else str(value)
    if not text or text.isspace():
        return ""
    return f"{indent}<edXML:{name}>{escaped(text, name)}</edXML:{name}>\n"


def _group(indent: str, name: str, inner: str) -> str:
    return f"{indent}<edXML:{name}>\n{inner}{indent}</edXML:{name}>\n" if inner else ""


def _leaves(indent: str, pairs: Iterable[tuple[str, str | int | None]]) -> str:
    return "".join(_leaf(indent, name, value) for name, value in pairs)


def _day(value: date | None, raw: str) -> str:
    return f"{value:%Y/%m/%d}" if value is not None else raw


def _instant(value: datetime | None, raw: str) -> str:
    return f"{value:%Y/%m/%d %H:%M:%S}" if value is not None else raw


def _truth(value: bool | None, words: tuple[str, str]) -> str | None:
    return None if value is None else words[value]


def _organization(name: str, organ: Organization) -> str:
    indent = _HEADER_INDENT + "  "
    inner = _leaves(
        indent,
        (
            ("OrganId", organ.code),
            ("OrganizationInCharge", organ.in_charge),
            ("OrganName", organ.name),
            ("OrganAdd", organ.address),
            ("Email", organ.email),
            ("Telephone", organ.telephone),
            ("Fax", organ.fax),
            ("Website", organ.website),
        ),
    )
    return _group(_HEADER_INDENT, name, inner)


def _staff(indent: str, staff: Staff | None) -> str:
    if staff is None:
        return ""
    pairs = (
        ("Department", staff.department),
        ("DepartmentId", staff.department_id),
        ("Staff", staff.staff),
        ("StaffId", staff.staff_id),
        ("Email", staff.email),
        ("Mobile", staff.mobile),
    )
    return _group(indent, "StaffInfo", _leaves(indent + "  ", pairs))


def _response(response: ResponseFor) -> str:
    pairs = (
        ("OrganId", response.organ_code),
        ("Code", response.code),
        ("DocumentId", response.document_id),
        ("PromulgationDate", _day(response.issued_on, response.issued_on_raw)),
    )
    return _group(_HEADER_INDENT, "ResponseFor", _leaves(_HEADER_INDENT + "  ", pairs))


def _signer(signer: Signer | None) -> str:
    if signer is None:
        return ""
    pairs = (("Competence", signer.competence), ("Position", signer.position), ("FullName", signer.name))
    return _group(_HEADER_INDENT, "SignerInfo", _leaves(_HEADER_INDENT + "  ", pairs))


def _other(edoc: Edoc) -> str:
    indent = _HEADER_INDENT + "  "
    pairs = (
        ("Priority", edoc.urgency),
        ("SphereOfPromulgation", edoc.sphere),
        ("TyperNotation", edoc.typer_notation),
        ("PromulgationAmount", edoc.promulgation_amount),
        ("PageAmount", edoc.page_amount),
        ("ReplyFors", edoc.reply_fors),
        ("ReferenceCodes", edoc.reference_codes),
        ("Direction", _truth(edoc.direction, ("false", "true"))),
    )
    appendixes = _each(indent + "  ", "Appendix", edoc.appendixes)
    return _group(
        _HEADER_INDENT, "OtherInfo", _leaves(indent, pairs) + _group(indent, "Appendixes", appendixes)
    )


def _each(indent: str, name: str, values: Sequence[str]) -> str:
    return "".join(_leaf(indent, name, value) for value in values)


def message_header(edoc: Edoc) -> str:
    """The children of MessageHeader of a document."""
    indent, inner = _HEADER_INDENT, _HEADER_INDENT + "  "
    issued = _day(edoc.issued_on, edoc.issued_on_raw)
    kind = (("Type", edoc.type), ("TypeDetail", edoc.type_detail), ("TypeName", edoc.type_name))
    code = (("CodeNumber", edoc.number), ("CodeNotation", edoc.notation))
    return "".join(
        (
            _organization("From", edoc.sender),
            *(_organization("To", organ) for organ in edoc.receivers),
            _leaf(indent, "DocumentId", edoc.document_id),
            _group(indent, "Code", _leaves(inner, code)),
            _group(
                indent,
                "PromulgationInfo",
                _leaves(inner, (("Place", edoc.place), ("PromulgationDate", issued))),
            ),
            _group(indent, "DocumentType", _leaves(inner, kind)),
            _leaf(indent, "Subject", edoc.subject),
            _leaf(indent, "Content", edoc.content),
            _signer(edoc.signer),
            _leaf(indent, "DueDate", _day(edoc.due_on, edoc.due_on_raw)),
            _other(edoc),
            *(_response(response) for response in edoc.responses),
            _leaf(indent, "SteeringType", edoc.steering),
            _group(indent, "ResponseForTask", _each(inner, "TaskCode", edoc.task_codes)),
            _leaf(indent, "ApplicationType", edoc.application_type),
            _group(indent, "ToPlaces", _each(inner, "Place", edoc.to_places)),
        )
    )


def trace_list(traces: Sequence[Trace], business: BusinessInfo) -> str:
    """TraceHeaderList without its closing tag, with the closing tag of MessageHeader before it."""
    indent, inner = " " * 8, " " * 10
    hops = (
        _group(
            indent,
            "TraceHeader",
            _leaves(inner, (("OrganId", trace.organ_code), ("Timestamp", _instant(trace.at, trace.at_raw)))),
        )
        for trace in traces
    )
    done = _group(indent, "Bussiness", _business(inner, business))
    return "".join(("      </edXML:MessageHeader>\n      <edXML:TraceHeaderList>\n", *hops, done))


def _business(indent: str, business: BusinessInfo) -> str:
    pairs = (
        ("DocumentId", business.document_id),
        ("BussinessDocType", int(business.type)),
        ("BussinessDocReason", business.reason),
        ("Paper", business.paper),
    )
    return "".join(
        (
            _leaves(indent, pairs),
            _changes(indent, business),
            _replacements(indent, business),
            _staff(indent, business.staff),
        )
    )


def _changes(indent: str, business: BusinessInfo) -> str:
    inner, deep, deepest = (indent + "  " * depth for depth in (1, 2, 3))
    flags = (
        ("DocumentInfo", _truth(business.content_changed, ("0", "1"))),
        ("DocumentReceiver", _truth(business.receivers_changed, ("0", "1"))),
    )
    listed = (
        _group(
            deep,
            "Receiver",
            _leaves(deepest, (("OrganId", receiver.code), ("ReceiverType", int(receiver.is_added)))),
        )
        for receiver in business.receivers
    )
    return _group(
        indent,
        "BussinessDocumentInfo",
        _leaves(inner, flags) + _group(inner, "ReceiverList", "".join(listed)),
    )


def _replacements(indent: str, business: BusinessInfo) -> str:
    inner, deep, deepest = (indent + "  " * depth for depth in (1, 2, 3))
    listed = (
        _group(
            inner,
            "ReplacementInfo",
            _leaf(deep, "DocumentId", replaced.document_id)
            + _group(deep, "OrganIdList", _each(deepest, "OrganId", replaced.organ_codes)),
        )
        for replaced in business.replaces
    )
    return _group(indent, "ReplacementInfoList", "".join(listed))


def status_header(report: StatusReport) -> str:
    """The children of MessageHeader of a status message."""
    pairs = (
        ("StatusCode", report.code),
        ("Description", report.description),
        ("Timestamp", _instant(report.at, report.at_raw)),
    )
    return "".join(
        (
            _organization("From", report.sender),
            _response(report.response_for),
            _staff(_HEADER_INDENT, report.staff),
            _leaves(_HEADER_INDENT, pairs),
        )
    )


def reference(content_id: str, media_type: str, description: str, name: str) -> str:
    """One Reference of the manifest."""
    pairs = (
        ("ContentId", f"cid:{content_id}"),
        ("ContentType", media_type),
        ("Description", description),
        ("AttachmentName", name),
    )
    return _group(" " * 8, "Reference", _leaves(" " * 10, pairs))


def attachment_opens(content_id: str, media_type: str, description: str, name: str) -> str:
    """An Attachment up to where its base64 text begins: no prefix here, but for the content."""
    pairs = (
        ("ContentId", f"cid:{content_id}"),
        ("AttachmentName", name),
        ("Description", description),
        ("ContentType", media_type),
    )
    inner = _leaves(" " * 6, pairs).replace("<edXML:", "<").replace("</edXML:", "</")
    return f"    <Attachment>\n{inner}{CONTENT_OPENS}"
