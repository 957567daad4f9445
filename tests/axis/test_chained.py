"""Two axes in a row: a city's and the one above it; foreign clients at both ends, nothing of ours between them but axes."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.axis.conftest import Member
from tests.axis.foreign.letters import Letter, document, read, status
from tests.axis.foreign.service import STATUSES, Service
from tests.axis.installation import Axis
from tests.crash.reporting import FULL, named_server

pytestmark = pytest.mark.timeout(600)
CITY = "00.26.CITY"
KILLS = 20 if FULL else 3
SECRET = "secret-between-two-axes-for-tests"


@dataclass
class Chain:
    """A city axis under another; `pass_on` is one round of the city's worker."""

    city: Axis
    above: Axis
    joined: list[Member]

    def join(self, axis: Axis) -> Member:
        systemid, secret = axis.new_system()
        member = Member(Service(axis.base, systemid, secret), "")
        self.joined.append(member)
        member.code = member.register(f"Đơn vị của {systemid}")
        return member

    def pass_on(self) -> dict[str, object]:
        answer = self.city.ask("pass_on")
        assert isinstance(answer, dict)
        return answer


@pytest.fixture(scope="module")
def axes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Axis, Axis]]:
    with Axis(tmp_path_factory.mktemp("above"), named_server()) as above:
        above.start()
        above.ask("add", code=CITY, name="Trục thành phố", secret=SECRET)
        settings = {
            "VANTHU_AXIS_UPSTREAM_URL": f"http://127.0.0.1:{above.port}",
            "VANTHU_AXIS_UPSTREAM_SYSTEM": CITY,
            "VANTHU_AXIS_UPSTREAM_SECRET": SECRET,
            "VANTHU_AXIS_UPSTREAM_POLL_SECONDS": "0",
            "VANTHU_AXIS_UPSTREAM_BACKOFF": "0",
            "VANTHU_AXIS_UPSTREAM_TIMEOUT_SECONDS": "4",
        }
        with Axis(tmp_path_factory.mktemp("city"), named_server(), **settings) as city:
            city.start()
            yield city, above


@pytest.fixture
def chain(axes: tuple[Axis, Axis]) -> Iterator[Chain]:
    chain = Chain(*axes, [])
    for axis in axes:
        if not axis.is_running:
            axis.start()
    yield chain
    for member in chain.joined:
        member.close()


def states(member: Member, doc_id: str) -> dict[str, str]:
    return {row["toCode"]: row["receiveStatus"].lower() for row in member.service.sent(doc_id=doc_id).data}


def test_a_document_goes_up_and_its_statuses_come_down(chain: Chain) -> None:
    here, there = chain.join(chain.city), chain.join(chain.above)
    letter = Letter(here.code, (there.code,))
    data = document(letter)
    doc_id = here.service.send(data, sender=here.code).doc_id
    assert states(here, doc_id) == {there.code: "initial"}
    assert chain.pass_on()["sent"] == 1
    (item,) = there.service.waiting()
    assert (item["from"], item["to"]) == (here.code, there.code)
    assert there.service.fetched(item["docId"]) == data
    assert states(here, doc_id) == {there.code: "processing"}
    assert there.service.update(item["docId"], "done").is_ok
    report = status(there.code, here.code, "03", document_id=letter.document_id, number=letter.code)
    assert there.service.send(report, sender=there.code, kind=STATUSES).is_ok
    chain.pass_on()
    assert states(here, doc_id) == {there.code: "done"}
    ((_item, came),) = here.service.take_all(STATUSES)
    assert came == report
    assert read(came).status == "03"


def test_a_document_comes_down_and_its_statuses_go_up(chain: Chain) -> None:
    here, there = chain.join(chain.city), chain.join(chain.above)
    chain.city.ask("merge_directories")
    letter = Letter(there.code, (here.code,))
    data = document(letter)
    answer = there.service.send(data, sender=there.code)
    assert answer.is_ok, answer.words
    assert chain.pass_on()["taken"] == 1
    assert states(there, answer.doc_id) == {here.code: "processing"}
    (item,) = here.service.waiting()
    assert here.service.fetched(item["docId"]) == data
    assert here.service.update(item["docId"], "done").is_ok
    report = status(here.code, there.code, "01", document_id=letter.document_id, number=letter.code)
    assert here.service.send(report, sender=here.code, kind=STATUSES).is_ok
    chain.pass_on()
    assert states(there, answer.doc_id) == {here.code: "done"}
    ((_item, came),) = there.service.take_all(STATUSES)
    assert came == report


def test_a_failure_of_the_receiver_is_told_to_the_sender_at_the_other_end(chain: Chain) -> None:
    here, there = chain.join(chain.city), chain.join(chain.above)
    up = here.send(Letter(here.code, (there.code,)))
    chain.pass_on()
    assert there.service.update(there.service.waiting()[0]["docId"], "fail", "Hong tep PDF").is_ok
    chain.pass_on()
    (row,) = here.service.sent(doc_id=up).data
    assert row["receiveStatus"].lower() == "fail"
    assert "Hong tep PDF" in row["receiveStatusDesc"]
    down = there.send(Letter(there.code, (here.code,)))
    chain.pass_on()
    assert here.service.update(here.service.waiting()[0]["docId"], "fail", "Het cho").is_ok
    chain.pass_on()
    (row,) = there.service.sent(doc_id=down).data
    assert row["receiveStatus"].lower() == "fail"
    assert "Het cho" in row["receiveStatusDesc"]


def test_one_file_for_both_sides_reaches_everybody_once_and_does_not_bounce(chain: Chain) -> None:
    here, beside, there = chain.join(chain.city), chain.join(chain.city), chain.join(chain.above)
    chain.city.ask("merge_directories")
    doc_id = here.send(Letter(here.code, (beside.code, there.code, here.code)))
    for _each in range(3):
        chain.pass_on()
    assert len(beside.service.waiting()) == len(there.service.waiting()) == len(here.service.waiting()) == 1
    assert set(states(here, doc_id)) == {beside.code, there.code, here.code}
    bounced = there.send(Letter(there.code, (here.code, beside.code), number="9"))
    for _each in range(3):
        chain.pass_on()
    assert [len(each.service.waiting()) for each in (here, beside)] == [2, 2]
    assert set(states(there, bounced).values()) == {"processing"}


def test_rounds_that_are_repeated_change_nothing(chain: Chain) -> None:
    here, there = chain.join(chain.city), chain.join(chain.above)
    chain.city.ask("merge_directories")
    here.send(Letter(here.code, (there.code,)))
    there.send(Letter(there.code, (here.code,)))
    chain.pass_on()
    for _each in range(3):
        again = chain.pass_on()
        assert (again["sent"], again["taken"], again["trouble"]) == (0, 0, "")
    assert (here.service.count(), there.service.count()) == (1, 1)


def test_a_receiver_that_nobody_knows_fails_alone(chain: Chain) -> None:
    here, there = chain.join(chain.city), chain.join(chain.above)
    doc_id = here.send(Letter(here.code, (there.code, "G99.khong.co")))
    chain.pass_on()
    assert there.service.count() == 1
    rows = {row["toCode"]: row for row in here.service.sent(doc_id=doc_id).data}
    assert rows["G99.khong.co"]["receiveStatus"].lower() == "fail"
    assert "G99.khong.co" in rows["G99.khong.co"]["receiveStatusDesc"]
    assert rows[there.code]["receiveStatus"].lower() == "processing"


def test_each_side_knows_the_agencies_of_the_other(chain: Chain) -> None:
    here, there = chain.join(chain.city), chain.join(chain.above)
    chain.city.ask("merge_directories")
    assert there.code in {row["code"] for row in here.service.agencies().data}
    assert here.code in {row["code"] for row in there.service.agencies().data}
    before = len(here.service.agencies().data)
    assert chain.city.ask("merge_directories")[0] == 0, "what is as it was stays untouched"
    assert len(here.service.agencies().data) == before


def test_while_the_axis_above_is_away_messages_wait_and_none_is_lost(chain: Chain) -> None:
    here, there = chain.join(chain.city), chain.join(chain.above)
    chain.above.kill()
    codes = [here.send(Letter(here.code, (there.code,), number=str(number))) for number in range(3)]
    assert chain.pass_on()["sent"] == 0
    assert {state for code in codes for state in states(here, code).values()} == {"initial"}
    chain.above.start()
    chain.pass_on()
    assert there.service.count() == 3
    assert len({json.dumps(states(here, code)) for code in codes}) == 1


def test_a_worker_that_is_killed_in_the_middle_of_its_rounds_loses_and_doubles_nothing(
    chain: Chain, seed: int
) -> None:
    chance = random.Random(seed)
    here, there = chain.join(chain.city), chain.join(chain.above)
    chain.city.ask("merge_directories")
    for number in range(12):
        here.send(Letter(here.code, (there.code,), number=f"{number}"))
        there.send(Letter(there.code, (here.code,), number=f"{number}"))
    for _each in range(KILLS):
        # A process of its own is up before it is given the order, so that the kill falls into the round.
        chain.city.ask("ready")
        chain.city.interrupt("pass_on", chance.uniform(0.0, 0.4))
    claims_end = time.monotonic() + 60
    while (here.service.count(), there.service.count()) != (12, 12):
        assert time.monotonic() < claims_end
        chain.pass_on()
    for _each in range(2):
        chain.pass_on()
    for member in (here, there):
        letters = [read(member.service.fetched(item["docId"])).number for item in member.service.waiting()]
        assert sorted(letters) == sorted(f"{number}/STN-VP" for number in range(12))


def test_the_worker_of_the_city_passes_on_by_itself(chain: Chain) -> None:
    here, there = chain.join(chain.city), chain.join(chain.above)
    chain.city.stop()
    chain.city.start(with_jobs=True)
    here.send(Letter(here.code, (there.code,)))
    limit = time.monotonic() + 60
    while not there.service.count():
        assert time.monotonic() < limit, chain.city.told()
    chain.city.stop()
    chain.city.start()


def test_large_messages_pass_both_ways(chain: Chain) -> None:
    here, there = chain.join(chain.city), chain.join(chain.above)
    big = (("lon.pdf", bytes(range(256)) * 8_000),)
    up = document(Letter(here.code, (there.code,), attachments=big))
    down = document(Letter(there.code, (here.code,), attachments=big))
    chain.city.ask("merge_directories")
    assert here.service.send(up, sender=here.code).is_ok
    assert there.service.send(down, sender=there.code).is_ok
    chain.pass_on()
    assert there.service.fetched(there.service.waiting()[0]["docId"]) == up
    assert here.service.fetched(here.service.waiting()[0]["docId"]) == down
