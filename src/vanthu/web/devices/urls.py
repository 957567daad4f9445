"""Addresses of signing with a token at the browser and of waiting for a remote service."""

from django.urls import path

from vanthu.web.devices import views

urlpatterns = [
    path("van-ban/<int:document_id>/ky-so/<int:pending_id>/chuan-bi/", views.prepare, name="device-prepare"),
    path("van-ban/<int:document_id>/ky-so/<int:pending_id>/nop/", views.deliver, name="device-deliver"),
    path("van-ban/<int:document_id>/ky-so/<int:pending_id>/huy/", views.give_up, name="device-give-up"),
    path("van-ban/<int:document_id>/ky-so/<int:pending_id>/trang-thai/", views.status, name="device-status"),
]
