"""The line with its flight recorder: every call that is made over it leaves a row, whatever it came to."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings as django_settings

from vanthu.exchange.channels.vxp.client import CallRecord, Gateway
from vanthu.exchange.channels.vxp.settings import line
from vanthu.exchange.models import LineCall


class NoLine(RuntimeError):
    """This installation has no line to the axis (VANTHU_LINE_URL)."""


def open_line(*, now: datetime, packet_id: int | None = None, inbound_id: int | None = None) -> Gateway:
    """The gateway; its calls are kept beside the packet they are made for. Raises `NoLine`.

    Never inside a transaction: a call that failed must be remembered although nothing else changed.
    """
    settings = line()
    if settings is None:
        raise NoLine("VANTHU_LINE_URL")

    def keep(call: CallRecord) -> None:
        LineCall.objects.create(
            packet_id=packet_id,
            inbound_id=inbound_id,
            call=call.call,
            at=call.at,
            elapsed_ms=call.elapsed_ms,
            request=dict(call.request),
            http_status=call.http_status,
            answer=call.answer[:4000],
            diagnosis=call.diagnosis,
        )

    return Gateway(settings, clock=lambda: now, on_call=keep)


def has_line() -> bool:
    """Whether this installation has a line to the axis; whether it is configured rightly is asked by whoever uses it."""
    return bool(django_settings.VANTHU_LINE_URL)
