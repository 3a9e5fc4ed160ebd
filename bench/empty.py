"""The addresses of Guanxi and one more: a page with nothing in it."""

from django.http import HttpResponse
from django.urls import path

from guanxi.config.urls import handler404, handler500, urlpatterns  # noqa: F401 -- Django looks for the handlers
from guanxi.foundation import pages
from guanxi.foundation.pages import Request


def empty(request: Request) -> HttpResponse:
    return pages.render(request, "ui/base.html")


urlpatterns = [*urlpatterns, path("empty/", empty)]
