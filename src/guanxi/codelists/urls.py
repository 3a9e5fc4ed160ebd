from django.urls import path

from guanxi.codelists.views import changing, reading

app_name = "codelists"
urlpatterns = [
    path("", reading.lists, name="lists"),
    path("<slug:list_code>/", reading.one, name="list"),
    path("<slug:list_code>/add/", changing.add, name="add"),
    path("<slug:list_code>/extend/", changing.extend, name="extend"),
    path("<slug:list_code>/<int:pk>/", reading.code, name="code"),
    path("<slug:list_code>/<int:pk>/rename/", changing.rename, name="rename"),
    path("<slug:list_code>/<int:pk>/retire/", changing.retire, name="retire"),
    path("<slug:list_code>/<int:pk>/reinstate/", changing.reinstate, name="reinstate"),
    path("<slug:list_code>/<int:pk>/move/", changing.move, name="move"),
]
