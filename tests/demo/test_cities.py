"""The demonstration cities: complete, consistent, fictitious where they must be, and the same every time."""

from collections import Counter, defaultdict
from dataclasses import fields
from datetime import date

import pytest

from vanthu.demo.cities.hanoi import communes, hanoi
from vanthu.demo.cities.names import ascii_slug, full_name
from vanthu.demo.cities.small import small
from vanthu.documents.reference import read_document_types
from vanthu.organizations.rules.directory import DirectoryPlan

SMALL, HANOI = small(), hanoi()
BOTH = pytest.mark.parametrize("plan", [SMALL, HANOI], ids=["small", "hanoi"])


def roles_by_agency(plan: DirectoryPlan) -> dict[str, set[str]]:
    held = {(person.agency_code, person.post_key) for person in plan.people}
    roles: defaultdict[str, set[str]] = defaultdict(set)
    for post in plan.posts:
        if (post.agency_code, post.key) in held:
            roles[post.agency_code].update(post.roles)
    return roles


def test_the_list_has_51_wards_and_75_communes() -> None:
    rows = communes()
    assert Counter(row.kind for row in rows) == {"phường": 51, "xã": 75}
    assert [row.ordinal for row in rows] == list(range(1, 127))
    assert len({ascii_slug(row.name) for row in rows}) == 126


@BOTH
def test_a_city_has_no_problems(plan: DirectoryPlan) -> None:
    assert plan.problems() == ()


@BOTH
def test_every_active_agency_can_run_the_whole_life_of_a_document(plan: DirectoryPlan) -> None:
    roles = roles_by_agency(plan)
    signing = {row.agency_code for row in plan.authorities}
    for agency in plan.agencies:
        if agency.status == "active":
            assert roles[agency.code] >= {"R1", "R2", "R4", "R5", "R6"}, agency.name
            assert agency.code in signing, agency.name


def test_every_active_agency_of_hanoi_has_a_deputy_a_form_checker_and_an_archivist() -> None:
    roles = roles_by_agency(HANOI)
    for agency in HANOI.agencies:
        if agency.status == "active":
            assert roles[agency.code] >= {"R3", "R7", "R8", "R9", "R10"}, agency.name


def test_the_small_city_has_every_role_of_a_person() -> None:
    played = {role for roles in roles_by_agency(SMALL).values() for role in roles}
    assert played == {f"R{n}" for n in range(1, 15)}


def test_the_agencies_of_hanoi_are_those_of_the_two_tier_city() -> None:
    active = Counter(agency.tier for agency in HANOI.agencies if agency.status == "active")
    assert active == {"city": 1, "department": 17, "commune": 126, "enterprise": 8, "subordinate": 3}
    headers = Counter(
        a.issuer_name.split("\n")[-1].split(" ")[0] for a in HANOI.agencies if a.tier == "commune"
    )
    assert headers == {"PHƯỜNG": 51, "XÃ": 75}


def test_the_30_districts_are_closed_and_every_ward_and_commune_follows_exactly_one() -> None:
    districts = [agency for agency in HANOI.agencies if agency.tier == "district"]
    kinds = Counter(agency.short_name.removeprefix("UBND ").split(" ")[0] for agency in districts)
    assert kinds == {"quận": 12, "huyện": 17, "thị": 1}
    assert {agency.closed_on for agency in districts} == {date(2025, 6, 30)}
    assert not any(agency.can_receive for agency in districts)
    communes_of_hanoi = {agency.code for agency in HANOI.agencies if agency.tier == "commune"}
    heirs = Counter(row.successor_code for row in HANOI.successors if row.successor_code in communes_of_hanoi)
    assert heirs == dict.fromkeys(communes_of_hanoi, 1)
    assert {row.agency_code for row in HANOI.successors} == {agency.code for agency in districts}
    assert all(row.fictitious for row in HANOI.successors)


def test_about_three_thousand_people_have_their_own_usernames() -> None:
    assert 2_800 <= len(HANOI.people) <= 3_200
    assert len({person.username for person in HANOI.people}) == len(HANOI.people)
    assert {len(person.full_name.split()) for person in HANOI.people} == {3}


def test_the_small_city_is_contained_in_hanoi_row_for_row() -> None:
    for field in fields(DirectoryPlan):
        missing = set(getattr(SMALL, field.name)) - set(getattr(HANOI, field.name))
        assert not missing, field.name


@BOTH
def test_two_calls_give_the_same_city(plan: DirectoryPlan) -> None:
    assert plan == (small() if plan is SMALL else hanoi())


@BOTH
def test_every_code_below_the_city_is_made_up_and_says_so(plan: DirectoryPlan) -> None:
    for agency in plan.agencies:
        assert all(group.startswith("TD") for group in agency.code.split(".")[1:])
        assert "trình diễn" in (agency.note or "")


def test_a_few_active_agencies_cannot_receive_and_say_why_and_since_when() -> None:
    silent = [a for a in HANOI.agencies if a.status == "active" and not a.can_receive]
    assert 3 <= len(silent) <= 6
    assert all(a.cannot_receive_reason and a.cannot_receive_since for a in silent)


@BOTH
def test_signing_authorities_and_series_name_types_that_exist(plan: DirectoryPlan) -> None:
    known = {row.code for row in read_document_types()}
    for row in (*plan.authorities, *plan.series):
        assert set(row.doc_types) <= known


def test_titles_stand_as_they_are_signed() -> None:
    lines = {(row.agency_code, row.post_key, row.capacity): row.title_lines for row in HANOI.authorities}
    assert lines["H26.TD01", "giamdoc", ()] == ("GIÁM ĐỐC",)
    assert lines["H26.TD01", "phogiamdoc", ("KT",)] == ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC")
    assert lines["H26.TD01", "phovp", ("TL", "KT")] == (
        "TL. GIÁM ĐỐC",
        "KT. CHÁNH VĂN PHÒNG",
        "PHÓ CHÁNH VĂN PHÒNG",
    )
    assert lines["H26.TD101", "chutich", ("TM",)] == ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")
    assert lines["H26.TD101", "phochutich", ("TM", "KT")] == (
        "TM. ỦY BAN NHÂN DÂN",
        "KT. CHỦ TỊCH",
        "PHÓ CHỦ TỊCH",
    )
    assert lines["H26.TD101", "chutich", ()] == ("CHỦ TỊCH",)


def test_a_seed_always_gives_the_same_person_with_a_gender_that_fits() -> None:
    assert full_name("giamdoc.snv") == full_name("giamdoc.snv")
    people = [full_name(f"seed {n}") for n in range(500)]
    assert {gender for name, gender in people if " Thị " in name} == {"female"}
    assert len({name for name, _ in people}) > 450


def test_a_slug_keeps_only_plain_letters_and_digits() -> None:
    assert ascii_slug("Văn Miếu - Quốc Tử Giám") == "vanmieuquoctugiam"
    assert ascii_slug("Đống Đa 2") == "dongda2"
