from django.urls import path

from guanxi.workbench import views

app_name = "workbench"
urlpatterns = [
    path("", views.home, name="home"),
    path("palette/", views.palette, name="palette"),
    path("notifications/", views.notifications, name="notifications"),
    path("notifications/recent/", views.recent, name="recent"),
    path("notifications/read/", views.read_all, name="read_all"),
    path("notifications/<int:pk>/read/", views.read, name="read"),
    path("views/", views.save_view, name="save_view"),
    path("views/<int:pk>/delete/", views.delete_view, name="delete_view"),
    path("language/", views.language, name="language"),
    path("theme/", views.theme, name="theme"),
    path("health/", views.health, name="health"),
    path("events/", views.push, name="push"),
]
