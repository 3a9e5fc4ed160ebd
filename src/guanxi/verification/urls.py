from django.urls import path

from guanxi.verification.views import acting, reading

app_name = "verification"
urlpatterns = [
    path("", reading.orders, name="orders"),
    path("checks/", reading.checks, name="checks"),
    path("checks/<int:pk>/", reading.check_page, name="check"),
    path("customer-panel/<int:subject_id>/", reading.customer_panel, name="customer-panel"),
    path("<int:pk>/", reading.order, name="order"),
    path("<int:pk>/sheet/", reading.sheet, name="sheet"),
    path("<int:pk>/correct/", acting.correct, name="correct"),
    path("<int:pk>/dispute/", acting.dispute, name="dispute"),
    path("<int:pk>/insist/", acting.insist, name="insist"),
    path("<int:pk>/verify/", acting.verify, name="verify"),
    path("<int:pk>/withdraw/", acting.withdraw, name="withdraw"),
]
