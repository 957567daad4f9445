"""A store of files that does not answer is said calmly, and nothing is half done."""

from __future__ import annotations

import pytest

from tests.cast import Cast
from tests.factories.exchange import an_arrival
from tests.web.conftest import SignIn
from tests.web.pages import words_of
from vanthu.documents.queries import current_files
from vanthu.foundation.storage import StoreUnavailable


def test_a_store_that_is_away_is_a_calm_503(
    cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    document_id = an_arrival(cast)
    file = current_files(document_id)[0]

    def away() -> None:
        raise StoreUnavailable("no answer")

    monkeypatch.setattr("vanthu.documents.queries.blobs", away)
    answer = sign_in(cast.b.clerk).get(f"/van-ban/{document_id}/tep/{file.id}/")
    assert answer.status_code == 503
    assert "no answer" not in words_of(answer)
    assert "Kho tệp tạm thời không trả lời" in words_of(answer)
