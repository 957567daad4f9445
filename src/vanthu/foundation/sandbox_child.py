"""The other side of `sandbox`: the waiting process and the children forked from it. Standard library only."""

from __future__ import annotations

import contextlib
import enum
import gc
import importlib
import io
import os
import pickle
import resource
import signal
import socket
import sys
from collections.abc import Callable
from typing import Any, BinaryIO

ANSWER_HEADER = 8
OPEN_FILES = 64

_held: dict[str, Any] = {}
"""Values that all jobs of this process and its children share; only a branch has any."""


def send_frame(link: socket.socket, payload: bytes) -> None:
    """Send a message of any length."""
    link.sendall(len(payload).to_bytes(ANSWER_HEADER, "big"))
    link.sendall(payload)


def serve(control: socket.socket) -> None:
    """Fork one child, or one branch with values to hold, for each request; end when the last caller has gone."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel buries the children
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the caller; its end closes the socket
    while True:
        message, handles, _, _ = socket.recv_fds(control, 1024, 2)
        if not message:
            return
        module = message.decode()
        with socket.socket(fileno=handles[0]) as link, contextlib.ExitStack() as open_files:
            values = [open_files.enter_context(os.fdopen(handle, "rb")) for handle in handles[1:]]
            _import_beforehand(module)
            if os.fork() == 0:
                control.close()
                _branch(link, module, values[0]) if values else _live(link)


def _import_beforehand(module: str) -> None:
    """Import in the waiting process, once, so that children start with it; a failure shows in the child.

    A module that offers `warm_up()` has it played here, so that no child begins with cold caches.
    """
    if module in sys.modules:
        return
    _warm_up(module, {})


def _warm_up(module: str, held: dict[str, Any]) -> None:
    with contextlib.suppress(Exception):
        imported = importlib.import_module(module)
        if hasattr(imported, "warm_up"):
            imported.warm_up(**held)
    gc.collect()
    gc.freeze()  # else each child's first collection would copy all memory that it shares with us


def _branch(control: socket.socket, module: str, values: BinaryIO) -> None:
    """The whole life of a waiting process that holds values for its children; it never returns."""
    try:
        with values:
            values.seek(0)
            _held.update(pickle.load(values))  # noqa: S301 – from our own caller
        _warm_up(module, _held)
        serve(control)
    finally:
        os._exit(0)


def _live(link: socket.socket) -> None:
    """The whole life of a child; it never returns to the waiting process's loop."""
    try:
        link.sendall(os.getpid().to_bytes(ANSWER_HEADER, "big"))
        job = _receive(link)
        function_path, kwargs, seconds, memory_mb = pickle.loads(job)  # noqa: S301 – from our own caller
        _limit(seconds, memory_mb)
        send_frame(link, _answer(function_path, kwargs))
    finally:
        os._exit(0)


def _answer(function_path: str, kwargs: dict[str, Any]) -> bytes:
    from vanthu.kernel.errors import DomainError

    try:
        return _packed(("result", _find(function_path)(**kwargs, **_held)))
    except DomainError as refusal:
        # By its parts: an exception with arguments of its own does not survive pickling.
        return _packed(("refusal", (type(refusal), refusal.violations)))
    except MemoryError:
        return _packed(("failure", "MemoryError: the job needs more memory than it was given"))
    except Exception as error:  # whatever a parser raises on hostile input
        return _packed(("failure", f"{type(error).__name__}: {error}"))


class _Pickler(pickle.Pickler):
    """Writes members of enums by class and value: Python 3.11.0 to 3.11.3 write `getattr`, which may not come out."""

    def reducer_override(self, member: Any) -> Any:
        return (type(member), (member.value,)) if isinstance(member, enum.Enum) else NotImplemented


def _packed(answer: tuple[str, Any]) -> bytes:
    written = io.BytesIO()
    _Pickler(written).dump(answer)
    return written.getvalue()


def _find(function_path: str) -> Callable[..., Any]:
    module, _, name = function_path.partition(":")
    function: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return function


def _limit(seconds: float, memory_mb: int) -> None:
    """The wall clock is the caller's; the kernel's own alarm is for a caller that has died."""
    for kind, value in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CPU, int(seconds) + 2),
        (resource.RLIMIT_AS, _address_space() + memory_mb * 1024 * 1024),
    ):
        resource.setrlimit(kind, (value, value))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds + 1)


def _address_space() -> int:
    # Without the layers of `open`: each page of memory that a child uses for the first time is copied.
    handle = os.open("/proc/self/statm", os.O_RDONLY)
    try:
        return int(os.read(handle, 64).split()[0]) * resource.getpagesize()
    finally:
        os.close(handle)


def _receive(link: socket.socket) -> bytes:
    length = int.from_bytes(_exactly(link, ANSWER_HEADER), "big")
    return _exactly(link, length)


def _exactly(link: socket.socket, length: int) -> bytes:
    parts: list[bytes] = []
    while length > 0:
        part = link.recv(min(length, 1 << 20))
        if not part:
            raise EOFError
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as caller:
        serve(caller)
