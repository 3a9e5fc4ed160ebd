from django.urls import path

from guanxi.care.views import deciding, gatherings, notices, rounds, rules, scores, states

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
    path("notices/", notices.notices, name="notices"),
    path("notices/give/", notices.give_notice, name="give-notice"),
    path("notices/<int:pk>/withdraw/", notices.withdraw_notice, name="withdraw-notice"),
    path("gatherings/", gatherings.proposals, name="gatherings"),
    path("gatherings/counts/", gatherings.counts, name="gathering-counts"),
    path("gatherings/counts/<int:pk>/", gatherings.count, name="gathering-count"),
    path("gatherings/<int:pk>/", gatherings.proposal, name="gathering"),
    path("gatherings/<int:pk>/accept/", deciding.accept, name="accept-proposal"),
    path("gatherings/<int:pk>/decline/", deciding.decline, name="decline-proposal"),
    path("gatherings/members/<int:pk>/exclude/", deciding.exclude, name="exclude-member"),
    path("gatherings/members/<int:pk>/include/", deciding.include, name="include-member"),
]
