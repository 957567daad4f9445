"""Server time and bytes of the five main screens at 100, 10,000 and 100,000 documents, on both databases.

Side by side on the same page with the same number of rows (decision D14): the clerk who sees the whole agency, and an
officer with 50 grants. The two are asked in turn, so that a noisy machine disturbs both. The limit of the same run
is an empty queue through the same middleware plus the bare SQL of the same rows.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from statistics import median
from typing import Any

from _setting import POSTGRES, SQLITE, load_small_city, postgres, run_in_private_home

SIZES = (100, 10_000, 100_000)
GRANTS = 50
HALF = 25
GOAL_RATIO, GOAL_BYTES = 1.3, 150_000
CLERK, OFFICER = "vanthu.stc", "chuyenvien.stc"
DEPTH_STEP = 5_000


@dataclass(frozen=True)
class Screen:
    """One screen at one size: of the clerk and of the officer."""

    database: str
    documents: int
    screen: str
    is_same_page: bool
    rows: int
    clerk_p50: float
    clerk_p95: float
    officer_p50: float
    officer_p95: float
    ratio: float
    """officer / clerk, of the medians"""
    limit_p50: float
    """an empty page through the middleware and the bare SQL of the clerk's rows"""
    over_limit: float
    clerk_queries: int
    officer_queries: int
    clerk_bytes: int
    officer_bytes: int


@dataclass
class Person:
    """A signed-in person at the door for web servers."""

    username: str
    actor: Any
    cookie: str
    times: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Answer:
    status: str
    body: bytes
    headers: dict[str, str]
    seconds: float

    @property
    def bytes_sent(self) -> int:
        return len(self.body)

    @property
    def text(self) -> str:
        packed = self.headers.get("Content-Encoding") == "gzip"
        return (gzip.decompress(self.body) if packed else self.body).decode()


class Door:
    """The WSGI application, asked in process: session, actor, middleware, view and template."""

    def __init__(self) -> None:
        from vanthu.wsgi import application

        self._application: Callable[..., Any] = application

    def get(self, address: str, cookie: str = "") -> Answer:
        path, _, query = address.partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "localhost",
            "HTTP_ACCEPT_ENCODING": "gzip",
            "HTTP_COOKIE": cookie,
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.input": BytesIO(),
            "wsgi.errors": sys.stderr,
            "wsgi.url_scheme": "http",
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
        }
        said: list[Any] = []
        started = time.perf_counter()
        response = self._application(environ, lambda status, headers: said.extend((status, dict(headers))))
        body = b"".join(response)
        response.close()
        return Answer(said[0], body, said[1], time.perf_counter() - started)


def sign_in(username: str) -> Person:
    from django.conf import settings
    from django.test import Client

    from vanthu.accounts.queries import person_named
    from vanthu.organizations.queries import actor_of

    person = person_named(username)
    assert person is not None
    client = Client()
    client.force_login(person)
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    return Person(username, actor_of(person.pk, now=datetime.now(UTC)), cookie)


class Agency:
    """Sở Tài chính with so many documents: all but fifty wait in the clerk's queue, fifty lie before the officer."""

    def __init__(self) -> None:
        from _multiply import multiply
        from vanthu.demo import desks, texts
        from vanthu.demo.cities.small import STC
        from vanthu.demo.stage import Correspondence, Stage

        stage = Stage(lambda: datetime.now(UTC))
        self.handled, self.waiting = (
            Correspondence(
                sent := desks.issue(stage, "chuyenvien.tp", text, STC, signer="chutich.tp"),
                STC,
                stage.find_arrival(CLERK, sent),
            )
            for text in (texts.REFORM_PLAN, texts.BUDGET_MEETING)
        )
        desks.before_the_officer(stage, "stc", self.handled)
        self.documents = GRANTS
        assert self.handled.received_id is not None
        multiply(self.handled.received_id, GRANTS - 1)
        self.documents = GRANTS + 1

    def grow_to(self, documents: int) -> None:
        from _multiply import multiply

        assert self.waiting.received_id is not None
        multiply(self.waiting.received_id, documents - self.documents)
        self.documents = documents


Addresses = Sequence[str]


@dataclass(frozen=True)
class Visit:
    """One screen: the addresses each of both asks for in turn, and how many rows they hold."""

    name: str
    rows: int
    clerk: Addresses
    officer: Addresses
    is_same_page: bool = True
    """False where the two look at different documents in different states: shown, not judged by the ratio"""


def visits(clerk: Person, officer: Person) -> Iterator[Visit]:
    """The five screens, and the acts on the process screen: on the same documents, and at the end of one's queue."""
    from vanthu.queues.queries import Tab
    from vanthu.queues.rules.catalogue import BY_QUEUE, Queue

    office, work = BY_QUEUE[Queue.TO_RECEIVE], BY_QUEUE[Queue.MY_WORK]
    queues = (f"/{_path(office.slug)}", f"/{_path(work.slug)}")
    yield Visit("Cần làm", GRANTS, [queues[0]], [queues[1]])
    deep = [
        f"{queue}?pham-vi={Tab.TODO}&sau={_cursor_before(person.actor, kind, HALF)}"
        for person, kind, queue in ((clerk, office, queues[0]), (officer, work, queues[1]))
    ]
    yield Visit("Cần làm, trang cuối", HALF, deep[:1], deep[1:])
    yield Visit("Tất cả", GRANTS, [f"{queues[0]}?pham-vi={Tab.ALL}"], [f"{queues[1]}?pham-vi={Tab.ALL}"])
    own = [
        [f"{url}?hang-cho={kind.slug}" for url in _document_addresses(person.actor, kind)]
        for person, kind in ((clerk, office), (officer, work))
    ]
    shared = _document_addresses(officer.actor, work)
    for face, label in (("luong", "Luồng xử lý"), ("lich-su", "Lịch sử")):
        seen = [f"{url}?mat={face}" for url in shared]
        yield Visit(label, 1, seen, seen)
    yield Visit("Xử lý, cùng văn bản", 1, shared, shared)
    yield Visit("Xử lý, việc của mình", 1, own[0], own[1], is_same_page=False)


def _path(slug: str) -> str:
    from django.urls import reverse

    return reverse("queue", args=[slug]).lstrip("/")


def _cursor_before(actor: Any, kind: Any, rows: int) -> str:
    """The cursor behind which so many rows stand, found by walking the queue as a reader does."""
    from vanthu.queues.queries import counters, queue_page

    left, cursor = counters(actor)[kind.queue] - rows, ""
    while left > 0:
        step = min(left, DEPTH_STEP)
        cursor = queue_page(actor=actor, kind=kind, cursor=cursor, limit=step).next_cursor
        left -= step
    return cursor


def _document_addresses(actor: Any, kind: Any) -> list[str]:
    """The documents at the end of the queue: where a walker that counted the whole queue would be slowest."""
    from django.urls import reverse

    from vanthu.queues.queries import queue_page

    page = queue_page(actor=actor, kind=kind, cursor=_cursor_before(actor, kind, HALF))
    return [reverse("document", args=[row.document.id]) for row in page.rows]


def measure(
    door: Door, visit: Visit, clerk: Person, officer: Person, *, documents: int, requests: int
) -> Screen:
    """Warm up, then ask in turn; p50 and p95 in milliseconds."""
    both = ((clerk, visit.clerk), (officer, visit.officer))
    answers = [_require_page(door.get(addresses[0], person.cookie), visit) for person, addresses in both]
    queries = [_queries(door, addresses[-1], person) for person, addresses in both]
    empty, bare = _empty_queue(), _bare_sql(door, visit.clerk[-1], clerk)
    limits = []
    for turn in range(-5, requests):
        for person, addresses in both:
            answer = door.get(addresses[turn % len(addresses)], person.cookie)
            if turn < 0:
                person.times.clear()
            else:
                person.times.append(answer.seconds * 1000)
        limits.append(door.get(empty, clerk.cookie).seconds * 1000 + _time_of(bare) * 1000)
    limit, clerk_p50, officer_p50 = (median(times) for times in (limits, clerk.times, officer.times))
    return Screen(
        _database(),
        documents,
        visit.name,
        visit.is_same_page,
        visit.rows,
        round(clerk_p50, 2),
        round(_p95(clerk.times), 2),
        round(officer_p50, 2),
        round(_p95(officer.times), 2),
        round(officer_p50 / clerk_p50, 2),
        round(limit, 2),
        round(max(clerk_p50, officer_p50) / limit, 2),
        *queries,
        *(answer.bytes_sent for answer in answers),
    )


def _require_page(answer: Answer, visit: Visit) -> Answer:
    assert answer.status == "200 OK", (visit.name, answer.status)
    rows = answer.text.count("data-vanthu-row")
    assert rows == (visit.rows if visit.rows > 1 else 0), (visit.name, rows)
    return answer


def _p95(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]


def _database() -> str:
    from django.db import connection

    return POSTGRES if connection.vendor == "postgresql" else SQLITE


def _queries(door: Door, address: str, person: Person) -> int:
    return len(_statements(door, address, person))


def _statements(door: Door, address: str, person: Person) -> list[tuple[str, Any]]:
    from django.db import connection

    seen: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        seen.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        door.get(address, person.cookie)
    return seen


def _empty_queue() -> str:
    from vanthu.queues.rules.catalogue import BY_QUEUE, Queue

    return f"/{_path(BY_QUEUE[Queue.REFUSED].slug)}"


def _bare_sql(door: Door, address: str, person: Person) -> list[tuple[str, Any]]:
    """The reading statements of the screen's own rows: those that touch documents, queues or the log."""
    about = re.compile(r'FROM "(queues_queueitem|documents_|audit_auditevent|registry_|routing_)')
    seen = _statements(door, address, person)
    return [(sql, params) for sql, params in seen if sql.startswith("SELECT") and about.search(sql)]


def _time_of(statements: list[tuple[str, Any]]) -> float:
    from django.db import connection

    started = time.perf_counter()
    with connection.cursor() as cursor:
        for sql, params in statements:
            cursor.execute(sql, params)
            cursor.fetchall()
    return time.perf_counter() - started


def first_load(door: Door, clerk: Person, address: str) -> dict[str, int]:
    """Everything a browser fetches for its first page, as it is sent: HTML, CSS, JS, icons, fonts."""
    page = door.get(address, clerk.cookie)
    waiting = re.findall(r'(?:href|src)="(/static/[^"#]+)', page.text)
    sizes = {"page": page.bytes_sent}
    while waiting:
        url = waiting.pop()
        if url in sizes or "print.css" in url:
            continue
        answer = door.get(url)
        assert answer.status == "200 OK", url
        sizes[url] = answer.bytes_sent
        if url.endswith((".css", ".js")):
            folder = url.rsplit("/", 1)[0]
            found = re.findall(r'url\("?([^")]+\.woff2)|from "\./([^"]+)"|import "\./([^"]+)"', answer.text)
            waiting += [os.path.normpath(f"{folder}/{name}") for names in found for name in names if name]
    return sizes


def measure_here(sizes: Sequence[int], requests: int) -> dict[str, Any]:
    started = time.perf_counter()
    load_small_city()
    agency = Agency()
    door, clerk, officer = Door(), sign_in(CLERK), sign_in(OFFICER)
    screens: list[Screen] = []
    for size in sizes:
        agency.grow_to(size)
        print(f"  {size} documents after {time.perf_counter() - started:.0f} s", file=sys.stderr)
        for visit in visits(clerk, officer):
            screens.append(measure(door, visit, clerk, officer, documents=size, requests=requests))
            print(_line(screens[-1]), file=sys.stderr)
    weight = first_load(door, clerk, next(visits(clerk, officer)).clerk[0])
    return {"screens": [asdict(screen) for screen in screens], "first_load": weight}


HEAD = (
    f"{'database':10} {'documents':>9} {'screen':22} {'rows':>4} {'clerk p50/p95 ms':>18} {'officer p50/p95 ms':>19} "
    f"{'ratio':>5} {'limit':>6} {'×':>5} {'queries':>8} {'bytes (gzip)':>14}"
)


def _line(row: Screen) -> str:
    return (
        f"{row.database:10} {row.documents:9} {row.screen:22} {row.rows:4} {row.clerk_p50:9.1f}/{row.clerk_p95:8.1f} "
        f"{row.officer_p50:10.1f}/{row.officer_p95:8.1f} {row.ratio:5.2f} {row.limit_p50:6.1f} {row.over_limit:5.2f} "
        f"{row.clerk_queries:4}/{row.officer_queries:3} {row.clerk_bytes:7}/{row.officer_bytes:6}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--database", default=os.environ.get("VANTHU_DATABASE_URL", ""), help="a PostgreSQL server"
    )
    parser.add_argument("--only", choices=("sqlite", "postgres"))
    parser.add_argument(
        "--sizes", default=",".join(map(str, SIZES)), help="numbers of documents, from 100 on"
    )
    parser.add_argument("--requests", type=int, default=60)
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.here:
        print(json.dumps(measure_here([int(size) for size in options.sizes.split(",")], options.requests)))
        return
    report(options)


def report(options: argparse.Namespace) -> None:
    arguments = ["--here", "--sizes", options.sizes, "--requests", str(options.requests)]
    found = []
    if options.only != "postgres":
        found.append(json.loads(run_in_private_home(__file__, arguments).splitlines()[-1]))
    if options.only != "sqlite":
        with postgres(options.database) as server:
            found.append(json.loads(run_in_private_home(__file__, arguments, server=server).splitlines()[-1]))
    screens = [Screen(**row) for result in found for row in result["screens"]]
    weight = max(sum(result["first_load"].values()) for result in found)
    worst = max(max(row.ratio, 1 / row.ratio) for row in screens if row.is_same_page)
    print(HEAD, *map(_line, screens), sep="\n")
    print(
        f"first load: {weight} bytes sent (goal: ≤ {GOAL_BYTES}); worst ratio of the two: {worst:.2f} (goal: ≤ {GOAL_RATIO})"
    )
    print(
        json.dumps(
            {
                "benchmark": "pages",
                "goal": GOAL_RATIO,
                "first_load": weight,
                "results": [asdict(row) for row in screens],
            }
        )
    )


if __name__ == "__main__":
    main()
