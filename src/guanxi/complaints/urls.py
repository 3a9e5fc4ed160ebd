from django.urls import path

from guanxi.complaints.views import acting, boards, cautions, gaps, meeting, opening, reading, rechecking

app_name = "complaints"
urlpatterns = [
    path("", reading.complaints, name="complaints"),
    path("board/", boards.show_board, name="board"),
    path("open/", opening.open_complaint, name="open"),
    path("customer-panel/<int:subject_id>/", reading.customer_panel, name="customer-panel"),
    path("week/", meeting.week, name="week"),
    path("figures/", meeting.show_figures, name="figures"),
    path("gaps/", gaps.show_gaps, name="gaps"),
    path("rechecks/", rechecking.show_rechecks, name="rechecks"),
    path("rechecks/<int:pk>/", rechecking.record_recheck, name="recheck"),
    path("cautions/", cautions.show_cautions, name="cautions"),
    path("cautions/propose/<int:customer_id>/", cautions.propose_caution, name="propose-caution"),
    path("cautions/<int:pk>/", cautions.show_caution, name="caution"),
    path("cautions/<int:pk>/review/", cautions.review_caution, name="review-caution"),
    path("cautions/<int:pk>/keep/", cautions.keep_caution, name="keep-caution"),
    path("cautions/<int:pk>/lift/", cautions.lift_caution, name="lift-caution"),
    path("<int:pk>/", reading.complaint, name="complaint"),
    path("<int:pk>/sheet/", reading.sheet, name="sheet"),
    path("<int:pk>/join/", opening.join, name="join"),
    path("<int:pk>/visit/", opening.link_visit, name="link-visit"),
    path("<int:pk>/contact/", acting.record_contact, name="record-contact"),
    path("<int:pk>/validity/", acting.decide_validity, name="decide-validity"),
    path("<int:pk>/cause/", acting.name_cause, name="name-cause"),
    path("<int:pk>/inside/", acting.decide_inside, name="decide-inside"),
    path("<int:pk>/plan/", acting.agree_plan, name="agree-plan"),
    path("<int:pk>/approve/", acting.approve, name="approve"),
    path("<int:pk>/resolve/", acting.resolve, name="resolve"),
    path("<int:pk>/revisit/", acting.record_revisit, name="record-revisit"),
    path("<int:pk>/answer/", acting.answer_customer, name="answer"),
    path("<int:pk>/raise/", acting.raise_complaint, name="raise-complaint"),
    path("<int:pk>/escalate/", acting.escalate, name="escalate"),
    path("<int:pk>/judge/", meeting.judge, name="judge"),
    path("<int:pk>/hand-over/", acting.hand_over, name="hand-over"),
]
