"""The directory plan: identity codes, and what `problems()` finds."""

from dataclasses import replace
from datetime import date

import pytest

from vanthu.organizations.rules.directory import (
    AgencyPlan,
    AuthorityPlan,
    DirectoryPlan,
    NumberSeriesPlan,
    PersonPlan,
    PostPlan,
    SuccessorPlan,
    UnitPlan,
    code_of,
    is_agency_code,
    legacy_of,
    parent_prefix,
)

DAY = date(2025, 7, 1)
CITY = AgencyPlan(
    code="H26",
    name="Ủy ban nhân dân thành phố",
    short_name="UBND TP",
    abbreviation="UBND",
    kind="agency",
    tier="city",
    parent_code=None,
    work_regime="tap_the",
    governing_name=None,
    issuer_name="ỦY BAN NHÂN DÂN",
    place_name="Hà Nội",
    seal_diameter_mm=36,
)
OFFICE = replace(CITY, code="H26.TD01", parent_code="H26", tier="department", work_regime="thu_truong")
AUTHORITY = AuthorityPlan("H26.TD01", "giamdoc", (), ("GIÁM ĐỐC",), "body", (), DAY, None, "Quy chế làm việc")
PLAN = DirectoryPlan(
    agencies=(CITY, OFFICE),
    units=tuple(UnitPlan(a.code, "vp", "Văn phòng", "VP", True, "Chánh Văn phòng") for a in (CITY, OFFICE)),
    posts=(PostPlan("H26.TD01", None, "giamdoc", "Giám đốc", ("R2",)),),
    people=(PersonPlan("giamdoc.td", "Lê Thị An", "female", "H26.TD01", "giamdoc", DAY, "TD.1"),),
    authorities=(AUTHORITY,),
    series=tuple(NumberSeriesPlan(a.code, "chung", "Chung") for a in (CITY, OFFICE)),
)


@pytest.mark.parametrize("code", ["H26", "H26.15", "H26.TD01.03", "G01.AA.BB.CC", "H26." + "A" * 31])
def test_a_code_of_one_to_four_groups_and_35_characters_is_ours_to_issue(code: str) -> None:
    assert is_agency_code(code)


@pytest.mark.parametrize(
    "code", ["", "h26", "H26.", "H26..01", "H26.1.2.3.4", "H26-01", "H26.Đ1", "H26\n", "H26." + "A" * 32]
)
def test_any_other_code_is_not_ours_to_issue(code: str) -> None:
    assert not is_agency_code(code)


def test_the_parent_of_a_code_is_the_code_without_its_last_group() -> None:
    assert parent_prefix("H26.15.03") == "H26.15"
    assert parent_prefix("H26") is None


@pytest.mark.parametrize(
    ("code", "legacy"),
    [("H26.15.03", "000.03.15.H26"), ("H53.11", "000.00.11.H53"), ("H49", "000.00.00.H49")],
)
def test_a_code_of_two_character_groups_and_its_old_form_convert_both_ways(code: str, legacy: str) -> None:
    assert legacy_of(code) == legacy
    assert code_of(legacy) == code
    assert len(legacy) == 13


@pytest.mark.parametrize("code", ["H26.TD01", "H26.15.003", "H26.15.03.01", "H26.00", "A5", "h26.15"])
def test_a_code_of_other_groups_has_no_old_form(code: str) -> None:
    assert legacy_of(code) is None


@pytest.mark.parametrize(
    "legacy", ["28.22.H17", "001.00.20.TT2", "000.03.00.H26", "001.03.15.H26", "vxp.saas.03", ""]
)
def test_an_old_code_that_says_more_than_today_s_form_is_not_converted(legacy: str) -> None:
    assert code_of(legacy) is None


def test_a_consistent_plan_has_no_problems() -> None:
    assert PLAN.problems() == ()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"code": "h26.td01"}, "không đúng dạng"),
        ({"code": "TD"}, "Mã cấp 1"),
        ({"code": "H26.TD02.TD01"}, "chưa có mã cấp trên H26.TD02"),
        ({"parent_code": "H27"}, "không có cơ quan chủ quản H27"),
        ({"parent_code": "H26.TD01"}, "của chính mình"),
        ({"tier": "planet"}, "cấp 'planet'"),
        ({"issuer_name": "Sở Nội vụ"}, "chữ in hoa"),
        ({"abbreviation": ""}, "thiếu tên"),
        ({"seal_diameter_mm": 0}, "đường kính con dấu"),
        ({"closed_on": DAY}, "không khớp nhau"),
        ({"status": "closed", "closed_on": DAY}, "không thể nhận văn bản"),
        ({"status": "closed", "closed_on": DAY}, "chưa có cơ quan kế thừa"),
        ({"can_receive": False}, "thiếu lý do"),
    ],
)
def test_a_wrong_agency_is_reported_in_a_sentence(change: dict[str, object], words: str) -> None:
    plan = replace(PLAN, agencies=(CITY, replace(OFFICE, **change)))
    assert any(words in sentence and sentence.endswith(".") for sentence in plan.problems())


def test_everything_that_must_be_unique_is_reported_when_it_is_not() -> None:
    twice = DirectoryPlan(
        agencies=PLAN.agencies * 2,
        units=PLAN.units * 2,
        posts=PLAN.posts * 2,
        people=PLAN.people * 2,
        series=PLAN.series * 2,
    )
    text = "\n".join(twice.problems())
    for words in (
        "Mã định danh H26 ",
        "nhiều đơn vị",
        "nhiều chức vụ",
        "nhiều dãy số",
        "Tên đăng nhập",
        "Chứng thư",
    ):
        assert words in text


def test_an_agency_without_its_one_records_office_is_reported() -> None:
    assert any("văn thư cơ quan" in s for s in replace(PLAN, units=PLAN.units[:1]).problems())


@pytest.mark.parametrize(
    ("post", "words"),
    [
        (PostPlan("H99", None, "x", "X", ()), "cơ quan không tồn tại"),
        (PostPlan("H26", "p9", "x", "X", ()), "không có đơn vị p9"),
        (PostPlan("H26", None, "x", "X", ("R16",)), "R16"),
        (PostPlan("H26", None, "x", "X", ("R5",)), "phải thuộc một đơn vị"),
    ],
)
def test_a_post_that_hangs_in_the_air_is_reported(post: PostPlan, words: str) -> None:
    assert any(words in s for s in replace(PLAN, posts=(*PLAN.posts, post)).problems())


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"username": "Giám đốc"}, "chữ thường không dấu"),
        ({"full_name": " "}, "chưa có họ và tên"),
        ({"post_key": "x"}, "không có chức vụ x"),
    ],
)
def test_a_person_who_cannot_be_loaded_is_reported(change: dict[str, str], words: str) -> None:
    assert any(words in s for s in replace(PLAN, people=(replace(PLAN.people[0], **change),)).problems())


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"post_key": "x"}, "chức vụ không tồn tại"),
        ({"capacity": ("KT", "TM")}, "không có hình thức ký KT TM"),
        ({"capacity": ("TM",)}, "chế độ thủ trưởng không ký TM"),
        ({"title_lines": ()}, "thiếu quyền hạn"),
        ({"basis": ""}, "thiếu văn bản căn cứ"),
        ({"valid_to": date(2025, 6, 30)}, "trước ngày có hiệu lực"),
        ({"capacity": ("TUQ",), "doc_types": ("cong_van",)}, "phải có thời hạn"),
        ({"capacity": ("TUQ",), "valid_to": date(2025, 12, 31)}, "phải nêu loại văn bản"),
        ({"capacity": ("TL", "KT")}, "phải nêu loại văn bản"),
    ],
)
def test_an_authority_against_article_13_is_reported(change: dict[str, object], words: str) -> None:
    assert any(words in s for s in replace(PLAN, authorities=(replace(AUTHORITY, **change),)).problems())


def test_a_delegation_limited_in_time_and_content_is_no_problem() -> None:
    row = replace(AUTHORITY, capacity=("TUQ",), doc_types=("cong_van",), valid_to=date(2025, 12, 31))
    assert replace(PLAN, authorities=(row,)).problems() == ()


def test_successors_must_exist_be_active_and_begin_after_the_closing() -> None:
    closed = replace(OFFICE, code="H26.TD02", status="closed", closed_on=DAY, can_receive=False)
    closed = replace(closed, cannot_receive_reason="Đã giải thể.", cannot_receive_since=DAY)
    plan = replace(PLAN, agencies=(*PLAN.agencies, closed))

    def found(successor: str, day: date) -> tuple[str, ...]:
        row = SuccessorPlan("H26.TD02", successor, "Mọi lĩnh vực", day)
        return replace(plan, successors=(row,)).problems()

    assert found("H26.TD01", date(2025, 7, 2)) == ()
    assert "không sau ngày kết thúc" in found("H26.TD01", DAY)[0]
    assert "không tồn tại" in found("H26.TD09", date(2025, 7, 2))[0]
    assert "đã kết thúc hoạt động" in found("H26.TD02", date(2025, 7, 2))[0]


def test_an_agency_needs_one_series_for_whatever_the_others_do_not_name() -> None:
    named = replace(PLAN.series[0], doc_types=("cong_van",))
    assert any("đúng một dãy số chung" in s for s in replace(PLAN, series=(named, PLAN.series[1])).problems())
    assert any(
        "không có cơ quan H99" in s
        for s in replace(PLAN, series=(*PLAN.series, replace(named, agency_code="H99"))).problems()
    )
