"""Every diagnosis has its words, and each of them leads somewhere."""

from __future__ import annotations

import pytest

from vanthu.edxml.gateway import CALLS
from vanthu.exchange.rules.diagnoses import WORDS, Break, Diagnosis, Kind, diagnose, kind_of


@pytest.mark.parametrize("diagnosis", Diagnosis)
def test_a_diagnosis_says_why_and_what_to_do(diagnosis: Diagnosis) -> None:
    words = WORDS[diagnosis]
    assert words.cause.endswith((".", ")."))
    assert words.remedy.endswith(".")


@pytest.mark.parametrize("call", sorted(set(CALLS) - {"sendEdoc"}))
@pytest.mark.parametrize("error", Break)
def test_only_sending_leaves_an_unknown_outcome(call: str, error: Break) -> None:
    found = diagnose(call, None, "", b"", error)
    assert found is not None
    assert kind_of(found) is not Kind.UNKNOWN_OUTCOME


@pytest.mark.parametrize("error", [Break.TIMEOUT, Break.BROKEN, Break.TOO_LARGE])
def test_sending_that_broke_after_something_left_is_unknown(error: Break) -> None:
    assert diagnose("sendEdoc", None, "", b"", error) is Diagnosis.OUTCOME_UNKNOWN


@pytest.mark.parametrize("code", ["10", "18", "19", "22", "23"])
def test_what_no_retry_can_mend_goes_to_a_person(code: str) -> None:
    body = f'{{"status":"FAIL","ErrorCode":"{code}"}}'.encode()
    found = diagnose("sendEdoc", 200, "application/json", body)
    assert found is not None
    assert kind_of(found) is Kind.PERMANENT


def test_ok_has_no_diagnosis() -> None:
    assert diagnose("sendEdoc", 200, "", b'{"status":"OK","ErrorCode":"0","DocId":"1"}') is None
