"""The gallery of components: every piece in every state, light and dark."""

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from vanthu.foundation.ui import sample


def gallery(request: HttpRequest) -> HttpResponse:
    """Show `/_ui/` to developers; `?theme=dark` and `?density=compact` choose the look."""
    if not (settings.DEBUG or getattr(settings, "VANTHU_SHOW_GALLERY", False)):
        raise Http404
    filled = sample.SampleForm(initial={"subject": sample.ROWS[0]["subject"], "way": "e"})
    refused = sample.SampleForm(data={"subject": "", "way": ""}, prefix="refused")
    shell = {**sample.SHELL, **{k: request.GET[k] for k in ("theme", "density") if k in request.GET}}
    image_url = staticfiles_storage.url("sample-page.svg")
    context = {
        "shell": shell,
        "rows": sample.ROWS,
        "form": filled,
        "refused": refused,
        "trace": sample.TRACE,
        "facts": sample.FACTS,
        "handovers": sample.HANDOVERS,
        "timeline": sample.TIMELINE,
        "steps": sample.STEPS,
        "tabs": sample.TABS,
        "card": sample.card(image_url),
    }
    return render(request, "ui/gallery.html", context)
