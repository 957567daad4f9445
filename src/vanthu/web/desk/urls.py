"""Addresses of the desk."""

from django.urls import path

from vanthu.web.desk import views

urlpatterns = [
    path("", views.home, name="home"),
    path("capacity/", views.choose_capacity, name="capacity"),
    path("hang-cho/<slug:slug>/", views.queue, name="queue"),
    path("hang-cho/<slug:slug>/<int:document_id>/", views.quick_view, name="queue-quick"),
]
