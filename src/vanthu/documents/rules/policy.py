"""Who may see a document: the same sentence as `queries.visible_to`, for one document in plain Python."""

from __future__ import annotations

from collections.abc import Iterable

from vanthu.kernel.actor import Actor
from vanthu.kernel.decisions import Decision, allowed_if


def may_see(actor: Actor, agency_id: int, holders: Iterable[str]) -> Decision:
    """Visibility is granted, never inferred (D7); a system account sees the records of the agency it works for.

    What may not be seen is not there: the code is that of a document that does not exist.
    """
    granted = actor.is_system or not set(actor.holders).isdisjoint(holders)
    return allowed_if(actor.agency_id == agency_id and granted, "document.not-found")
