from django.urls import path

from guanxi.rescue.views import acting, following, providing, reading, taking

app_name = "rescue"
urlpatterns = [
    path("", reading.rescues_list, name="rescues"),
    path("take/", taking.take, name="take"),
    path("figures/", reading.figures, name="figures"),
    path("providers/", providing.providers, name="providers"),
    path("providers/add/", providing.add_provider, name="add-provider"),
    path("providers/<int:pk>/", providing.change_provider, name="change-provider"),
    path("customer-panel/<int:subject_id>/", reading.customer_panel, name="customer-panel"),
    path("follow/<str:secret>/", following.follow, name="follow"),
    path("<int:pk>/", reading.rescue, name="rescue"),
    path("<int:pk>/sheet/", reading.sheet, name="sheet"),
    path("<int:pk>/send/", acting.send, name="send"),
    path("<int:pk>/recall/", acting.recall, name="recall"),
    path("<int:pk>/cancel/", acting.cancel, name="cancel"),
    path("<int:pk>/accept/", acting.accept, name="accept"),
    path("<int:pk>/refuse/", acting.refuse, name="refuse"),
    path("<int:pk>/fail/", acting.fail, name="fail"),
    path("<int:pk>/arrive/", acting.arrive, name="arrive"),
    path("<int:pk>/finish/", acting.finish, name="finish"),
    path("<int:pk>/call-back/", acting.call_back, name="call-back"),
]
