from django.urls import path

from guanxi.knowledge.views import articles, demands, matters, questions, reading

app_name = "knowledge"
urlpatterns = [
    path("", reading.find, name="find"),
    path("articles/", reading.articles, name="articles"),
    path("articles/write/", articles.write, name="write"),
    path("articles/<int:pk>/", reading.article, name="article"),
    path("articles/<int:pk>/change/", articles.change, name="change"),
    path("articles/<int:pk>/submit/", articles.submit, name="submit"),
    path("articles/<int:pk>/publish/", articles.publish, name="publish"),
    path("articles/<int:pk>/send-back/", articles.send_back, name="send-back"),
    path("articles/<int:pk>/confirm/", articles.confirm, name="confirm"),
    path("articles/<int:pk>/retire/", articles.retire, name="retire"),
    path("articles/<int:pk>/vote/", articles.vote, name="vote"),
    path("articles/<int:pk>/solved/", articles.solved, name="solved"),
    path("typed/", matters.typed, name="typed"),
    path("matters/<str:subject_type>/<int:subject_id>/", matters.matter, name="matter"),
    path("demands/", demands.show_demands, name="demands"),
    path("demands/ask/", demands.ask_for, name="ask-for"),
    path("demands/<int:pk>/", demands.show_demand, name="demand"),
    path("demands/<int:pk>/back/", demands.back, name="back"),
    path("demands/<int:pk>/decide/", demands.decide, name="decide"),
    path("questions/", reading.questions, name="questions"),
    path("questions/ask/", questions.ask, name="ask"),
    path("questions/<int:pk>/", reading.question, name="question"),
    path("questions/<int:pk>/answer/", questions.reply, name="answer"),
    path("questions/<int:pk>/settle/", questions.settle, name="settle"),
    path("questions/<int:pk>/ask-again/", questions.ask_again, name="ask-again"),
    path("questions/<int:pk>/withdraw/", questions.withdraw, name="withdraw"),
]
