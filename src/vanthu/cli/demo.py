"""`vanthu demo`: an installation in one command, a city in it, the life of a document played, then the server."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vanthu.cli.serve import refuse_occupied, run_server
from vanthu.cli.setup import say_json, start_django
from vanthu.cli.trouble import Trouble

if TYPE_CHECKING:
    from vanthu.demo.remembered import Played
    from vanthu.demo.stage import Step
    from vanthu.signing.rules.verdicts import FileVerdict

DEFECT = 1
CITY_NAMES = {"small": "thành phố nhỏ gồm 4 cơ quan", "hanoi": "toàn thành phố Hà Nội"}

OTHER_CITY = (
    "Chưa nạp dữ liệu: {home} đang chứa {loaded}. Dữ liệu được giữ nguyên. "
    "Chạy lại với --city {name} (make demo CITY={name}), hoặc đặt VANTHU_HOME tới một thư mục khác."
)
NOT_A_DEMO = (
    "Chưa nạp dữ liệu: cơ sở dữ liệu đã có cơ quan không thuộc dữ liệu trình diễn. Không có gì bị thay đổi. "
    "Đặt VANTHU_HOME tới thư mục khác và bỏ VANTHU_DATABASE_URL rồi chạy lại."
)
BROKEN = (
    "Câu chuyện trình diễn dừng giữa chừng: dữ liệu trình diễn đã bị thay đổi ({why}). "
    "Xem trực tiếp trên màn hình, hoặc đặt VANTHU_HOME tới thư mục mới."
)


@click.command()
@click.option("--no-serve", is_flag=True, help="dừng sau câu chuyện, không mở máy chủ")
@click.option("--city", type=click.Choice(["small", "hanoi"]), default="small", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="in một đối tượng JSON")
@click.option("--host", default="127.0.0.1", show_default=True, help="địa chỉ lắng nghe")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="cổng")
def command(no_serve: bool, city: str, as_json: bool, host: str, port: int) -> None:
    """Cài đặt trình diễn trong ./var: nạp thành phố, diễn vòng đời một văn bản, rồi mở máy chủ."""
    os.environ["VANTHU_DEMO"] = "1"
    if not no_serve:
        refuse_occupied(host, port)
    start_django()
    shown = _prepare(city, Teller(quiet=as_json))
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    if as_json:
        say_json(address=address, **shown.to_json())
    else:
        click.echo("\n".join(shown.lines(address, serves=not no_serve)))
    if not shown.is_sound:
        raise SystemExit(DEFECT)
    if not no_serve:
        run_server(host=host, port=port)


class Teller:
    """Progress: a bar on a terminal, plain lines elsewhere, nothing where one JSON object is wanted."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._has_bar = not quiet and sys.stdout.isatty()

    def say(self, text: str) -> None:
        if not self._quiet:
            click.echo(text)

    def follow(self, steps: Iterator[Step], total: int) -> Iterator[Step]:
        """Tell each step as it happens, and pass it on."""
        from tqdm import tqdm

        chapter = ""
        with tqdm(total=total, disable=not self._has_bar, unit="bước", leave=False, ncols=80) as bar:
            for step in steps:
                said = [*([f"\n{step.chapter}"] if step.chapter != chapter else []), *step_lines(step)]
                chapter = step.chapter
                if self._has_bar:
                    bar.write("\n".join(said))
                    bar.update()
                else:
                    self.say("\n".join(said))
                yield step


def step_lines(step: Step) -> list[str]:
    """One step in two lines: what and who; which document, and how it stands at both agencies."""
    return [
        f"{step.number:>3}. {step.what} – {step.person}, {step.title}, {step.agency}",
        f"     {step.document} · nơi gửi: {step.at_sender} · nơi nhận: {step.at_receiver}",
    ]


@dataclass(frozen=True)
class Person:
    """Somebody to sign in as, and what waits on the desk."""

    username: str
    name: str
    title: str
    agency: str
    waiting: dict[str, int]

    def line(self) -> str:
        waits = ", ".join(f"{label} {count}" for label, count in self.waiting.items())
        return f"  {self.username:<22}{self.name:<22}{self.title}, {self.agency}" + (
            f"  [{waits}]" if waits else ""
        )


@dataclass(frozen=True)
class Shown:
    """Everything the command tells at its end."""

    home: Path
    city: str
    was_loaded: bool
    was_played: bool
    played: Played
    file: Path
    verdict: FileVerdict
    people: tuple[Person, ...]
    password: str
    seconds: float

    @property
    def is_sound(self) -> bool:
        kinds = {finding.kind for finding in self.verdict.signatures if finding.verdict == "VALID"}
        return self.verdict.verdict == "VALID" and kinds == {"personal", "agency"}

    def to_json(self) -> dict[str, object]:
        return {
            "ok": self.is_sound,
            "home": str(self.home),
            "city": self.city,
            "loaded": self.was_loaded,
            "played": self.was_played,
            "seconds": round(self.seconds, 1),
            "password": self.password,
            "people": [vars(person) for person in self.people],
            "steps": [step.to_json() for step in self.played.steps],
            "document": {"path": str(self.file), **self.verdict.to_json()},
        }

    def lines(self, address: str, *, serves: bool) -> Iterator[str]:
        from vanthu.signing.rules.sentences import KIND_TEXT, VERDICT_TEXT

        file, trust = near(self.file), near(self.home / "pki" / "trust")
        program = near(Path(sys.argv[0]).absolute())
        yield f"\nVăn bản phát hành: {file}"
        yield f"  {self.verdict.verdict.value} – {VERDICT_TEXT[self.verdict.verdict]}"
        for finding in self.verdict.signatures:
            yield f"  {KIND_TEXT[finding.kind]}: {finding.signer.name} – {VERDICT_TEXT[finding.verdict]}"
        yield f"  Kiểm tra lại: {program} verify {file} --trust {trust}   hoặc   pdfsig -nocert {file}"
        yield f"\nĐăng nhập – mật khẩu chung của mọi người: {self.password}"
        yield from (person.line() for person in self.people)
        yield f"\nDữ liệu: {near(self.home)}, {CITY_NAMES[self.city]}; xong sau {self.seconds:.1f} giây."
        yield f"Địa chỉ: {address}" if serves else f"Mở máy chủ: make serve, rồi vào {address}"


def near(path: Path) -> str:
    """The path as one would type it from here."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def _prepare(city: str, teller: Teller) -> Shown:
    """Migrate, load, play: each only as far as it has not been done."""
    started = time.monotonic()
    from vanthu.cli.installation import make_home, migrate_database
    from vanthu.demo import remembered
    from vanthu.demo.loading import CITIES, PASSWORD
    from vanthu.signing.operations import demo_authority, trust_store
    from vanthu.signing.validation import verify_isolated

    home = make_home()
    teller.say(f"Chuẩn bị cơ sở dữ liệu trong {near(home)}")
    _refuse_foreign(home, city)
    migrate_database(now=_now())
    teller.say(f"Nạp {CITY_NAMES[city]}: {len(CITIES[city]().people)} người trình diễn")
    was_loaded = _load(city)
    if not was_loaded:
        teller.say("Đã có sẵn; dữ liệu được giữ nguyên.")
    played = None if was_loaded else remembered.recall(home)
    was_played = played is None
    played = _tell_again(played, teller) if played else _play(home, city, teller)
    demo_authority(_now())  # revocation lists stay fresh, however long the installation rested
    file = remembered.exhibit(home, played)
    verdict = verify_isolated(file.read_bytes(), trust=trust_store(), at=_now(), name=str(file))
    return Shown(
        home,
        city,
        was_loaded,
        was_played,
        played,
        file,
        verdict,
        tuple(_people()),
        PASSWORD,
        time.monotonic() - started,
    )


def _now() -> datetime:
    return datetime.now(UTC)


def _refuse_foreign(home: Path, city: str) -> None:
    """Before anything is written: this command never touches an installation that is not its own."""
    from django.db import connection

    from vanthu.demo.loading import OtherCity, loaded_city

    if "organizations_agency" not in connection.introspection.table_names():
        return
    try:
        loaded = loaded_city()
    except OtherCity as refusal:
        raise Trouble(NOT_A_DEMO) from refusal
    if loaded not in {None, city}:
        raise Trouble(OTHER_CITY.format(home=near(home), loaded=CITY_NAMES[str(loaded)], name=loaded))


def _load(city: str) -> bool:
    from vanthu.demo.loading import load_city

    return load_city(city, now=_now())


def _play(home: Path, city: str, teller: Teller) -> Played:
    from vanthu.demo import remembered, story
    from vanthu.demo.stage import Stage, StoryBroken

    stage = Stage(_now)
    try:
        steps = tuple(teller.follow(story.play(stage), story.STEPS))
    except StoryBroken as broken:
        raise Trouble(BROKEN.format(why=broken)) from broken
    return remembered.remember(home, city, stage.main_id, steps)


def _tell_again(played: Played, teller: Teller) -> Played:
    teller.say("\nCâu chuyện đã diễn ở lần chạy trước:")
    for step in played.steps:
        teller.say("\n".join(step_lines(step)))
    return played


def _people() -> Iterator[Person]:
    """The people of the story; those of the whole city sign in the same way."""
    from vanthu.accounts.queries import person_named
    from vanthu.demo.cities.small import small
    from vanthu.organizations.queries import actor_of
    from vanthu.queues.queries import counters
    from vanthu.queues.rules.catalogue import BY_QUEUE

    plan = small()
    names = {agency.code: agency.short_name for agency in plan.agencies}
    for row in plan.people:
        person = person_named(row.username)
        if person is None:
            continue
        actor = actor_of(person.pk, now=_now())
        waiting = {BY_QUEUE[queue].label: count for queue, count in counters(actor).items() if count}
        yield Person(row.username, person.full_name, actor.title, names[row.agency_code], waiting)
