"""One's own account: the way in speaks Vietnamese, and the password is one's own to change."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from tests.cast import Cast
from vanthu.audit.queries import history_of
from vanthu.kernel.actor import Actor

SignIn = Callable[[Actor], Client]
OLD, NEW = "mat-khau-cu-2026", "mot-cau-dai-kho-doan"


@pytest.fixture
def at_desk(cast: Cast, sign_in: SignIn) -> Client:
    person = get_user_model().objects.get(pk=cast.b.officer.user_id)
    person.set_password(OLD)
    person.save()
    return sign_in(cast.b.officer)


def filled(current: str = OLD, new: str = NEW, again: str = NEW) -> dict[str, str]:
    return {"current": current, "new": new, "again": again}


def test_a_wrong_password_is_refused_in_vietnamese(client: Client, cast: Cast) -> None:
    answer = client.post(reverse("account_login"), {"login": "ai-do", "password": "sai"})
    text = answer.content.decode()
    assert "Tên đăng nhập hoặc mật khẩu không đúng" in text
    assert "username and/or password" not in text


@pytest.mark.parametrize(
    "address", ["signup/", "email/", "password/reset/", "password/change/", "confirm-email/"]
)
def test_the_librarys_own_pages_are_not_there(at_desk: Client, address: str) -> None:
    assert at_desk.get(f"/accounts/{address}").status_code == 404


def test_the_password_is_changed_and_the_log_says_so(at_desk: Client, cast: Cast) -> None:
    assert at_desk.post(reverse("account-password"), filled()).status_code == 302
    person = get_user_model().objects.get(pk=cast.b.officer.user_id)
    assert person.check_password(NEW)
    event = history_of("accounts.person", person.pk)[0]
    assert event.verb == "accounts.password.change"
    assert NEW not in str(event)


def test_sessions_elsewhere_end_and_this_one_goes_on(at_desk: Client, cast: Cast, sign_in: SignIn) -> None:
    elsewhere = sign_in(cast.b.officer)
    at_desk.post(reverse("account-password"), filled())
    assert at_desk.get("/", follow=True).status_code == 200
    answer = elsewhere.get("/")
    assert answer.status_code == 302
    assert reverse("account_login") in answer["Location"]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (filled(current="khong-phai"), "VT-ACC-003"),
        (filled(new="ngan", again="ngan"), "VT-ACC-004"),
        (filled(new=OLD, again=OLD), "VT-ACC-004"),
        (filled(again="khac-di-mot-chut"), "không giống nhau"),
        (filled(current=""), "Nhập mật khẩu hiện tại."),
    ],
    ids=["wrong", "short", "same", "mismatch", "empty"],
)
def test_what_cannot_be_is_refused_with_the_reason(
    at_desk: Client, cast: Cast, sent: dict[str, str], said: str
) -> None:
    answer = at_desk.post(reverse("account-password"), sent)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert said in text
    assert "value=" not in text.split('name="current"')[1].split(">")[0]
    assert get_user_model().objects.get(pk=cast.b.officer.user_id).check_password(OLD)
