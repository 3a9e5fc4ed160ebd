from django.urls import path

from guanxi.vehicles.views import catalogue, editing, papers, people, reading

app_name = "vehicles"
urlpatterns = [
    path("", reading.vehicles, name="vehicles"),
    path("add/", editing.add, name="add-vehicle"),
    path("doubts/", reading.doubts, name="doubts"),
    path("doubts/<int:pk>/dismiss/", people.dismiss, name="dismiss-doubt"),
    path("customer-panel/<int:subject_id>/", reading.customer_panel, name="customer-panel"),
    path("participants/<int:pk>/end/", people.end_participant, name="end-participant"),
    path("readings/<int:pk>/judge/", papers.judge, name="judge-reading"),
    path("catalogue/", catalogue.tree, name="catalogue"),
    path("catalogue/<int:pk>/", catalogue.series, name="series"),
    path("catalogue/<str:kind>/add/<int:above>/", catalogue.add_part, name="add-part"),
    path("catalogue/<str:kind>/<int:pk>/change/", catalogue.change_part, name="change-part"),
    path("catalogue/<str:kind>/<int:pk>/remove/", catalogue.remove_part, name="remove-part"),
    path("<int:pk>/", reading.vehicle, name="vehicle"),
    path("<int:pk>/change/", editing.change, name="change-vehicle"),
    path("<int:pk>/plate/", editing.plate, name="set-plate"),
    path("<int:pk>/dates/", editing.dates, name="set-dates"),
    path("<int:pk>/condition/", editing.condition, name="set-condition"),
    path("<int:pk>/reading/", papers.record_reading, name="record-reading"),
    path("<int:pk>/sale/", papers.sell, name="sell"),
    path("<int:pk>/cover/", papers.add_cover, name="add-cover"),
    path("<int:pk>/owner/", people.change_owner, name="change-owner"),
    path("<int:pk>/participants/", people.add_participant, name="add-participant"),
]
