"""A stand-in for VGCA Sign Service: a program of its own that imports nothing of the product.

    python desk_agent_simulator.py [--now ISO]

It prints `{"port": …}` and then waits at `ws://127.0.0.1:<port>/<Method>` for one JSON text, fetches the file,
signs it with a real key and a picture from a template of its own, brings it to the upload handler and answers
the browser. `POST /keys` plugs in tokens (`{"personal": "key.p12:pass", …}`); `POST /behave` with a word of
`BEHAVIOURS` makes the next signatures go wrong; `POST /release` brings what a "late" one has kept back; `GET /log`
tells what was done. Written from public descriptions of the protocol: statuses, error 0x0028 for a handler that
does not answer with a boolean, no session of the browser's.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import secrets
import sys
import time
import unicodedata
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import aiohttp
import pikepdf
import pypdfium2
from aiohttp import web
from pyhanko.pdf_utils.content import RawContent
from pyhanko.pdf_utils.generic import ArrayObject, StreamObject, TextStringObject, pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.signers.pdf_cms import SimpleSigner
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner
from pyhanko.stamp import StaticStampStyle, TextStampStyle

METHODS = ("SignApproved", "SignIssued", "SignIncome", "SignAppendix", "SignCopy")
BEHAVIOURS = {
    "honest": "as asked",
    "integer-status": 'answers the browser with "0" instead of 0',
    "boolean-status": "answers the browser with true instead of 0",
    "late": "keeps the signed file until /release",
    "twice": "brings the same file twice",
    "wrong-file": "signs another file",
    "rewritten": "saves the file anew before it signs",
    "page-changed": "paints over the page before it signs",
    "number-changed": "writes another number before it signs",
    "two-signatures": "signs twice",
    "certifies": "certifies the file so that nobody may sign after it",
    "other-certificate": "signs with somebody else's key",
    "truncated": "brings two thirds of the signed file",
    "unsigned": "brings the file as it was",
    "wrong-field": "brings the file in another multipart field",
    "no-upload": "says that it has signed, and brings nothing",
    "cancelled": "the person presses cancel",
    "wrong-pin": "the token refuses the PIN",
    "hangs-up": "closes the socket without a word",
    "garbage": "answers with something that is no JSON",
}
SEAL_POINTS = 102.0  # 36 mm


@dataclass
class Agent:
    """One computer with its tokens and its mood."""

    keys: dict[str, SimpleSigner]
    began: datetime
    behaviour: str = "honest"
    log: list[str] = field(default_factory=list)
    kept: list[Callable[[], Awaitable[str]]] = field(default_factory=list)
    started: float = field(default_factory=time.monotonic)

    def now(self) -> datetime:
        return self.began + timedelta(seconds=time.monotonic() - self.started)

    def key_for(self, method: str) -> SimpleSigner:
        usual = "personal" if method in {"SignApproved", "SignIncome"} else "agency"
        if self.behaviour != "other-certificate":
            return self.keys[usual]
        return self.keys.get("other") or self.keys["agency" if usual == "personal" else "personal"]


class Clocked(PdfSigner):
    """Declares the time of this computer's clock."""

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._at = at

    def init_signing_session(self, pdf_out: Any, existing_fields_only: bool = False) -> Any:
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self._at
        return session


# --- the templates of this agent: where a picture goes, and what it shows -----------------------------------


def plain(text: str) -> str:
    """Letters without marks: this agent's own font has no others."""
    return (
        unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
        .encode("ascii", "ignore")
        .decode()
    )


def above_the_name(pdf: bytes, name: str) -> tuple[int, tuple[float, float, float, float]]:
    """Find the signer's name in the file, as templates do, and take the place above it."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        for index in reversed(range(len(document))):
            text = document[index].get_textpage()
            found = None
            search = text.search(name)
            while match := search.get_next():
                found = match
            if found is not None:
                boxes = [text.get_charbox(found[0] + offset) for offset in range(found[1])]
                left, right = min(box[0] for box in boxes), max(box[2] for box in boxes)
                top, middle = max(box[3] for box in boxes), (left + right) / 2
                return index, (middle - 45, top + 12, middle + 45, top + 52)
        return len(document) - 1, (380, 60, 470, 100)
    finally:
        document.close()


def beside_the_last_signature(pdf: bytes) -> tuple[int, tuple[float, float, float, float]]:
    """The seal covers a third of the signature that is there, on its left."""
    reader = PdfFileReader(BytesIO(pdf), strict=False)
    placed = [place.get_object() for _, value, place in enumerate_sig_fields(reader) if value is not None]
    if not placed:
        return -1, (300, 60, 300 + SEAL_POINTS, 60 + SEAL_POINTS)
    x0, y0, x1, y1 = (float(value) for value in placed[-1]["/Rect"])
    right, middle = x0 + (x1 - x0) / 3, (y0 + y1) / 2
    return -1, (right - SEAL_POINTS, middle - SEAL_POINTS / 2, right, middle + SEAL_POINTS / 2)


def at_the_top_right(pdf: bytes) -> tuple[int, tuple[float, float, float, float]]:
    box = PdfFileReader(BytesIO(pdf)).root["/Pages"]["/Kids"][0]["/MediaBox"]
    x1, y1 = float(box[2]), float(box[3])
    return 0, (x1 - 190, y1 - 32, x1 - 10, y1 - 6)


def at_the_foot(pdf: bytes) -> tuple[int, tuple[float, float, float, float]]:
    return 0, (30, 8, 190, 34)


def place_for(method: str, pdf: bytes, name: str) -> tuple[int, tuple[float, float, float, float]]:
    if method == "SignApproved":
        return above_the_name(pdf, name)
    if method == "SignIssued":
        return beside_the_last_signature(pdf)
    return at_the_foot(pdf) if method == "SignIncome" else at_the_top_right(pdf)


def picture_for(method: str, signer: str, number: str, at: datetime) -> StaticStampStyle | TextStampStyle:
    if method == "SignIssued":
        ring = b"q 0.8 0 0 RG 3 w 51 3 m 77.5 3 99 24.5 99 51 c 99 77.5 77.5 99 51 99 c "
        ring += b"24.5 99 3 77.5 3 51 c 3 24.5 24.5 3 51 3 c S Q"
        size = BoxConstraints(width=SEAL_POINTS, height=SEAL_POINTS)
        return StaticStampStyle(background=RawContent(ring, box=size), border_width=0, background_opacity=1)
    lines = {
        "SignApproved": plain(signer),
        "SignIncome": f"DEN {at:%d/%m/%Y}",
        "SignAppendix": f"{plain(number)}; {at.isoformat(timespec='seconds')}",
        "SignCopy": f"SAO Y; {plain(signer)}; {at.isoformat(timespec='seconds')}",
    }
    return TextStampStyle(stamp_text=lines[method], border_width=0, background=None)


# --- signing, well and badly ---------------------------------------------------------------------------------


async def signed(agent: Agent, method: str, pdf: bytes, asked: dict[str, Any], name: str = "") -> bytes:
    key = agent.key_for(method)
    signer = key.signing_cert.subject.native["common_name"]
    page, box = place_for(method, pdf, signer)
    certify = agent.behaviour == "certifies"
    metadata = PdfSignatureMetadata(
        field_name=name or f"Signature{secrets.token_hex(4)}",
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=certify,
        docmdp_permissions=MDPPerm.FILL_FORMS,
    )
    worker = Clocked(
        metadata,
        key,
        stamp_style=picture_for(method, signer, str(asked.get("DocNumber", "")), agent.now()),
        new_field_spec=SigFieldSpec(metadata.field_name, on_page=page, box=box),
        at=agent.now(),
    )
    out = BytesIO()
    writer = IncrementalPdfFileWriter(BytesIO(pdf), strict=False)
    await worker.async_sign_pdf(writer, bytes_reserved=16_384, output=out)
    return out.getvalue()


def updated(pdf: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    writer, out = IncrementalPdfFileWriter(BytesIO(pdf), strict=False), BytesIO()
    change(writer)
    writer.write(out)
    return out.getvalue()


def paint(writer: IncrementalPdfFileWriter) -> None:
    page = writer.root["/Pages"]["/Kids"][0]
    extra = writer.add_object(StreamObject(stream_data=b"q 1 1 1 rg 60 400 300 200 re f Q"))
    page["/Contents"] = ArrayObject([page.raw_get("/Contents"), extra])
    writer.update_container(page)


def renumber(writer: IncrementalPdfFileWriter) -> None:
    for item in writer.root["/AcroForm"]["/Fields"]:
        if item.get_object()["/T"] == "so_ky_hieu":
            item.get_object()[pdf_name("/V")] = TextStringObject("99/QĐ-KHAC")
            writer.mark_update(item)


def rewritten(pdf: bytes) -> bytes:
    out = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as document:
        document.save(out, deterministic_id=True)
    return out.getvalue()


def another() -> bytes:
    out = BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page(page_size=(595, 842))
        document.save(out, deterministic_id=True)
    return out.getvalue()


async def worked_on(agent: Agent, method: str, pdf: bytes, asked: dict[str, Any]) -> bytes:
    """The file as this agent leaves it."""
    prepared = {
        "wrong-file": another,
        "rewritten": lambda: rewritten(pdf),
        "page-changed": lambda: updated(pdf, paint),
        "number-changed": lambda: updated(pdf, renumber),
    }.get(agent.behaviour, lambda: pdf)()
    if agent.behaviour == "unsigned":
        return pdf
    done = await signed(agent, method, prepared, asked)
    if agent.behaviour == "two-signatures":
        done = await signed(agent, "SignIncome", done, asked, name="Lan2")
    return done[: len(done) * 2 // 3] if agent.behaviour == "truncated" else done


# --- the protocol ---------------------------------------------------------------------------------------------


async def fetched(agent: Agent, url: str) -> bytes:
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        agent.log.append(f"fetched {response.status}")
        if response.status != 200:
            raise ConnectionError("Không tải được tệp cần ký")
        return await response.read()


async def brought(agent: Agent, url: str, pdf: bytes) -> dict[str, Any]:
    """Upload, and understand the handler as the real agent does: a status that is no boolean is error 0x0028."""
    form = aiohttp.FormData()
    name = "file" if agent.behaviour == "wrong-field" else "uploadfile"
    form.add_field(name, pdf, filename="da-ky.pdf", content_type="application/pdf")
    async with aiohttp.ClientSession() as session, session.post(url, data=form) as response:
        text = await response.text()
        agent.log.append(f"brought {len(pdf)}: {response.status} {text[:400]}")
        try:
            answer = dict(json.loads(text))
        except (ValueError, TypeError):
            answer = {}
        if isinstance(answer.get("Status"), bool):
            return answer
        return {"Status": False, "Message": "Lỗi 0x0028: máy chủ không nhận tệp"}


async def act(agent: Agent, method: str, text: str) -> str | None:
    """What the browser is answered; None hangs up."""
    asked = json.loads(text)
    agent.log.append(f"asked {method}: {text}")
    early = {
        "hangs-up": None,
        "garbage": "<html>502 Bad Gateway</html>",
        "cancelled": json.dumps({"Status": 1, "Message": "Người dùng hủy thao tác ký"}),
        "wrong-pin": json.dumps({"Status": 2, "Message": "Sai mã PIN"}),
        "no-upload": json.dumps({"Status": 0, "FileName": "da-ky.pdf", "FileServer": "", "Message": ""}),
    }
    if agent.behaviour in early:
        return early[agent.behaviour]
    try:
        pdf = await worked_on(agent, method, await fetched(agent, asked["FileName"]), asked)
    except ConnectionError as error:
        return json.dumps({"Status": 3, "Message": str(error)}, ensure_ascii=False)

    async def deliver() -> str:
        answer = await brought(agent, asked["FileUploadHandler"], pdf)
        if agent.behaviour == "twice":
            answer = await brought(agent, asked["FileUploadHandler"], pdf)
        return said(agent, answer, asked)

    if agent.behaviour == "late":
        agent.kept.append(deliver)
        return said(agent, {"Status": True, "FileName": "da-ky.pdf"}, asked)
    return await deliver()


def said(agent: Agent, answer: dict[str, Any], asked: dict[str, Any]) -> str:
    success: object = {"integer-status": "0", "boolean-status": True}.get(agent.behaviour, 0)
    return json.dumps(
        {
            "Status": success if answer["Status"] else 1,
            "Message": answer.get("Message", ""),
            "FileName": answer.get("FileName", ""),
            "FileServer": answer.get("FileServer", ""),
            "DocumentNumber": asked.get("DocNumber", ""),
            "DocumentDate": asked.get("IssuedDate", ""),
        },
        ensure_ascii=False,
    )


AGENT = web.AppKey("agent", Agent)


async def socket(request: web.Request) -> web.StreamResponse:
    method = request.match_info["method"]
    if method not in METHODS:
        raise web.HTTPNotFound
    link = web.WebSocketResponse()
    await link.prepare(request)
    message = await link.receive()
    if message.type is aiohttp.WSMsgType.TEXT:
        answer = await act(request.app[AGENT], method, message.data)
        if answer is not None:
            await link.send_str(answer)
    await link.close()
    return link


async def behave(request: web.Request) -> web.Response:
    word = (await request.text()).strip()
    if word not in BEHAVIOURS:
        raise web.HTTPBadRequest
    request.app[AGENT].behaviour = word
    return web.json_response({"behaviour": word})


async def plug_in(request: web.Request) -> web.Response:
    agent = request.app[AGENT]
    agent.keys = {name: key_from(place) for name, place in (await request.json()).items()}
    agent.behaviour = "honest"
    agent.log.clear()
    return web.json_response(sorted(agent.keys))


async def release(request: web.Request) -> web.Response:
    agent = request.app[AGENT]
    answers = [await deliver() for deliver in agent.kept]
    agent.kept.clear()
    return web.json_response(answers)


async def log(request: web.Request) -> web.Response:
    return web.json_response(request.app[AGENT].log)


def application(agent: Agent) -> web.Application:
    app = web.Application(client_max_size=1 << 20)
    app[AGENT] = agent
    app.add_routes([web.post("/keys", plug_in), web.post("/behave", behave), web.post("/release", release)])
    app.add_routes([web.get("/log", log), web.get("/{method}", socket)])
    return app


def key_from(place: str) -> SimpleSigner:
    file, _, passphrase = place.rpartition(":")
    key = SimpleSigner.load_pkcs12_data(Path(file).read_bytes(), [], passphrase.encode())
    if key is None:
        raise SystemExit(f"cannot open {file}")
    return key


async def serve(agent: Agent, port: int) -> None:
    runner = web.AppRunner(application(agent))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port)
    await site.start()
    assert runner.addresses
    sys.stdout.write(json.dumps({"port": runner.addresses[0][1]}) + "\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--now", default=datetime.now(UTC).isoformat(), help="what this computer's clock shows"
    )
    parser.add_argument("--port", type=int, default=0)
    given = parser.parse_args()
    asyncio.run(serve(Agent({}, datetime.fromisoformat(given.now)), given.port))


if __name__ == "__main__":
    main()
