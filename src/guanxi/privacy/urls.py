from django.urls import path

from guanxi.privacy import views

app_name = "privacy"
urlpatterns = [
    path("customer-panel/<int:subject_id>/", views.customer_panel, name="customer-panel"),
    path("customers/<int:pk>/record/", views.record, name="record-consent"),
    path("consents/<int:pk>/withdraw/", views.withdraw, name="withdraw-consent"),
    path("texts/", views.texts, name="texts"),
    path("texts/add/", views.add_text, name="add-text"),
]
