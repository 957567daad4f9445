"""The screens by address."""

from django.urls import path

from vanthu.web import desk

urlpatterns = [
    path("", desk.home, name="home"),
    path("capacity/", desk.choose_capacity, name="capacity"),
]
