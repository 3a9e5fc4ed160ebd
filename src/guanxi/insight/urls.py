from django.urls import path

from guanxi.insight.views import checked, effects, followups, scores

app_name = "insight"
urlpatterns = [
    path("effects/", effects.effects, name="effects"),
    path("follow-ups/", followups.followups, name="followups"),
    path("follow-ups/checked/", checked.checked, name="checked"),
    path("follow-ups/checked/<int:pk>/", checked.denied, name="denied"),
    path("scores/", scores.scores, name="scores"),
    path("scores/<int:pk>/", scores.person, name="person-scores"),
    path("rule-panel/<int:subject_id>/", effects.rule_panel, name="rule-panel"),
]
