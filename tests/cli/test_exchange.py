"""`vanthu exchange`: an operator looks at the line, the list of agencies and the packets of a real installation."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.running import said, vanthu
from tests.exchange.outbox.gateway import ScriptedGateway


@dataclass
class Line:
    """An installation that is told of the gateway."""

    gateway: ScriptedGateway
    home: Path
    url: str

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return vanthu(
            self.home,
            "exchange",
            *arguments,
            VANTHU_LINE_URL=self.url,
            VANTHU_LINE_SYSTEM="00.26.TEST",
            VANTHU_LINE_SECRET="dummy-secret-for-loopback",
        )


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("exchange")
    assert vanthu(home, "migrate").returncode == 0
    return home


@pytest.fixture
def gateway() -> Iterator[ScriptedGateway]:
    with ScriptedGateway() as here:
        yield here


@pytest.fixture
def line(gateway: ScriptedGateway, home: Path) -> Line:
    return Line(gateway, home, gateway.url)


def test_without_a_line_it_says_what_to_declare(home: Path) -> None:
    answer = vanthu(home, "exchange", "line", "check")
    assert answer.returncode == 2
    assert "chưa nối trục liên thông" in answer.stderr
    assert "VANTHU_LINE_URL" in answer.stderr


def test_a_line_that_is_up_is_told_with_what_waits(line: Line) -> None:
    answer = line.run("line", "check")
    assert answer.returncode == 0
    assert "Đường truyền thông" in answer.stdout
    assert said(line.run("line", "check", "--json"))["waiting"] == {"edoc": 0, "status": 0}


def test_a_line_that_is_down_is_told_with_its_cause(line: Line) -> None:
    line.url = "http://127.0.0.1:9"
    answer = line.run("line", "check")
    assert answer.returncode == 2
    assert "Không kết nối được tới cổng liên thông" in answer.stderr
    assert "dummy-secret" not in answer.stderr + answer.stdout


def test_the_list_of_agencies_is_taken_in_and_looked_through(line: Line) -> None:
    assert "Danh bạ liên thông trống" in line.run("agencies", "list").stdout
    line.gateway.agencies = [
        {"id": "1", "pid": "", "code": "G99", "name": "Bộ Thử nghiệm", "oldCode": "000.00.00.G99"},
        {"id": "2", "pid": "1", "code": "G99.01", "name": "Cục Một"},
    ]
    taken = line.run("agencies", "sync")
    assert taken.returncode == 0
    assert "Trục có 2 cơ quan: thêm 2" in taken.stdout
    assert "2 cơ quan đang nhận, 0 đã đóng, 1 mã khác" in line.run("agencies", "list").stdout

    found = line.run("agencies", "find", "bo thu nghiem")
    assert found.returncode == 0
    assert "G99" in found.stdout
    assert "000.00.00.G99" in found.stdout
    assert line.run("agencies", "find", "không có đâu").returncode == 1
    rows = said(line.run("agencies", "find", "000.00.00.G99", "--json"))["agencies"]
    assert [row["code"] for row in rows] == ["G99"]


def test_nothing_waits_in_a_new_installation(line: Line) -> None:
    answer = line.run("packets")
    assert answer.returncode == 0
    assert "Không có gói tin nào" in answer.stdout
    assert json.loads(line.run("packets", "--json").stdout)["packets"] == []
    again = line.run("resend", "7")
    assert again.returncode == 2
    assert "(VT-EXC-047)" in again.stderr


def test_registering_says_which_code_is_not_ours(line: Line) -> None:
    answer = line.run("register", "H26.KHONG")
    assert answer.returncode == 1
    assert "Hệ thống không có cơ quan mang mã: H26.KHONG" in answer.stdout
    assert line.gateway.registered == []
