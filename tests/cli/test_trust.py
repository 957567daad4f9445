"""`vanthu trust`: an operator imports, lists, pins and removes authorities on a real installation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from tests.cli.running import said, vanthu
from tests.signing.trust_server import Authority, Market, Stall, market
from vanthu.signing.trust.pins import fingerprint

NAME = "RootCA chuyên dùng Chính phủ G2"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("trust")
    assert vanthu(home, "migrate").returncode == 0
    return home


@pytest.fixture(scope="module")
def stalls() -> Iterator[Market]:
    with market() as here:
        yield here


def test_the_whole_way_of_an_operator(home: Path, stalls: Market, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    root = Authority.root("Gốc của người vận hành", now - timedelta(days=1))
    file = tmp_path / "goc.crt"
    file.write_bytes(root.certificate.public_bytes(Encoding.PEM))
    sha256, url = fingerprint(root.certificate), stalls.url("/goc.crl")
    stalls.stalls["/goc.crl"] = Stall(root.crl(now))

    empty = vanthu(home, "trust", "list")
    assert empty.returncode == 0
    assert "chưa có chứng thư nào" in empty.stdout

    refused = vanthu(home, "trust", "import", str(file))
    assert refused.returncode == 2
    assert f"vân tay {sha256} chưa được ghim" in refused.stderr
    assert "(VT-TIN-003)" in refused.stderr

    pinned = vanthu(
        home, "trust", "pin", sha256, "--name", "Gốc của người vận hành", "--source", "Thử", "--crl", url
    )
    assert pinned.returncode == 0
    imported = vanthu(home, "trust", "import", str(file), "--json")
    assert said(imported)["imported"] == [{"sha256": sha256, "name": "Gốc của người vận hành", "new": True}]

    around = {"VANTHU_REVOCATION_HOSTS": stalls.host, "VANTHU_REVOCATION_NETWORKS": "127.0.0.1/32"}
    fetched = vanthu(home, "trust", "refresh", **around)
    assert (fetched.returncode, fetched.stdout) == (0, f"đạt   {url}\n")
    listed = said(vanthu(home, "trust", "list", "--json"))["anchors"]
    assert [(row["sha256"], row["problems"], row["pin_is_full"]) for row in listed] == [(sha256, [], True)]

    stalls.stalls["/goc.crl"] = Stall(b"junk")
    bad = vanthu(home, "trust", "refresh", **around)
    assert bad.returncode == 1
    assert bad.stdout == f"hỏng  {url}: unreadable\n"

    removed = vanthu(home, "trust", "remove", sha256, "--reason", "Hết dùng")
    assert (removed.returncode, removed.stdout) == (0, "Đã gỡ: Gốc của người vận hành.\n")


def test_a_namesake_of_the_states_root_is_refused_in_words(home: Path, tmp_path: Path) -> None:
    impostor = Authority.root(NAME, datetime.now(UTC))
    file = tmp_path / "rootcag2.crt"
    file.write_bytes(impostor.der)
    run = vanthu(home, "trust", "import", str(file))
    assert run.returncode == 2
    for words in (
        f"Chưa nhập chứng thư «{NAME}» vào danh sách tin cậy.",
        fingerprint(impostor.certificate),
        "F04BA4B4…E2FDB8",
        "http://ca.gov.vn/pki/pub/crt/rootcag2.crt",
    ):
        assert words in run.stderr


def test_a_file_that_is_not_there_is_said(home: Path, tmp_path: Path) -> None:
    run = vanthu(home, "trust", "import", str(tmp_path / "không-có.crt"))
    assert run.returncode == 2
    assert "không đọc được tệp" in run.stderr
