"""The desk agent of the tests: the simulator as a process of its own, and a bridge that carries its calls to Django."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import aiohttp
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12
from django.test import Client

from tests.factories.keys import Token

PROGRAM = Path(__file__).with_name("desk_agent_simulator.py")


class Simulator:
    """A running simulator: `behave`, `plug_in`, `call`, `log`."""

    def __init__(self, now: datetime) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(PROGRAM), "--now", now.isoformat()], stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        self.port = int(json.loads(self._process.stdout.readline())["port"])

    def close(self) -> None:
        self._process.terminate()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()

    @property
    def service(self) -> str:
        return f"ws://127.0.0.1:{self.port}"

    def behave(self, word: str) -> None:
        self._post("behave", word.encode())

    def plug_in(self, **tokens: str) -> None:
        self._post("keys", json.dumps(tokens).encode())

    def release(self) -> Any:
        return self._post("release", b"")

    def log(self) -> list[str]:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/log", timeout=30) as answer:
            read: list[str] = json.load(answer)
        return read

    def call(self, address: str, text: str) -> str | None:
        """What a browser does: one text, one answer; None when the agent hangs up."""
        # In a thread of its own: after a browser's test this one has an event loop already.
        with ThreadPoolExecutor(max_workers=1) as pool:
            return pool.submit(asyncio.run, self._call(address, text)).result()

    @staticmethod
    async def _call(address: str, text: str) -> str | None:
        async with aiohttp.ClientSession() as session, session.ws_connect(address) as link:
            await link.send_str(text)
            message = await link.receive(timeout=60)
            return str(message.data) if message.type is aiohttp.WSMsgType.TEXT else None

    def _post(self, path: str, body: bytes) -> Any:
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/{path}", data=body, method="POST")
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)


def in_a_file(token: Token, folder: Path, name: str) -> str:
    """A token as the simulator plugs it in: `file:passphrase`."""
    sealed = pkcs12.serialize_key_and_certificates(
        name.encode(),
        token.key,
        x509.load_der_x509_certificate(token.certificate),
        None,
        serialization.BestAvailableEncryption(b"1234"),
    )
    file = folder / f"{name}.p12"
    file.write_bytes(sealed)
    return f"{file}:1234"


@dataclass
class Bridge:
    """Carries the agent's HTTP calls into this thread's Django client, so that a test keeps its transaction."""

    client: Client = field(default_factory=Client)
    calls: list[tuple[str, str, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        bridge = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                bridge.carry(self, b"")

            def do_POST(self) -> None:
                bridge.carry(self, self.rfile.read(int(self.headers["Content-Length"])))

            def log_message(self, format: str, *args: Any) -> None:
                """Quiet: the calls are kept in `calls`."""

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self._server.timeout = 0.05

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def carry(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        kind = handler.headers.get("Content-Type", "")
        answer = self.client.generic(handler.command, handler.path, body, content_type=kind)
        self.calls.append((handler.command, handler.path, answer.status_code))
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        handler.send_response(answer.status_code)
        handler.send_header("Content-Type", answer.headers.get("Content-Type", ""))
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    def serve_while(self, work: Any) -> Any:
        """Run `work` in another thread and answer the calls it causes in this one."""
        found: list[Any] = []
        thread = threading.Thread(target=lambda: found.append(work()))
        thread.start()
        while thread.is_alive():
            self._server.handle_request()
        thread.join()
        return found[0]

    def close(self) -> None:
        self._server.server_close()
