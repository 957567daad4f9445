"""TraceHeaderList as values: the hops of a message and the business it does. Norm: edxml.md §2.3, §6 (1–3, 11)."""

from __future__ import annotations

from dataclasses import dataclass, field

from vanthu.edxml.fields import Fields
from vanthu.edxml.markup import Node
from vanthu.edxml.message import (
    Business,
    BusinessInfo,
    Receiver,
    Replacement,
    Staff,
    Trace,
    Unreadable,
    WarningKind,
)

_TRACE = frozenset({"OrganId", "Timestamp"})
_BUSINESS = frozenset(
    {
        "DocumentId", "BussinessDocType", "BussinessDocReason", "Paper", "BussinessDocumentInfo",
        "ReplacementInfoList", "StaffInfo",
    }
)  # fmt: skip
_DOCUMENT_INFO = frozenset({"DocumentInfo", "DocumentReceiver", "ReceiverList"})
_RECEIVER = frozenset({"OrganId", "ReceiverType"})
_REPLACEMENT = frozenset({"DocumentId", "OrganIdList"})
_ADDED = 1


@dataclass(frozen=True, slots=True)
class Tracing:
    """Traces and business of a document message."""

    traces: tuple[Trace, ...] = ()
    business: BusinessInfo = field(default_factory=BusinessInfo)


def traces_of(node: Node, fields: Fields) -> tuple[Trace, ...]:
    """One `Trace` a hop, in the order of the message."""
    traces = []
    for kid in node.kids:
        if kid.name == "TraceHeader":
            found = fields.texts(kid, _TRACE)
            code, raw = found.get("OrganId", ""), found.get("Timestamp", "")
            if not code or code == "null":
                fields.notice(WarningKind.ORGAN_CODE_MISSING, "TraceHeader/OrganId", code)
            traces.append(Trace(code, fields.instant(raw, "TraceHeader/Timestamp"), raw))
    return tuple(traces)


def business_node(node: Node, fields: Fields) -> Node | None:
    """`Bussiness`, or `Business` with its children renamed to the spelling that is written."""
    found: Node | None = None
    for kid in node.kids:
        if kid.name == "Business":
            fields.notice(WarningKind.BUSINESS_SPELLING, "Business")
            kid.name = "Bussiness"
        if kid.name == "Bussiness":
            if found is not None:
                fields.notice(WarningKind.ELEMENT_TWICE, "Bussiness")
            found = found or kid
        elif kid.name != "TraceHeader":
            fields.notice(WarningKind.UNKNOWN_ELEMENT, kid.name, kid.text.strip())
    for kid in found.kids if found is not None else ():
        if kid.name.startswith("Business"):
            fields.notice(WarningKind.BUSINESS_SPELLING, kid.name)
            kid.name = kid.name.replace("Business", "Bussiness", 1)
    return found


def business_info(node: Node, staff: Staff | None, fields: Fields) -> BusinessInfo:
    """Raises `Unreadable` for a type that is none of 0–3: to take a withdrawal for a new document would do harm."""
    found = fields.texts(node, _BUSINESS)
    number = fields.integer(found.get("BussinessDocType", ""), "BussinessDocType")
    try:
        kind = Business.NEW if number is None else Business(number)
    except ValueError as error:
        raise Unreadable("kind", f"BussinessDocType {number}") from error
    info = node.find("BussinessDocumentInfo")
    flags = fields.texts(info, _DOCUMENT_INFO) if info is not None else {}
    return BusinessInfo(
        type=kind,
        reason=found.get("BussinessDocReason", ""),
        document_id=found.get("DocumentId", ""),
        paper=fields.integer(found.get("Paper", ""), "Paper"),
        content_changed=fields.truth(flags.get("DocumentInfo", ""), "DocumentInfo"),
        receivers_changed=fields.truth(flags.get("DocumentReceiver", ""), "DocumentReceiver"),
        receivers=_receivers(info.find("ReceiverList") if info is not None else None, fields),
        replaces=_replacements(node.find("ReplacementInfoList"), fields),
        staff=staff,
    )


def _receivers(node: Node | None, fields: Fields) -> tuple[Receiver, ...]:
    receivers = []
    for kid in node.kids if node is not None else ():
        found = fields.texts(kid, _RECEIVER)
        change = fields.integer(found.get("ReceiverType", ""), "ReceiverType")
        if not found.get("OrganId"):
            fields.notice(WarningKind.FIELD_MISSING, "Receiver/OrganId")
        elif change not in {0, _ADDED}:
            # Neither added nor removed: to guess would send a document away from somebody, or to him.
            fields.notice(WarningKind.NUMBER_UNREADABLE, "ReceiverType", found.get("ReceiverType", ""))
        else:
            receivers.append(Receiver(found["OrganId"], change == _ADDED))
    return tuple(receivers)


def _replacements(node: Node | None, fields: Fields) -> tuple[Replacement, ...]:
    replacements = []
    for kid in node.kids if node is not None else ():
        found = fields.texts(kid, _REPLACEMENT)
        if not found.get("DocumentId"):
            fields.notice(WarningKind.FIELD_MISSING, "ReplacementInfo/DocumentId")
            continue
        listed = kid.find("OrganIdList")
        codes = [code.text.strip() for code in listed.kids] if listed is not None else []
        replacements.append(Replacement(found["DocumentId"], tuple(code for code in codes if code)))
    return tuple(replacements)
