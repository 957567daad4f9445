"""Every file of the table gets its verdict, and gets another one when the rule that decides is removed."""

from collections import Counter
from datetime import timedelta
from functools import cache

import pytest

from tests.signing.hostile import attacks, mended, shadows, untidy
from tests.signing.hostile.material import NOW
from tests.signing.hostile.rules import SWITCHES
from tests.signing.hostile.table import CASES, Case
from vanthu.signing.rules.sentences import REASON_TEXT
from vanthu.signing.rules.verdicts import FileVerdict
from vanthu.signing.validation import verify_isolated, verify_pdf

ALL = [pytest.param(case, id=case.name) for case in CASES.values()]
LATER = NOW + timedelta(hours=1)


@cache
def built(case: Case) -> bytes:
    return case.build()


def judged(case: Case) -> FileVerdict:
    return verify_pdf(built(case), trust=None, at=LATER)


@pytest.mark.parametrize("case", ALL)
def test_each_file_gets_its_verdict(case: Case) -> None:
    found = judged(case)
    assert found.verdict is case.verdict, found.to_json()
    assert set(found.reasons) <= set(REASON_TEXT)


@pytest.mark.parametrize("case", ALL)
def test_without_its_rule_a_file_would_be_judged_otherwise(case: Case) -> None:
    with pytest.MonkeyPatch.context() as patch:
        SWITCHES[case.rule](patch)
        try:
            verdict = str(judged(case).verdict)
        except Exception as error:  # the rule was a boundary: without it the program falls over
            verdict = type(error).__name__
    assert verdict != str(case.verdict), f"{case.rule} does not decide"
    assert judged(case).verdict is case.verdict, "the rule is back"


def test_the_table_has_three_files_of_each_class_and_sixty_in_all() -> None:
    groups = Counter(case.group for case in CASES.values())
    assert sum(groups.values()) >= 60
    assert not {group: count for group, count in groups.items() if count < 3}
    assert {case.rule for case in CASES.values()} == set(SWITCHES), "every switch is used"
    assert attacks.__doc__
    assert mended.__doc__
    assert shadows.__doc__
    assert untidy.__doc__


def test_a_file_is_judged_alike_in_a_child_process() -> None:
    for name in (
        "contents-all-zeros",
        "rsa-with-sha3-256",
        "form-field-painted-over-the-text",
        "arrays-nested-deep",
    ):
        found = verify_isolated(built(CASES[name]), trust=None, at=LATER)
        assert found.verdict is CASES[name].verdict, found.to_json()
