"""Addresses of the clerk's acts on arrivals."""

from django.urls import path

from vanthu.web.incoming import asides, views

urlpatterns = [
    path("van-ban-den/quet/", views.scan, name="incoming-scan"),
    path("van-ban-den/ghi-nhan/", views.take_in, name="incoming-take-in"),
    path("van-ban-den/de-rieng/", asides.listed, name="incoming-asides"),
    path("van-ban-den/de-rieng/<int:aside_id>/nhan/", asides.take, name="incoming-aside-take"),
    path("van-ban-den/de-rieng/<int:aside_id>/tra-lai/", asides.give_back, name="incoming-aside-return"),
    path("van-ban/<int:document_id>/tiep-nhan/", views.accept, name="incoming-accept"),
    path("van-ban/<int:document_id>/tu-choi/", views.refuse, name="incoming-refuse"),
    path("van-ban/<int:document_id>/xin-y-kien/", views.ask_consent, name="incoming-ask"),
    path("van-ban/<int:document_id>/dong-y-tiep-nhan/", views.consent, name="incoming-consent"),
    path("van-ban/<int:document_id>/dang-ky/", views.register, name="incoming-register"),
    path("van-ban/<int:document_id>/trinh/", views.submit, name="incoming-submit"),
]
