"""What an act on the directory or the calendar must say."""

from __future__ import annotations

from datetime import date

from vanthu.kernel.errors import Violation


def unmet_for_confirming(*, source: str) -> tuple[Violation, ...]:
    """A day is confirmed by an announcement, so the announcement is named."""
    return () if source.strip() else (Violation("organizations.calendar.source-missing"),)


def unmet_for_appointing(*, holds_it: bool) -> tuple[Violation, ...]:
    return (Violation("organizations.post.held-already"),) if holds_it else ()


def unmet_for_ending(*, held_from: date, held_to: date) -> tuple[Violation, ...]:
    """The last day is exclusive: an end on the first day would mean never."""
    if held_to > held_from:
        return ()
    return (Violation("organizations.post.ends-too-early", (("start", f"{held_from:%d/%m/%Y}"),)),)
