from django.urls import path

from guanxi.campaigns.views import reading, writing

app_name = "campaigns"
urlpatterns = [
    path("", reading.campaigns, name="campaigns"),
    path("kinds/", reading.kinds, name="kinds"),
    path("add/<str:code>/", writing.add_campaign, name="add-campaign"),
    path("<int:pk>/", reading.campaign, name="campaign"),
    path("<int:pk>/change/", writing.change_campaign, name="change-campaign"),
    path("<int:pk>/submit/", writing.submit, name="submit"),
    path("<int:pk>/approve/", writing.approve, name="approve"),
    path("<int:pk>/send-back/", writing.send_back, name="send-back"),
    path("<int:pk>/cancel/", writing.cancel, name="cancel"),
]
