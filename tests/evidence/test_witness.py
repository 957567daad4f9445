"""A witness elsewhere notices a history that was rewritten with every key and every row in hand; verify notices the rest."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.cast import Cast
from tests.evidence.life import SYSTEM, an_hour
from tests.evidence.test_growth import a_rewritten_chain, mend_the_chain
from tests.factories.exchange import an_arrival
from vanthu.audit.models import AuditEvent, ChainHead
from vanthu.audit.queries import verify_chains
from vanthu.evidence import operations
from vanthu.evidence.models import ChainCursor, Tree, TreeExtent, TreeHead, TreeTile
from vanthu.evidence.queries.tree import log_keys, newest_head, next_for_witness
from vanthu.evidence.queries.verification import verify_heads
from vanthu.evidence.rules.growth import LogRewritten
from vanthu.evidence.rules.merkle import EMPTY
from vanthu.evidence.rules.notes import read_note
from vanthu.evidence.rules.witness import BadWitness, Seen, read_witness
from vanthu.kernel.errors import NotReady


def a_witness(cast: Cast, *, now: datetime, hours: int = 3) -> list[Seen]:
    seen: list[Seen] = []
    for hour in range(hours):
        an_arrival(cast)
        an_hour(now=now + timedelta(hours=hour))
        seen.append(next_for_witness(seen[-1] if seen else None))
    return seen


def test_a_witness_follows_the_log_from_head_to_head(cast: Cast, now: datetime) -> None:
    seen = a_witness(cast, now=now)
    text = "".join(item.line() for item in seen)
    assert read_witness(text) == seen
    assert [item.head().size for item in seen] == sorted({item.head().size for item in seen})
    assert seen[0].path == ()
    assert seen[1].path


def test_a_line_changed_in_the_witness_file_is_named(cast: Cast, now: datetime) -> None:
    seen = a_witness(cast, now=now)
    lines = [item.line() for item in seen]
    for wrong in (
        [lines[0], lines[2]],
        [lines[1], lines[0], lines[2]],
        [lines[0], lines[1].replace('"path":["', '"path":["00'), lines[2]],
        [lines[0], lines[1].replace(":", ": ", 1), lines[2]],
        [lines[0], "[]\n"],
        [lines[0], "\n"],
    ):
        with pytest.raises(BadWitness, match=r"^(1|2)$"):
            read_witness("".join(wrong))


def rewrite_everything(now: datetime) -> None:
    """Change an old event and make anew all that stands on it: digests, chains, tree, heads, with the same key."""
    a_rewritten_chain()
    for table in (TreeExtent, TreeHead, TreeTile, ChainCursor):
        table.objects.all().delete()
    Tree.objects.update(size=0, root=EMPTY.hex())
    an_hour(now=now)


def test_a_history_rewritten_with_the_log_key_in_hand_is_noticed_by_the_witness(
    cast: Cast, now: datetime
) -> None:
    seen = a_witness(cast, now=now)
    rewrite_everything(now + timedelta(hours=3))
    # Inside the installation everything holds again.
    assert not any(report.broken for report in verify_chains())
    assert verify_heads().broken == ""
    head = newest_head()
    assert head is not None
    assert read_note(head.note).is_signed_by(log_keys()[0].public)
    with pytest.raises(LogRewritten, match=r"evidence\.log\.rewritten"):
        next_for_witness(seen[-1])


def test_a_log_that_was_cut_back_is_noticed_by_the_witness(cast: Cast, now: datetime) -> None:
    seen = a_witness(cast, now=now)
    TreeExtent.objects.filter(head__size=seen[-1].head().size).delete()
    TreeHead.objects.filter(size=seen[-1].head().size).delete()
    with pytest.raises(LogRewritten):
        next_for_witness(seen[-1])


def test_another_log_under_another_key_is_noticed_by_the_witness(cast: Cast, now: datetime) -> None:
    seen = a_witness(cast, now=now, hours=1)
    stranger = Seen(seen[0].note, "0" * 64, ())
    an_arrival(cast)
    an_hour(now=now)
    with pytest.raises(LogRewritten):
        next_for_witness(stranger)


def test_a_new_key_is_no_rewriting(cast: Cast, now: datetime) -> None:
    seen = a_witness(cast, now=now, hours=1)
    operations.rotate_log_key(actor=SYSTEM, now=now)
    an_hour(now=now + timedelta(hours=1))
    assert next_for_witness(seen[-1]).key == log_keys()[1].fingerprint


def test_there_is_nothing_to_witness_before_the_first_head(cast: Cast) -> None:
    with pytest.raises(NotReady):
        next_for_witness(None)


def test_verify_holds_every_head_against_the_log(cast: Cast, now: datetime) -> None:
    a_witness(cast, now=now)
    report = verify_heads()
    assert (report.heads, report.broken) == (3, "")
    head = newest_head()
    assert head is not None
    assert report.leaves == head.size


def test_verify_names_a_chain_that_was_rewritten_and_mended(cast: Cast, now: datetime) -> None:
    a_witness(cast, now=now)
    a_rewritten_chain()
    assert not any(report.broken for report in verify_chains())
    report = verify_heads()
    assert report.heads == 0
    assert "đầu cây" in report.broken


def test_verify_names_a_stored_tree_that_differs_from_its_head(cast: Cast, now: datetime) -> None:
    a_witness(cast, now=now)
    TreeTile.objects.update(hashes=b"\x00" * 32)
    assert verify_heads().broken


def test_verify_names_events_that_were_cut_off(cast: Cast, now: datetime) -> None:
    a_witness(cast, now=now)
    last = AuditEvent.objects.exclude(chain=0).latest("id")
    AuditEvent.objects.filter(chain=last.chain, seq=last.seq).delete()
    before = AuditEvent.objects.get(chain=last.chain, seq=last.seq - 1)
    ChainHead.objects.filter(chain=last.chain).update(seq=before.seq, digest=before.digest)
    mend_the_chain(last.chain)
    ChainHead.objects.filter(chain=last.chain).update(seq=before.seq)
    assert verify_heads().broken
