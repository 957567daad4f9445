"""Hostile input may kill its own child process and nothing else."""

from __future__ import annotations

import os
import signal
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from vanthu.foundation import sandbox, sandbox_child
from vanthu.foundation.sandbox import Crashed, TimedOut
from vanthu.kernel.actor import Urgency
from vanthu.kernel.errors import DomainError, NotReady, Violation

JOBS = "tests.foundation.sandbox_jobs"


def call(name: str, *, seconds: float = 10, memory_mb: int = 256, **kwargs: Any) -> Any:
    return sandbox.run(f"{JOBS}:{name}", kwargs, seconds=seconds, memory_mb=memory_mb)


def test_a_result_comes_back() -> None:
    assert call("add", a=2, b=3) == 5


def test_a_large_input_and_answer_pass_whole() -> None:
    data = os.urandom(20_000_000)
    assert call("echo", data=data) == data


@pytest.mark.parametrize("job", ["hang", "spin"])
def test_a_job_that_never_ends_is_stopped_in_time(job: str) -> None:
    call("add", a=1, b=1)
    began = time.monotonic()
    with pytest.raises(TimedOut):
        call(job, seconds=0.3)
    assert time.monotonic() - began < 3


@pytest.mark.parametrize("job", ["abort", "vanish"])
def test_a_child_that_dies_is_reported_and_the_next_job_runs(job: str) -> None:
    with pytest.raises(Crashed):
        call(job)
    assert call("add", a=1, b=1) == 2


def test_a_job_cannot_take_more_memory_than_given() -> None:
    with pytest.raises(Crashed, match="memory"):
        call("eat_memory", memory_mb=200)


def test_a_refusal_of_the_child_is_raised_with_its_details() -> None:
    with pytest.raises(DomainError) as refusal:
        call("refuse")
    assert refusal.value.code == "documents.file.unreadable"
    assert refusal.value.details == {"name": "a.pdf"}


def test_all_reasons_of_a_refusal_come_back() -> None:
    with pytest.raises(NotReady) as refusal:
        call("refuse_for_two_reasons")
    assert refusal.value.violations == (Violation("a.b.c"), Violation("d.e.f", (("size", "3"),)))


def test_any_other_error_is_a_crash_that_names_it() -> None:
    with pytest.raises(Crashed, match="ValueError: not a page"):
        call("fail")


def test_every_job_has_a_process_of_its_own() -> None:
    seen = {call("process_id") for _ in range(3)}
    assert len(seen) == 3
    assert os.getpid() not in seen


def test_a_child_sees_no_secret_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VANTHU_SECRET_KEY", "do not tell")
    assert "VANTHU_SECRET_KEY" not in call("environment")


def test_a_child_has_not_imported_django() -> None:
    assert call("imported_django") is False


def test_an_answer_cannot_make_the_caller_run_code() -> None:
    with pytest.raises(Crashed, match="nonsense"):
        call("answer_with_a_weapon")


def test_members_of_enums_come_out_however_this_python_writes_them(monkeypatch: pytest.MonkeyPatch) -> None:
    def as_python_3_11_2_does(self: Urgency, _protocol: int) -> Any:
        return getattr, (type(self), self.name)

    monkeypatch.setattr(Urgency, "__reduce_ex__", as_python_3_11_2_does)
    answer = sandbox_child._packed(("result", {"urgency": Urgency.EXPRESS}))
    assert sandbox._outcome(answer) == {"urgency": Urgency.EXPRESS}


def test_a_child_cannot_write_files(tmp_path: Path) -> None:
    with pytest.raises(Crashed):
        call("write_a_file", path=str(tmp_path / "planted"))
    assert not (tmp_path / "planted").exists() or not (tmp_path / "planted").read_text()


def test_many_threads_get_their_own_answers() -> None:
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda n: call("add", a=n, b=n), range(40)))
    assert answers == [2 * n for n in range(40)]


def test_a_dead_zygote_is_replaced() -> None:
    call("add", a=1, b=1)
    process = sandbox._zygote.process
    assert process is not None
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert call("add", a=1, b=1) == 2


def tell(word: str, mark: str = "mark") -> Any:
    path = f"{JOBS}:tell_prepared"
    return sandbox.run(path, {"word": word, "mark": mark}, seconds=10, memory_mb=256, held=("word",))


def test_children_begin_with_what_a_branch_has_made_of_values_that_jobs_share() -> None:
    first, second = tell("store"), tell("store")
    assert first[:2] == second[:2] == ("store", ["", "store"])
    assert first[2] == second[2], "both come from the one process that holds the value"
    assert first[3] != second[3]


def test_nothing_that_a_child_leaves_behind_reaches_the_next_one() -> None:
    tell("store", mark="left behind")
    assert tell("store")[1] == ["", "store"]


def test_another_value_has_another_branch_and_the_least_used_branch_ends() -> None:
    words = [f"word {number}" for number in range(sandbox.MOST_BRANCHES + 1)]
    branches = {tell(word)[2] for word in words}
    assert len(branches) == len(words)
    assert len(sandbox._branches.controls) == sandbox.MOST_BRANCHES
    assert tell(words[0])[2] not in branches, "the first one has ended and is begun anew"


def test_a_branch_that_was_killed_is_replaced() -> None:
    former = tell("store")[2]
    os.kill(former, signal.SIGKILL)
    word, prepared, branch, _ = tell("store")
    assert (word, prepared) == ("store", ["", "store"])
    assert branch != former


def test_values_that_no_branch_can_live_with_go_along_with_the_job() -> None:
    assert tell("die")[:2] == ("die", [""])


def test_an_argument_without_a_value_is_not_held() -> None:
    assert call("tell_prepared", word=None, mark="")[:2] == (None, [""])


def test_a_child_of_a_branch_is_stopped_in_time_and_has_its_limits() -> None:
    for job, error in (("hang_on", TimedOut), ("eat", Crashed)):
        with pytest.raises(error):
            sandbox.run(f"{JOBS}:{job}", {"word": "store"}, seconds=0.3, memory_mb=200, held=("word",))
    assert tell("store")[0] == "store"


def test_a_forked_process_gets_a_sandbox_of_its_own() -> None:
    call("add", a=1, b=1)
    child = os.fork()
    if child == 0:
        try:
            os._exit(call("add", a=20, b=3))
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 23
    assert call("add", a=1, b=1) == 2


def test_isolation_costs_milliseconds_when_warm() -> None:
    call("add", a=1, b=1)
    spent = []
    for _ in range(20):
        began = time.perf_counter()
        call("add", a=1, b=1)
        spent.append(time.perf_counter() - began)
    # The aim is 10 ms; the margin is for a busy test machine.
    assert statistics.median(spent) < 0.1
