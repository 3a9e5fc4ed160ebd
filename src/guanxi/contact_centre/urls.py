from django.urls import path

from guanxi.contact_centre.views import (
    calling,
    enquiries,
    inbound,
    intentions,
    reading,
    reviews,
    scores,
    scripting,
    supervision,
)

app_name = "contact_centre"
urlpatterns = [
    path("supervision/", supervision.supervision, name="supervision"),
    path("reviews/", reviews.listed, name="reviews"),
    path("reviews/draw/", reviews.draw, name="draw-calls"),
    path("reviews/scores/", scores.scores, name="scores"),
    path("reviews/<int:pk>/", reviews.review, name="review"),
    path("inbound/", inbound.inbound, name="inbound"),
    path("enquiries/", enquiries.listed, name="enquiries"),
    path("enquiries/figures/", enquiries.figures, name="enquiry-figures"),
    path("enquiries/<int:pk>/", enquiries.enquiry, name="enquiry"),
    path("enquiries/<int:pk>/number/", enquiries.reveal_caller, name="reveal-caller"),
    path("enquiries/<int:pk>/answer/", enquiries.give_answer, name="answer-enquiry"),
    path("enquiries/<int:pk>/transfer/", enquiries.transfer, name="transfer-enquiry"),
    path("enquiries/<int:pk>/reply/", enquiries.reply, name="reply-enquiry"),
    path("enquiries-panel/<int:subject_id>/", enquiries.customer_panel, name="enquiries-panel"),
    path("intentions/", intentions.listed, name="intentions"),
    path("calls/", reading.calls, name="calls"),
    path("calls/<int:pk>/", reading.call, name="call"),
    path("scripts/", reading.scripts, name="scripts"),
    path("scripts/write/", scripting.write, name="write-script"),
    path("scripts/drafts/<int:pk>/", scripting.draft, name="script-draft"),
    path("scripts/drafts/<int:pk>/approve/", scripting.approve, name="approve-script"),
    path("scripts/drafts/<int:pk>/discard/", scripting.discard, name="discard-script"),
    path("customer-panel/<int:subject_id>/", reading.customer_panel, name="customer-panel"),
    path("call-customer/<int:customer_id>/", calling.log_call, name="log-call"),
    path("call-customer/<int:customer_id>/numbers/<int:point_id>/", calling.reveal_by_hand, name="reveal-by-hand"),
    path("call/<int:task_id>/", calling.make_call, name="make-call"),
    path("call/<int:task_id>/numbers/<int:point_id>/", calling.reveal_number, name="reveal-number"),
]
