"""Bring revocation data in: lists on a timetable, answers for a file whose check lacks them; always proved before use.

Norm: TT41/2017 Đ.8 (CRL published at the time of signing, or OCSP), Đ.9 (what was used is kept)
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256 as digest_of
from pathlib import Path

from cryptography import x509
from django.conf import settings
from django.db.models import F

from vanthu.foundation.jobs import named
from vanthu.foundation.operation import operation, record, steps
from vanthu.foundation.storage import blobs
from vanthu.kernel.actor import Actor, system_actor
from vanthu.kernel.due import local
from vanthu.kernel.errors import NotReady, Violation
from vanthu.kernel.refs import ObjectRef
from vanthu.signing.models import FileCheck, RevocationSource
from vanthu.signing.operations.check import judging_store, keep_evidence, record_check
from vanthu.signing.queries import known_verdict
from vanthu.signing.rules.verdicts import FileVerdict, Verdict, lacks_revocation
from vanthu.signing.trust.caches import Refused, keep_answer, keep_list, list_path, sweep_answers
from vanthu.signing.trust.fetching import Allowance, FetchFailed, fetch
from vanthu.signing.trust.manifest import anchor_path, read_manifest
from vanthu.signing.trust.names import common_name, same_name
from vanthu.signing.trust.ocsp import request_for, urls_of_lists, urls_of_responders
from vanthu.signing.trust.pins import fingerprint
from vanthu.signing.trust.revocation import unanswered
from vanthu.signing.trust.store import TrustStore
from vanthu.signing.validation import verify_isolated
from vanthu.signing.validation.chains import SignerChain, signer_chains_isolated

OCSP_TYPE = "application/ocsp-request"
FIRST_RETRY, LAST_RETRY = timedelta(minutes=5), timedelta(hours=6)
OPEN_FOR, MOST_RECHECKS = timedelta(days=30), 200
NOTICE = timedelta(hours=12)
"""A list is fetched anew when a quarter of its life, or this much, is left."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where an authority's list is published."""

    url: str
    issuer: x509.Certificate

    @property
    def key(self) -> str:
        return fingerprint(self.issuer)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one address gave."""

    url: str
    issuer_name: str
    why: str = ""

    @property
    def is_ok(self) -> bool:
        return not self.why

    def to_json(self) -> dict[str, str | bool]:
        return {"url": self.url, "issuer": self.issuer_name, "ok": self.is_ok, "why": self.why}


def _permitted() -> Allowance:
    """The operator's allow-list and limits."""
    return _allowance(
        settings.VANTHU_REVOCATION_HOSTS,
        settings.VANTHU_REVOCATION_NETWORKS,
        settings.VANTHU_REVOCATION_SECONDS,
        settings.VANTHU_REVOCATION_MB,
    )


@lru_cache(maxsize=4)
def _allowance(hosts: tuple[str, ...], networks: tuple[str, ...], seconds: float, most_mb: int) -> Allowance:
    return Allowance(
        frozenset(host.lower() for host in hosts),
        tuple(ipaddress.ip_network(item) for item in networks),
        seconds,
        most_mb * 1024 * 1024,
    )


@steps("each address is asked outside any transaction; what it gave is recorded in an act of its own")
def refresh_lists(*, now: datetime, only_due: bool = True) -> tuple[Outcome, ...]:
    """Fetch the revocation lists of the store's authorities that are due; a bad one never replaces a good one."""
    known = {(row.issuer, row.url): row for row in RevocationSource.objects.all()}
    due = [
        source
        for source in _sources(Path(settings.VANTHU_TRUST))
        if not only_due or _is_due(known.get((source.key, source.url)), now)
    ]
    outcomes = tuple(_refresh(source, now) for source in due)
    sweep_answers(Path(settings.VANTHU_TRUST), now=now)
    return outcomes


def recheck_open(*, now: datetime) -> int:
    """Have files checked again that lacked revocation data or trust, each once a day at most; how many.

    Data may have come since: a list on the timetable, an authority by import.
    """
    rows = FileCheck.objects.filter(
        verdict__in=[Verdict.INDETERMINATE, Verdict.INTACT], checked_at__gte=now - OPEN_FOR
    )
    asked = 0
    for row in rows.order_by("-checked_at")[:MOST_RECHECKS]:
        if lacks_revocation(FileVerdict.from_json(row.report)):
            key = f"seek:{row.sha256}:{local(now):%Y-%m-%d}"
            named("signing.seek-revocation").enqueue(now=now, key=key, sha256=row.sha256)
            asked += 1
    return asked


def _sources(folder: Path) -> Iterator[Source]:
    """Every address of a list of a trusted authority that may be asked: from its pin, and from what it has issued."""
    manifest = read_manifest(folder)
    believed = [
        (anchor, x509.load_der_x509_certificate(anchor_path(folder, anchor.sha256).read_bytes()))
        for anchor in manifest.anchors
    ]
    seen = set()
    for anchor, issuer in believed:
        issued = [item for _, item in believed if same_name(item.issuer, issuer.subject) and item != issuer]
        for url in (*anchor.crl_urls, *(url for item in issued for url in urls_of_lists(item))):
            if (anchor.sha256, url) not in seen and _permitted().may_ask(url):
                seen.add((anchor.sha256, url))
                yield Source(url, issuer)


def _is_due(row: RevocationSource | None, now: datetime) -> bool:
    if row is None or row.tried_at is None:
        return True
    if row.failures:
        pause: timedelta = FIRST_RETRY * (1 << min(row.failures - 1, 10))
        return now >= row.tried_at + min(pause, LAST_RETRY)
    if row.next_update is None or row.this_update is None:
        return True
    return now >= row.next_update - max((row.next_update - row.this_update) / 4, NOTICE)


def _refresh(source: Source, now: datetime) -> Outcome:
    folder = Path(settings.VANTHU_TRUST)
    name = common_name(source.issuer.subject)
    try:
        data = fetch(source.url, _permitted())
        life = keep_list(list_path(folder, source.key, source.url), data, source.issuer, now=now)
    except (FetchFailed, Refused) as failure:
        note_fetch(actor=system_actor(None), source=source, why=failure.code, now=now)
        return Outcome(source.url, name, failure.code)
    note_fetch(actor=system_actor(None), source=source, life=life, data=data, now=now)
    return Outcome(source.url, name)


@operation("signing.revocation.fetch")
def note_fetch(
    *,
    actor: Actor,
    source: Source,
    why: str = "",
    life: tuple[datetime, datetime] | None = None,
    data: bytes = b"",
    now: datetime,
) -> None:
    """Record how fetching a list ended; the log names its digest."""
    row, _ = RevocationSource.objects.get_or_create(
        issuer=source.key, url=source.url, defaults={"issuer_name": common_name(source.issuer.subject)[:300]}
    )
    rows = RevocationSource.objects.filter(pk=row.pk)
    if life is None:
        rows.update(tried_at=now, failures=F("failures") + 1, last_error=why[:40])
    else:
        rows.update(
            tried_at=now,
            fetched_at=now,
            failures=0,
            last_error="",
            this_update=life[0],
            next_update=life[1],
            sha256=digest_of(data).hexdigest(),
        )
    record(
        ObjectRef.of("signing.revocation-source", row.pk),
        agency_id=None,
        url=source.url,
        why=why,
        sha256=digest_of(data).hexdigest() if data else "",
    )


@steps("asks outside any transaction, checks in a child process, then records the verdict in one act")
def seek_revocation(*, sha256: str, now: datetime) -> FileVerdict | None:
    """Ask about the certificates of a file whose check lacked revocation data, and check it again.

    Refuses: `signing.revocation.unanswered`, when an allowed address did not answer and may later.
    """
    before, store = known_verdict(sha256), judging_store()
    if before is None or store is None or not lacks_revocation(before):
        return before
    data = blobs().read(sha256)
    failures = [
        outcome
        for chain in signer_chains_isolated(data, trust=store)
        for pair in _open_pairs(chain, before, store, now)
        for outcome in [_ask(*pair, now)]
        if outcome is not None and not outcome.is_ok
    ]
    store = judging_store()
    after = verify_isolated(data, trust=store, at=now, name=sha256)
    keep_evidence(after, store)
    record_check(actor=system_actor(None), verdict=after, now=now)
    if failures and lacks_revocation(after):
        raise _unanswered(failures[0])
    return after


def _unanswered(outcome: Outcome) -> NotReady:
    details = (("url", outcome.url), ("why", outcome.why))
    return NotReady([Violation("signing.revocation.unanswered", details)])


def _open_pairs(
    chain: SignerChain, verdict: FileVerdict, store: TrustStore, now: datetime
) -> Iterable[tuple[bytes, bytes]]:
    """Certificates of a signature about which the store says nothing at the time of signing."""
    finding = next((item for item in verdict.signatures if item.field == chain.field), None)
    moment = (finding and (finding.timestamp_at or finding.signed_at)) or now
    return unanswered(
        chain.certificates,
        store.crls,
        min(moment, now),
        ocsps=store.ocsps,
        authorities=store.intermediates,
    )


def _ask(certificate: bytes, issuer: bytes, now: datetime) -> Outcome | None:
    """Ask a responder, else fetch the list, from the first allowed address; None when there is none to ask."""
    subject, authority = x509.load_der_x509_certificate(certificate), x509.load_der_x509_certificate(issuer)
    folder, permitted = Path(settings.VANTHU_TRUST), _permitted()
    anchor = read_manifest(folder).anchor(fingerprint(authority))
    responders = [*urls_of_responders(subject), *(anchor.ocsp_urls if anchor else ())]
    lists = [*urls_of_lists(subject), *(anchor.crl_urls if anchor else ())]
    outcome = None
    for url in dict.fromkeys(filter(permitted.may_ask, responders)):
        outcome = _ask_responder(url, subject, authority, now)
        if outcome.is_ok:
            return outcome
    for url in dict.fromkeys(filter(permitted.may_ask, lists)):
        outcome = _refresh(Source(url, authority), now)
        if outcome.is_ok:
            return outcome
    return outcome


def _ask_responder(
    url: str, certificate: x509.Certificate, issuer: x509.Certificate, now: datetime
) -> Outcome:
    request, nonce = request_for(certificate, issuer)
    name = common_name(issuer.subject)
    try:
        data = fetch(url, _permitted(), body=request, content_type=OCSP_TYPE)
        keep_answer(Path(settings.VANTHU_TRUST), data, certificate, issuer, nonce=nonce, now=now)
    except (FetchFailed, Refused) as failure:
        return Outcome(url, name, failure.code)
    return Outcome(url, name)
