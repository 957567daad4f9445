"""`make new-context NAME`: the rooms of a new context, each with a sentence on what belongs there."""

import keyword
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROOMS = {
    "__init__.py": "{Name}: what we own, our words, our front door. (Write these three sentences first.)",
    "rules/__init__.py": "Plain Python: states, policy, readiness. No Django, no clock, no input or output.",
    "rules/states.py": "The states and moves of {name}, and the one table that joins them.",
    "events.py": "Facts that {name} publishes: frozen dataclasses of ids and values.",
    "models.py": "What {name} stores: fields, constraints, indexes, sentences of the query set, `facts()`.",
    "migrations/__init__.py": "",
    "queries.py": "What others may read of {name}: frozen rows, scoped by the actor.",
    "operations.py": "What can be done in {name}: one public function for each use case.",
    "jobs.py": "Background entry points of {name}: one call to one operation each.",
}
APPS = '''"""Django's entry for {name}."""

from django.apps import AppConfig


class {Name}Config(AppConfig):
    name = "vanthu.{name}"
    label = "{name}"
'''
NEXT_STEPS = """Made src/vanthu/{name}. Now:
  1. write the three sentences of src/vanthu/{name}/__init__.py, and delete the rooms you do not need;
  2. put `{name}` on the map in .importlinter and in docs/architecture.md (2.2);
  3. add "vanthu.{name}" to INSTALLED_APPS;
  4. add its terms to docs/glossary.md, its norms to docs/norms.md, its facts to wiring.py;
  5. start with tests/{name}/rules/.
"""


def refuse(reason: str) -> int:
    sys.stderr.write(
        f"{reason}\nusage: make new-context NAME   (a noun of the trade, lower case: registry, workfiles)\n"
    )
    return 2


def filled(text: str, name: str) -> str:
    return text.replace("{name}", name).replace("{Name}", name.title().replace("_", ""))


def make_context(name: str, root: Path) -> None:
    home = root / "src" / "vanthu" / name
    for room, sentence in ROOMS.items():
        path = home / room
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(filled(f'"""{sentence}"""\n' if sentence else "", name), encoding="utf-8")
    (home / "apps.py").write_text(filled(APPS, name), encoding="utf-8")
    (root / "tests" / name / "rules").mkdir(parents=True, exist_ok=True)


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        return refuse("A new context needs exactly one name.")
    name = arguments[0]
    if not re.fullmatch(r"[a-z][a-z_]*", name) or keyword.iskeyword(name):
        return refuse(f"'{name}' cannot be the name of a context.")
    if (ROOT / "src" / "vanthu" / name).exists():
        return refuse(f"src/vanthu/{name} is already there.")
    make_context(name, ROOT)
    sys.stdout.write(NEXT_STEPS.replace("{name}", name))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
