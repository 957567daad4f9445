"""MessageHeader of a document as values, by name and in any order. Norm: edxml.md §2.2, §6."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from vanthu.edxml.fields import Fields
from vanthu.edxml.limits import Limits
from vanthu.edxml.markup import Node
from vanthu.edxml.message import (
    Edoc,
    Organization,
    ResponseFor,
    Signer,
    Staff,
    Unreadable,
    WarningKind,
)
from vanthu.edxml.tracing import Tracing
from vanthu.edxml.type_names import KNOWN_TYPE_NAMES

ORGANIZATION = frozenset(
    {"OrganId", "OrganizationInCharge", "OrganName", "OrganAdd", "Email", "Telephone", "Fax", "Website"}
)
RESPONSE = frozenset({"OrganId", "Code", "DocumentId", "PromulgationDate"})
STAFF = frozenset({"Department", "DepartmentId", "Staff", "StaffId", "Email", "Mobile"})
_CODE = frozenset({"CodeNumber", "CodeNotation"})
_PROMULGATION = frozenset({"Place", "PromulgationDate"})
_TYPE = frozenset({"Type", "TypeDetail", "TypeName"})
_SIGNER = frozenset({"Competence", "Position", "FullName"})
_OTHER = frozenset(
    {
        "Priority", "SphereOfPromulgation", "TyperNotation", "PromulgationAmount", "PageAmount", "ReplyFors",
        "ReferenceCodes", "Direction", "Appendixes",
    }
)  # fmt: skip
_ORDER = (
    "From", "To", "DocumentId", "Code", "PromulgationInfo", "DocumentType", "Subject", "Content", "SignerInfo",
    "DueDate", "OtherInfo", "ResponseFor", "SteeringType", "ResponseForTask", "ApplicationType", "ToPlaces",
)  # fmt: skip
_PLACE = {name: place for place, name in enumerate(_ORDER)}
_REPEATED = {"To", "ResponseFor", "ResponseForTask", "ToPlaces"}

_ORGAN_CODE = re.compile(r"[0-9A-Za-z]+(\.[0-9A-Za-z]+){0,3}")
_LONGEST_CODE = 35
_URGENCIES = range(5)
_TYPES = {1, 2}
_ADMINISTRATIVE = 2
# Limits of the Bkav axis, in characters: beyond them that axis refuses.
_LONGEST = {
    "number": 75, "notation": 75, "subject": 500, "content": 500, "type_name": 100, "sphere": 100,
    "typer_notation": 10,
}  # fmt: skip


@dataclass(slots=True)
class HeaderReader:
    """Maps one MessageHeader; what it notices gathers in `fields`."""

    fields: Fields
    limits: Limits

    def organization(self, node: Node, *, is_required: bool = True) -> Organization:
        """Raises `Unreadable` when the code is required and missing."""
        found = self.fields.texts(node, ORGANIZATION)
        code = found.get("OrganId", "")
        if not code and is_required:
            raise Unreadable("required", f"{node.name}/OrganId")
        if code and (len(code) > _LONGEST_CODE or not _ORGAN_CODE.fullmatch(code)):
            self.fields.notice(WarningKind.ORGAN_CODE_FORM, f"{node.name}/OrganId", code)
        get = found.get
        return Organization(
            code,
            get("OrganName", ""),
            get("OrganizationInCharge", ""),
            get("OrganAdd", ""),
            get("Email", ""),
            get("Telephone", ""),
            get("Fax", ""),
            get("Website", ""),
        )

    def response(self, node: Node) -> ResponseFor | None:
        """ResponseFor; an empty one means none. Its Code is kept character for character."""
        found = self.fields.texts(node, RESPONSE)
        if not any(found.values()):
            return None
        code = node.find("Code")
        raw = found.get("PromulgationDate", "")
        return ResponseFor(
            organ_code=found.get("OrganId", ""),
            code=code.text if code is not None and found["Code"] else "",
            document_id=found.get("DocumentId", ""),
            issued_on=self.fields.day(raw, "ResponseFor/PromulgationDate"),
            issued_on_raw=raw,
        )

    def staff(self, node: Node | None) -> Staff | None:
        """StaffInfo; None when absent or empty."""
        if node is None:
            return None
        get = self.fields.texts(node, STAFF).get
        staff = Staff(
            get("Department", ""),
            get("DepartmentId", ""),
            get("Staff", ""),
            get("StaffId", ""),
            get("Email", ""),
            get("Mobile", ""),
        )
        return None if staff == Staff() else staff

    def edoc(self, header: Node, tracing: Tracing) -> Edoc:
        """The document message. Raises `Unreadable`."""
        groups = self._grouped(header)
        number, notation = self._code(groups)
        values = {
            **self._texts_of(groups),
            **self._promulgation(groups),
            **self._type(groups),
            **self._other(groups),
            **self._due(groups),
        }
        edoc = Edoc(
            sender=self.organization(_required(groups, "From")),
            receivers=self._receivers(groups),
            number=number,
            notation=notation,
            signer=self._signer(groups),
            responses=tuple(
                found for node in groups.get("ResponseFor", ()) if (found := self.response(node))
            ),
            steering=self.fields.integer(_text(groups, "SteeringType"), "SteeringType"),
            task_codes=self._leaves(groups, "ResponseForTask", "TaskCode"),
            to_places=self._leaves(groups, "ToPlaces", "Place"),
            traces=tracing.traces,
            business=tracing.business,
            **values,  # type: ignore[arg-type]  # gathered by group, each checked where it is read
        )
        self._check_lengths(edoc)
        return edoc

    def _grouped(self, header: Node) -> dict[str, list[Node]]:
        groups: dict[str, list[Node]] = {}
        last, is_ordered = 0, True
        for kid in header.kids:
            place = _PLACE.get(kid.name)
            if place is None:
                self.fields.notice(WarningKind.UNKNOWN_ELEMENT, kid.name, kid.text.strip())
                continue
            is_ordered = is_ordered and place >= last
            last = place
            group = groups.setdefault(kid.name, [])
            if group and kid.name not in _REPEATED:
                self.fields.notice(WarningKind.ELEMENT_TWICE, kid.name, kid.text.strip())
            group.append(kid)
        if not is_ordered:
            self.fields.notice(WarningKind.ELEMENT_ORDER, "MessageHeader")
        return groups

    def _receivers(self, groups: dict[str, list[Node]]) -> tuple[Organization, ...]:
        nodes = groups.get("To", [])
        if not nodes:
            raise Unreadable("required", "To")
        if len(nodes) > self.limits.receivers:
            raise Unreadable("too-many", f"To: {len(nodes)}")
        receivers = tuple(self.organization(node) for node in nodes)
        seen: set[str] = set()
        for receiver in receivers:
            if receiver.code in seen:
                self.fields.notice(WarningKind.RECEIVER_TWICE, "To/OrganId", receiver.code)
            seen.add(receiver.code)
        return receivers

    def _code(self, groups: dict[str, list[Node]]) -> tuple[str, str]:
        """Number and notation character for character: a status must repeat them so."""
        node = _first(groups, "Code")
        found = self.fields.texts(node, _CODE) if node is not None else {}
        raw = {kid.name: kid.text for kid in reversed(node.kids)} if node is not None else {}
        for name in ("CodeNumber", "CodeNotation"):
            if not found.get(name):
                self.fields.notice(WarningKind.FIELD_MISSING, f"Code/{name}")
                raw[name] = ""
        return raw["CodeNumber"], raw["CodeNotation"]

    def _texts_of(self, groups: dict[str, list[Node]]) -> dict[str, object]:
        for name in ("DocumentId", "Subject"):
            if not _text(groups, name):
                self.fields.notice(WarningKind.FIELD_MISSING, name)
        return {
            "document_id": _text(groups, "DocumentId"),
            "subject": _text(groups, "Subject"),
            "content": _text(groups, "Content"),
            "application_type": _text(groups, "ApplicationType"),
        }

    def _promulgation(self, groups: dict[str, list[Node]]) -> dict[str, object]:
        node = _first(groups, "PromulgationInfo")
        found = self.fields.texts(node, _PROMULGATION) if node is not None else {}
        raw = found.get("PromulgationDate", "")
        if not raw:
            self.fields.notice(WarningKind.FIELD_MISSING, "PromulgationInfo/PromulgationDate")
        return {
            "place": found.get("Place", ""),
            "issued_on": self.fields.day(raw, "PromulgationInfo/PromulgationDate"),
            "issued_on_raw": raw,
        }

    def _due(self, groups: dict[str, list[Node]]) -> dict[str, object]:
        raw = _text(groups, "DueDate")
        return {"due_on": self.fields.day(raw, "DueDate"), "due_on_raw": raw}

    def _type(self, groups: dict[str, list[Node]]) -> dict[str, object]:
        """Only the name can be relied on; an unreadable type is 2, as the official reader has it."""
        node = _first(groups, "DocumentType")
        found = self.fields.texts(node, _TYPE) if node is not None else {}
        kind = self.fields.integer(found.get("Type", ""), "DocumentType/Type")
        if kind is not None and kind not in _TYPES:
            self.fields.notice(WarningKind.TYPE_UNKNOWN, "DocumentType/Type", found["Type"])
        detail = self.fields.integer(found.get("TypeDetail", ""), "DocumentType/TypeDetail")
        name = found.get("TypeName", "")
        if not name:
            self.fields.notice(WarningKind.FIELD_MISSING, "DocumentType/TypeName")
        elif unicodedata.normalize("NFC", name).casefold() not in KNOWN_TYPE_NAMES:
            self.fields.notice(WarningKind.TYPE_NAME_UNKNOWN, "DocumentType/TypeName", name)
        return {
            "type": _ADMINISTRATIVE if kind is None else kind,
            "type_detail": None if detail == -1 else detail,
            "type_name": name,
        }

    def _signer(self, groups: dict[str, list[Node]]) -> Signer | None:
        node = _first(groups, "SignerInfo")
        found = self.fields.texts(node, _SIGNER) if node is not None else {}
        if not found.get("FullName"):
            self.fields.notice(WarningKind.FIELD_MISSING, "SignerInfo/FullName")
        if not any(found.values()):
            return None
        return Signer(found.get("FullName", ""), found.get("Position", ""), found.get("Competence", ""))

    def _other(self, groups: dict[str, list[Node]]) -> dict[str, object]:
        node = _first(groups, "OtherInfo")
        found = self.fields.texts(node, _OTHER) if node is not None else {}
        get, integer = found.get, self.fields.integer
        urgency = integer(get("Priority", ""), "OtherInfo/Priority")
        if urgency is not None and urgency not in _URGENCIES:
            self.fields.notice(WarningKind.NUMBER_UNREADABLE, "OtherInfo/Priority", found["Priority"])
        appendixes = node.find("Appendixes") if node is not None else None
        return {
            "urgency": urgency if urgency in _URGENCIES else 0,
            "sphere": get("SphereOfPromulgation", ""),
            "typer_notation": get("TyperNotation", ""),
            "promulgation_amount": integer(get("PromulgationAmount", ""), "OtherInfo/PromulgationAmount"),
            "page_amount": integer(get("PageAmount", ""), "OtherInfo/PageAmount"),
            "reply_fors": get("ReplyFors", ""),
            "reference_codes": get("ReferenceCodes", ""),
            "direction": self.fields.truth(get("Direction", ""), "OtherInfo/Direction"),
            "appendixes": self._leaves({"": [appendixes]} if appendixes is not None else {}, "", "Appendix"),
        }

    def _leaves(self, groups: dict[str, list[Node]], name: str, leaf: str) -> tuple[str, ...]:
        found: list[str] = []
        for node in groups.get(name, ()):
            for kid in node.kids:
                if kid.name != leaf:
                    self.fields.notice(WarningKind.UNKNOWN_ELEMENT, kid.name, kid.text.strip())
                elif text := kid.text.strip():
                    found.append(text)
        return tuple(found)

    def _check_lengths(self, edoc: Edoc) -> None:
        for name, longest in _LONGEST.items():
            value: str = getattr(edoc, name)
            if len(value) > longest:
                self.fields.notice(WarningKind.FIELD_TOO_LONG, name, value)


def _first(groups: dict[str, list[Node]], name: str) -> Node | None:
    nodes = groups.get(name)
    return nodes[0] if nodes else None


def _required(groups: dict[str, list[Node]], name: str) -> Node:
    node = _first(groups, name)
    if node is None:
        raise Unreadable("required", name)
    return node


def _text(groups: dict[str, list[Node]], name: str) -> str:
    node = _first(groups, name)
    return node.text.strip() if node is not None else ""
