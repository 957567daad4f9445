"""The addresses of the product: sign-in, screens."""

from django.urls import include, path

urlpatterns = [
    path("", include("vanthu.web.urls")),
]

handler403 = "vanthu.web.errors.forbidden"
handler404 = "vanthu.web.errors.not_found"
handler500 = "vanthu.web.errors.broken"
