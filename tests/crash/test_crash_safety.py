"""kill −9 at every commit, around claim, call and record of every job, and at random instants: nothing lost or doubled.

`make test` plays a seeded tenth, `make soak` everything. Each life is judged twice: by what must hold after any
crash, and by comparing every table with a life in which nobody died.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator

import pytest

from tests.crash.checks import differences
from tests.crash.lives import Ending, Life, Place, life_under_fire, life_with_one_death
from tests.crash.reporting import FULL, Tell, named_server
from tests.crash.stage import Stage

INSTANTS = 200 if FULL else 20
SHOTS_PER_LIFE = 5
pytestmark = [pytest.mark.soak, pytest.mark.timeout(7200 if FULL else 300)]


class Quiet:
    """A life in which nobody dies: the places it passes and the picture at its end."""

    def __init__(self, stage: Stage) -> None:
        life = Life(stage)
        life.play()
        self.places = life.passed()
        self.ending = life.end()
        self.picture = self.ending.report["picture"]


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    # A Unix socket's address has room for 108 characters, so the folder's name stays short.
    with Stage(tmp_path_factory.mktemp("crash"), named_server()) as prepared:
        yield prepared


@pytest.fixture(scope="module")
def quiet(stage: Stage) -> Quiet:
    return Quiet(stage)


def faults_of(ending: Ending, quiet: Quiet) -> list[str]:
    return [*ending.report["faults"], *differences(quiet.picture, ending.report["picture"])]


def a_tenth(places: list[Place], seed: int) -> list[Place]:
    return places if FULL else places[seed % 10 :: 10]


def summary(title: str, endings: list[Ending], seed: int, started: float) -> str:
    return (
        f"{title} (seed {seed}): {sum(e.kills for e in endings)} kills, "
        f"{sum(e.restarts for e in endings)} restarts, {len(endings)} lives, "
        f"{sum(e.report['documents'] for e in endings)} documents, "
        f"{sum(e.reported for e in endings)} reported log ends found again, "
        f"{sum(e.report['checked'] for e in endings)} checks, {len(endings)} pictures compared, "
        f"{time.monotonic() - started:.0f} s"
    )


def play_deaths(
    title: str, stage: Stage, quiet: Quiet, places: list[Place], seed: int, tell: Tell
) -> list[str]:
    """Play a life for each place; the faults, each told when it is found, for the whole may last an hour."""
    started = time.monotonic()
    endings, faults = [], []
    for place in places:
        ending = life_with_one_death(stage, place)
        endings.append(ending)
        missed = [] if ending.kills == 1 else [f"killed {ending.kills} times"]
        found = [f"{place}: {fault}" for fault in (*missed, *faults_of(ending, quiet))]
        faults += found
        if found:
            tell("\n".join(found))
    tell(summary(title, endings, seed, started))
    return faults


def test_a_life_without_deaths_is_in_order(quiet: Quiet, tell: Tell) -> None:
    assert quiet.ending.report["faults"] == []
    commits = [place for place in quiet.places if place.name.endswith("commit")]
    assert {place.role for place in commits} == {"web", "worker"}
    tell(f"A quiet life passes {len(quiet.places)} places, {len(commits)} of them beside a commit")


def test_nothing_is_lost_or_doubled_when_killed_before_and_after_any_commit(
    stage: Stage, quiet: Quiet, seed: int, tell: Tell
) -> None:
    places = [place for place in quiet.places if place.name.endswith(("commit", "write"))]
    faults = play_deaths("Killed beside commits", stage, quiet, a_tenth(places, seed), seed, tell)
    assert not faults, "\n".join(faults)


def test_nothing_is_lost_or_doubled_when_killed_around_claim_call_and_record(
    stage: Stage, quiet: Quiet, seed: int, tell: Tell
) -> None:
    places = [place for place in quiet.places if not place.name.endswith(("commit", "write"))]
    faults = play_deaths("Killed around steps", stage, quiet, a_tenth(places, seed), seed, tell)
    assert not faults, "\n".join(faults)


def test_nothing_is_lost_or_doubled_when_killed_at_random_instants(
    stage: Stage, quiet: Quiet, seed: int, tell: Tell
) -> None:
    started = time.monotonic()
    chance = random.Random(seed)
    endings: list[Ending] = []
    faults: list[str] = []
    while sum(ending.kills for ending in endings) < INSTANTS:
        # Every other life checks signatures in child processes as the product does, the rest are quicker.
        quick = len(endings) % 2 == 0
        ending = life_under_fire(stage, chance, shots=SHOTS_PER_LIFE, quick_checks=quick)
        endings.append(ending)
        faults += [f"life {len(endings)}: {fault}" for fault in faults_of(ending, quiet)]
    tell(summary("Killed at random instants", endings, seed, started))
    assert not faults, "\n".join(faults)
