from django.urls import path

from guanxi.intake.views import following, starting

app_name = "intake"
urlpatterns = [
    path("", starting.runs, name="runs"),
    path("add/", starting.add, name="import-file"),
    path("<int:pk>/", following.run, name="run"),
    path("<int:pk>/columns/", starting.columns, name="columns"),
    path("<int:pk>/findings/", following.findings_page, name="findings"),
    path("<int:pk>/rejects/", following.download, name="rejects"),
    path("<int:pk>/merge/", following.merge, name="merge"),
    path("<int:pk>/undo/", following.undo, name="undo-import"),
    path("<int:pk>/drop/", following.drop, name="drop"),
]
