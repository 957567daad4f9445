"""Conducts `make test`: the checks, pytest as an office (SQLite, files), pytest as a city (PostgreSQL, S3); one line
counts them all.

Each check counts like one test, so that the last line — `N passed, N failed, N skipped` — is the whole truth.
Where `CI` is set a skip is a failure. Without arguments it does everything; `--fast` leaves out the city
and the browser; `--checks-only` runs no tests; `--soak` plays the long runs alone, in full length, on both
installations. Further arguments go to pytest.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

from test_postgres import test_database_url
from test_s3 import test_bucket

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
SOURCE = ROOT / "src" / "vanthu"
STRICT_ROOMS = (
    "kernel",
    "edxml",
    "*/rules",
    "*/events.py",
    "*/operations",
    "*/operations.py",
    "*/queries",
    "*/queries.py",
)
PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"
CHOSEN = {"VANTHU_DATABASE_URL", "VANTHU_BLOBS", "VANTHU_BLOBS_KEY", "VANTHU_BLOBS_SECRET"}
OFFICE: dict[str, str] = {}


def say(text: str) -> None:
    print(text, flush=True)


def strict_rooms() -> list[str]:
    """The paths that mypy --strict must find clean; rooms that do not exist yet are left out."""
    rooms = [path for room in STRICT_ROOMS for path in SOURCE.glob(room)]
    return sorted(str(path.relative_to(ROOT)) for path in rooms if path.is_file() or any(path.glob("*.py")))


def checks() -> dict[str, list[str]]:
    """The name of each check and its command."""
    return {
        "ruff check": ["ruff", "check", "--quiet", "--output-format=concise", "."],
        "ruff format": ["ruff", "format", "--check", "--quiet", "--output-format=concise", "."],
        "mypy --strict": ["mypy", "--no-error-summary", *strict_rooms()],
        "lint-imports": ["lint-imports", "--no-cache", "--no-logo"],
        "djlint": ["djlint", "--lint", "--quiet", "src/vanthu"],
        "codespell": [
            "codespell",
            "src",
            "tests",
            "docs",
            "scripts",
            "changes",
            *map(str, ROOT.glob("*.md")),
        ],
        "makemigrations --check": ["python", "manage.py", "makemigrations", "--check", "--dry-run"],
    }


def environment(installation: Mapping[str, str] = OFFICE) -> dict[str, str]:
    """The surroundings of a check or a test run; what the installation does not name is an office's, whatever the
    shell says.
    """
    inherited = {name: value for name, value in os.environ.items() if name not in CHOSEN}
    return {
        **inherited,
        "DJANGO_SETTINGS_MODULE": "vanthu.settings.test",
        "PYTHONPATH": str(ROOT / "src"),
        **installation,
    }


@contextmanager
def city() -> Iterator[dict[str, str]]:
    """A city's installation: a database server and a bucket, as several hosts would share them."""
    with test_database_url() as url, test_bucket() as bucket:
        yield {"VANTHU_DATABASE_URL": url, **bucket}


def run_checks() -> Counter[str]:
    counts: Counter[str] = Counter()
    for name, command in checks().items():
        started = time.monotonic()
        program = [str(BIN / command[0]), *command[1:]]
        with tempfile.TemporaryDirectory(prefix="vanthu-checks-") as home:
            surroundings = {**environment(), "VANTHU_HOME": home}
            ended = subprocess.run(
                program, cwd=ROOT, env=surroundings, capture_output=True, text=True, check=False
            )
        verdict = FAILED if ended.returncode else PASSED
        counts[verdict] += 1
        say(f"  {verdict:7} {name} ({time.monotonic() - started:.1f} s)")
        if ended.returncode:
            say(ended.stdout + ended.stderr)
    return counts


def read_junit(report: Path) -> Counter[str]:
    """Counts a junit report; a report that is not there means that pytest itself broke."""
    if not report.exists():
        return Counter({FAILED: 1})
    counts: Counter[str] = Counter()
    for case in ET.parse(report).iter("testcase"):
        kinds = {child.tag for child in case}
        if kinds & {"failure", "error"}:
            counts[FAILED] += 1
        elif "skipped" in kinds:
            counts[SKIPPED] += 1
        else:
            counts[PASSED] += 1
    return counts


def run_pytest(seed: int, arguments: Iterable[str], installation: Mapping[str, str]) -> Counter[str]:
    with tempfile.TemporaryDirectory(prefix="vanthu-tests-") as folder:
        report = Path(folder) / "junit.xml"
        workers = min(4, os.cpu_count() or 1)
        command = [sys.executable, "-m", "pytest", "-q", "-n", str(workers)]
        command += [f"--randomly-seed={seed}", f"--junitxml={report}"]
        surroundings = {**environment(installation), "VANTHU_HOME": f"{folder}/home"}
        ended = subprocess.run([*command, *arguments], cwd=ROOT, env=surroundings, check=False)
        counts = read_junit(report)
    if ended.returncode and not counts[FAILED]:
        # A crash, an unknown option or an empty collection: no single test failed, but the run did.
        counts[FAILED] += 1
    return counts


def run_tests_on(
    name: str, installation: AbstractContextManager[Mapping[str, str]], seed: int, arguments: list[str]
) -> Counter[str]:
    say(f"\nTests on {name} (random order, seed {seed})")
    started = time.monotonic()
    try:
        with installation as variables:
            counts = run_pytest(seed, arguments, variables)
    except RuntimeError as refusal:
        say(str(refusal))
        counts = Counter({FAILED: 1})
    say(f"  {name}: {summary(counts)} ({time.monotonic() - started:.0f} s)")
    return counts


def summary(counts: Counter[str]) -> str:
    return f"{counts[PASSED]} passed, {counts[FAILED]} failed, {counts[SKIPPED]} skipped"


def exit_code(counts: Counter[str], *, in_ci: bool) -> int:
    return 1 if counts[FAILED] or (in_ci and counts[SKIPPED]) else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fast", action="store_true")
    parser.add_argument("--checks-only", action="store_true")
    parser.add_argument("--soak", action="store_true")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1, 10**6))
    options, for_pytest = parser.parse_known_args()

    started = time.monotonic()
    counts: Counter[str] = Counter()
    if options.soak:
        os.environ["VANTHU_TEST_SOAK"] = "full"
        for_pytest = ["-m", "soak", *for_pytest]
    else:
        say("Checks")
        counts = run_checks()
    if options.fast:
        quick = ["-m", "not browser", *for_pytest]
        counts += run_tests_on("SQLite and files", nullcontext(OFFICE), options.seed, quick)
    elif not options.checks_only:
        counts += run_tests_on("SQLite and files", nullcontext(OFFICE), options.seed, for_pytest)
        counts += run_tests_on("PostgreSQL and S3", city(), options.seed, for_pytest)

    in_ci = bool(os.environ.get("CI"))
    if in_ci and counts[SKIPPED]:
        say("\nCI is set: a skipped test counts as a failure of this run.")
    say(f"\n{time.monotonic() - started:.0f} s in all")
    say(summary(counts))
    return exit_code(counts, in_ci=in_ci)


if __name__ == "__main__":
    sys.exit(main())
