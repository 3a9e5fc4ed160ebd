from django.urls import path

from guanxi.workshop import views

app_name = "workshop"
urlpatterns = [
    path("", views.visits, name="visits"),
    path("record/", views.record, name="record-visit"),
    path("vehicle-panel/<int:subject_id>/", views.vehicle_panel, name="vehicle-panel"),
    path("customer-panel/<int:subject_id>/", views.customer_panel, name="customer-panel"),
    path("<int:pk>/", views.visit, name="visit"),
    path("<int:pk>/change/", views.change, name="change-visit"),
]
