from django.urls import path

from guanxi.messaging.views import letters, messages, templates, wechat, writing

app_name = "messaging"
urlpatterns = [
    path("", messages.messages, name="messages"),
    path("<int:pk>/", messages.message, name="message"),
    path("<int:pk>/send-again/", messages.send_again, name="send-again"),
    path("replies/", messages.replies, name="replies"),
    path("replies/strays/", messages.strays, name="strays"),
    path("wechat/", wechat.receive, name="wechat"),
    path("letters/", letters.letters, name="letters"),
    path("letters/places/<int:node_id>/print/", letters.print_letters, name="print-letters"),
    path("letters/<int:pk>/", letters.batch, name="batch"),
    path("letters/<int:pk>/sheets/", letters.sheets, name="sheets"),
    path("letters/<int:pk>/post/", letters.post_letters, name="post-letters"),
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
