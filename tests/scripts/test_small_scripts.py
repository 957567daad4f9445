"""The scripts behind make do what they say on a tree of their own."""

import gettext
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PO = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Phát hành"\nmsgstr "Issue"\n'


def a_tree(folder: Path, script: str) -> Path:
    (folder / "scripts").mkdir()
    return Path(shutil.copy(ROOT / "scripts" / script, folder / "scripts"))


def play(*command: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    surroundings = {**os.environ, **environment}
    return subprocess.run(
        list(map(str, command)), env=surroundings, capture_output=True, text=True, check=False
    )


def test_a_new_context_gets_its_rooms_with_a_sentence_in_each(tmp_path: Path) -> None:
    script = a_tree(tmp_path, "new_context.py")
    ended = play(sys.executable, script, "field_visits")
    home = tmp_path / "src" / "vanthu" / "field_visits"
    assert ended.returncode == 0, ended.stderr
    assert "class FieldVisitsConfig" in (home / "apps.py").read_text(encoding="utf-8")
    for room in (
        "__init__.py",
        "rules/__init__.py",
        "rules/states.py",
        "events.py",
        "models.py",
        "operations.py",
    ):
        assert (home / room).read_text(encoding="utf-8").startswith('"""')


@pytest.mark.parametrize("names", [(), ("a", "b"), ("Registry",), ("class",), ("../x",)])
def test_a_new_context_refuses_a_name_that_cannot_be_one(tmp_path: Path, names: tuple[str, ...]) -> None:
    ended = play(sys.executable, a_tree(tmp_path, "new_context.py"), *names)
    assert ended.returncode == 2
    assert "usage: make new-context NAME" in ended.stderr
    assert not (tmp_path / "src").exists()


def test_messages_are_compiled_once_and_again_only_when_newer(tmp_path: Path) -> None:
    script = a_tree(tmp_path, "compile_messages.py")
    folder = tmp_path / "src" / "vanthu" / "locale" / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(PO, encoding="utf-8")
    assert "django.mo" in play(sys.executable, script).stdout
    assert play(sys.executable, script).stdout == ""
    with (folder / "django.mo").open("rb") as compiled:
        assert gettext.GNUTranslations(compiled).gettext("Phát hành") == "Issue"


def test_the_prerequisites_say_what_is_missing_and_how_to_get_it(tmp_path: Path) -> None:
    for program in ("sh", "cut"):
        (tmp_path / program).symlink_to(shutil.which(program) or "")
    ended = play(ROOT / "scripts" / "prerequisites", PATH=str(tmp_path), PYTHON="")
    assert ended.returncode == 1
    assert "missing: python3, version 3.11 or later" in ended.stderr
    assert "apt-get install -y --no-install-recommends python3 python3-venv make" in ended.stderr


def test_the_prerequisites_name_the_interpreter_to_use() -> None:
    ended = play(ROOT / "scripts" / "prerequisites", PYTHON=sys.executable)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.strip() == sys.executable
