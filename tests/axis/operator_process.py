"""The operator of an axis in a process of its own: one order as a JSON line in, one answer as a JSON line out."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, is_dataclass
from datetime import UTC, datetime
from typing import Any

import django


def plain(result: Any) -> Any:
    return asdict(result) if is_dataclass(result) else result  # type: ignore[arg-type]


def main() -> None:
    django.setup()
    from django.db import close_old_connections

    from vanthu.axis.operations import desk, forward, systems, upstream_directory
    from vanthu.kernel.actor import system_actor

    rounds: dict[str, Any] = {
        "ready": lambda now: True,
        "pass_on": forward.pass_on,
        "merge_directories": upstream_directory.merge_directories,
    }
    acts: dict[str, Any] = {
        "add": systems.add_system,
        "close": systems.close_system,
        "renew": systems.set_secret,
        "again": desk.deliver_again,
        "stop": desk.stop_delivery,
    }
    for line in sys.stdin:
        order = json.loads(line)
        do, now = order.pop("do"), datetime.now(UTC)
        try:
            if do in rounds:
                reply = {"answer": plain(rounds[do](now=now))}
            else:
                reply = {"answer": acts[do](actor=system_actor(None), now=now, **order)}
        except Exception as error:  # whatever it is, the test sees it
            reply = {"error": f"{type(error).__name__}: {error}"}
        close_old_connections()
        sys.stdout.write(json.dumps(reply) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
