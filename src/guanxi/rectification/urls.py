from django.urls import path

from guanxi.rectification.views import acting, reading

app_name = "rectification"
urlpatterns = [
    path("", reading.notices, name="notices"),
    path("issue/", acting.issue, name="issue"),
    path("figures/", reading.figures, name="figures"),
    path("customer-panel/<int:subject_id>/", reading.customer_panel, name="customer-panel"),
    path("<int:pk>/", reading.notice, name="notice"),
    path("<int:pk>/sheet/", reading.sheet, name="sheet"),
    path("<int:pk>/receive/", acting.receive, name="receive"),
    path("<int:pk>/answer/", acting.give_answer, name="answer"),
    path("<int:pk>/refuse/", acting.refuse, name="refuse"),
    path("<int:pk>/insist/", acting.insist, name="insist"),
    path("<int:pk>/verify/", acting.verify, name="verify"),
    path("<int:pk>/withdraw/", acting.withdraw, name="withdraw"),
]
