"""Addresses of writing, review and signature."""

from django.urls import path

from vanthu.web.drafts import outside, views

urlpatterns = [
    path("van-ban-di/soan/", views.new, name="draft-new"),
    path("van-ban-di/soan/co-quan-ngoai/", outside.look, name="draft-outside"),
    path("van-ban/<int:document_id>/sua/", views.edit, name="draft-edit"),
    path("van-ban/<int:document_id>/dinh-kem/", views.attach, name="draft-attach"),
    path("van-ban/<int:document_id>/trinh-duyet/", views.submit, name="draft-submit"),
    path("van-ban/<int:document_id>/duyet-noi-dung/", views.approve, name="draft-approve"),
    path("van-ban/<int:document_id>/dat-the-thuc/", views.pass_form, name="draft-pass-form"),
    path("van-ban/<int:document_id>/ky/", views.sign, name="draft-sign"),
    path("van-ban/<int:document_id>/tra-lai-du-thao/", views.give_back, name="draft-return"),
    path("van-ban/<int:document_id>/huy-du-thao/", views.discard, name="draft-discard"),
]
