from django.urls import path

from guanxi.messaging.views import messages, templates, writing

app_name = "messaging"
urlpatterns = [
    path("", messages.messages, name="messages"),
    path("<int:pk>/", messages.message, name="message"),
    path("replies/", messages.replies, name="replies"),
    path("customer-panel/<int:subject_id>/", messages.customer_panel, name="customer-panel"),
    path("customers/<int:pk>/send/", writing.send, name="send"),
    path("customers/<int:pk>/send-words/", writing.send_words, name="send-words"),
    path("templates/", templates.templates, name="templates"),
    path("templates/write/", templates.write, name="write-template"),
    path("templates/<int:pk>/", templates.template, name="template"),
    path("templates/<int:pk>/change/", templates.change, name="change-template"),
    path("templates/<int:pk>/approve/", templates.approve, name="approve-template"),
    path("templates/<int:pk>/retire/", templates.retire, name="retire-template"),
]
