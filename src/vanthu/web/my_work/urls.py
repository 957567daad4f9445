"""Addresses of the acts between direction and completion."""

from django.urls import path

from vanthu.web.my_work import views

TASK = "van-ban/<int:document_id>/viec/<int:task_id>/"

urlpatterns = [
    path("van-ban/<int:document_id>/giao-xu-ly/", views.direct, name="work-direct"),
    path("van-ban/<int:document_id>/luu-de-biet/", views.file, name="work-file"),
    path("van-ban/<int:document_id>/tra-lai-van-thu/", views.give_back, name="work-give-back"),
    path("van-ban/<int:document_id>/xem-xet-lai/", views.take_up, name="work-take-up"),
    path("van-ban/<int:document_id>/han/", views.due, name="work-due"),
    path(f"{TASK}phan-cong/", views.assign_on, name="work-assign-on"),
    path(f"{TASK}bat-dau/", views.start, name="work-start"),
    path(f"{TASK}trinh-ket-qua/", views.report, name="work-report"),
    path(f"{TASK}lam-tiep/", views.rework, name="work-rework"),
    path(f"{TASK}duyet/", views.approve, name="work-approve"),
    path(f"{TASK}tra-lai/", views.decline, name="work-decline"),
    path(f"{TASK}da-biet/", views.note, name="work-note"),
]
