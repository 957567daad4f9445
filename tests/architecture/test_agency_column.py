"""One database, agency on every row: a table without the column is on this list with its reason."""

import pytest
from django.apps import apps
from django.db import models

from tests.architecture.source import contexts, demand_none

# Tables that belong to nobody in particular, or to an agency through the row they are part of.
NO_AGENCY = {
    "accounts.Person": "a person may hold posts in several agencies",
    "audit.AuditEvent": "holds plain values; the chain is the agency's id (D1)",
    "audit.ChainHead": "the chain is the agency's id (D1)",
    "axis.AxisAgency": "an agency of somebody else's software, not of this installation",
    "axis.AxisEvent": "the axis carries parcels of others; it belongs to the city",
    "axis.AxisSystem": "a system that joined; it may serve many agencies",
    "axis.DirectoryStamp": "one row for the installation",
    "axis.Message": "names the sender by its code; the agency is not of this installation",
    "axis.Parcel": "part of its message",
    "documents.DocumentFile": "part of its document",
    "documents.Opening": "part of its document",
    "documents.Recipient": "part of its document; the recipient may be outside the directory",
    "documents.Relation": "joins two documents of the same agency",
    "drafting.DraftStep": "part of its draft",
    "evidence.Alarm": "belongs to the installation",
    "evidence.ArchiveStamp": "part of its batch",
    "evidence.ChainCursor": "the chain is the agency's id (D1)",
    "evidence.EvidenceBatch": "one batch for all agencies of the installation",
    "evidence.EvidenceItem": "part of its batch; the chain of its event is the agency's id (D1)",
    "evidence.FixityFinding": "bytes that records of several agencies may share",
    "evidence.FixityRound": "belongs to the installation",
    "evidence.LogKey": "belongs to the installation",
    "evidence.Tree": "belongs to the installation",
    "evidence.TreeExtent": "the chain is the agency's id (D1)",
    "evidence.TreeHead": "belongs to the installation",
    "evidence.TreeTile": "belongs to the installation",
    "exchange.Inbound": "a packet may be addressed to several agencies of this installation",
    "exchange.LineCall": "a call is made for the whole installation",
    "exchange.LineWatch": "the line of the whole installation",
    "foundation.Job": "names rows by id; the operation it calls is scoped",
    "organizations.Agency": "is the agency",
    "organizations.AgencyAlias": "another name of an agency, ours or another",
    "organizations.OutsideAgency": "an agency that is not of this installation",
    "organizations.PostHolding": "part of its post",
    "organizations.PostRole": "part of its post",
    "registry.SeriesYear": "part of its series",
    "routing.Directive": "part of its handling",
    "signing.FileCheck": "a verdict on bytes, which agencies share (D6)",
    "signing.RevocationSource": "an address of an authority, for the whole installation",
    "signing.SignatureMade": "part of its document",
    "signing.SigningKey": "its owner is a person or an agency",
}


def rows() -> list[type[models.Model]]:
    ours = contexts() | {"foundation"}
    return [model for model in apps.get_models() if model._meta.app_label in ours and not model._meta.proxy]


def carries_agency(model: type[models.Model]) -> bool:
    return any(
        field.name == "agency" or field.name.endswith(("_agency", "agency_id"))
        for field in model._meta.fields
    )


def test_every_row_carries_its_agency_or_is_on_the_list() -> None:
    missing = {model._meta.label for model in rows() if not carries_agency(model)}
    demand_none(sorted(missing - set(NO_AGENCY)))


def test_the_list_names_only_tables_that_need_it() -> None:
    excused = {model._meta.label for model in rows() if not carries_agency(model)}
    demand_none(sorted(set(NO_AGENCY) - excused))


@pytest.mark.parametrize(("field", "found"), [("agency", True), ("sender_agency", True), ("name", False)])
def test_the_rule_finds_the_column(field: str, found: bool) -> None:
    class Sample(models.Model):
        class Meta:
            abstract = True
            app_label = "sample"

    Sample.add_to_class(field, models.IntegerField())
    assert carries_agency(Sample) == found
