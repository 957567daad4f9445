"""The chain of the audit log: it holds, and the first row that somebody touched is named."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from tests.cast import Cast
from tests.factories.exchange import an_arrival
from tests.factories.routing import a_completed_document
from vanthu.audit.models import AuditEvent, ChainHead
from vanthu.audit.queries import ChainReport, history_of, verify_chains
from vanthu.audit.rules.chain import GENESIS, Break


@pytest.fixture
def chain(cast: Cast) -> int:
    """The chain of B after a whole life there."""
    a_completed_document(cast)
    return cast.b.id


def report_of(chain: int) -> ChainReport:
    return next(report for report in verify_chains() if report.chain == chain)


def event(chain: int, seq: int) -> AuditEvent:
    return AuditEvent.objects.get(chain=chain, seq=seq)


def test_every_chain_holds_after_a_whole_life(cast: Cast, chain: int) -> None:
    reports = {report.chain: report for report in verify_chains()}
    assert reports[chain].events == AuditEvent.objects.filter(chain=chain).count() > 20
    assert {report.broken for report in reports.values()} == {None}


def test_the_events_of_a_chain_are_numbered_without_gaps(chain: int) -> None:
    numbers = list(AuditEvent.objects.filter(chain=chain).order_by("seq").values_list("seq", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))


def test_acts_without_an_agency_go_into_the_chain_of_the_installation(cast: Cast) -> None:
    verbs = set(AuditEvent.objects.filter(chain=0).values_list("verb", flat=True))
    assert {"organizations.directory.load", "registry.series.load"} <= verbs


def change(field: str, value: object) -> Callable[[int], None]:
    def touch(chain: int) -> None:
        AuditEvent.objects.filter(chain=chain, seq=5).update(**{field: value})

    return touch


@pytest.mark.parametrize(
    "touch",
    [
        change("actor_name", "Người khác"),
        change("actor_id", 4711),
        change("acting_as", "Giám đốc"),
        change("on_behalf_of", "Giám đốc"),
        change("verb", "registry.incoming.accept-not"),
        change("subject_id", "99"),
        change("subject_kind", "documents.other"),
        change("before", "0" * 64),
        change("after", "0" * 64),
        change("detail", {"to": "other"}),
        change("at", datetime.fromisoformat("2026-11-20T09:00:00.000001+07:00")),
        change("digest", "0" * 64),
    ],
    ids=lambda touch: "",
)
def test_a_changed_row_is_the_first_break(chain: int, touch: Callable[[int], None]) -> None:
    touch(chain)
    report = report_of(chain)
    assert report.broken == Break(chain, 5, "nội dung sự kiện không khớp mã băm")
    assert report.events == 4


def test_a_changed_row_whose_digest_was_made_anew_breaks_at_the_next_one(chain: int) -> None:
    touched, previous = event(chain, 5), event(chain, 4)
    touched.actor_name = "Người khác"
    touched.digest = touched.facts().digest(previous.digest)
    touched.save()
    assert report_of(chain).broken == Break(chain, 6, "nội dung sự kiện không khớp mã băm")


def test_a_deleted_row_is_the_first_break(chain: int) -> None:
    event(chain, 7).delete()
    assert report_of(chain).broken == Break(chain, 7, "thiếu sự kiện số 7")


def test_an_inserted_row_is_the_first_break(chain: int) -> None:
    for later in AuditEvent.objects.filter(chain=chain, seq__gte=4).order_by("-seq"):
        AuditEvent.objects.filter(pk=later.pk).update(seq=later.seq + 1)
    forged = event(chain, 3)
    forged.pk, forged.seq, forged.verb = None, 4, "registry.incoming.accept"
    forged.digest = forged.facts().digest(event(chain, 3).digest)
    forged.save()
    assert report_of(chain).broken == Break(chain, 5, "nội dung sự kiện không khớp mã băm")


def test_two_rows_in_another_order_are_the_first_break(chain: int) -> None:
    first, second = event(chain, 5), event(chain, 6)
    AuditEvent.objects.filter(pk=first.pk).update(seq=10_000)
    AuditEvent.objects.filter(pk=second.pk).update(seq=5)
    AuditEvent.objects.filter(pk=first.pk).update(seq=6)
    assert report_of(chain).broken == Break(chain, 5, "nội dung sự kiện không khớp mã băm")


@pytest.mark.parametrize("rows", [1, 3])
def test_rows_cut_off_at_the_end_are_noticed(chain: int, rows: int) -> None:
    last = ChainHead.objects.get(chain=chain).seq
    AuditEvent.objects.filter(chain=chain, seq__gt=last - rows).delete()
    broken = report_of(chain).broken
    assert broken == Break(chain, last - rows + 1, "chuỗi bị cắt bớt hoặc đầu chuỗi bị sửa")


def test_a_whole_chain_cut_off_is_noticed(chain: int) -> None:
    AuditEvent.objects.filter(chain=chain).delete()
    assert report_of(chain).broken == Break(chain, 1, "chuỗi bị cắt bớt hoặc đầu chuỗi bị sửa")


def test_a_chain_without_its_head_is_noticed(chain: int) -> None:
    ChainHead.objects.filter(chain=chain).delete()
    broken = report_of(chain).broken
    assert broken is not None
    assert broken.reason == "thiếu đầu chuỗi"


def test_the_first_of_several_breaks_is_named_and_other_chains_still_hold(cast: Cast, chain: int) -> None:
    AuditEvent.objects.filter(chain=chain, seq__in=[8, 3, 12]).update(verb="x")
    assert report_of(chain).broken == Break(chain, 3, "nội dung sự kiện không khớp mã băm")
    assert report_of(0).broken is None


def test_the_first_event_stands_on_the_genesis(chain: int) -> None:
    first = event(chain, 1)
    assert first.digest == first.facts().digest(GENESIS)


def test_an_event_says_who_as_what_did_what_when_to_what(cast: Cast, now: datetime) -> None:
    document_id = an_arrival(cast)
    from vanthu.registry.operations import accept_arrival

    accept_arrival(actor=cast.b.clerk, document_id=document_id, now=now + timedelta(minutes=1))
    rows = history_of("documents.document", document_id, chain=cast.b.id)
    accepted = next(row for row in rows if row.verb == "registry.incoming.accept")
    assert (accepted.actor_name, accepted.acting_as) == (cast.b.clerk.name, cast.b.clerk.title)
    assert accepted.at == now + timedelta(minutes=1)
    assert accepted.detail["to"] == "ACCEPTED"
    assert history_of("documents.document", document_id, chain=cast.a.id) == ()
    assert len(history_of("documents.document", document_id, limit=2)) == 2
