"""Run a function on hostile input in a child process that can harm nobody but itself (decision D4).

A small *zygote* process, which never sees a document, waits with the needed modules imported; each job
is a fork of it with its own limits, used once. The forked child talks to its caller over a socket of
its own, so threads and forks of a web server do not meet, and the caller kills it by a process handle
that cannot be mistaken for a later process of the same number.
"""

from __future__ import annotations

import atexit
import contextlib
import dataclasses
import enum
import io
import os
import pickle
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Collection, Mapping
from typing import Any

from vanthu.foundation.sandbox_child import ANSWER_HEADER, send_frame
from vanthu.kernel.errors import DomainError, NotReady, Violation

MAX_ANSWER_BYTES = 128 * 1024 * 1024
START_SECONDS = 20.0
MOST_BRANCHES = 4
"""A branch is as large as what it holds; one that was not asked for the longest ends."""


class SandboxError(Exception):
    """The job gave no result; its input is to be treated as unreadable."""


class TimedOut(SandboxError):
    """The job ran longer than it was given."""


class Crashed(SandboxError):
    """The job died, ran out of memory or raised what is not a refusal."""


def run(
    function_path: str,
    kwargs: dict[str, Any],
    *,
    seconds: float,
    memory_mb: int,
    held: Collection[str] = (),
) -> Any:
    """Call `module:function` with `kwargs` in a fresh child process and return its result.

    `memory_mb` is what the child may take beyond what it starts with. `held` names arguments, unchanging and
    hashable, that many jobs share: children begin with them, and with what the module's `warm_up(**held)` has
    made of them. Results are plain values, or frozen dataclasses and enums of `vanthu`.
    Raises TimedOut, Crashed, or the child's DomainError.
    """
    module = function_path.partition(":")[0]
    shared = {name: kwargs[name] for name in held if kwargs[name] is not None}
    child = _branches.child(module, shared) if shared else None
    own = kwargs if child is None else {name: kwargs[name] for name in kwargs if name not in shared}
    with child or _start(module) as living:
        try:
            # The clock of this job begins here: what is read once is read for all that come after it.
            deadline = time.monotonic() + seconds
            return _outcome(living.ask(pickle.dumps((function_path, own, seconds, memory_mb)), deadline))
        finally:
            living.kill()


class _Child:
    """One forked child: its socket and its process handle."""

    def __init__(self, link: socket.socket, handle: int) -> None:
        self.link = link
        self.handle = handle

    def __enter__(self) -> _Child:
        return self

    def __exit__(self, *_: object) -> None:
        self.link.close()
        os.close(self.handle)

    def ask(self, job: bytes, deadline: float) -> bytes:
        try:
            self.link.settimeout(_left(deadline))
            send_frame(self.link, job)
            length = int.from_bytes(self._receive(ANSWER_HEADER, deadline), "big")
            if length > MAX_ANSWER_BYTES:
                raise Crashed(f"the answer is too large: {length} bytes")
            return self._receive(length, deadline)
        except TimeoutError:
            raise TimedOut("the job was not done in time") from None
        except OSError as error:
            raise Crashed("the child process died") from error

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.handle, signal.SIGKILL)

    def _receive(self, length: int, deadline: float) -> bytes:
        parts: list[bytes] = []
        while length > 0:
            self.link.settimeout(_left(deadline))
            part = self.link.recv(min(length, 1 << 20))
            if not part:
                raise Crashed("the child process died")
            parts.append(part)
            length -= len(part)
        return b"".join(parts)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _outcome(answer: bytes) -> Any:
    try:
        kind, value = _CarefulUnpickler.read(answer)
    except Exception as error:
        # Any bytes may come out of a child that a document has taken over.
        raise Crashed("the child process answered nonsense") from error
    if kind == "result":
        return value
    if kind == "refusal":
        raise _refusal(*value)
    raise Crashed(str(value)[:500])


def _refusal(kind: type[DomainError], violations: tuple[Violation, ...]) -> DomainError:
    if issubclass(kind, NotReady):
        return kind(violations)
    return kind(violations[0].code, **dict(violations[0].details))


class _CarefulUnpickler(pickle.Unpickler):
    """Unpickles nothing but plain values and data types of ours: a child may be in foreign hands."""

    @classmethod
    def read(cls, data: bytes) -> tuple[str, Any]:
        kind, value = cls(io.BytesIO(data)).load()
        return str(kind), value

    def find_class(self, module: str, name: str) -> Any:
        if module == "builtins" and name in {"set", "frozenset"}:
            return {"set": set, "frozenset": frozenset}[name]
        # Only modules that the caller has imported already: nothing is imported on a child's word.
        loaded = sys.modules.get(module) if module.startswith("vanthu.") else None
        found = getattr(loaded, name, None)
        if isinstance(found, type) and (
            dataclasses.is_dataclass(found) or issubclass(found, (enum.Enum, DomainError))
        ):
            return found
        raise pickle.UnpicklingError(f"{module}.{name} may not come out of a child process")


class _Zygote:
    """The waiting process of this interpreter; started on first use, and again when it has died."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.control: socket.socket | None = None
        self.process: subprocess.Popen[bytes] | None = None

    def fork(self, module: str) -> socket.socket:
        """Ask for a child; return this side of its socket."""
        return _fork(self._running(), module)

    def branch(self, module: str, held: Mapping[str, Any]) -> socket.socket:
        """Ask for a waiting process that holds these values; return this side of its control socket."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs, os.fdopen(os.memfd_create("held"), "w+b") as file:
            pickle.dump(dict(held), file)
            file.flush()
            try:
                socket.send_fds(self._running(), [module.encode()], [theirs.fileno(), file.fileno()])
            except OSError:
                ours.close()
                raise
        return ours

    def forget(self, control: socket.socket | None) -> None:
        """Drop a zygote that no longer answers, unless another thread has replaced it already."""
        with self.lock:
            if self.control is control:
                self._end()

    def close(self) -> None:
        """End with the interpreter."""
        with self.lock:
            self._end()

    def leave_to_parent(self) -> None:
        """After a fork: let go of what belongs to the parent without ending it."""
        if self.control is not None:
            self.control.close()
        if self.process is not None:
            self.process.returncode = 0  # not our child: nothing to wait for, nothing to warn about

    def _end(self) -> None:
        if self.control is not None:
            self.control.close()
            self.control = None
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def _running(self) -> socket.socket:
        with self.lock:
            if self.control is None:
                self.control, self.process = _spawn()
            return self.control


def _fork(control: socket.socket, module: str) -> socket.socket:
    ours, theirs = socket.socketpair()
    with theirs:
        try:
            socket.send_fds(control, [module.encode()], [theirs.fileno()])
        except OSError:
            ours.close()
            raise
    return ours


def _spawn() -> tuple[socket.socket, subprocess.Popen[bytes]]:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        process = subprocess.Popen(  # noqa: S603 – our own interpreter and module
            [sys.executable, "-m", "vanthu.foundation.sandbox_child", str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            # No secret of the parent's environment reaches a process that opens hostile files.
            env={"PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path)), "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
        )
    return ours, process


_Key = tuple[str, frozenset[tuple[str, Any]]]


class _Branches:
    """The waiting processes that hold values, by module and values; the least used ends when there are too many."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.controls: OrderedDict[_Key, socket.socket] = OrderedDict()

    def child(self, module: str, held: Mapping[str, Any]) -> _Child | None:
        """A child that begins with these values; None when none can be started, so that they go with the job."""
        key = (module, frozenset(held.items()))
        for _attempt in range(2):
            control = None
            try:
                control = self._control(key, held)
                link = _fork(control, module)
                return _Child(link, _handle_of(link))
            except OSError:
                self._forget(key, control)
        return None

    def close(self) -> None:
        """Let all of them end."""
        with self.lock:
            while self.controls:
                self.controls.popitem()[1].close()

    def _control(self, key: _Key, held: Mapping[str, Any]) -> socket.socket:
        with self.lock:
            if key not in self.controls:
                self.controls[key] = _zygote.branch(key[0], held)
            self.controls.move_to_end(key)
            if len(self.controls) > MOST_BRANCHES:
                self.controls.popitem(last=False)[1].close()
            return self.controls[key]

    def _forget(self, key: _Key, control: socket.socket | None) -> None:
        """Drop a branch that no longer answers, unless another thread has replaced it already."""
        with self.lock:
            if control is None:
                _zygote.forget(_zygote.control)
            elif self.controls.get(key) is control:
                self.controls.pop(key).close()


_zygote = _Zygote()
_branches = _Branches()


def _begin_anew_after_fork() -> None:
    """A forked web server process gets a zygote of its own; the parent's one stays the parent's."""
    global _zygote, _branches  # noqa: PLW0603 – the per-process resources of this module
    for control in _branches.controls.values():
        control.close()
    _branches = _Branches()
    _zygote.leave_to_parent()
    _zygote = _Zygote()


os.register_at_fork(after_in_child=_begin_anew_after_fork)


@atexit.register
def _end_with_the_interpreter() -> None:
    _branches.close()
    _zygote.close()


def _start(module: str) -> _Child:
    """A child that waits for its job; a zygote that has died is replaced once."""
    for _attempt in range(2):
        control = _zygote.control
        try:
            link = _zygote.fork(module)
            return _Child(link, _handle_of(link))
        except OSError:
            _zygote.forget(_zygote.control if control is None else control)
    raise Crashed("no child process can be started")


def _handle_of(link: socket.socket) -> int:
    """The child says its number and waits, so the handle is surely its own."""
    try:
        link.settimeout(START_SECONDS)
        greeting = link.recv(ANSWER_HEADER)
        # Nothing means that the zygote has died; no process has the number 0, so this is an OSError too.
        return os.pidfd_open(int.from_bytes(greeting, "big"))
    except OSError:
        link.close()
        raise
