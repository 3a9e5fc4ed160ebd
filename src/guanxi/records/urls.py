from django.urls import path

from guanxi.records import views

app_name = "records"
urlpatterns = [
    path("audit/", views.audit, name="audit"),
    path("audit/<int:pk>/", views.audit_entry, name="audit-entry"),
    path("attachments/<int:pk>/", views.attachment, name="attachment"),
    path("attachments/<int:pk>/withdraw/", views.withdraw_attachment, name="withdraw-attachment"),
    path("attachments/<str:subject_type>/<int:subject_id>/", views.attach, name="attach"),
    path("presets/", views.presets, name="presets"),
    path("presets/<slug:carmaker>/", views.preset, name="preset"),
    path("presets/<slug:carmaker>/<slug:key>/apply/", views.apply_preset, name="apply-preset"),
    path("recent/<int:subject_id>/", views.recent, name="recent"),
    path("node-history/<int:subject_id>/", views.node_history, name="node-history"),
]
