"""Addresses of the administration."""

from django.urls import path

from vanthu.web.admin_desk import evidence, line, paper, store, views

urlpatterns = [
    path("quan-tri/nguoi/", views.people, name="admin-people"),
    path("quan-tri/nguoi/bo-nhiem/", views.appoint, name="admin-appoint"),
    path("quan-tri/nguoi/ket-thuc/", views.end, name="admin-end"),
    path("quan-tri/lich/", views.calendar, name="admin-calendar"),
    path("quan-tri/lich/xac-nhan/", views.confirm, name="admin-confirm-day"),
    path("quan-tri/chung-cu/", evidence.heads, name="admin-evidence"),
    path("quan-tri/toan-ven/", store.store, name="admin-store"),
    path("quan-tri/toan-ven/<int:finding_id>/", store.look_again, name="admin-store-look"),
    path("quan-tri/lien-thong/", line.line, name="admin-line"),
    path("quan-tri/ban-giay/", paper.receivers, name="admin-paper"),
    path("quan-tri/co-quan/", views.agencies, name="admin-agencies"),
    path("quan-tri/co-quan/<int:agency_id>/", views.agency, name="admin-agency"),
]
