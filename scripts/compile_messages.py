"""Compiles the translations (.po, the source) to the .mo that gettext reads; the machine needs no gettext."""

import sys
from pathlib import Path

import polib

LOCALE = Path(__file__).resolve().parent.parent / "src" / "vanthu" / "locale"


def compile_messages(locale: Path = LOCALE) -> list[Path]:
    """Compile what is newer than its result; returns the files written."""
    written = []
    for source in sorted(locale.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        half_written = target.with_suffix(".mo.new")
        polib.pofile(str(source)).save_as_mofile(str(half_written))
        half_written.replace(target)
        written.append(target)
    return written


if __name__ == "__main__":
    for path in compile_messages():
        sys.stdout.write(f"Translations: compiled {path.relative_to(LOCALE.parent)}\n")
