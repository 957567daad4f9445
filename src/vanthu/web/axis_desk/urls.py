"""Addresses of the axis' desk."""

from django.urls import path

from vanthu.web.axis_desk import views

urlpatterns = [
    path("quan-tri/truc/", views.overview, name="axis-overview"),
    path("quan-tri/truc/them-he-thong/", views.join, name="axis-join"),
    path("quan-tri/truc/he-thong/<str:code>/", views.system, name="axis-system"),
    path("quan-tri/truc/he-thong/<str:code>/dong/", views.close, name="axis-close"),
    path("quan-tri/truc/he-thong/<str:code>/mo-lai/", views.reopen, name="axis-reopen"),
    path("quan-tri/truc/he-thong/<str:code>/doi-khoa/", views.renew, name="axis-renew"),
    path("quan-tri/truc/goi-tin/", views.messages, name="axis-messages"),
    path("quan-tri/truc/goi-tin/<str:doc_id>/", views.message, name="axis-message"),
    path("quan-tri/truc/giao-lai/<str:parcel_id>/", views.again, name="axis-again"),
    path("quan-tri/truc/dung-giao/<str:parcel_id>/", views.stop, name="axis-stop"),
]
