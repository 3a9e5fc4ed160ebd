from django.urls import path

from guanxi.worklist.views import acting, calendars, days, lists, teams

app_name = "worklist"
urlpatterns = [
    path("", days.my_day, name="my-day"),
    path("add/", acting.add_task, name="add-task"),
    path("tasks/", lists.tasks, name="tasks"),
    path("team/", teams.team, name="team"),
    path("assign/", teams.assign_many, name="assign-many"),
    path("team/<int:pk>/share/", teams.assign_by_load, name="assign-by-load"),
    path("hand-over/", teams.hand_over, name="hand-over"),
    path("absences/", teams.absences, name="absences"),
    path("absences/add/", teams.add_absence, name="add-absence"),
    path("absences/<int:pk>/end/", teams.end_absence, name="end-absence"),
    path("calendar/", calendars.calendar, name="calendar"),
    path("calendar/<int:pk>/", calendars.place_calendar, name="place-calendar"),
    path("calendar/<int:pk>/week/", calendars.set_week, name="set-week"),
    path("calendar/<int:pk>/inherit/", calendars.inherit_week, name="inherit-week"),
    path("calendar/<int:pk>/days/", calendars.set_days, name="set-days"),
    path("calendar/<int:pk>/drop-day/", calendars.drop_day, name="drop-day"),
    path("calendar/<int:pk>/drop-week/", calendars.drop_week, name="drop-week"),
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
