"""Mutants of signed files, and an oracle that shares no code with the verifier.

The oracle asks two things of a mutant that is called sound: the signed bytes are all there, unchanged; and qpdf
(through pikepdf) sees the same document from the catalog as in the original, but for what a rule allows by name.
"""

import hashlib
import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pikepdf

from tests.signing.hostile.material import Table, increment, last_startxref

ARCHIVE = {"/DSS", "/Metadata", "/Extensions", "/Version", "/MarkInfo"}
BOOKKEEPING = {"/Tabs", "/StructParents", "/LastModified", "/SigFlags", "/ParentTree", "/ParentTreeNextKey"}
FLAGS = {"/F", "/Ff"}
OBJECT = re.compile(rb"(?ms)^(\d+) 0 obj\s(.*?)\sendobj")
RANGE = re.compile(rb"/ByteRange ?\[ ?(\d+) (\d+) (\d+) (\d+)")


@dataclass(frozen=True)
class Original:
    """A sound file, what of it is signed, and what it says."""

    name: str
    data: bytes
    gap: tuple[int, int]
    """Where the last signature lies; everything around it is signed."""
    meaning: str
    trusted: bool = False
    """Signed by somebody whom the test authority knows."""

    @classmethod
    def of(cls, name: str, data: bytes, *, trusted: bool = False) -> "Original":
        ranges = [tuple(int(item) for item in found) for found in RANGE.findall(data)]
        first, second = max(ranges, key=lambda item: item[2] + item[3])[1:3]
        return cls(name, data, (first, second), meaning_of(data), trusted)


def meaning_of(data: bytes) -> str:
    """A digest of all that can be reached from the catalog, apart from what nobody draws."""
    with pikepdf.open(BytesIO(data)) as document:
        known: dict[tuple[int, int], int] = {}
        out = hashlib.sha256()
        stack: list[Any] = [("root", document.Root)]
        while stack:
            key, item = stack.pop()
            out.update(f"{key}=".encode())
            if isinstance(item, pikepdf.Object) and item.is_indirect:
                place = item.objgen
                if place in known:
                    out.update(b"seen %d" % known[place])
                    continue
                known[place] = len(known)
            stack += _opened(key, item, out.update)
        return out.hexdigest()


def _opened(key: str, item: Any, write: Callable[[bytes], None]) -> list[tuple[str, Any]]:
    if isinstance(item, pikepdf.Array):
        write(b"[%d" % len(item))
        return [(str(index), item[index]) for index in range(len(item))]
    if isinstance(item, (pikepdf.Dictionary, pikepdf.Stream)):
        is_stream = isinstance(item, pikepdf.Stream)
        keys = {str(name) for name in item.keys()} - BOOKKEEPING  # noqa: SIM118 – not a mapping
        keys -= ARCHIVE if item.get("/Type") == "/Catalog" else set()
        keys -= FLAGS if item.get("/FT") == "/Sig" else set()
        keys -= {"/DR"} if "/Fields" in keys else set()
        if is_stream:
            keys -= {"/Length"}
            write(hashlib.sha256(item.read_raw_bytes()).digest())
        write(b"{" + " ".join(sorted(keys)).encode())
        return [(name, item[name]) for name in sorted(keys)]
    write(repr(item if not isinstance(item, pikepdf.Object) else item.unparse()).encode())
    return []


def broken_promise(original: Original, mutant: bytes) -> str:
    """Why a mutant may not be called sound; empty if it may."""
    before, after = original.gap
    end = len(original.data)
    if mutant[:before] != original.data[:before] or mutant[after:end] != original.data[after:end]:
        return "signed bytes differ"
    if not mutant[end:].strip(b"\r\n\t \x00"):
        return ""
    try:
        if not default_resources(original.data) <= default_resources(mutant):
            return "the form's resources differ"
        return "" if meaning_of(mutant) == original.meaning else "the document differs"
    except pikepdf.PdfError:
        return "the document can't be read"


def default_resources(data: bytes) -> set[tuple[str, str, bytes]]:
    """What the form offers its fields; it may grow, for nothing that was drawn already uses what is new."""
    with pikepdf.open(BytesIO(data)) as document:
        form = document.Root.get("/AcroForm", pikepdf.Dictionary())
        groups = form.get("/DR", pikepdf.Dictionary())
        return {
            (str(kind), str(name), _told(group[name]))
            for kind, group in groups.items()
            if isinstance(group, pikepdf.Dictionary)
            for name in group.keys()  # noqa: SIM118 – not a mapping
        }


def _told(item: Any) -> bytes:
    return item.unparse(resolved=True) if isinstance(item, pikepdf.Object) else repr(item).encode()


# --- byte by byte ---------------------------------------------------------------------------------------------

Mutator = Callable[[random.Random, bytes], bytes]


def flip(rng: random.Random, data: bytes) -> bytes:
    at = rng.randrange(len(data))
    return data[:at] + bytes([data[at] ^ (1 << rng.randrange(8))]) + data[at + 1 :]


def flip_in_structure(rng: random.Random, data: bytes) -> bytes:
    """Hit dictionaries, tables and the end rather than the bulk of streams."""
    marks = [found.start() for found in re.finditer(rb"/[A-Z]|xref|trailer|obj|\d+ 0 R|%%EOF|<<", data)]
    at = min(rng.choice(marks) + rng.randrange(12), len(data) - 1)
    return data[:at] + bytes([rng.randrange(256)]) + data[at + 1 :]


def insert(rng: random.Random, data: bytes) -> bytes:
    at = rng.randrange(len(data))
    return data[:at] + rng.randbytes(rng.randrange(1, 20)) + data[at:]


def remove(rng: random.Random, data: bytes) -> bytes:
    at = rng.randrange(len(data))
    return data[:at] + data[at + rng.randrange(1, 60) :]


def cut(rng: random.Random, data: bytes) -> bytes:
    return data[: rng.randrange(len(data))]


def swap(rng: random.Random, data: bytes) -> bytes:
    size = rng.randrange(1, 40)
    one, two = sorted(rng.randrange(len(data) - size) for _ in range(2))
    if two - one < size:
        return flip(rng, data)
    return (
        data[:one]
        + data[two : two + size]
        + data[one + size : two]
        + data[one : one + size]
        + data[two + size :]
    )


def number(rng: random.Random, data: bytes) -> bytes:
    """Exchange a number: an offset, a length, a reference, a coordinate."""
    found = rng.choice(list(re.finditer(rb"(?<=[ \[/(])\d{1,10}(?=[ \]/>)\r\n])", data)))
    value = rng.choice([b"0", b"-1", b"99999999999", b"2147483648", b"%d" % rng.randrange(1000)])
    return data[: found.start()] + value + data[found.end() :]


def range_game(rng: random.Random, data: bytes) -> bytes:
    found = rng.choice(list(RANGE.finditer(data)))
    numbers = [int(item) for item in found.groups()]
    numbers[rng.randrange(4)] += rng.choice([-1, 1, 10, -10, 1000, -numbers[2], len(data)])
    text = b"/ByteRange [%d %d %d %d" % tuple(numbers)
    return data[: found.start()] + text.ljust(len(found[0])) + data[found.end() :]


def contents_game(rng: random.Random, data: bytes) -> bytes:
    found = rng.choice(list(re.finditer(rb"/Contents ?<([0-9a-fA-F]{500,})>", data)))
    start, stop = found.span(1)
    value = bytearray(data[start:stop])
    for _ in range(rng.randrange(1, 4)):
        value[rng.randrange(len(value))] = rng.choice(b"0123456789abcdefg >")
    return data[:start] + bytes(value) + data[stop:]


def append(rng: random.Random, data: bytes) -> bytes:
    tail = rng.choice(
        [b"\n", b"\r\n\r\n", b"%%EOF\n", rng.randbytes(30), b"startxref\n0\n%%EOF\n", b"\0" * 50]
    )
    return data + tail


BYTES: tuple[Mutator, ...] = (
    flip, flip_in_structure, insert, remove, cut, swap, number, range_game, contents_game, append,
)  # fmt: skip


# --- updates that leave the signed bytes alone -----------------------------------------------------------------


def _objects(data: bytes) -> dict[int, bytes]:
    return {int(found[1]): found[2] for found in OBJECT.finditer(data)}


def _changed(rng: random.Random, body: bytes, numbers: list[int]) -> bytes:
    """One object, changed somewhere inside."""
    kinds: list[tuple[bytes, Callable[[bytes], bytes]]] = [
        (rb"(?<![\d.])\d+(?= 0 R)", lambda _: b"%d" % rng.choice(numbers)),
        (rb"(?<=[ \[])-?\d+(?:\.\d+)?(?=[ \]/>])", lambda _: b"%d" % rng.randrange(-50, 900)),
        (rb"/[A-Z][A-Za-z]+", lambda name: name + rng.choice([b"X", b"1"])),
        (rb"\([^()]{1,40}\)", lambda _: b"(%d)" % rng.randrange(10**6)),
        (rb"<<", lambda _: b"<</Them %d " % rng.randrange(99)),
        (rb"<<", lambda _: b"<</AA<</O<</S/JavaScript/JS(app.alert\\(1\\))>>>>"),
        (rb"\[", lambda _: b"[%d 0 R " % rng.choice(numbers)),
        (rb"true|false", lambda word: b"false" if word == b"true" else b"true"),
    ]
    pattern, change = rng.choice(kinds)
    places = list(re.finditer(pattern, body))
    if not places:
        return b"<</La %d>>" % rng.randrange(1000)
    found = rng.choice(places)
    return body[: found.start()] + change(found[0]) + body[found.end() :]


def change_objects(rng: random.Random, data: bytes) -> bytes:
    objects = _objects(data)
    chosen = rng.sample(sorted(objects), min(len(objects), rng.randrange(1, 3)))
    changed = {number: _changed(rng, objects[number], sorted(objects)) for number in chosen}
    return _with_update(rng, data, changed)


def exchange_objects(rng: random.Random, data: bytes) -> bytes:
    objects = _objects(data)
    one, two = rng.choice(sorted(objects)), rng.choice(sorted(objects))
    return _with_update(rng, data, {one: objects[two], two: objects[one]})


def rewrite_alike(rng: random.Random, data: bytes) -> bytes:
    """Objects written again as they are, and some that nobody uses: honest, if pointless."""
    objects = _objects(data)
    chosen = rng.sample(sorted(objects), min(3, len(objects)))
    return _with_update(rng, data, {number: objects[number] for number in chosen} | {90001: b"<</Khong 1>>"})


def free_objects(rng: random.Random, data: bytes) -> bytes:
    freed = rng.sample(sorted(_objects(data)), 1)
    return increment(data, {90001: b"<<>>"}, Table(freed=freed, root=_root(data)))


def table_game(rng: random.Random, data: bytes) -> bytes:
    """Nothing but a table that sends a number to where another object is written."""
    places = [(int(found[1]), found.start()) for found in OBJECT.finditer(data)]
    (number, _), (_, place) = rng.choice(places), rng.choice(places)
    start = len(data)
    rows = b"xref\n%d 1\n%010d 00000 n \n" % (number, place)
    trailer = b"trailer\n<</Size 90010/Root %d 0 R/Prev %d>>\n" % (_root(data), last_startxref(data))
    return data + rows + trailer + b"startxref\n%d\n%%%%EOF\n" % start


def trailer_game(rng: random.Random, data: bytes) -> bytes:
    """Another catalog, another predecessor, or none."""
    objects = sorted(_objects(data))
    prev = rng.choice([last_startxref(data), 0, rng.randrange(len(data)), len(data)])
    root = rng.choice([_root(data), rng.choice(objects)])
    return increment(data, {90001: b"<<>>"}, Table(prev=prev, root=root))


def double_update(rng: random.Random, data: bytes) -> bytes:
    """A change that a further update takes back, or half of it."""
    changed = change_objects(rng, data)
    objects = _objects(data)
    number = rng.choice(sorted(objects))
    return _with_update(rng, changed, {number: objects[number]})


def raw_tail(rng: random.Random, data: bytes) -> bytes:
    """An update that has lost its table, trailer or end."""
    update = change_objects(rng, data)[len(data) :]
    lost = rng.choice([b"xref", b"trailer", b"startxref", b"%%EOF"])
    return data + update.replace(lost, b"", 1)


UPDATES: tuple[Mutator, ...] = (
    change_objects, change_objects, change_objects, exchange_objects, rewrite_alike, free_objects, table_game,
    trailer_game, double_update, raw_tail,
)  # fmt: skip


def _root(data: bytes) -> int:
    return int(re.findall(rb"/Root (\d+) 0 R", data)[-1])


def _with_update(rng: random.Random, data: bytes, objects: dict[int, bytes]) -> bytes:
    style = rng.choice(["table", "table", "stream", "packed"])
    return increment(data, objects, Table(style, root=_root(data)))


def mutant_of(originals: list[Original], index: int, seed: str) -> tuple[Original, str, bytes]:
    """Mutant number `index`: the same for the same seed. Each third one is an update."""
    rng = random.Random(f"{seed}:{index}")
    original = rng.choice(originals)
    mutate = rng.choice(UPDATES if index % 3 == 0 else BYTES)
    data = mutate(rng, original.data)
    if index % 3 and rng.random() < 0.3 and b"/ByteRange [" in data:
        data = rng.choice((flip, flip_in_structure, insert, remove, cut, append))(rng, data)
    return original, mutate.__name__, data
