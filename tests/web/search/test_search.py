"""One finds what one may see, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.cast import Cast
from tests.factories.exchange import an_arrival
from tests.factories.registry import a_submitted_document
from vanthu.documents.queries import search_visible
from vanthu.kernel.actor import Actor

SignIn = Callable[[Actor], Client]


def found(client: Client, text: str) -> str:
    return client.get(reverse("search"), {"q": text}).content.decode()


def test_a_document_is_found_by_words_of_its_subject_number_and_issuer(cast: Cast, as_person: SignIn) -> None:
    a_submitted_document(cast, subject="báo cáo giải ngân vốn đầu tư", full_number="77/SNV-TH")
    client = as_person(cast.b.clerk)
    for text in ("giải ngân", "77/SNV", "vốn giải", "báo cáo 77"):
        assert "báo cáo giải ngân vốn đầu tư" in found(client, text)
    assert "Không tìm thấy văn bản nào." in found(client, "lâm nghiệp")


def test_what_one_may_not_see_is_not_found(cast: Cast, as_person: SignIn) -> None:
    an_arrival(cast, subject="chuyện riêng của sở")
    assert "chuyện riêng" in found(as_person(cast.b.clerk), "riêng")
    for actor in (cast.b.officer, cast.a.leader, cast.city_admin):
        assert "Không tìm thấy văn bản nào." in found(as_person(actor), "riêng")


def test_no_words_find_nothing(cast: Cast, as_person: SignIn) -> None:
    an_arrival(cast)
    assert search_visible(cast.b.clerk, "  ") == ()
    assert "Nhập từ cần tìm" in found(as_person(cast.b.clerk), " ")


def test_the_list_ends_at_its_limit_and_says_so(cast: Cast, as_person: SignIn) -> None:
    for _ in range(3):
        an_arrival(cast, subject="kiểm kê tài sản")
    assert len(search_visible(cast.b.clerk, "kiểm kê", limit=2)) == 2
    assert "tối đa 50 kết quả" in found(as_person(cast.b.clerk), "kiểm kê")


def test_the_words_stand_in_the_field_and_are_escaped(cast: Cast, as_person: SignIn) -> None:
    text = found(as_person(cast.b.clerk), "<b>x")
    assert 'value="&lt;b&gt;x"' in text
    assert "<b>x" not in text


def test_many_results_ask_as_many_questions_as_few(cast: Cast, as_person: SignIn) -> None:
    client = as_person(cast.b.clerk)

    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            found(client, "kho bạc")
        return len(asked)

    an_arrival(cast, subject="đối chiếu kho bạc")
    questions()
    before = questions()
    for _ in range(4):
        an_arrival(cast, subject="đối chiếu kho bạc")
    assert questions() == before


def test_without_notifications_there_is_no_bell(cast: Cast, as_person: SignIn) -> None:
    text = found(as_person(cast.b.clerk), "x")
    assert "/notifications/" not in text
    assert f'action="{reverse("search")}"' in text
