"""The axis as a channel: statuses become packets of the outbox, which keeps them until the axis has taken them."""

from __future__ import annotations

from datetime import datetime

from vanthu.exchange.channel import StatusMessage


class VxpChannel:
    """Trục liên thông. Documents leave by `operations.posting`, in one packet for all their receivers."""

    def send_status(self, status: StatusMessage, *, now: datetime) -> tuple[int, ...]:
        """One packet for each code of ours that the message had named (edxml.md §6.12), on disk when this returns."""
        from vanthu.exchange.operations.posting import post_status

        return post_status(status, now=now)
