from django.urls import path

from guanxi.insight.views import effects, followups

app_name = "insight"
urlpatterns = [
    path("effects/", effects.effects, name="effects"),
    path("follow-ups/", followups.followups, name="followups"),
    path("rule-panel/<int:subject_id>/", effects.rule_panel, name="rule-panel"),
]
