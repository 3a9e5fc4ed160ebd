from django.urls import path

from guanxi.contact_centre.views import calling, reading

app_name = "contact_centre"
urlpatterns = [
    path("calls/", reading.calls, name="calls"),
    path("calls/<int:pk>/", reading.call, name="call"),
    path("scripts/", reading.scripts, name="scripts"),
    path("customer-panel/<int:subject_id>/", reading.customer_panel, name="customer-panel"),
    path("call/<int:task_id>/", calling.make_call, name="make-call"),
    path("call/<int:task_id>/numbers/<int:point_id>/", calling.reveal_number, name="reveal-number"),
]
