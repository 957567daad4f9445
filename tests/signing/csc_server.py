"""A remote signing service (CSC API v1.0.4) for tests: real RSA keys, and it misbehaves on demand.

Imports nothing of the product: what it accepts and answers is written from the specification.
"""

from __future__ import annotations

import json
import secrets
import ssl
import threading
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

USER, PASSWORD = "vanthu-thu", "mat-khau-dich-vu"
PIN, OTP = "482915", "739201"


@dataclass
class Credential:
    """One key that the service keeps."""

    key: RSAPrivateKey
    certificates: list[bytes]
    auth_mode: str = "explicit"
    asks_pin: bool = True
    asks_otp: bool = False
    key_status: str = "enabled"
    cert_status: str = "valid"
    multisign: int = 10
    wrong_pins: int = 0


@dataclass
class CscService:
    """What the service keeps, what it was asked, and how it is to misbehave: method to mischief, for one time each."""

    credentials: dict[str, Credential]
    mischief: dict[str, list[str]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    rights: dict[str, tuple[str, list[str]]] = field(default_factory=dict)
    confirmed: threading.Event = field(default_factory=threading.Event)
    stranger: RSAPrivateKey | None = None
    stranger_certificate: bytes = b""
    url: str = ""

    def misbehave(self, method: str, *what: str) -> None:
        self.mischief.setdefault(method, []).extend(what)

    def calls(self, method: str) -> list[dict[str, Any]]:
        return [body for name, body in self.asked if name == method]


class Refused(Exception):
    def __init__(self, status: int, error: str, description: str = "") -> None:
        super().__init__(error)
        self.status, self.body = status, {"error": error, "error_description": description}


class _Handler(BaseHTTPRequestHandler):
    service: CscService

    def do_POST(self) -> None:
        method = self.path.removeprefix("/csc/v1/")
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"{}")
        self.service.asked.append((method, body))
        waiting = self.service.mischief.get(method, [])
        mischief = waiting.pop(0) if waiting else ""
        try:
            self._misbehave(mischief)
            status, answer = 200, self._answer(method, body, mischief)
        except Refused as refusal:
            status, answer = refusal.status, refusal.body
        self._send(status, answer, mischief)

    def _misbehave(self, mischief: str) -> None:
        if mischief == "late":
            threading.Event().wait(1.5)
        if mischief == "401":
            self.service.tokens.clear()
        if mischief.isdigit():
            raise Refused(int(mischief), "invalid_token" if mischief == "401" else "server_error")
        if mischief.startswith("error:"):
            _, error, description = mischief.split(":", 2)
            raise Refused(400, error, description)

    def _send(self, status: int, answer: dict[str, Any], mischief: str) -> None:
        data = json.dumps(answer).encode()
        if mischief == "truncated":
            data = data[: len(data) // 2]
        if mischief == "huge":
            data = b'{"x": "' + b"y" * 3_000_000 + b'"}'
        if mischief == "hang-up":
            self.close_connection = True
            return
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)
        except OSError:
            self.close_connection = True  # the client did not wait

    def _answer(self, method: str, body: dict[str, Any], mischief: str) -> dict[str, Any]:
        if method == "info":
            return {"specs": "1.0.4.0", "name": "Thử", "methods": ["credentials/list", "signatures/signHash"]}
        if method == "auth/login":
            return self._sign_in()
        if self.headers.get("Authorization", "").removeprefix("Bearer ") not in self.service.tokens:
            raise Refused(401, "invalid_token")
        if method == "credentials/list":
            return {"credentialIDs": list(self.service.credentials)}
        return self._use(method, body, mischief)

    def _use(self, method: str, body: dict[str, Any], mischief: str) -> dict[str, Any]:
        name = body.get("credentialID", "")
        if name not in self.service.credentials:
            raise Refused(400, "invalid_request", "Invalid parameter credentialID")
        credential = self.service.credentials[name]
        match method:
            case "credentials/info":
                return self._info(credential, mischief)
            case "credentials/authorize":
                return self._authorize(name, credential, body)
            case "credentials/sendOTP":
                return {}
            case "signatures/signHash":
                return self._sign(name, credential, body, mischief)
        raise Refused(404, "invalid_request", "unknown method")

    def _sign_in(self) -> dict[str, Any]:
        expected = "Basic " + b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if self.headers.get("Authorization") != expected:
            raise Refused(401, "authentication_error")
        token = secrets.token_hex(8)
        self.service.tokens.add(token)
        return {"access_token": token, "expires_in": 3600}

    def _info(self, credential: Credential, mischief: str) -> dict[str, Any]:
        certificates = credential.certificates
        if mischief == "other-certificate":
            certificates = [self.service.stranger_certificate, *certificates[1:]]
        return {
            "key": {"status": credential.key_status, "algo": ["1.2.840.113549.1.1.11"], "len": 2048},
            "cert": {
                "status": credential.cert_status,
                "certificates": [b64encode(item).decode() for item in certificates],
            },
            "authMode": credential.auth_mode,
            "SCAL": "2",
            "PIN": {"presence": "true" if credential.asks_pin else "false", "format": "N"},
            "OTP": {"presence": "true" if credential.asks_otp else "false", "type": "online"},
            "multisign": credential.multisign,
        }

    def _authorize(self, name: str, credential: Credential, body: dict[str, Any]) -> dict[str, Any]:
        if credential.auth_mode == "implicit" and not self.service.confirmed.is_set():
            raise Refused(400, "authorization_pending", "the user has not confirmed yet")
        if credential.auth_mode == "explicit":
            self._check_secrets(credential, body)
        if body["numSignatures"] != len(body["hash"]) or len(body["hash"]) > credential.multisign:
            raise Refused(400, "invalid_request", "Numbers of signatures is too high")
        sad = secrets.token_hex(16)
        self.service.rights[sad] = (name, body["hash"])
        return {"SAD": sad, "expiresIn": 300}

    def _check_secrets(self, credential: Credential, body: dict[str, Any]) -> None:
        if credential.asks_pin and body.get("PIN") != PIN:
            credential.wrong_pins += 1
            locked = credential.wrong_pins >= 3
            raise Refused(400, "invalid_request" if locked else "invalid_pin", "PIN locked" if locked else "")
        if credential.asks_otp and body.get("OTP") != OTP:
            raise Refused(400, "invalid_otp", f"The OTP {body.get('OTP')} is invalid")

    def _sign(self, name: str, credential: Credential, body: dict[str, Any], mischief: str) -> dict[str, Any]:
        right = self.service.rights.pop(body["SAD"], None)  # a right serves once
        if right is None or mischief == "expired-sad":
            raise Refused(400, "invalid_request", "SAD expired")
        if right != (name, body["hash"]):
            raise Refused(400, "invalid_request", "hash does not match the SAD")
        if (body["hashAlgo"], body["signAlgo"]) != ("2.16.840.1.101.3.4.2.1", "1.2.840.113549.1.1.11"):
            raise Refused(400, "invalid_request", "Invalid parameter signAlgo")
        key = credential.key
        if mischief == "other-key":
            assert self.service.stranger is not None
            key = self.service.stranger
        digests = [b64decode(item) for item in body["hash"]]
        if mischief == "wrong-hash":
            digests = [bytes(32) for _ in digests]
        signatures = [key.sign(item, PKCS1v15(), Prehashed(hashes.SHA256())) for item in digests]
        if mischief == "one-short":
            signatures = signatures[1:]
        if mischief == "swapped":
            signatures.reverse()
        return {"signatures": [b64encode(item).decode() for item in signatures]}

    def log_message(self, *_arguments: object) -> None:
        """Nothing on the screen."""


@contextmanager
def serving(service: CscService, *, tls: ssl.SSLContext | None = None) -> Iterator[CscService]:
    """The service on a port of this machine's loopback."""
    handler = type("Handler", (_Handler,), {"service": service})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    scheme = "http" if tls is None else "https"
    service.url = f"{scheme}://127.0.0.1:{server.server_port}/csc/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
