"""How a life is conducted: act by act with one fatal place, or everything at once under random fire."""

from __future__ import annotations

import random
import threading
import time
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.crash.actor_process import PAST_LEASES, WORKER_LATE
from tests.crash.life import WORK
from tests.crash.stage import LIFE, Answer, Killed, Process, Stage, name_of

Role = Literal["web", "worker"]
PATIENCE_SECONDS = 60.0


@dataclass(frozen=True)
class Place:
    """The n-th place that a role passes in a quiet life."""

    role: Role
    number: int
    name: str

    def __str__(self) -> str:
        return f"{self.role} #{self.number} {self.name}"


@dataclass
class Ending:
    """How a life ended, and what it took."""

    kills: int
    restarts: int
    report: Answer
    reported: int
    killed_at: list[str] = field(default_factory=list)


class Life:
    """One life on the stage: a web process, a worker process, and whoever starts them again."""

    def __init__(self, stage: Stage, fatal: Place | None = None, *, quick_checks: bool = True) -> None:
        stage.lay_out()
        self.stage, self.quick_checks = stage, quick_checks
        self.offsets = {"web": 0.0, "worker": WORKER_LATE.total_seconds()}
        self.kills = self.restarts = 0
        self.reported: list[list[Any]] = []
        self.processes: dict[str, Process] = {}
        for role in ("web", "worker"):
            deadly = fatal.number if fatal and fatal.role == role else None
            self.processes[role] = self._spawn(role, fatal=deadly, watched=fatal is None and quick_checks)

    def _spawn(self, role: str, *, fatal: int | None = None, watched: bool = False) -> Process:
        return self.stage.spawn(
            offset=self.offsets[role], fatal=fatal, watched=watched, quick_checks=self.quick_checks
        )

    def start_again(self, role: str) -> None:
        """The operator's supervisor starts what died; the leases of the dead have run out by then."""
        self.kills += 1
        self.restarts += 1
        if role == "worker":
            self.offsets[role] += PAST_LEASES.total_seconds()
        self.processes[role] = self._spawn(role)

    def play(self) -> None:
        for step in LIFE:
            if step == WORK:
                self.drain()
            else:
                assert isinstance(step, int)
                self.press(step)

    def press(self, act: int) -> None:
        """Press until the act is reported done; whoever was killed over it looks and presses again."""
        limit = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                answer = self.processes["web"].ask("press", act=act)
            except Killed:
                self.start_again("web")
                continue
            if answer["state"] == "done":
                self.reported += answer["log"]
                return
            assert time.monotonic() < limit, f"nobody brings what '{name_of(act)}' waits for"
            time.sleep(0.02)

    def drain(self) -> None:
        while True:
            try:
                answer = self.processes["worker"].ask("drain")
            except Killed:
                self.start_again("worker")
                continue
            self.offsets["worker"] = max(self.offsets["worker"], answer["offset"])
            self.reported += answer["log"]
            return

    def passed(self) -> list[Place]:
        """Every place that a quiet life passed, of either process."""
        return [
            Place(role, number, name)
            for role in ("web", "worker")
            for number, name in enumerate(self.processes[role].ask("passed")["passed"])
        ]

    def end(self) -> Ending:
        inspector = self.stage.spawn()
        report = inspector.ask("inspect", log=self.reported)
        self.stage.clear()
        return Ending(self.kills, self.restarts, report, len(self.reported))


def life_with_one_death(stage: Stage, place: Place) -> Ending:
    life = Life(stage, place)
    life.play()
    return life.end()


def life_under_fire(stage: Stage, chance: random.Random, *, shots: int, quick_checks: bool) -> Ending:
    """Web and worker run side by side; at random instants one of them is killed and started again."""
    life = Life(stage, quick_checks=quick_checks)
    fire = _Fire(life, chance, shots)
    life.processes["worker"].tell("work")
    fire.start()
    try:
        for step in LIFE:
            if step != WORK:
                assert isinstance(step, int)
                life.press(step)
    finally:
        fire.cease()
    life.processes["worker"].end()
    life.offsets["worker"] += PAST_LEASES.total_seconds()
    life.processes["worker"] = life._spawn("worker")
    life.drain()
    return life.end()


class _Fire(threading.Thread):
    """Shoots at the web or the worker; the worker is started again from here, the web by whoever presses."""

    def __init__(self, life: Life, chance: random.Random, shots: int) -> None:
        super().__init__(daemon=True)
        self.life, self.chance, self.shots = life, chance, shots
        self._ceased = threading.Event()

    def run(self) -> None:
        for _ in range(self.shots):
            if self._ceased.wait(self.chance.uniform(0.0, 0.5)):
                return
            if self.chance.random() < 0.5:
                self.life.processes["web"].kill()
            else:
                self.life.processes["worker"].end()
                self.life.start_again("worker")
                self.life.processes["worker"].tell("work")

    def cease(self) -> None:
        self._ceased.set()
        self.join()
