"""One include per capability: the first word of an address is the folder."""

from django.urls import include, path

from guanxi.access.views import joining
from guanxi.config.api import api

urlpatterns = [
    path("", include("guanxi.workbench.urls")),
    path("network/", include("guanxi.network.urls")),
    path("codelists/", include("guanxi.codelists.urls")),
    path("access/", include("guanxi.access.urls")),
    path("worklist/", include("guanxi.worklist.urls")),
    path("knowledge/", include("guanxi.knowledge.urls")),
    path("intake/", include("guanxi.intake.urls")),
    path("customers/", include("guanxi.customers.urls")),
    path("vehicles/", include("guanxi.vehicles.urls")),
    path("rectification/", include("guanxi.rectification.urls")),
    path("messaging/", include("guanxi.messaging.urls")),
    path("workshop/", include("guanxi.workshop.urls")),
    path("verification/", include("guanxi.verification.urls")),
    path("contact-centre/", include("guanxi.contact_centre.urls")),
    path("rescue/", include("guanxi.rescue.urls")),
    path("care/", include("guanxi.care.urls")),
    path("complaints/", include("guanxi.complaints.urls")),
    path("campaigns/", include("guanxi.campaigns.urls")),
    path("crisis/", include("guanxi.crisis.urls")),
    path("insight/", include("guanxi.insight.urls")),
    path("privacy/", include("guanxi.privacy.urls")),
    path("records/", include("guanxi.records.urls")),
    path("welcome/<str:secret>/", joining.welcome, name="welcome"),
    path("accounts/", include("allauth.urls")),
    path("api/v1/", api.urls),
]

handler400 = "guanxi.config.errors.bad_request"
handler403 = "guanxi.config.errors.forbidden"
handler404 = "guanxi.config.errors.not_found"
handler500 = "guanxi.config.errors.server_error"
