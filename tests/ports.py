"""A port that stays ours while the program behind it is down."""

import random
import socket
from pathlib import Path

_EPHEMERAL = Path("/proc/sys/net/ipv4/ip_local_port_range")
_LOWEST = 15_000


def quiet_port() -> int:
    """A free port below those the kernel lends to outgoing connections.

    A lent one may be taken by any connection of any process between two starts of a server that is killed.
    """
    lent_from = int(_EPHEMERAL.read_text().split()[0]) if _EPHEMERAL.exists() else 32_768
    chance = random.SystemRandom()
    while True:
        port = chance.randrange(_LOWEST, max(lent_from, _LOWEST + 1_000))
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
