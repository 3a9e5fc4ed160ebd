from django.urls import path

from guanxi.crisis.views import acting, caring, media, opening, reading, restricting, watching

app_name = "crisis"
urlpatterns = [
    path("", reading.crises, name="crises"),
    path("open/", opening.open_crisis, name="open"),
    path("complaint-panel/<int:subject_id>/", reading.complaint_panel, name="complaint-panel"),
    path("<int:pk>/", reading.room, name="room"),
    path("<int:pk>/note/", acting.note, name="note"),
    path("<int:pk>/assess/", opening.assess, name="assess"),
    path("<int:pk>/put-in-charge/", acting.put_in_charge, name="put-in-charge"),
    path("<int:pk>/give-work/", acting.give_work, name="give-work"),
    path("<int:pk>/link/", acting.link, name="link"),
    path("<int:pk>/unlink/<int:complaint_id>/", acting.unlink, name="unlink"),
    path("<int:pk>/contact/", acting.allow_contact, name="allow-contact"),
    path("<int:pk>/restrict/", restricting.restrict, name="restrict"),
    path("<int:pk>/lift/", restricting.lift, name="lift"),
    path("<int:pk>/calm/", acting.calm, name="calm"),
    path("<int:pk>/close/", acting.close, name="close"),
    path("<int:pk>/reopen/", acting.reopen, name="reopen"),
    path("<int:pk>/draft/", acting.draft, name="draft"),
    path("<int:pk>/care-list/", caring.care_list, name="care-list"),
    path("<int:pk>/care-list/add/", caring.add_owners, name="add-owners"),
    path("<int:pk>/care-list/calls/", caring.ask_calls, name="ask-calls"),
    path("owners/<int:pk>/mark/", caring.mark, name="mark"),
    path("media/", media.reports, name="reports"),
    path("media/add/", media.register, name="register"),
    path("media/<int:pk>/", media.report, name="report"),
    path("media/<int:pk>/attach/", media.attach, name="attach"),
    path("media/<int:pk>/answer/", media.record_answer, name="answer"),
    path("media/<int:pk>/close/", media.close_report, name="close-report"),
    path("alarms/", watching.show_alarms, name="alarms"),
    path("alarms/<int:pk>/", watching.alarm, name="alarm"),
    path("alarms/<int:pk>/dismiss/", watching.dismiss, name="dismiss"),
    path("statements/<int:pk>/approve/", acting.approve, name="approve"),
    path("statements/<int:pk>/say/", acting.say, name="say"),
]
