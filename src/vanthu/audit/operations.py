"""Appends the entries of a unit of work to the chains, last before commit, heads locked in ascending agency id."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from vanthu.audit.models import AuditEvent, ChainHead
from vanthu.audit.rules.chain import GENESIS
from vanthu.foundation.db import insert_many, load_all_locked, update_row
from vanthu.foundation.operation import AuditEntry


class ChainRecorder:
    """The recorder that `vanthu.apps` installs into `foundation.operation`."""

    def append(self, entries: Sequence[AuditEntry]) -> None:
        by_chain: dict[int, list[AuditEntry]] = defaultdict(list)
        for entry in entries:
            by_chain[entry.agency_id or 0].append(entry)
        heads = _locked_heads(sorted(by_chain))
        events = [
            event for chain, group in sorted(by_chain.items()) for event in _chained(heads[chain], group)
        ]
        insert_many(events)
        for head in heads.values():
            update_row(head, "seq", "digest")


def _locked_heads(chains: list[int]) -> dict[int, ChainHead]:
    heads = {head.chain: head for head in load_all_locked(ChainHead, chains)}
    missing = [chain for chain in chains if chain not in heads]
    if missing:
        insert_many([ChainHead(chain=chain, digest=GENESIS) for chain in missing], ignore_conflicts=True)
        # Another host may have created one of them meanwhile: take the locks again, in order.
        return _locked_heads(chains)
    return heads


def _chained(head: ChainHead, entries: Sequence[AuditEntry]) -> list[AuditEvent]:
    events = []
    for entry in entries:
        event = AuditEvent(
            chain=head.chain,
            seq=head.seq + 1,
            at=entry.at,
            actor_id=entry.actor.user_id,
            actor_name=entry.actor.name,
            acting_as=entry.actor.title,
            on_behalf_of=entry.actor.on_behalf_of or "",
            verb=entry.verb,
            subject_kind=entry.subject.kind,
            subject_id=entry.subject.id,
            before=entry.before,
            after=entry.after,
            detail={name: _plain(value) for name, value in entry.detail.items()},
        )
        event.digest = event.facts().digest(head.digest)
        head.seq, head.digest = event.seq, event.digest
        events.append(event)
    return events


def _plain(value: object) -> object:
    """JSON keeps numbers, texts, booleans and lists of them; everything else is spelled out."""
    if value is None or isinstance(value, bool | int | str):
        return str(value) if isinstance(value, str) else value
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return str(value)
