from django.urls import path

from guanxi.insight.views import effects

app_name = "insight"
urlpatterns = [
    path("effects/", effects.effects, name="effects"),
    path("rule-panel/<int:subject_id>/", effects.rule_panel, name="rule-panel"),
]
