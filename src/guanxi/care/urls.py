from django.urls import path

from guanxi.care import views

app_name = "care"
urlpatterns = [
    path("", views.states, name="states"),
    path("owners/", views.owners, name="owners"),
    path("cars/", views.cars, name="cars"),
    path("customer-panel/<int:subject_id>/", views.customer_panel, name="customer-panel"),
    path("vehicle-panel/<int:subject_id>/", views.vehicle_panel, name="vehicle-panel"),
]
