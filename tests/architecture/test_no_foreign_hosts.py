"""No address of a package index, no path of somebody's machine, no other host in a page, nothing large."""

import re
from pathlib import Path

import pytest

from tests.architecture.source import ROOT, SRC, demand_none, written_files

LARGEST = 1024 * 1024
# The patterns are split so that this file does not find itself.
BANNED = {
    "an index address": re.compile(
        r"pypi" r"\.org|python" r"hosted\.org|registry\.np" r"mjs|artifact" r"registry", re.IGNORECASE
    ),
    "an index option": re.compile(
        r"(?<!no-emit)--(extra-)?index" r"-url|(?<!no-emit)--find" r"-links|trusted" r"-host"
    ),
    "a lock file's download address": re.compile(r'"resolv' r'ed"\s*:'),
    "a path of one machine": re.compile(r"(?<![\w.~-])/(w" r"ork|h" r"ome|r" r"oot)/\w"),
}
FOREIGN = re.compile(
    r"(?:https?:)?//(?!127\.0\.0\.1|localhost|www\.w3\.org/)[a-z0-9-]+(?:\.[a-z0-9-]+)+", re.IGNORECASE
)
IN_A_BROWSER = {".html", ".css", ".js", ".svg", ".webmanifest"}


def offences(text: str) -> list[str]:
    return [what for what, pattern in BANNED.items() if pattern.search(text)]


def read(path: Path) -> str:
    return path.read_bytes().decode("utf-8", errors="ignore")


def test_no_file_names_an_index_or_a_path_of_one_machine() -> None:
    found = {str(path.relative_to(ROOT)): offences(read(path)) for path in written_files()}
    assert {name: what for name, what in found.items() if what} == {}


def test_what_a_browser_gets_names_no_other_host() -> None:
    found = {
        str(path.relative_to(SRC)): FOREIGN.findall(read(path))
        for path in written_files(SRC)
        if path.suffix in IN_A_BROWSER
    }
    assert {name: hosts for name, hosts in found.items() if hosts} == {}


def test_no_file_is_larger_than_one_megabyte() -> None:
    demand_none([str(path.relative_to(ROOT)) for path in written_files() if path.stat().st_size > LARGEST])


@pytest.mark.parametrize(
    "line",
    [
        "https://files.python" + "hosted.org/x.whl",
        "--index" + "-url x",
        "-r /w" + "ork/x.txt",
        '"resolv' + 'ed": "x"',
        'see "/r' + 'oot/x"',
    ],
)
def test_the_rule_notices(line: str) -> None:
    assert offences(line)


@pytest.mark.parametrize(
    "line", ["--no-emit-index" + "-url", "src/vanthu/work/x", "https://vanthu.example/home/x"]
)
def test_the_rule_lets_ordinary_text_pass(line: str) -> None:
    assert offences(line) == []


def test_the_rule_notices_another_host_in_a_page() -> None:
    assert FOREIGN.search('<script src="//cdn.example.org/x.js">')
    assert not FOREIGN.search('<svg xmlns="http://www.w3.org/2000/svg"> // a comment')
