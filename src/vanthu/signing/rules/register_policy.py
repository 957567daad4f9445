"""Who keeps the trust store and the register of certificates: R11 the store, R10 his agency's, everybody his own."""

from __future__ import annotations

from vanthu.kernel.actor import Actor, Role
from vanthu.kernel.decisions import Decision, allowed_if


def may_keep_trust(actor: Actor) -> Decision:
    """Import and remove authorities: the installation's administrator, or the command line on the host."""
    return allowed_if(actor.has(Role.CITY_ADMIN, Role.SYSTEM), "signing.trust.not-administrator")


def may_keep_certificates(actor: Actor, agency_id: int) -> Decision:
    """Keep the certificates of an agency and of its people."""
    return allowed_if(
        actor.has(Role.CITY_ADMIN, Role.SYSTEM)
        or (actor.has(Role.AGENCY_ADMIN) and actor.agency_id == agency_id),
        "signing.certificate.not-administrator",
    )


def may_register(actor: Actor, owner: str, agency_id: int) -> Decision:
    """Everybody registers his own certificate; the administrator the agency's and its people's."""
    own = actor.user_id is not None and owner == f"person:{actor.user_id}"
    return allowed_if(own or bool(may_keep_certificates(actor, agency_id)), "signing.certificate.not-owner")
