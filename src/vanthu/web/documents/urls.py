"""Addresses of one document."""

from django.urls import path

from vanthu.web.documents import compare, files, proof, views

urlpatterns = [
    path("van-ban/<int:document_id>/", views.document, name="document"),
    path(
        "van-ban/<int:document_id>/trang/<slug:sha>/<int:page>/<int:width>.webp",
        files.page,
        name="document-page",
    ),
    path("van-ban/<int:document_id>/so-ban-da-ky/", compare.compare, name="document-compare"),
    path(
        "van-ban/<int:document_id>/so-ban-da-ky/<slug:sha>/<int:page>/<int:width>.webp",
        compare.signed_page,
        name="document-signed-page",
    ),
    path("van-ban/<int:document_id>/chu/<slug:sha>/<int:page>/", files.text, name="document-text"),
    path("van-ban/<int:document_id>/tep/<int:file_id>/", files.download, name="document-file"),
    path("van-ban/<int:document_id>/ban-luu-tru/", files.kept, name="document-kept"),
    path("van-ban/<int:document_id>/chung-cu/", proof.proof, name="document-proof"),
]
