"""Eight processes register and number at once, stumbling inside transactions: no gap, no duplicate (M2, M3, D10)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from tests.architecture.source import ROOT
from tests.cast import Cast
from vanthu.audit.queries import verify_chains
from vanthu.registry.models import IncomingEntry, OutgoingEntry, SeriesYear
from vanthu.registry.queries import arrival_series, outgoing_series

PROCESSES, EACH, SEED = 8, 50, 2026


def url_of_the_test_database() -> str:
    database: dict[str, Any] = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    return f"postgres://{database['USER']}@{database['HOST']}:{database['PORT']}/{database['NAME']}"


def surroundings() -> dict[str, str]:
    """What another process needs to work on the database of this test."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "vanthu.settings.base",
        "VANTHU_DATABASE_URL": url_of_the_test_database(),
        "VANTHU_HOME": str(settings.VANTHU_HOME),
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
    }


def start(seed: int, *, dies: bool) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.registry.numbering_child", str(seed), str(EACH), str(int(dies))]
    return subprocess.Popen(
        command, cwd=ROOT, env=surroundings(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


@pytest.mark.django_db(transaction=True)
def test_numbers_have_no_gaps_and_no_duplicates_whatever_stumbles(cast: Cast) -> None:
    children = [start(SEED + place, dies=place == 0) for place in range(PROCESSES)]
    told = [child.communicate(timeout=120) for child in children]

    ended = [child.returncode for child in children]
    trouble = [error[-2000:] for code, (_, error) in zip(ended, told, strict=True) if code not in {0, 9}]
    assert ended == [9] + [0] * (PROCESSES - 1), "\n".join(trouble)
    kept = [json.loads(output) for output, _ in told]
    for way, series, entries, field in (
        ("in", arrival_series(cast.b.id), IncomingEntry.objects, "arrival_number"),
        ("out", outgoing_series(cast.a.id, "cong_van"), OutgoingEntry.objects, "number"),
    ):
        numbers = sorted(number for process in kept for number in process[way])
        assert len(numbers) < PROCESSES * EACH, "nothing stumbled: the test no longer tests anything"
        assert len(numbers) > PROCESSES * EACH // 2
        assert numbers == list(range(1, len(numbers) + 1))
        stored = entries.filter(series=series).order_by(field).values_list(field, flat=True)
        assert list(stored) == numbers
        assert SeriesYear.objects.get(series=series, year=2026).last == len(numbers)
    assert all(report.broken is None for report in verify_chains())
