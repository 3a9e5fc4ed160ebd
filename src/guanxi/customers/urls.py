from django.urls import path

from guanxi.customers.views import family, merging, reading, relating, standard, writing

app_name = "customers"
urlpatterns = [
    path("", reading.customers, name="customers"),
    path("add/", writing.add, name="add-customer"),
    path("alike/", writing.alike, name="alike"),
    path("quality/", reading.quality, name="quality"),
    path("standard/", standard.standard, name="standard"),
    path("standard/publish/", standard.publish_standard, name="publish-standard"),
    path("merge/", merging.merge, name="merge"),
    path("attachments/<int:pk>/", writing.attachment, name="attachment"),
    path("attachments/<int:pk>/remove/", writing.detach, name="detach"),
    path("many/", relating.change_many, name="change-many"),
    path("merges/<int:pk>/undo/", merging.undo, name="undo-merge"),
    path("relations/<int:pk>/", relating.change_relation, name="change-relation"),
    path("relations/<int:pk>/end/", relating.end_relation, name="end-relation"),
    path("<int:pk>/", reading.customer, name="customer"),
    path("<int:pk>/happened/", reading.happened, name="happened"),
    path("<int:pk>/card/", reading.card, name="card"),
    path("<int:pk>/change/", writing.change, name="change-customer"),
    path("<int:pk>/address/", writing.set_address, name="set-address"),
    path("<int:pk>/notes/", writing.write_note, name="write-note"),
    path("<int:pk>/attachments/", writing.attach, name="attach"),
    path("<int:pk>/verify/", writing.verify, name="verify"),
    path("<int:pk>/points/", writing.add_point, name="add-point"),
    path("<int:pk>/points/<int:point_id>/", writing.set_point_state, name="set-point-state"),
    path("<int:pk>/points/<int:point_id>/main/", writing.make_main, name="make-main"),
    path("<int:pk>/points/<int:point_id>/reveal/", relating.reveal_point, name="reveal-point"),
    path("<int:pk>/identity/", relating.reveal_identity, name="reveal-identity"),
    path("<int:pk>/relate/", relating.relate, name="relate"),
    path("<int:pk>/associate/", relating.associate, name="associate"),
    path("<int:pk>/family/", family.add_family_member, name="add-family-member"),
    path("<int:pk>/family/<int:member_id>/remove/", family.remove_family_member, name="remove-family-member"),
    path("<int:pk>/associations/<int:association_id>/remove/", relating.dissociate, name="dissociate"),
]
