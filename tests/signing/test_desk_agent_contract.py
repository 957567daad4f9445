"""What the contract of every signing backend asks, as far as it applies to a program that signs by itself.

Place, picture, time and time stamp are the agent's own; the rest holds: the signer's certificate, the old bytes
as prefix, no certification, a signature that stands, and a refusal where nothing can be signed.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from tests.signing.conftest import CHECKED_AT, PERSONAL_BOX, SIGNED_AT, Letter, Pki, agency_request, check
from tests.signing.desk_agent import Simulator
from vanthu.signing.rules.desk_agent import ROLES, AgentOrder, Method, Outcome, read_answer, request_text
from vanthu.signing.rules.kinds import SignatureKind
from vanthu.signing.rules.verdicts import Verdict
from vanthu.signing.trust.authority import Pkcs12Bundle
from vanthu.signing.validation.uploads import Brought, UploadTerms, judge_upload


@dataclass
class Server:
    """Hands out one file and keeps what is brought, by the standard library alone."""

    served: bytes = b""
    brought: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.answer(server.served, "application/pdf")

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                form = BytesParser(policy=HTTP).parsebytes(
                    f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode() + body
                )
                (part,) = form.iter_parts()  # type: ignore[attr-defined]
                assert part.get_param("name", header="content-disposition") == "uploadfile"
                server.brought.append(part.get_payload(decode=True))
                self.answer(json.dumps({"Status": True, "Message": ""}).encode(), "application/json")

            def answer(self, content: bytes, kind: str) -> None:
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *args: Any) -> None:
                """Quiet."""

        self._http = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._http.serve_forever, daemon=True).start()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}"

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()


@pytest.fixture(scope="module")
def program(pki: Pki, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    folder = tmp_path_factory.mktemp("tokens")
    running = Simulator(SIGNED_AT)
    running.plug_in(
        personal=token(folder, "personal", pki.person), agency=token(folder, "agency", pki.agency)
    )
    yield running
    running.close()


def token(folder: Path, name: str, bundle: Pkcs12Bundle) -> str:
    (folder / name).write_bytes(bundle.data)
    return f"{folder / name}:{bundle.passphrase}"


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    yield running
    running.close()


@dataclass
class Signing:
    """One file through the agent by one of its methods."""

    pki: Pki
    program: Simulator
    server: Server

    def by(self, method: Method, pdf: bytes) -> bytes:
        self.server.served = pdf
        base = self.server.origin
        order = AgentOrder(method, f"{base}/tep.pdf", f"{base}/nop", number="12/QĐ-UBND")
        answer = self.program.call(f"{self.program.service}/{method}", request_text(order))
        assert answer is not None
        assert read_answer(answer).outcome is Outcome.SIGNED, answer
        return self.server.brought[-1]

    def judged(self, method: Method, pdf: bytes, signed: bytes) -> Brought:
        owner = self.pki.person if SignatureKind.PERSONAL in ROLES[method] else self.pki.agency
        terms = UploadTerms(method, pdf, owner.certificate, "người ký", (0.0, *map(float, PERSONAL_BOX)))
        return judge_upload(signed, terms, trust=self.pki.trust, at=CHECKED_AT)


@pytest.fixture
def signing(pki: Pki, program: Simulator, server: Server) -> Signing:
    return Signing(pki, program, server)


def given(method: Method, pki: Pki, letter: Letter) -> bytes:
    """The file at the stage at which this method signs it."""
    if method is Method.INCOME:
        return pki.backend(pki.agency).sign(letter.filled, agency_request(lock_fields=False))
    return letter.filled if method is Method.ISSUED else letter.draft


@pytest.mark.parametrize("method", list(Method))
def test_each_method_brings_a_signature_that_is_taken(
    signing: Signing, pki: Pki, letter: Letter, method: Method
) -> None:
    pdf = given(method, pki, letter)
    signed = signing.by(method, pdf)
    brought = signing.judged(method, pdf, signed)
    assert signed.startswith(pdf)
    assert brought.kind in ROLES[method]
    found = check(pki, signed).signatures[-1]
    assert (found.field, found.verdict) == (brought.field, Verdict.VALID_NO_TSA)
    assert b"/DocMDP" not in signed[len(pdf) :]


@pytest.mark.parametrize("method", [Method.APPENDIX, Method.COPY])
def test_annexes_and_copies_are_marked_at_the_top_right_of_the_first_page(
    signing: Signing, letter: Letter, method: Method
) -> None:
    signed = signing.by(method, letter.draft)
    fields = PdfFileReader(BytesIO(signed)).root["/AcroForm"]["/Fields"]
    x0, y0, x1, y1 = (float(value) for value in fields[-1].get_object()["/Rect"])
    assert x0 > 300
    assert y0 > 780
    assert x1 <= 595
    assert y1 <= 842


def test_earlier_signatures_stay_whole(signing: Signing, pki: Pki, letter: Letter) -> None:
    found = check(pki, signing.by(Method.ISSUED, letter.filled))
    assert [finding.modification for finding in found.signatures] == ["form", "none"]
    assert found.signatures[0].verdict is Verdict.VALID


def test_what_is_not_a_pdf_is_not_signed(signing: Signing) -> None:
    signing.server.served = b"khong phai PDF"
    base = signing.server.origin
    text = request_text(AgentOrder(Method.APPROVED, f"{base}/tep.pdf", f"{base}/nop"))
    address = f"{signing.program.service}/{Method.APPROVED}"
    assert signing.program.call(address, text) is None
    assert signing.server.brought == []
