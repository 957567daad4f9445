"""Addresses of the exchange's screens."""

from django.urls import path

from vanthu.web.exchange import recorder

urlpatterns = [
    path("van-ban/<int:document_id>/hop-den/", recorder.arrival, name="recorder-arrival"),
    path("van-ban/<int:document_id>/hop-den/<int:delivery_id>/", recorder.delivery, name="recorder-delivery"),
    path(
        "van-ban/<int:document_id>/hop-den/<int:delivery_id>/gui-lai/",
        recorder.resend,
        name="recorder-resend",
    ),
]
