"""Addresses of signing with the desk agent: three for the screen, two for the agent, who has no session."""

from django.urls import path

from vanthu.web.desk_agent import views

urlpatterns = [
    path("ky-so/<int:pending_id>/bat-dau/", views.start, name="agent-start"),
    path("ky-so/<int:pending_id>/trang-thai/", views.status, name="agent-status"),
    path("ky-so/<int:pending_id>/tra-loi/", views.say, name="agent-say"),
    path("ky-so/<int:pending_id>/thoi/", views.stop, name="agent-stop"),
    path("ky-so/<int:pending_id>/tep/<slug:token>/<str:name>", views.hand_out, name="agent-file"),
    path("ky-so/<int:pending_id>/nop/<slug:token>/", views.take, name="agent-upload"),
]
