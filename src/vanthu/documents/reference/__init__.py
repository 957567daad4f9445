"""Reference data of documents, as files that officers can read (danh mục)."""

import tomllib
from importlib.resources import files

from vanthu.documents.rules.types import DocumentTypeRow, Family, Template


def read_document_types() -> tuple[DocumentTypeRow, ...]:
    """The 29 types of administrative document, in the order of the law. Norm: NĐ30 Đ.7, PL III."""
    text = files(__name__).joinpath("document_types.toml").read_text(encoding="utf-8")
    return tuple(
        DocumentTypeRow(
            ordinal=ordinal,
            code=row["code"],
            name=row["name"],
            abbreviation=row.get("abbreviation"),
            family=Family(row["family"]),
            template=Template(row["template"]),
            default_days=int(row["default_days"]),
            retention_years=row.get("retention_years"),
            permanent=bool(row.get("permanent", False)),
        )
        for ordinal, row in enumerate(tomllib.loads(text)["type"], start=1)
    )
