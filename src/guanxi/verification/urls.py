from django.urls import path

from guanxi.verification.views import acting, files, reading, reports

app_name = "verification"
urlpatterns = [
    path("", reading.orders, name="orders"),
    path("checks/", reading.checks, name="checks"),
    path("checks/<int:pk>/", reading.check_page, name="check"),
    path("customer-panel/<int:subject_id>/", reading.customer_panel, name="customer-panel"),
    path("quality/", reports.quality, name="quality"),
    path("truth/", reports.truth, name="truth"),
    path("false/", files.false_files, name="false-files"),
    path("false/mark/<int:customer_id>/", files.mark_false, name="mark-false"),
    path("false/<int:pk>/", files.false_file, name="false-file"),
    path("false/<int:pk>/decide/", files.decide_false, name="decide-false"),
    path("false/<int:pk>/undo/", files.undo_false, name="undo-false"),
    path("<int:pk>/", reading.order, name="order"),
    path("<int:pk>/sheet/", reading.sheet, name="sheet"),
    path("<int:pk>/correct/", acting.correct, name="correct"),
    path("<int:pk>/dispute/", acting.dispute, name="dispute"),
    path("<int:pk>/insist/", acting.insist, name="insist"),
    path("<int:pk>/verify/", acting.verify, name="verify"),
    path("<int:pk>/withdraw/", acting.withdraw, name="withdraw"),
]
