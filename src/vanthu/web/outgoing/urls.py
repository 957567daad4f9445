"""Addresses of the records office's acts on what leaves."""

from django.urls import path

from vanthu.web.outgoing import paper, views

urlpatterns = [
    path("van-ban/<int:document_id>/phat-hanh/", views.issue, name="outgoing-issue"),
    path("van-ban/<int:document_id>/gui-ngay/", views.send_now, name="outgoing-send-now"),
    path("van-ban/<int:document_id>/dung-gui/", views.stop, name="outgoing-stop"),
    path("van-ban/<int:document_id>/huy-so/", views.void, name="outgoing-void"),
    path("van-ban/<int:document_id>/da-biet-tu-choi/", views.acknowledge, name="outgoing-acknowledge"),
    path("van-ban/<int:document_id>/gui-giay/", paper.post, name="outgoing-post-paper"),
    path("van-ban/<int:document_id>/gui-giay/in/", paper.print_labels, name="outgoing-print-labels"),
    path("van-ban/<int:document_id>/gui-giay/<int:delivery_id>/", paper.turn, name="outgoing-turn-to-paper"),
    path("so-gui-buu-dien/", paper.register, name="postal-register"),
]
