"""The axis' list against what is known here."""

from __future__ import annotations

import pytest

from vanthu.organizations.rules.listing import (
    Known,
    Listed,
    aliases_in,
    changes_of,
    is_readable_code,
    is_too_short,
    tidy,
)
from vanthu.organizations.rules.names import folded


@pytest.mark.parametrize(
    ("code", "fits"),
    [
        ("H26", True),
        ("000.00.00.H26", True),
        ("vxp.saas.03", True),
        ("020012345678", True),
        ("A" * 35, True),
        ("A" * 36, False),
        ("H26.1.2.3.4", False),
        ("H26..1", False),
        ("H26 1", False),
        ("", False),
        ("H26\n", False),
    ],
)
def test_codes_as_others_write_them(code: str, fits: bool) -> None:
    """D13: what we read is wider than what we issue (edxml.md §8)."""
    assert is_readable_code(code) is fits


def test_names_are_folded_for_looking_up() -> None:
    assert folded("  Bộ  Tài\tchính ĐÔNG ") == "bo tai chinh dong"


def test_each_code_counts_once_and_names_fit_their_column() -> None:
    rows = tidy([Listed("G99", "Cũ"), Listed("G99", f"Mới\n{'x' * 400}", "sai mã"), Listed("!", "Rác")])
    assert set(rows) == {"G99"}
    assert (len(rows["G99"].name), rows["G99"].parent_code) == (300, "")


def test_what_a_list_changes() -> None:
    listed = tidy(
        [Listed("NEW", "Mới"), Listed("SAME", "Như cũ"), Listed("OTHER", "Tên mới"), Listed("OURS", "Ta")]
    )
    known = {
        "SAME": Known("Như cũ", "", "", True),
        "OTHER": Known("Tên cũ", "", "", True),
        "GONE": Known("Đã đi", "", "", True),
        "LONG_GONE": Known("Đi lâu", "", "", False),
    }
    changes = changes_of(listed, known, ours=frozenset({"OURS"}))
    assert [row.code for row in changes.fresh] == ["NEW"]
    assert [row.code for row in changes.altered] == ["OTHER"]
    assert changes.gone == ("GONE",)


def test_who_comes_back_is_open_again() -> None:
    changes = changes_of(tidy([Listed("BACK", "Về")]), {"BACK": Known("Về", "", "", False)}, ours=frozenset())
    assert [row.code for row in changes.altered] == ["BACK"]


def test_a_code_that_is_somebodys_own_is_nobodys_alias() -> None:
    rows = [
        Listed("G99", "Bộ", old_code="000.00.00.G99", code102="H99"),
        Listed("H99", "Tỉnh", old_code="H99"),
    ]
    assert list(aliases_in(rows, frozenset({"G99", "H99"}))) == [("000.00.00.G99", "G99", "OLD")]


@pytest.mark.parametrize(
    ("listed", "active", "short"), [(0, 0, False), (0, 1, True), (49, 100, True), (50, 100, False)]
)
def test_half_a_list_is_a_broken_one(listed: int, active: int, short: bool) -> None:
    assert is_too_short(listed, active) is short
