"""Address of the search."""

from django.urls import path

from vanthu.web.search import views

urlpatterns = [path("tim-kiem/", views.search, name="search")]
