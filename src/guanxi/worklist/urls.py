from django.urls import path

from guanxi.worklist.views import acting, days

app_name = "worklist"
urlpatterns = [
    path("", days.my_day, name="my-day"),
    path("add/", acting.add_task, name="add-task"),
    path("home-panel/<int:subject_id>/", days.home_panel, name="home-panel"),
    path("customer-panel/<int:subject_id>/", days.customer_panel, name="customer-panel"),
    path("<int:pk>/", days.task, name="task"),
    path("<int:pk>/claim/", acting.claim, name="claim"),
    path("<int:pk>/release/", acting.release, name="release"),
    path("<int:pk>/attempt/", acting.record_attempt, name="record-attempt"),
    path("<int:pk>/postpone/", acting.postpone, name="postpone"),
    path("<int:pk>/finish/", acting.finish, name="finish"),
    path("<int:pk>/skip/", acting.skip, name="skip"),
    path("<int:pk>/assign/", acting.assign, name="assign-task"),
]
