"""The 29 types of Decree 30, Article 7 and Annex III."""

from vanthu.documents.reference import read_document_types
from vanthu.documents.rules.types import Family, Template

# Norm: NĐ30 PL III, copied by hand from law.md §2.8 in the order of Điều 7.
ABBREVIATIONS = "NQ QĐ CT QC QyĐ TC TB HD CTr KH PA ĐA DA BC BB TTr HĐ CĐ BGN BTT GUQ GM GGT GNP PG PC PB"


def test_there_are_29_types_in_the_order_of_article_7() -> None:
    rows = read_document_types()
    assert [row.ordinal for row in rows] == list(range(1, 30))
    assert [row.abbreviation for row in rows] == [*ABBREVIATIONS.split(), None, None]
    assert (rows[0].name, rows[4].name, rows[28].name) == ("Nghị quyết", "Quy định", "Thư công")


def test_only_the_two_types_without_abbreviation_have_the_shape_of_a_letter() -> None:
    letters = [row.code for row in read_document_types() if row.template is Template.OFFICIAL_LETTER]
    assert letters == ["cong_van", "thu_cong"]
    assert [row.code for row in read_document_types() if row.abbreviation is None] == letters


def test_codes_are_unique_plain_words_and_every_type_has_a_term() -> None:
    rows = read_document_types()
    assert len({row.code for row in rows}) == len({row.name for row in rows}) == 29
    assert all(row.code.isascii() and row.code.replace("_", "").isalpha() for row in rows)
    assert all(row.default_days > 0 and row.family is Family.ADMINISTRATIVE for row in rows)
