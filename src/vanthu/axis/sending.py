"""From the bytes of a sendEdoc to what is to be stored: hash, header of the message, sender, receivers."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from vanthu.axis.caller import Caller
from vanthu.axis.identifiers import new_doc_id
from vanthu.axis.remembered import KnownAgency, KnownSystem
from vanthu.axis.rules import answers
from vanthu.axis.rules.answers import Code, Refused
from vanthu.axis.rules.codes import is_code, receivers_named
from vanthu.axis.rules.facts import facts_of
from vanthu.axis.rules.orders import MessageOrder, ParcelOrder
from vanthu.axis.rules.states import MessageKind, Route
from vanthu.edxml.gateway import FILE_END, hash_matches
from vanthu.edxml.message import Unreadable
from vanthu.edxml.reading import Reading, glance

Agencies = Mapping[str, KnownAgency | None]


@dataclass(frozen=True, slots=True)
class Letter:
    """What was sent, read and checked against what was signed; whom it is for as it says itself."""

    kind: MessageKind
    data: bytes
    sha256: str
    sender_code: str
    signed_by: str
    """The code in the message itself, which must mean the same agency."""
    receivers: tuple[str, ...]
    reading: Reading

    @property
    def codes(self) -> tuple[str, ...]:
        return (self.sender_code, self.signed_by, *self.receivers)


def file_of(body: bytes, declared: str) -> tuple[bytes, str]:
    """The file and its SHA-256: without the line break that the vendor's client puts behind it.

    The hash decides where the file itself ends with one. Refuses: bytes that are not those of the hash.
    """
    if not declared:
        raise Refused(Code.FILE_INVALID, answers.MISSING.format(name="hash-file"))
    candidates = [body[: -len(FILE_END)], body] if body.endswith(FILE_END) else [body]
    for data in candidates:
        digest = hashlib.sha256(data)
        if hash_matches(declared, digest.digest()):
            if not data:
                raise Refused(Code.FILE_INVALID, answers.EMPTY_FILE)
            return data, digest.hexdigest()
    raise Refused(Code.FILE_INVALID, answers.HASH_WRONG)


def read_letter(kind: MessageKind, sender_code: str, to: str, data: bytes, sha256: str) -> Letter:
    """Look at the header of the message. Refuses: what the codec does, another kind, no or a foreign receiver."""
    try:
        reading = glance(data, sha256=sha256)
    except Unreadable as error:
        raise answers.unreadable(error.code, error.detail) from error
    if reading.kind != kind.value:
        text = answers.WRONG_KIND.format(found=reading.kind, asked=kind.value)
        raise Refused(Code.EDXML_WRONG, text)
    signed_by, receivers = _parties(reading)
    if reading.edoc is not None and to:
        receivers = _restricted(receivers, receivers_named(to))
    if not receivers:
        raise Refused(Code.EDXML_WRONG, answers.NO_RECEIVER)
    return Letter(kind, data, sha256, sender_code, signed_by, receivers, reading)


def _parties(reading: Reading) -> tuple[str, tuple[str, ...]]:
    if reading.edoc is not None:
        codes = (receiver.code for receiver in reading.edoc.receivers)
        return reading.edoc.sender.code, tuple(dict.fromkeys(code for code in codes if code))
    assert reading.status is not None
    answered = reading.status.response_for.organ_code
    return reading.status.sender.code, (answered,) if answered else ()


def _restricted(receivers: tuple[str, ...], named: tuple[str, ...]) -> tuple[str, ...]:
    """The header `to` narrows the receivers; it can't add any."""
    if foreign := [code for code in named if code not in receivers]:
        raise Refused(Code.RECEIVER_UNKNOWN, answers.NOT_ADDRESSED.format(codes=answers.listed(foreign)))
    return tuple(code for code in receivers if code in named) if named else receivers


def demand_sender(
    letter: Letter, system: KnownSystem, agencies: Agencies, served: Callable[[], Sequence[str]]
) -> None:
    """Who sends must be this system's, in the header as in the message. Refuses: 19, naming what is registered."""
    sender, signed_by = agencies.get(letter.sender_code), agencies.get(letter.signed_by)
    if _is_of(sender, system) and _is_of(signed_by, system) and sender == signed_by:
        return
    wrong = letter.signed_by if _is_of(sender, system) else letter.sender_code
    registered = letter.sender_code if _is_of(sender, system) else answers.listed(served()) or "-"
    raise Refused(Code.SENDER_UNKNOWN, answers.FOREIGN_SENDER.format(sender=wrong[:60], codes=registered))


def _is_of(agency: KnownAgency | None, system: KnownSystem) -> bool:
    return agency is not None and agency.is_open and agency.system_id == system.id


def demand_receivers(letter: Letter, agencies: Agencies, *, forwards: bool) -> None:
    """All receivers must be within reach, or none gets anything. Refuses: 18 unknown, 23 closed, naming them."""
    found = {code: agencies.get(code) for code in letter.receivers}
    unknown = [
        code
        for code, agency in found.items()
        if agency is None or (agency.system_id is None and agency.is_open)
    ]
    if unknown and not (forwards and all(map(is_code, unknown))):
        text = answers.UNKNOWN_RECEIVERS.format(codes=answers.listed([code[:60] for code in unknown]))
        raise Refused(Code.RECEIVER_UNKNOWN, text)
    if closed := [code for code, agency in found.items() if agency is not None and not agency.is_open]:
        raise Refused(Code.RECEIVER_CLOSED, answers.CLOSED_RECEIVERS.format(codes=answers.listed(closed)))


def order_of(letter: Letter, caller: Caller, agencies: Agencies, *, is_inline: bool) -> MessageOrder:
    """What is to be stored; `is_inline`: the bytes go into the row."""
    return MessageOrder(
        doc_id=new_doc_id(caller.now),
        kind=letter.kind,
        system_id=caller.system.id,
        system_code=caller.system.code,
        sender_code=letter.sender_code,
        sha256=letter.sha256,
        size=len(letter.data),
        parcels=tuple(_parcel(code, agencies.get(code), caller.now) for code in letter.receivers),
        at=caller.now,
        directory=caller.directory,
        content=letter.data if is_inline else None,
        remote=caller.remote,
        **facts_of(letter.reading),
    )


def _parcel(code: str, agency: KnownAgency | None, now: datetime) -> ParcelOrder:
    system_id = agency.system_id if agency is not None else None
    return ParcelOrder(
        doc_id=new_doc_id(now),
        to_code=code,
        system_id=system_id,
        route=Route.FORWARD if system_id is None else Route.LOCAL,
    )
