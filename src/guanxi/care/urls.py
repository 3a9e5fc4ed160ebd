from django.urls import path

from guanxi.care.views import states

app_name = "care"
urlpatterns = [
    path("", states.states, name="states"),
    path("owners/", states.owners, name="owners"),
    path("cars/", states.cars, name="cars"),
    path("customer-panel/<int:subject_id>/", states.customer_panel, name="customer-panel"),
    path("vehicle-panel/<int:subject_id>/", states.vehicle_panel, name="vehicle-panel"),
]
