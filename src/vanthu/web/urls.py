"""The screens by address, one line per area."""

from django.urls import include, path

from vanthu.foundation.ui.views import gallery

urlpatterns = [
    path("", include("vanthu.web.account.urls")),
    path("", include("vanthu.web.desk.urls")),
    path("", include("vanthu.web.documents.urls")),
    path("", include("vanthu.web.drafts.urls")),
    path("", include("vanthu.web.outgoing.urls")),
    path("", include("vanthu.web.exchange.urls")),
    path("", include("vanthu.web.recall.urls")),
    path("", include("vanthu.web.desk_agent.urls")),
    path("", include("vanthu.web.devices.urls")),
    path("", include("vanthu.web.incoming.urls")),
    path("", include("vanthu.web.my_work.urls")),
    path("", include("vanthu.web.admin_desk.urls")),
    path("", include("vanthu.web.axis_desk.urls")),
    path("", include("vanthu.web.certificates.urls")),
    path("", include("vanthu.web.search.urls")),
    path("_ui/", gallery, name="gallery"),
]
