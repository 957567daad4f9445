"""registerAgency and deleteAgency: a system's own agencies."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from vanthu.axis.bodies import Body
from vanthu.axis.caller import Caller, Machinery
from vanthu.axis.operations.directory import delete_agency, register_agency
from vanthu.axis.replies import Reply, said
from vanthu.axis.rules import answers
from vanthu.axis.rules.answers import Code, Refused
from vanthu.axis.rules.listing import AgencyOrder
from vanthu.edxml.gateway import plain_ascii
from vanthu.foundation.refusals import spoken
from vanthu.kernel.actor import Actor, Role
from vanthu.kernel.errors import DomainError

NOT_YOURS = frozenset({"axis.agency.taken", "axis.agency.not-allowed", "axis.agency.unknown"})


def register(_machinery: Machinery, caller: Caller, body: Body) -> Reply:
    order = _agency_order(body.whole())
    _act(
        lambda: register_agency(actor=_actor(caller), system_id=caller.system.id, order=order, now=caller.now)
    )
    return said(answers.answer())


def delete(_machinery: Machinery, caller: Caller, _body: Body) -> Reply:
    code = caller.needed("AgencyCode")
    _act(
        lambda: delete_agency(
            actor=_actor(caller), system_id=caller.system.id, code=code[:60], now=caller.now
        )
    )
    return said(answers.answer())


def _actor(caller: Caller) -> Actor:
    """A system acts for itself; the log names it."""
    return Actor(
        user_id=None,
        name=f"Hệ thống {caller.system.code}",
        agency_id=None,
        title="Hệ thống tham gia trục",
        roles=frozenset({Role.SYSTEM}),
    )


def _act(call: Callable[[], None]) -> None:
    try:
        call()
    except DomainError as error:
        violation = error.violations[0]
        code = Code.SENDER_UNKNOWN if violation.code in NOT_YOURS else Code.EDXML_WRONG
        sentence = spoken(violation)
        raise Refused(code, plain_ascii(f"{sentence.what} {sentence.why}", 300)) from error


def _agency_order(body: bytes) -> AgencyOrder:
    try:
        found = json.loads(body)
    except ValueError as error:
        raise Refused(Code.EDXML_WRONG, answers.BAD_JSON) from error
    if not isinstance(found, dict):
        raise Refused(Code.EDXML_WRONG, answers.BAD_JSON)
    return AgencyOrder(
        code=_text(found, "code", 61),
        name=_text(found, "name", 300),
        parent_code=_text(found, "pcode", 60),
        mail=_text(found, "mail", 100),
        mobile=_text(found, "mobile", 40),
        fax=_text(found, "fax", 40),
    )


def _text(found: Mapping[str, object], name: str, limit: int) -> str:
    value = found.get(name)
    if not isinstance(value, str):
        return ""
    return "".join(letter if letter.isprintable() else " " for letter in value).strip()[:limit]
