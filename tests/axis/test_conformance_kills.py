"""kill −9 of the axis between what it was told and what it answered: sent again, the same file has one id."""

from __future__ import annotations

import random
import socket
import threading

import pytest

from tests.axis.conftest import Axis, Join
from tests.axis.foreign import hostile
from tests.axis.foreign.letters import Letter, document
from tests.axis.foreign.wire import received
from tests.crash.reporting import FULL

KILLS = 30 if FULL else 4
pytestmark = [pytest.mark.soak, pytest.mark.timeout(3600 if FULL else 600)]
LONGEST_SECONDS = 0.12
"""So long at most the axis lives on after it has a whole request; a sending takes a few hundredths of a second."""


def test_sent_again_after_a_kill_a_file_is_delivered_once(axis: Axis, join: Join, seed: int) -> None:
    chance = random.Random(seed)
    sender, receiver = join(), join()
    sent = {}
    for number in range(KILLS):
        data = document(Letter(sender.code, (receiver.code,), number=str(number + 1)))
        request = sender.service.sending("edoc", data, sender=sender.code)
        sender.service.agencies()
        early = ""
        with socket.create_connection(sender.service.calls.address, timeout=30) as line:
            line.sendall(request.raw)
            shot = threading.Timer(chance.uniform(0, LONGEST_SECONDS), axis.kill)
            shot.start()
            try:
                early = received(line, "POST")[0].doc_id
            except (OSError, ValueError, EOFError):
                early = ""
            shot.join()
        axis.start()
        again = hostile.answered(sender.service, request)
        assert again.is_ok, again.words
        assert early in {"", again.doc_id}, "what was answered before the kill stands after it"
        sent[again.doc_id] = data
    items = receiver.service.received(pageSize="100").data
    assert len(items) == KILLS
    assert sorted(receiver.service.fetched(item["docId"]) for item in items) == sorted(sent.values())
    assert {row["senderDocId"] for row in sender.service.sent().data} == set(sent)


def test_a_report_that_was_answered_is_kept_through_a_kill(axis: Axis, join: Join) -> None:
    sender, receiver = join(), join()
    for number in range(2):
        sender.send(Letter(sender.code, (receiver.code,), number=str(number + 1)))
    left = {item["docId"] for item in receiver.service.waiting()}
    while left:
        settled = left.pop()
        assert receiver.service.update(settled, "done").is_ok
        axis.kill()
        axis.start()
        assert {item["docId"] for item in receiver.service.waiting()} == left


def test_nothing_of_what_was_refused_or_broke_off_lies_about(axis: Axis, join: Join) -> None:
    """Bodies that broke off leave no files behind when the axis starts again."""
    sender, receiver = join(), join()
    request = sender.service.sending(
        "edoc",
        document(Letter(sender.code, (receiver.code,), attachments=(("a.pdf", bytes(3_000_000)),))),
        sender=sender.code,
    )
    with socket.create_connection(sender.service.calls.address, timeout=30) as line:
        line.sendall(request.raw[:2_000_000])
        axis.kill()
    axis.start()
    assert not [path for path in axis.home.rglob("*") if path.is_file() and path.stat().st_size == 2_000_000]
    assert hostile.answered(sender.service, request).is_ok
    assert receiver.service.count() == 1
