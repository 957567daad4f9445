"""Addresses of the registers of certificates and of trusted authorities."""

from django.urls import path

from vanthu.web.certificates import ending, views

urlpatterns = [
    path("chung-thu-so/", views.mine, name="my-certificates"),
    path("quan-tri/chung-thu-so/", views.of_agency, name="admin-certificates"),
    path("quan-tri/chung-thu-so/<int:key_id>/thu-hoi/", views.end, name="admin-certificate-end"),
    path("quan-tri/sap-het-han/", ending.ending, name="admin-ending"),
    path("quan-tri/danh-sach-tin-cay/", views.trust, name="admin-trust"),
]
