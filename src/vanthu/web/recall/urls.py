"""Addresses of the acts of recall, of both sides."""

from django.urls import path

from vanthu.web.recall import sending, views

urlpatterns = [
    path("van-ban/<int:document_id>/lay-lai/", sending.ask, name="recall-ask"),
    path("van-ban/<int:document_id>/thu-hoi/", sending.notice, name="recall-notice"),
    path("van-ban/<int:document_id>/bo-sung-noi-nhan/", sending.add, name="recall-add"),
    path("van-ban/<int:document_id>/thuc-hien-thu-hoi/", views.agree, name="recall-agree"),
    path("van-ban/<int:document_id>/tu-choi-lay-lai/", views.decline, name="recall-decline"),
    path("van-ban/<int:document_id>/da-biet-thu-hoi/", views.note, name="recall-note"),
]
