"""The channels of this installation, by name: explicit, so that one can find who uses what."""

from __future__ import annotations

from vanthu.exchange.channel import Channel, StatusLine

LOCAL = "local"
"""Between two agencies of this installation."""
VXP = "vxp"
"""Over the axis: documents leave in packets (`operations.posting`), one for all their receivers."""
PAPER = "paper"
"""Printed and posted by the clerk; nothing leaves by a wire."""


def channel(name: str) -> Channel:
    """The channel of that name, which takes a package for one receiver. Raises KeyError for one not in the table."""
    from vanthu.exchange.channels.local.channel import LocalChannel

    return {LOCAL: LocalChannel}[name]()


def status_line(name: str) -> StatusLine:
    """Who carries statuses to where a package came from. Raises KeyError for one that is not in the table."""
    from vanthu.exchange.channels.local.channel import LocalChannel
    from vanthu.exchange.channels.vxp.channel import VxpChannel

    lines: dict[str, type[StatusLine]] = {LOCAL: LocalChannel, VXP: VxpChannel}
    return lines[name]()
