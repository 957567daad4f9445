"""Two complete installations in two processes with two databases, and an axis between them: the life of `make demo`.

A document of Sở Nội vụ goes over the axis to Sở Tài chính, which accepts, assigns, works, answers and completes; every
status comes home, and one document is refused.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.axis.homes import Answer, AxisHome, Home, wait_until
from tests.crash.reporting import Tell, named_server
from vanthu.signing.trust.authority import DemoAuthority

SNV, STC = "H26.TD01", "H26.TD02"
QUICK = {"TIMEOUT_SECONDS": "5", "POLL_SECONDS": "0.2", "BACKOFF": "0.2,0.5,1"}
pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def between(tmp_path: Path) -> Iterator[AxisHome]:
    with AxisHome(tmp_path, named_server()) as axis:
        yield axis


@pytest.fixture
def authority(tmp_path: Path) -> Path:
    """One authority certifies both departments, as one certifies all agencies."""
    return DemoAuthority.create(tmp_path / "authority", datetime.now(UTC)).directory


def line_of(axis: AxisHome, system: str) -> dict[str, str]:
    return {"URL": f"http://127.0.0.1:{axis.port}", "SYSTEM": system, "SECRET": axis.join(system), **QUICK}


@pytest.fixture
def homes(between: AxisHome, authority: Path, tmp_path: Path) -> Iterator[tuple[Home, Home]]:
    """Both know each other through the axis, and trust the same authority, as all agencies do."""
    axis = between
    with ExitStack() as stack:
        snv, stc = (
            stack.enter_context(Home(tmp_path, name, named_server(), template=axis))
            for name in ("snv", "stc")
        )
        for home in (snv, stc):
            home.joins(line_of(axis, f"00.{home.name}.W00".upper()))
        for home in (snv, stc):
            shutil.copytree(authority, home.home / "pki" / "trust")
        axis.serve()
        codes = found_both(snv, stc)
        assert codes == (SNV, STC)
        axis.wait_until_it_answers()
        introduce(snv, stc)
        snv.work()
        stc.work()
        yield snv, stc


def found_both(snv: Home, stc: Home) -> tuple[str, str]:
    with ThreadPoolExecutor(2) as both:
        first, second = both.submit(snv.ask, "found", house="snv"), both.submit(stc.ask, "found", house="stc")
        return str(first.result()["code"]), str(second.result()["code"])


def introduce(snv: Home, stc: Home) -> None:
    """Each registers with the axis, then reads whom the axis knows."""
    for home, code in ((snv, SNV), (stc, STC)):
        home.ask("join", code=code)
    for home in (snv, stc):
        home.ask("read_directory")
    assert snv.ask("known", code=STC)["known"]
    assert stc.ask("known", code=SNV)["known"]


def arrived(home: Home, number: str) -> Answer:
    """The record of a document that came, once its signatures are judged."""

    def looks() -> Answer | None:
        found = home.ask("arrival", number=number)
        return found if found["document"] is not None and found["verdict"] else None

    found: Answer = wait_until(f"{number} arrives at {home.name}", looks)
    return found


def heard(home: Home, document: int, recipient: str, state: str) -> Answer:
    def looks() -> Answer | None:
        found: Answer = home.ask("delivery", document=document)[recipient]
        return found if found["state"] == state else None

    found: Answer = wait_until(f"{home.name} hears {state}", looks)
    return found


def test_the_life_of_the_demonstration_is_lived_across_two_installations(
    homes: tuple[Home, Home], tell: Tell
) -> None:
    """One test, for the parts follow each other, and two installations take their time to found."""
    started = time.monotonic()
    snv, stc = homes
    _live(snv, stc)
    _refuse(snv, stc)
    for home in homes:
        _demand_order(home)
    tell(f"The life of the demonstration across two installations: {time.monotonic() - started:.1f} s")


def _live(snv: Home, stc: Home) -> None:
    sent = snv.ask("issue", author="chuyenvien.snv", text="REQUEST", recipients=[STC], signer="giamdoc.snv")
    came = arrived(stc, sent["number"])
    assert (came["verdict"], came["sha256"]) == ("VALID", sent["sha256"])
    for home, document in ((snv, sent["document"]), (stc, came["document"])):
        assert home.ask("verify", document=document) == {"verdict": "VALID", "kinds": ["agency", "personal"]}
    heard(snv, sent["document"], STC, "ARRIVED")
    for step, state in (
        ("accept", "ACCEPTED"),
        ("submit", ""),
        ("direct", "ASSIGNED"),
        ("assign", ""),
        ("start", "IN_PROGRESS"),
    ):
        stc.ask("step", house="stc", document=came["document"], step=step)
        if state:
            heard(snv, sent["document"], STC, state)
    _answer(snv, stc, came["document"])
    for step in ("report", "complete"):
        stc.ask("step", house="stc", document=came["document"], step=step)
    told = heard(snv, sent["document"], STC, "DONE")
    assert told["codes"] == ["01", "03", "04", "05", "06"]
    assert stc.ask("standing", document=came["document"])["standing"] == "Hoàn thành"


def _answer(snv: Home, stc: Home, received: int) -> None:
    """The reply goes back over the axis as a document of its own: the two sides change places."""
    reply = stc.ask(
        "issue",
        author="chuyenvien.stc",
        text="REPLY",
        recipients=[SNV],
        signer="phogiamdoc.stc",
        answers=received,
    )
    came = arrived(snv, reply["number"])
    assert came["sha256"] == reply["sha256"]
    for step in ("accept", "submit", "file"):
        snv.ask("step", house="snv", document=came["document"], step=step)
    told = heard(stc, reply["document"], SNV, "DONE")
    assert told["codes"][:2] == ["01", "03"]
    assert told["codes"][-1] == "06"


def _refuse(snv: Home, stc: Home) -> None:
    """A refusal comes home with its reason."""
    sent = snv.ask(
        "issue", author="chuyenvien2.snv", text="CONSULTATION", recipients=[STC], signer="phogiamdoc.snv"
    )
    came = arrived(stc, sent["number"])
    reason = "Công văn nêu có Phụ lục kèm theo nhưng không có tệp Phụ lục."
    stc.ask("refuse", house="stc", document=came["document"], text=reason)
    told = heard(snv, sent["document"], STC, "REFUSED")
    assert told["codes"] == ["01", "02"]
    assert reason in told["said"][-1]
    assert reason in told["error"]


def _demand_order(home: Home) -> None:
    """Afterwards nothing waits, nothing was given up, and the log holds."""
    wait_until("nothing is left to do", lambda: not home.ask("jobs")["open"])
    assert home.ask("jobs") == {"open": {}, "dead": []}
    assert home.ask("chains")["broken"] == []
