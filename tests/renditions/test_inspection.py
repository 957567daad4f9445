"""What a PDF carries is known before anybody opens it."""

from __future__ import annotations

import random

import pytest

from tests.renditions import hostile
from tests.renditions.samples import LETTER
from vanthu.kernel.errors import DomainError
from vanthu.presentation.letters import render_letter
from vanthu.renditions.inspection import PdfFacts, inspect_pdf, require_readable


def test_a_letter_is_described() -> None:
    facts = inspect_pdf(render_letter(LETTER).pdf)
    assert facts.pages == 1
    assert facts.version == "1.7"
    assert facts.page_sizes == ((210.0, 297.0),)
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in facts.text_first_page
    assert not facts.encrypted
    assert not facts.has_javascript
    assert facts.embedded_files == ()
    require_readable(facts)


@pytest.mark.parametrize("password", ["", "secret"])
def test_encryption_is_seen_with_and_without_a_password(password: str) -> None:
    facts = inspect_pdf(hostile.encrypted(user=password))
    assert facts.encrypted
    with pytest.raises(DomainError, match=r"documents\.file\.encrypted"):
        require_readable(facts)


@pytest.mark.parametrize(
    "data",
    [
        hostile.with_opening_script(),
        hostile.with_script_hidden_in_an_object_stream(),
        hostile.with_script_buried_deep(),
        hostile.with_launch(),
    ],
    ids=["opening", "object-stream", "deep", "launch"],
)
def test_scripts_are_found_wherever_they_hang(data: bytes) -> None:
    assert inspect_pdf(data).has_javascript


def test_embedded_files_are_named() -> None:
    assert inspect_pdf(hostile.with_attachment()).embedded_files == ("edoc.xml",)


@pytest.mark.parametrize("seed", range(5))
def test_random_bytes_are_unreadable(seed: int) -> None:
    facts = inspect_pdf(b"%PDF-1.7\n" + random.Random(seed).randbytes(5000))
    assert facts.unreadable
    with pytest.raises(DomainError, match=r"documents\.file\.unreadable"):
        require_readable(facts)


def test_nothing_at_all_is_unreadable() -> None:
    assert inspect_pdf(b"").unreadable


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9])
def test_a_cut_file_gives_facts_or_a_reason_and_never_an_error(part: float) -> None:
    data = render_letter(LETTER).pdf
    facts = inspect_pdf(data[: int(len(data) * part)])
    assert isinstance(facts, PdfFacts)
    assert facts.unreadable or facts.pages


def test_a_mutated_file_gives_facts_or_a_reason_and_never_an_error() -> None:
    data = render_letter(LETTER).pdf
    chance = random.Random(30)
    for _ in range(20):
        broken = bytearray(data)
        for _ in range(30):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        facts = inspect_pdf(bytes(broken))
        assert facts.unreadable or facts.pages or facts.encrypted
