"""The desk: queues, tabs, keyset pages, quick view, capacity."""

from __future__ import annotations

from tests.cast import Cast
from tests.factories.exchange import an_arrival
from tests.web.conftest import SignIn
from tests.web.pages import words_of
from vanthu.queues import queries as queues

TO_RECEIVE = "/hang-cho/cho-tiep-nhan/"


def test_urgent_ones_come_first_and_the_counter_counts(cast: Cast, sign_in: SignIn) -> None:
    an_arrival(cast, subject="việc thường")
    an_arrival(cast, subject="việc hỏa tốc", urgency=3)
    words = words_of(sign_in(cast.b.clerk).get(TO_RECEIVE))
    assert words.index("việc hỏa tốc") < words.index("việc thường")
    assert "Chờ tiếp nhận 2" in words


def test_the_first_page_is_the_first_queue(cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.b.clerk).get("/")
    assert (answer.status_code, answer["Location"]) == (302, TO_RECEIVE)


def test_an_empty_queue_says_what_will_bring_something(cast: Cast, sign_in: SignIn) -> None:
    words = words_of(sign_in(cast.b.clerk).get(TO_RECEIVE))
    assert "Không có văn bản: chờ tiếp nhận." in words
    assert "Văn bản gửi đến cơ quan qua hệ thống sẽ hiện ở đây." in words


def test_pages_follow_each_other_by_key_and_miss_nobody(cast: Cast, sign_in: SignIn) -> None:
    subjects = [f"văn bản thứ {number}" for number in range(7)]
    for subject in subjects:
        an_arrival(cast, subject=subject)
    kind = next(kind for kind in queues.queues_of(cast.b.clerk) if kind.slug == "cho-tiep-nhan")
    seen: list[str] = []
    cursor = ""
    while True:
        page = queues.queue_page(actor=cast.b.clerk, kind=kind, cursor=cursor, limit=3)
        seen += [row.document.subject for row in page.rows]
        cursor = page.next_cursor
        if not cursor:
            break
    assert seen == subjects


def test_a_cursor_that_nobody_of_ours_wrote_starts_at_the_beginning(cast: Cast, sign_in: SignIn) -> None:
    an_arrival(cast, subject="một văn bản")
    assert "một văn bản" in words_of(sign_in(cast.b.clerk).get(TO_RECEIVE + "?sau=~x~'; drop"))


def test_the_quick_view_shows_the_first_page_and_the_next_act(cast: Cast, sign_in: SignIn) -> None:
    document_id = an_arrival(cast)
    html = sign_in(cast.b.clerk).get(f"{TO_RECEIVE}{document_id}/").content.decode()
    assert "480.webp" in html
    assert "Xử lý" in html


def test_a_queue_of_another_desk_is_not_there(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.b.officer)
    assert client.get(TO_RECEIVE).status_code == 404
    assert client.get("/hang-cho/khong-co/").status_code == 404


def test_a_capacity_one_does_not_hold_changes_nothing(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.b.officer)
    assert client.post("/capacity/", {"capacity": str(cast.a.leader.post_id)}).status_code == 302
    words = words_of(client.get("/", follow=True))
    assert cast.b.officer.title in words
    assert "Chờ ký" not in words
