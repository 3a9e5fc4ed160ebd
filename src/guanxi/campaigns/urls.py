from django.urls import path

from guanxi.campaigns.views import answering, reading, recalls, steps, writing

app_name = "campaigns"
urlpatterns = [
    path("", reading.campaigns, name="campaigns"),
    path("kinds/", reading.kinds, name="kinds"),
    path("add/<str:code>/", writing.add_campaign, name="add-campaign"),
    path("recalls/", recalls.recalls, name="recalls"),
    path("recalls/add/", recalls.add_recall, name="add-recall"),
    path("recalls/<int:pk>/", recalls.recall, name="recall"),
    path("recalls/<int:pk>/cars/", recalls.add_cars, name="add-cars"),
    path("recalls/<int:pk>/change/", recalls.change_recall, name="change-recall"),
    path("recalls/<int:pk>/submit/", steps.submit, name="submit-recall"),
    path("recalls/<int:pk>/approve/", steps.approve, name="approve-recall"),
    path("recalls/<int:pk>/send-back/", steps.send_back, name="send-back-recall"),
    path("recalls/<int:pk>/cancel/", steps.cancel, name="cancel-recall"),
    path("recalls/<int:pk>/open/", steps.open_recall, name="open-recall"),
    path("recalls/<int:pk>/close/", steps.close_recall, name="close-recall"),
    path("recalls/<int:pk>/cars/approve/", steps.approve_cars, name="approve-cars"),
    path("recalls/<int:pk>/cars/take-off/", steps.take_cars_off, name="take-cars-off"),
    path("recalls/cars/<int:pk>/done/", recalls.mark_done, name="mark-done"),
    path("recalls/cars/<int:pk>/refused/", recalls.mark_refused, name="mark-refused"),
    path("vehicle-panel/<int:subject_id>/", recalls.vehicle_panel, name="vehicle-panel"),
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
