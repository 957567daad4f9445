"""Addresses of one's own account: of the library's only those that have a screen of ours."""

from allauth.account import views as library
from django.urls import path

from vanthu.web.account import views

urlpatterns = [
    path("accounts/login/", library.login, name="account_login"),
    path("accounts/logout/", library.logout, name="account_logout"),
    path("accounts/inactive/", library.account_inactive, name="account_inactive"),
    path("tai-khoan/mat-khau/", views.password, name="account-password"),
]
