"""The service object: each call of the gateway as one method, signed with one stamp for the life of the object."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from tests.axis.foreign.wire import (
    Answer,
    Key,
    Line,
    Request,
    apache_request,
    hash_file,
    stamp,
    upload_request,
)

DOCUMENTS, STATUSES = "edoc", "status"
PATH = "/XrdAdapter/adapter"


class Service:
    """A system joined to an axis at `base` (`http://host:port/XrdAdapter/adapter`), with its id and secret."""

    def __init__(
        self,
        base: str,
        systemid: str,
        secret: str,
        *,
        at: datetime | None = None,
        timeout: float = 30.0,
        retries: int = 3,
    ) -> None:
        self.base = base.rstrip("/")
        self.key = Key(systemid, secret, stamp(at))
        self.calls = Line(self.base, timeout=timeout, retries=retries)
        self.uploads = Line(self.base, timeout=timeout, retries=retries)
        self._others: list[Service] = []

    def close(self) -> None:
        """Its connections, and those of the service objects that were made from it."""
        for each in (self, *self._others):
            each.calls.close()
            each.uploads.close()

    def another(self, *, secret: str = "", at: datetime | None = None, retries: int = 3) -> Service:
        """A new service object of the same system, with a stamp of its own."""
        systemid = self.key.systemid
        other = Service(self.base, systemid, secret or self.key.secret, at=at, retries=retries)
        self._others.append(other)
        return other

    def request(self, call: str, params: dict[str, str] | None = None, body: bytes | None = b"") -> Request:
        return apache_request(self.key, self.base, call, params or {}, body)

    def sending(self, kind: str, data: bytes, *, sender: str, to: str = "") -> Request:
        params = {"servicetype": "eDoc", "messagetype": kind, "hash-file": hash_file(data), "from": sender}
        return upload_request(self.key, self.base, "sendEdoc", params | ({"to": to} if to else {}), data)

    def call(self, call: str, params: dict[str, str] | None = None, body: bytes | None = b"") -> Answer:
        return self.calls.exchange(self.request(call, params, body))

    def agencies(self) -> Answer:
        return self.call("getAgenciesList")

    def agencies_qd20(self, level: str = "1") -> Answer:
        return self.call("getAgenciesListQD20", {"level": level})

    def units(self) -> Answer:
        return self.call("getSynchronizeUnit")

    def register_agency(
        self, code: str, name: str, *, pcode: str = "", mail: str = "", id: str = ""
    ) -> Answer:
        whole = {
            "id": id,
            "pcode": pcode or self.key.systemid,
            "code": code,
            "name": name,
            "mail": mail,
            "mobile": "",
            "fax": "",
        }
        text = json.dumps(whole, separators=(",", ":"), ensure_ascii=False)
        return self.call("registerAgency", body=text.encode())

    def delete_agency(self, code: str) -> Answer:
        return self.call("deleteAgency", {"AgencyCode": code}, b"{}")

    def received(self, kind: str = DOCUMENTS, **filters: str) -> Answer:
        """The waiting list; `filters`: fromDate, toDate, to, status, pageSize, pageIndex."""
        return self.call("getReceivedEdocList", {"servicetype": "eDoc", "messagetype": kind, **filters})

    def get(self, doc_id: str) -> Answer:
        return self.call("getEdoc", {"docId": doc_id, "filePath": "/var/edoc/store"}, b"{}")

    def download(self, doc_id: str) -> Answer:
        return self.call("downloadEdoc", {"docId": doc_id, "filePath": "/var/edoc/store"}, None)

    def update(self, doc_id: str, state: str, description: str = "") -> Answer:
        params = {"docId": doc_id, "status": state} | ({"description": description} if description else {})
        return self.call("updateStatus", params, b"{}")

    def send(self, data: bytes, *, sender: str, kind: str = DOCUMENTS, to: str = "") -> Answer:
        return self.uploads.exchange(self.sending(kind, data, sender=sender, to=to))

    def sent(self, kind: str = DOCUMENTS, doc_id: str = "") -> Answer:
        return self.call("getSentEdocList", {"servicetype": "eDoc", "messagetype": kind, "docId": doc_id})

    def count(self, kind: str = DOCUMENTS) -> int:
        call = "countReceiveEdoc" if kind == DOCUMENTS else "countReceiveStatus"
        return int(self.call(call, body=b"{}").content["count"])

    def fetched(self, doc_id: str) -> bytes:
        return base64.b64decode(self.get(doc_id).data)

    def waiting(self, kind: str = DOCUMENTS, **filters: str) -> list[dict[str, Any]]:
        """What waits for this system, taken by no one yet."""
        return [item for item in self.received(kind, **filters).data if item["status"] == "initial"]

    def take_all(self, kind: str = DOCUMENTS) -> Iterator[tuple[dict[str, Any], bytes]]:
        """Fetches everything that waits and says `done` for each, as an office's program does every five minutes."""
        for item in self.waiting(kind):
            yield item, self.fetched(item["docId"])
            self.update(item["docId"], "done")
