from django.urls import path

from guanxi.network.views import editing, importing, reading

app_name = "network"
urlpatterns = [
    path("", reading.outlets, name="outlets"),
    path("tiles/", reading.tiles, name="tiles"),
    path("tree/", reading.tree, name="tree"),
    path("tree/<int:pk>/", reading.branch, name="branch"),
    path("add/", editing.add, name="add-node"),
    path("import/", importing.upload, name="import"),
    path("import/template/", importing.template, name="import-template"),
    path("import/<int:pk>/", importing.run, name="import-run"),
    path("import/<int:pk>/apply/", importing.apply, name="apply-import"),
    path("import/<int:pk>/drop/", importing.drop, name="drop-import"),
    path("home-panel/<int:subject_id>/", reading.home_panel, name="home-panel"),
    path("<int:pk>/", reading.node, name="node"),
    path("<int:pk>/change/", editing.change, name="change-node"),
    path("<int:pk>/hours/", editing.hours, name="set-hours"),
    path("<int:pk>/move/", editing.move, name="move-node"),
    path("<int:pk>/close/", editing.close, name="close-node"),
    path("<int:pk>/leave-brand/", editing.leave_brand, name="leave-brand"),
]
