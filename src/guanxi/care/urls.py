from django.urls import path

from guanxi.care.views import rounds, rules, scores, states

app_name = "care"
urlpatterns = [
    path("", states.states, name="states"),
    path("owners/", states.owners, name="owners"),
    path("cars/", states.cars, name="cars"),
    path("customer-panel/<int:subject_id>/", states.customer_panel, name="customer-panel"),
    path("vehicle-panel/<int:subject_id>/", states.vehicle_panel, name="vehicle-panel"),
    path("rounds/", rounds.rounds, name="rounds"),
    path("rounds/overview/", scores.overview, name="rounds-overview"),
    path("rounds/past/", scores.past, name="past-rounds"),
    path("rounds/panel/<int:subject_id>/", scores.place_panel, name="rounds-panel"),
    path("rounds/file/<int:outlet_id>/<slug:code>/", rounds.file_round, name="file-round"),
    path("rounds/<int:pk>/", rounds.round_sheet, name="round"),
    path("rules/", rules.rules, name="rules"),
    path("rules/add/", rules.add_rule, name="add-rule"),
    path("rules/planned/<int:subject_id>/", rules.planned, name="planned"),
    path("rules/<int:pk>/", rules.rule, name="rule"),
    path("rules/<int:pk>/change/", rules.change_rule, name="change-rule"),
    path("rules/<int:pk>/switch/", rules.switch_rule, name="switch-rule"),
    path("rules/<int:pk>/why/", rules.why, name="why"),
]
