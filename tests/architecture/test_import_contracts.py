"""The ten contracts of .importlinter are kept, and each of them would notice."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

from tests.architecture.source import ROOT, SRC, demand_none, layers

VIOLATIONS = {
    "Imports only point down the map": ("documents/models.py", "import vanthu.exchange"),
    "Inside a context, rooms are stacked": ("documents/queries.py", "import vanthu.documents.operations"),
    "Rules are plain Python": ("documents/rules/policy.py", "def hidden():\n    import django"),
    "Screens speak to operations and queries": ("web/views.py", "import vanthu.documents.models"),
    "Exchange channels do not know each other": (
        "exchange/channels/local/__init__.py",
        "import vanthu.exchange.channels.paper",
    ),
    "Settings are read through django.conf only": ("web/forms.py", "from vanthu.settings import base"),
    "Only signing's backends, trust and validation see pyHanko": ("web/upload.py", "import pyhanko.sign"),
    "Only foundation.storage sees the object store's library": ("web/bucket.py", "import boto3"),
    "Only the line to the axis sees the HTTP client": ("web/call.py", "import httpx"),
    "The product does not import its tests": ("web/fakes.py", "import tests.cast"),
}
ALSO_THERE = ["kernel/__init__.py", "foundation/__init__.py", "settings/base.py", "documents/operations.py"]
ALSO_THERE += ["edxml/__init__.py"]
ALSO_THERE += ["exchange/channels/paper/__init__.py", "signing/validation.py", "wholly_new/__init__.py"]


def test_the_import_contracts_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert lint_imports(config_filename=str(ROOT / ".importlinter"), no_cache=True, no_logo=True) == 0


def plant(root: Path) -> None:
    """A small tree with one violation of each contract, and an app that is not on the map."""
    for name, text in [*VIOLATIONS.values(), *((name, "") for name in ALSO_THERE)]:
        path = root / "vanthu" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        for folder in [path.parent, *path.parent.parents]:
            if folder == root:
                break
            (folder / "__init__.py").touch()
        path.write_text(text, encoding="utf-8")


def test_each_contract_notices_its_violation(tmp_path: Path) -> None:
    plant(tmp_path)
    program = Path(sys.executable).parent / "lint-imports"
    ended = subprocess.run(
        [str(program), "--config", str(ROOT / ".importlinter"), "--no-cache", "--no-logo"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1, ended.stdout + ended.stderr
    assert [name for name in VIOLATIONS if f"{name} BROKEN" not in ended.stdout] == [], ended.stdout
    assert "vanthu.wholly_new" in ended.stdout


@pytest.mark.parametrize(("package", "contract"), [("edxml", "pure"), ("api", "screens")])
def test_a_package_that_comes_later_joins_its_contract(package: str, contract: str) -> None:
    """import-linter refuses to name what is not there, so the name is added on the day the package is."""
    text = (ROOT / ".importlinter").read_text(encoding="utf-8")
    section = text.split(f"[importlinter:contract:{contract}]")[1].split("[importlinter:")[0]
    named = f"vanthu.{package}\n" in section
    assert named == (SRC / package / "__init__.py").exists()


def test_the_map_in_the_documentation_names_every_layer() -> None:
    described = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    demand_none(name for layer in layers() for name in layer if name not in described)
