"""The hour's work: new events enter the tree, the new head is signed, and never over a rewritten log."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from tests.cast import Cast
from tests.evidence.life import SYSTEM, an_hour
from tests.factories.exchange import an_arrival
from vanthu.audit.models import AuditEvent, ChainHead
from vanthu.audit.queries import chain_events
from vanthu.evidence import jobs, operations
from vanthu.evidence.models import Alarm, ChainCursor, Tree, TreeExtent, TreeHead, TreeTile
from vanthu.evidence.queries.tree import (
    consistency_between,
    index_of,
    log_keys,
    newest_head,
    newest_heads,
    stored_tiles,
)
from vanthu.evidence.rules.growth import LogRewritten
from vanthu.evidence.rules.merkle import inclusion_path, is_consistent, leaf_hash, root_from_inclusion
from vanthu.evidence.rules.notes import read_head, read_note
from vanthu.foundation.models import Job, JobState


def test_a_head_is_signed_over_every_event_that_there_is(cast: Cast, now: datetime) -> None:
    an_arrival(cast)
    there = AuditEvent.objects.count()
    an_hour(now=now)
    head = newest_head()
    assert head is not None
    # The log's own opening is an event, too; the entry about the growth itself comes after it.
    assert head.size == there + 1
    note = read_note(head.note)
    assert note.is_signed_by(log_keys()[0].public)
    assert read_head(note).size == head.size
    assert read_head(note).root.hex() == head.root


def test_every_event_is_proved_under_the_head(cast: Cast, now: datetime) -> None:
    an_arrival(cast)
    an_hour(now=now)
    head = newest_head()
    assert head is not None
    seen = set()
    for extent in TreeExtent.objects.all():
        for event in chain_events(extent.chain, extent.first_seq, extent.last_seq):
            index = index_of(extent.chain, event.facts.seq)
            assert index is not None
            seen.add(index)
            path = inclusion_path(stored_tiles().node, index, head.size)
            root = root_from_inclusion(leaf_hash(event.text.encode()), index, head.size, path)
            assert root is not None
            assert root.hex() == head.root
    assert seen == set(range(head.size))


def test_an_hour_in_which_nothing_happened_signs_no_head(cast: Cast, now: datetime) -> None:
    an_hour(now=now)
    assert an_hour(now=now + timedelta(hours=1)).events == 0
    assert an_hour(now=now + timedelta(hours=2)).events == 0
    assert TreeHead.objects.count() == 1


def test_what_piled_up_for_days_is_taken_in_by_several_heads_each_consistent_with_the_others(
    cast: Cast, now: datetime
) -> None:
    for _ in range(3):
        an_arrival(cast)
    while an_hour(now=now, limit=4).more:
        continue
    sizes = [head.size for head in newest_heads()]
    assert len(sizes) > 3
    for first, second in itertools.combinations(sizes, 2):
        proof = consistency_between(first, second)
        roots = bytes.fromhex(proof.old.root), bytes.fromhex(proof.new.root)
        assert is_consistent(proof.old.size, proof.new.size, *roots, proof.path)
        assert not is_consistent(proof.old.size, proof.new.size, roots[1], roots[0], proof.path)


def test_the_job_calls_itself_again_while_more_is_waiting(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    an_arrival(cast)
    real = operations.grow_tree
    monkeypatch.setattr(operations, "grow_tree", lambda **given: real(limit=5, **given))
    jobs.grow.function(now=now)
    assert Job.objects.filter(kind="evidence.grow", state=JobState.READY).count() == 1
    assert newest_head() is not None


def test_the_key_is_a_file_for_its_owner_only_and_no_private_half_is_in_the_database(
    cast: Cast, now: datetime
) -> None:
    an_hour(now=now)
    key = log_keys()[-1]
    file = Path(settings.VANTHU_PKI) / "log" / f"{key.fingerprint[:16]}.pem"
    assert file.stat().st_mode & 0o777 == 0o600
    assert b"PRIVATE KEY" in file.read_bytes()


def test_a_lost_key_file_stops_signing_and_says_so(cast: Cast, now: datetime) -> None:
    an_hour(now=now)
    an_arrival(cast)
    (Path(settings.VANTHU_PKI) / "log" / f"{log_keys()[-1].fingerprint[:16]}.pem").unlink()
    with pytest.raises(Exception, match=r"evidence\.key\.missing"):
        an_hour(now=now)
    assert TreeHead.objects.count() == 1


def mend_the_chain(chain: int) -> None:
    """Reckon every digest anew, as somebody with the whole database could."""
    previous = "0" * 64
    for event in AuditEvent.objects.filter(chain=chain).order_by("seq"):
        event.digest = previous = event.facts().digest(previous)
        event.save(update_fields=["digest"])
    ChainHead.objects.filter(chain=chain).update(digest=previous)


def a_rewritten_chain() -> int:
    chain = AuditEvent.objects.exclude(chain=0).latest("id").chain
    AuditEvent.objects.filter(chain=chain, seq=1).update(actor_name="Người khác")
    mend_the_chain(chain)
    return int(chain)


def test_a_chain_that_was_rewritten_and_mended_is_not_signed_over(cast: Cast, now: datetime) -> None:
    an_arrival(cast)
    an_hour(now=now)
    a_rewritten_chain()
    an_arrival(cast)
    with pytest.raises(LogRewritten):
        an_hour(now=now)
    assert TreeHead.objects.count() == 1


def test_a_chain_that_was_cut_is_not_signed_over(cast: Cast, now: datetime) -> None:
    an_arrival(cast)
    an_hour(now=now)
    chain = AuditEvent.objects.exclude(chain=0).latest("id").chain
    last = AuditEvent.objects.filter(chain=chain).order_by("-seq")[0]
    before = AuditEvent.objects.get(chain=chain, seq=last.seq - 1)
    last.delete()
    ChainHead.objects.filter(chain=chain).update(seq=before.seq, digest=before.digest)
    with pytest.raises(LogRewritten):
        an_hour(now=now)


@pytest.mark.parametrize("what", ["tile", "head", "root", "signature", "gone"])
def test_a_former_head_that_does_not_hold_stops_the_next_one(cast: Cast, now: datetime, what: str) -> None:
    an_arrival(cast)
    an_hour(now=now)
    head = TreeHead.objects.get()
    match what:
        case "tile":
            tile = TreeTile.objects.filter(level=0).first()
            assert tile is not None
            hashes = bytearray(tile.hashes)
            hashes[0] ^= 1
            tile.hashes = bytes(hashes)
            tile.save()
        case "head":
            TreeHead.objects.update(note=head.note.replace(f"\n{head.size}\n", f"\n{head.size - 1}\n"))
        case "root":
            Tree.objects.update(root="0" * 64)
            TreeHead.objects.update(root="0" * 64, note=head.note.replace("time 2026", "time 2025"))
        case "signature":
            TreeHead.objects.update(note=head.note[:-8] + "AAAAAA=\n")
        case "gone":
            TreeTile.objects.all().delete()
    an_arrival(cast)
    with pytest.raises(LogRewritten):
        an_hour(now=now)


def test_a_rewritten_log_is_reported_once_and_the_job_does_not_die(cast: Cast, now: datetime) -> None:
    an_arrival(cast)
    jobs.grow.function(now=now)
    a_rewritten_chain()
    an_arrival(cast)
    jobs.grow.function(now=now)
    jobs.grow.function(now=now)
    alarm = Alarm.objects.get()
    assert alarm.code == "evidence.log.rewritten"
    assert alarm.ended_at is None
    assert TreeHead.objects.count() == 1


def test_a_head_that_could_not_be_written_leaves_nothing_behind(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    an_arrival(cast)
    operations.open_log(actor=SYSTEM, now=now)

    class PowerCut(Exception):
        pass

    def cut(*_args: object) -> None:
        raise PowerCut

    monkeypatch.setattr("vanthu.evidence.operations.grow._write_tiles", cut)
    with pytest.raises(PowerCut):
        an_hour(now=now)
    monkeypatch.undo()
    assert not TreeHead.objects.exists()
    assert not ChainCursor.objects.exists()
    an_hour(now=now)
    # Everything but the entry about this very growth.
    assert TreeHead.objects.get().size == AuditEvent.objects.count() - 1


def test_a_new_key_is_introduced_by_the_former_one(cast: Cast, now: datetime) -> None:
    an_hour(now=now)
    former = log_keys()[-1]
    operations.rotate_log_key(actor=SYSTEM, now=now)
    an_hour(now=now)
    keys = log_keys()
    assert keys[0].fingerprint == former.fingerprint
    assert len(keys) == 2
    head = newest_head()
    assert head is not None
    assert read_note(head.note).is_signed_by(keys[1].public)
    assert not read_note(head.note).is_signed_by(keys[0].public)
    assert AuditEvent.objects.filter(verb="evidence.key.rotate").count() == 1
