"""Guards of the tables: GET does not write, rows are locked and versioned, enums are closed."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import IntegrityError, transaction

from tests.cast import Cast
from tests.factories.exchange import an_arrival
from vanthu.documents.models import Document
from vanthu.documents.operations import record_view
from vanthu.documents.queries import record_of
from vanthu.foundation.db import WriteRefused, load_locked, refuse_writes, require_version, save_changes
from vanthu.kernel.errors import NotVisible, StaleVersion
from vanthu.registry.models import IncomingEntry, OutgoingEntry

VIEW = frozenset({"documents.document.view"})


def test_a_reading_request_reads(cast: Cast) -> None:
    document_id = an_arrival(cast)
    with refuse_writes(except_verbs=VIEW):
        assert record_of(document_id).id == document_id


@pytest.mark.parametrize(
    "write",
    [
        lambda: Document.objects.update(subject="x"),
        lambda: IncomingEntry.objects.all().delete(),
        lambda: Document.objects.create(agency_id=1, direction="INCOMING", created_at=None),
    ],
    ids=["update", "delete", "insert"],
)
def test_a_reading_request_that_writes_is_stopped(cast: Cast, write: object) -> None:
    an_arrival(cast)
    with pytest.raises(WriteRefused), refuse_writes(except_verbs=VIEW):
        write()  # type: ignore[operator]


def test_a_reading_request_may_record_the_view_and_nothing_else(cast: Cast, now: datetime) -> None:
    """D11."""
    from vanthu.registry.operations import accept_arrival

    document_id = an_arrival(cast)
    with refuse_writes(except_verbs=VIEW):
        record_view(actor=cast.b.clerk, document_id=document_id, now=now)
        with pytest.raises(WriteRefused):
            accept_arrival(actor=cast.b.clerk, document_id=document_id, now=now)


def test_the_guard_ends_with_its_block(cast: Cast) -> None:
    an_arrival(cast)
    with refuse_writes(except_verbs=VIEW):
        pass
    assert Document.objects.update(subject="x") == 1


def test_a_row_is_loaded_and_locked_or_not_found(cast: Cast) -> None:
    document_id = an_arrival(cast)
    with transaction.atomic():
        assert load_locked(IncomingEntry.objects.all(), document_id=document_id).document_id == document_id
        with pytest.raises(NotVisible) as refusal:
            load_locked(OutgoingEntry.objects.all(), document_id=document_id)
        assert refusal.value.code == "document.not-found"
        with pytest.raises(NotVisible, match=r"organizations\.post\.not-found"):
            load_locked(OutgoingEntry.objects.all(), pk=1, code="organizations.post.not-found")


def test_a_stale_form_says_both_versions(cast: Cast) -> None:
    row = IncomingEntry.objects.get(document_id=an_arrival(cast))
    require_version(row, None)
    require_version(row, row.version)
    with pytest.raises(StaleVersion) as refusal:
        require_version(row, 9)
    assert refusal.value.details == {"current": "1", "expected": "9"}


def test_saving_counts_the_version_and_writes_only_what_is_named(cast: Cast) -> None:
    row = IncomingEntry.objects.get(document_id=an_arrival(cast))
    row.refusal_text, row.consent_by = "a", "b"
    save_changes(row, "refusal_text")
    row.refresh_from_db()
    assert (row.version, row.refusal_text, row.consent_by) == (2, "a", "")


@pytest.mark.parametrize("field", ["state", "refusal"])
def test_the_database_refuses_a_value_that_no_enum_knows(cast: Cast, field: str) -> None:
    an_arrival(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        IncomingEntry.objects.update(**{field: "KHONG_CO"})
