from django.urls import path

from guanxi.care.views import rules

app_name = "care"
urlpatterns = [
    path("", rules.rules, name="rules"),
    path("add/", rules.add_rule, name="add-rule"),
    path("customer-panel/<int:subject_id>/", rules.customer_panel, name="customer-panel"),
    path("<int:pk>/", rules.rule, name="rule"),
    path("<int:pk>/change/", rules.change_rule, name="change-rule"),
    path("<int:pk>/switch/", rules.switch_rule, name="switch-rule"),
    path("<int:pk>/why/", rules.why, name="why"),
]
