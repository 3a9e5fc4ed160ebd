from django.urls import path

from guanxi.campaigns.views import answering, reading, writing

app_name = "campaigns"
urlpatterns = [
    path("", reading.campaigns, name="campaigns"),
    path("kinds/", reading.kinds, name="kinds"),
    path("add/<str:code>/", writing.add_campaign, name="add-campaign"),
    path("redeem/", answering.redeem, name="redeem"),
    path("customer-panel/<int:subject_id>/", answering.customer_panel, name="customer-panel"),
    path("members/<int:pk>/respond/", answering.respond, name="respond"),
    path("<int:pk>/effect/", answering.effect, name="effect"),
    path("<int:pk>/", reading.campaign, name="campaign"),
    path("<int:pk>/change/", writing.change_campaign, name="change-campaign"),
    path("<int:pk>/submit/", writing.submit, name="submit"),
    path("<int:pk>/approve/", writing.approve, name="approve"),
    path("<int:pk>/send-back/", writing.send_back, name="send-back"),
    path("<int:pk>/start/", writing.start, name="start"),
    path("<int:pk>/end/", writing.end, name="end"),
    path("<int:pk>/members/", reading.members, name="members"),
    path("<int:pk>/cancel/", writing.cancel, name="cancel"),
]
