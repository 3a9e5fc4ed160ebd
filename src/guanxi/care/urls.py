from django.urls import path

from guanxi.care.views import rules

app_name = "care"
urlpatterns = [
    path("rules/", rules.rules, name="rules"),
    path("rules/add/", rules.add_rule, name="add-rule"),
    path("rules/planned/<int:subject_id>/", rules.planned, name="planned"),
    path("rules/<int:pk>/", rules.rule, name="rule"),
    path("rules/<int:pk>/change/", rules.change_rule, name="change-rule"),
    path("rules/<int:pk>/switch/", rules.switch_rule, name="switch-rule"),
    path("rules/<int:pk>/why/", rules.why, name="why"),
]
