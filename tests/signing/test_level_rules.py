"""Levels by retention class, lifetimes of algorithms, the moment of renewal and of warning."""

from datetime import UTC, date, datetime, timedelta

import pytest

from vanthu.documents.queries import document_types
from vanthu.signing.rules.levels import Level, level_for, level_of, must_be_renewed
from vanthu.signing.rules.lifetimes import (
    NEVER,
    SUNSETS,
    believed_until,
    holds_until,
    renewal_due_at,
    warning_stage,
)


@pytest.mark.parametrize(
    ("years", "permanent", "level"),
    [
        (None, True, Level.B_LTA),
        (70, False, Level.B_LTA),
        (20, False, Level.B_LTA),
        (19, False, Level.B_LT),
        (5, False, Level.B_LT),
        (None, False, Level.B_LT),
    ],
)
def test_only_what_is_kept_long_gets_the_level_that_can_be_renewed(
    years: int | None, permanent: bool, level: Level
) -> None:
    """D20."""
    assert level_for(years, permanent=permanent) is level


def test_every_type_of_document_says_how_long_it_is_kept() -> None:
    rows = document_types()
    assert all(row.permanent or (row.retention_years or 0) >= 2 for row in rows)
    kept = {row.code: level_for(row.retention_years, permanent=row.permanent) for row in rows}
    assert (kept["quyet_dinh"], kept["cong_van"], kept["giay_moi"]) == (
        Level.B_LTA,
        Level.B_LT,
        Level.B_LT,
    )


@pytest.mark.parametrize(
    ("stamped", "material", "sealed", "level"),
    [
        (False, False, False, Level.B_B),
        (True, False, False, Level.B_T),
        (False, False, True, Level.B_T),
        (False, True, False, Level.B_B),
        (True, True, False, Level.B_LT),
        (True, True, True, Level.B_LTA),
        (False, True, True, Level.B_LTA),
    ],
)
def test_the_level_of_a_file_follows_from_its_parts(
    stamped: bool, material: bool, sealed: bool, level: Level
) -> None:
    assert level_of(stamped=stamped, has_material=material, sealed_by_stamp=sealed) is level


@pytest.mark.parametrize(
    ("algorithm", "bits", "year"),
    [
        ("sha1", 0, 2013),
        ("sha224", 0, 2030),
        ("rsa", 1024, 2013),
        ("rsa", 2048, 2030),
        ("rsa", 3071, 2030),
        ("rsa", 3072, 2035),
        ("ec", 192, 2013),
        ("ec", 224, 2030),
        ("ec", 256, 2035),
    ],
)
def test_algorithms_are_believed_to_the_end_of_a_year(algorithm: str, bits: int, year: int) -> None:
    assert believed_until(algorithm, bits) == datetime(year, 12, 31, 23, 59, 59, tzinfo=UTC)


def test_what_has_no_end_in_sight_is_believed_for_good() -> None:
    assert believed_until("sha256") == believed_until("ed25519") == NEVER


def test_every_sunset_names_its_source() -> None:
    assert all(row.source for row in SUNSETS)


def test_a_stamp_holds_until_the_first_of_its_supports_ends() -> None:
    near, far = datetime(2028, 5, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC)
    assert holds_until(certificates_end=[far, near], digest="sha256", key="rsa", bits=3072) == near
    assert holds_until(certificates_end=[far], digest="sha256", key="rsa", bits=2048).year == 2030


def test_renewal_comes_before_the_end() -> None:
    end = datetime(2030, 12, 31, tzinfo=UTC)
    assert renewal_due_at(end, days=180) == end - timedelta(days=180)


@pytest.mark.parametrize(
    ("level", "keep_until", "renewed"),
    [
        (Level.B_LTA, None, True),
        (Level.B_LTA, date(2046, 1, 1), True),
        (Level.B_LTA, date(2029, 1, 1), False),
        (Level.B_LT, None, False),
    ],
)
def test_renewals_end_with_the_keeping_and_are_for_one_class_only(
    level: Level, keep_until: date | None, renewed: bool
) -> None:
    """D20."""
    assert must_be_renewed(level, protected_until=date(2030, 12, 31), keep_until=keep_until) is renewed


@pytest.mark.parametrize(
    ("days", "stage"), [(61, None), (60, 60), (31, 60), (30, 30), (7, 7), (0, 7), (-1, 0)]
)
def test_warnings_have_three_stages(days: int, stage: int | None) -> None:
    assert warning_stage(days) == stage
