"""kill −9 of `vanthu serve` with web and job worker at random instants, while people press its buttons over HTTP.

`make test` plays a seeded tenth (6 kills), `make soak` sixty. Each life is judged like those of `test_crash_safety`.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests.crash.browser import PATIENCE_SECONDS
from tests.crash.checks import differences
from tests.crash.life_by_browser import People
from tests.crash.real_server import BETWEEN_LOOKS, Fire, RealServer
from tests.crash.reporting import FULL, Tell, named_server
from tests.crash.stage import Answer, Process, Stage

KILLS = 60 if FULL else 6
SHOTS_PER_LIFE = 3
PRESSES = 15
pytestmark = [pytest.mark.soak, pytest.mark.timeout(3600 if FULL else 300)]


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    # The real server reads the real clock, so its city was founded shortly before.
    founded_at = datetime.now(UTC) - timedelta(hours=1)
    with Stage(tmp_path_factory.mktemp("real"), named_server(), founded_at) as prepared:
        yield prepared


@dataclass
class Ending:
    """How a life ended, and what it took."""

    kills: int
    processes: int
    answered: int
    broken: int
    reported: int
    report: Answer


def life(stage: Stage, log: Path, chance: random.Random, *, shots: int) -> Ending:
    stage.lay_out()
    clerk = stage.spawn(offset=stage.seconds_since_born())
    server = RealServer(stage, log)
    people = People(server.port, clerk, settings.SESSION_COOKIE_NAME)
    fire = Fire(stage, server, chance, shots)
    try:
        people.sit_down()
        server.start()
        server.wait_until_it_answers()
        fire.start()
        try:
            people.live()
        finally:
            fire.cease()
        wait_for_the_jobs(clerk)
        server.kill()
        report = clerk.ask("inspect", log=people.reported)
    except AssertionError as trouble:
        trouble.add_note(server.told())
        raise
    finally:
        server.kill()
        stage.clear()
    return Ending(fire.kills, fire.processes, people.answered, people.broken, len(people.reported), report)


def wait_for_the_jobs(clerk: Process) -> None:
    """The worker of the last server ends what is open."""
    limit = time.monotonic() + PATIENCE_SECONDS
    while clerk.ask("count_open_jobs")["open"]:
        assert time.monotonic() < limit, "the worker does not end its jobs"
        time.sleep(BETWEEN_LOOKS)


def picture_of(ending: Ending) -> dict[str, Any]:
    picture: dict[str, Any] = ending.report["picture"]
    return picture


def test_nothing_is_lost_or_doubled_when_the_real_server_is_killed_while_people_press(
    stage: Stage, tmp_path: Path, seed: int, tell: Tell
) -> None:
    started = time.monotonic()
    chance = random.Random(seed)
    log = tmp_path / "server.log"
    quiet = life(stage, log, chance, shots=0)
    assert quiet.report["faults"] == []
    assert (quiet.answered, quiet.broken) == (PRESSES, 0)
    endings: list[Ending] = []
    faults: list[str] = []
    while (killed := sum(ending.kills for ending in endings)) < KILLS:
        ending = life(stage, log, chance, shots=min(SHOTS_PER_LIFE, KILLS - killed))
        endings.append(ending)
        found = [*ending.report["faults"], *differences(picture_of(quiet), picture_of(ending))]
        faults += [f"life {len(endings)}: {fault}" for fault in found]
    tell(
        f"Real server killed at random instants (seed {seed}): {killed} kills of "
        f"{sum(e.processes for e in endings)} processes, {killed} restarts, {len(endings)} lives, "
        f"{sum(e.answered for e in endings)} presses answered, {sum(e.broken for e in endings)} presses broken off, "
        f"{sum(e.report['documents'] for e in endings)} documents, "
        f"{sum(e.reported for e in endings)} reported log ends found again, "
        f"{sum(e.report['checked'] for e in endings)} checks, {len(endings)} pictures compared, "
        f"{time.monotonic() - started:.0f} s"
    )
    assert not faults, "\n".join(faults)
