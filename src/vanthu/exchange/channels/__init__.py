"""The channels of this installation, by name: explicit, so that one can find who uses what."""

from __future__ import annotations

from vanthu.exchange.channel import Channel

LOCAL = "local"


def channel(name: str) -> Channel:
    """The channel of that name. Raises KeyError for one that is not in the table."""
    from vanthu.exchange.channels.local.channel import LocalChannel

    return {LOCAL: LocalChannel}[name]()
