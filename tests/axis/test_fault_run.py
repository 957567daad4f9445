"""The fault run: two installations, an axis, and lines between them that spoil a third of all calls; everybody is killed.

`make test` plays a seeded tenth (200 documents, each of the three killed twice), `make soak` the whole (2,000 documents,
twenty kills each). Waiting times are those of the settings, scaled down to fractions of a second.
"""

from __future__ import annotations

import random
import shutil
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.axis.fault_home_process import ending_of
from tests.axis.faulty_proxy import FaultyProxy
from tests.axis.homes import Answer, AxisHome, Home, wait_until
from tests.axis.test_two_installations import introduce
from tests.crash.reporting import FULL, Tell, named_server
from tests.ports import quiet_port
from vanthu.exchange.rules.statuses import DeliveryState, StatusCode, after_status
from vanthu.signing.trust.authority import DemoAuthority

DOCUMENTS = 2_000 if FULL else 200
KILLS_EACH = 20 if FULL else 2
SHARE = 0.36
PATIENCE = 0.8
CALLS_EACH = 14
"""So many calls at least a document and its statuses cost: by this the kills are spread over the run."""
LINE = {"TIMEOUT_SECONDS": str(PATIENCE), "POLL_SECONDS": "0.1", "BACKOFF": "0.1,0.2,0.4,0.8,1.6"}
LOOK_EACH = 0.3
CODES = {"snv": "H26.TD01", "stc": "H26.TD02"}
NAMES = {"snv": "Sở Nội vụ", "stc": "Sở Tài chính"}
OTHER = {"snv": "stc", "stc": "snv"}
LONGEST = 9_000 if FULL else 900
pytestmark = [pytest.mark.soak, pytest.mark.timeout(10_800 if FULL else 1_200)]


@dataclass
class Field:
    """Who takes part, and the lines between them."""

    axis: AxisHome
    homes: dict[str, Home]
    lines: dict[str, FaultyProxy] = field(default_factory=dict)

    @property
    def calls(self) -> int:
        return sum(line.counts["calls"] for line in self.lines.values())

    def counted(self) -> Counter[str]:
        return sum((line.counts for line in self.lines.values()), Counter[str]())


@pytest.fixture
def field_of_fire(tmp_path: Path, seed: int) -> Iterator[Field]:
    authority = DemoAuthority.create(tmp_path / "authority", datetime.now(UTC)).directory
    with ExitStack() as stack:
        axis = stack.enter_context(AxisHome(tmp_path, named_server()))
        homes = {name: Home(tmp_path, name, named_server(), template=axis, desk=DESK) for name in CODES}
        played = Field(axis, homes)
        for number, (name, home) in enumerate(homes.items()):
            stack.enter_context(home)
            shutil.copytree(authority, home.home / "pki" / "trust")
            proxy = FaultyProxy(
                quiet_port(), ("127.0.0.1", axis.port), seed=seed + number, share=0, patience=PATIENCE
            )
            played.lines[name] = stack.enter_context(proxy)
            system = f"00.{name}.W00".upper()
            home.joins({"URL": proxy.url, "SYSTEM": system, "SECRET": axis.join(system), **LINE})
        axis.serve()
        with ThreadPoolExecutor(2) as both:
            list(both.map(lambda name: homes[name].ask("found", house=name), homes))
        axis.wait_until_it_answers()
        introduce(homes["snv"], homes["stc"])
        yield played


DESK = "tests.axis.fault_home_process"
FIRST = {
    "snv": {"author": "chuyenvien.snv", "text": "REQUEST", "signer": "giamdoc.snv"},
    "stc": {"author": "chuyenvien.stc", "text": "PRICES", "signer": "giamdoc.stc"},
}


def prepare(played: Field) -> None:
    """Half of the documents go each way."""

    def one(name: str) -> None:
        home, other = played.homes[name], OTHER[name]
        like = home.ask("issue", recipients=[CODES[other]], **FIRST[name])["document"]
        home.ask(
            "prepare",
            like=like,
            count=DOCUMENTS // 2 - 1,
            first=1_000,
            recipient=CODES[other],
            recipient_name=NAMES[other],
        )

    with ThreadPoolExecutor(2) as both:
        list(both.map(one, played.homes))


class Fire:
    """Whom it hits next, and after how many calls more."""

    def __init__(self, played: Field, chance: random.Random) -> None:
        self._played, self._chance = played, chance
        self._victims = [*played.homes, "axis"] * KILLS_EACH
        chance.shuffle(self._victims)
        self._gap = DOCUMENTS * CALLS_EACH / (len(self._victims) + 1)
        self._next_at = self._after_now()

    def _after_now(self) -> float:
        return self._played.calls + self._gap * self._chance.uniform(0.2, 1.6)

    @property
    def is_over(self) -> bool:
        return not self._victims

    def shoot(self) -> None:
        if self.is_over or self._played.calls < self._next_at:
            return
        victim = self._victims.pop()
        played = self._played
        (played.axis if victim == "axis" else played.homes[victim]).die_and_come_back()
        self._next_at = self._after_now()


def play(played: Field, seed: int) -> None:
    """Until everything is done and everybody was killed as often as he shall."""
    fire = Fire(played, random.Random(seed))
    for line in played.lines.values():
        line.share = SHARE
    for home in played.homes.values():
        home.work()

    def is_done() -> bool:
        fire.shoot()
        progress = {}
        for name, home in played.homes.items():
            answered = home.ask("answer", seed=seed, limit=40)["answered"]
            progress[name] = home.ask("progress")
            if answered:
                progress[name]["open"]["unanswered"] = answered
        return _nothing_is_open(progress)

    try:
        wait_until("everything arrives and is answered", is_done, patience=LONGEST, each=LOOK_EACH)
    except AssertionError as trouble:
        for name, home in played.homes.items():
            trouble.add_note(f"{name}: {home.ask('progress')}, {home.ask('jobs')}")
        raise
    assert fire.is_over, "it was over before everybody had been killed"


def _nothing_is_open(progress: dict[str, Answer]) -> bool:
    return all(
        not any(mine["open"].values())
        and mine["arrivals"] == DOCUMENTS // 2
        and mine["answers"] == progress[OTHER[name]]["heard"]
        for name, mine in progress.items()
    )


def faults_between(sender: Answer, receiver: Answer, seed: int) -> list[str]:
    """What did not arrive exactly once, or did not end as its receiver said."""
    faults = []
    for number, sent in sender["sent"].items():
        came = receiver["came"].get(number, [])
        said = ("01", *ending_of(seed, number))
        state = DeliveryState.SENT
        for code in said:
            state = after_status(state, StatusCode(code))
        if len(came) != 1:
            faults.append(f"{number}: arrived {len(came)} times")
        elif came[0] != sorted(said) or sent["heard"] != sorted(said):
            faults.append(f"{number}: answered {came[0]}, heard {sent['heard']}, meant {said}")
        elif sent["state"] != state:
            faults.append(f"{number}: stands at {sent['state']} after {said}")
    faults += [f"{number}: nobody sent it" for number in receiver["came"] if number not in sender["sent"]]
    return faults


def leftovers(tally: Answer) -> list[str]:
    faults = [f"job given up: {kind}: {error}" for kind, error in tally["dead"]]
    if set(tally["packets"]) != {"TAKEN"}:
        faults.append(f"packets: {tally['packets']}")
    if not set(tally["inbound"]) <= {"TAKEN", "DUPLICATE"}:
        faults.append(f"inbound: {tally['inbound']}")
    return faults


def test_every_document_arrives_once_and_every_status_ends_right(
    field_of_fire: Field, seed: int, tell: Tell
) -> None:
    prepare(field_of_fire)
    started = time.monotonic()
    play(field_of_fire, seed)
    took = time.monotonic() - started
    counts = field_of_fire.counted()
    tallies = {name: home.ask("tally") for name, home in field_of_fire.homes.items()}
    faults = [fault for tally in tallies.values() for fault in leftovers(tally)]
    for name, tally in tallies.items():
        assert len(tally["sent"]) == DOCUMENTS // 2
        faults += faults_between(tally, tallies[OTHER[name]], seed)
    heard = sum(len(sent["heard"]) for tally in tallies.values() for sent in tally["sent"].values())
    share = counts["faulty"] / counts["calls"]
    tell(
        f"Fault run (seed {seed}): {DOCUMENTS} documents, {heard} statuses, {counts['calls']} calls, "
        f"{share:.0%} of them faulty, {sum(tally['attempts'] for tally in tallies.values())} attempts of "
        f"{sum(sum(tally['packets'].values()) for tally in tallies.values())} packets, kills: "
        f"{', '.join(f'{home.name} {home.kills}' for home in (*field_of_fire.homes.values(), field_of_fire.axis))}, "
        f"{len(faults)} faults, {took:.0f} s; {dict(counts)}"
    )
    assert not faults, "\n".join(faults)
    assert share >= 0.30
    assert {home.kills for home in (*field_of_fire.homes.values(), field_of_fire.axis)} == {KILLS_EACH}
