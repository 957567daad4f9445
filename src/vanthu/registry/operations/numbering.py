"""Numbers are taken inside the registering transaction: without gaps, never twice, never given back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import F

from vanthu.foundation.operation import operation, record, steps
from vanthu.kernel.actor import Actor
from vanthu.kernel.errors import refuse_if
from vanthu.kernel.refs import ObjectRef
from vanthu.organizations.queries import agencies_by_code
from vanthu.organizations.rules.directory import NumberSeriesPlan
from vanthu.registry.models import NumberSeries, SeriesKind, SeriesYear
from vanthu.registry.rules.readiness import unmet_for_numbering

ARRIVAL_GROUP = "den"


@steps("a part of the registering act: it runs in that act's transaction and rolls back with it")
def take_number(*, series_id: int, year: int, today: date) -> int:
    """The next number of the series in the year. Refuses: a date before the last one's (D10).

    The UPDATE locks the counter to the end of the transaction, so two clerks never get one number.
    """
    SeriesYear.objects.bulk_create([SeriesYear(series_id=series_id, year=year)], ignore_conflicts=True)
    rows = SeriesYear.objects.filter(series_id=series_id, year=year)
    rows.update(last=F("last") + 1)
    counter = rows.get()
    refuse_if(unmet_for_numbering(today=today, last_on=counter.last_on))
    if counter.last_on != today:
        rows.update(last_on=today)
    return counter.last


@operation("registry.series.load")
def load_series(*, actor: Actor, plans: Iterable[NumberSeriesPlan], now: datetime) -> int:
    """Create the agencies' series of số đi and, for each, its one series of số đến."""
    chosen = list(plans)
    agencies = agencies_by_code({plan.agency_code for plan in chosen})
    rows = [
        NumberSeries(
            agency_id=agencies[plan.agency_code].id,
            kind=SeriesKind.OUTGOING,
            group=plan.group,
            label=plan.label,
            doc_types=list(plan.doc_types),
        )
        for plan in chosen
    ]
    rows += [
        NumberSeries(
            agency_id=row.id, kind=SeriesKind.ARRIVAL, group=ARRIVAL_GROUP, label="Sổ đăng ký văn bản đến"
        )
        for row in agencies.values()
    ]
    NumberSeries.objects.bulk_create(rows, batch_size=500)
    record(ObjectRef.of("registry.series", "city"), agency_id=None, series=len(rows))
    return len(rows)
