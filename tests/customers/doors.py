"""The doors of customers, for the walk with every role: see tests/architecture/walk.py."""

import datetime

from django.core.files.uploadedfile import SimpleUploadedFile
from tests.architecture.matrix import EVERYWHERE, Door, call, post

from guanxi.customers.models import Association, Attachment, ContactPoint, Customer, FamilyMember, Merge, Relation
from guanxi.customers.permissions import Verb
from guanxi.foundation import db

AT = datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC)
OUTLET = "outlet"
PAGES = {
    "customers:customers": Door(Verb.VIEW),
    "customers:quality": Door(Verb.VIEW),
    "customers:standard": Door(Verb.VIEW),
    "customers:publish-standard": Door(Verb.PUBLISH_STANDARD, EVERYWHERE),
    "customers:add-customer": Door(Verb.ADD),
    "customers:alike": Door(Verb.ADD),
    "customers:merge": Door(
        Verb.MERGE, OUTLET, data=lambda t: {"kept": str(t.customer), "gone": str(t.second_customer)}
    ),
    "customers:change-many": post(Verb.RELATE, OUTLET, data=lambda t: {"id": str(t.customer)}),
    "customers:attachment": Door(Verb.VIEW, OUTLET, args=("attachment",)),
    "customers:detach": post(Verb.NOTE, OUTLET, "attachment"),
    "customers:attach": post(
        Verb.NOTE, OUTLET, "customer", data=lambda _t: {"file": SimpleUploadedFile("a.pdf", b"%PDF-1.7")}
    ),
    "customers:undo-merge": post(Verb.MERGE, OUTLET, "merge"),
    "customers:change-relation": Door(Verb.RELATE, OUTLET, args=("relation",)),
    "customers:end-relation": Door(Verb.RELATE, OUTLET, args=("relation",)),
    "customers:customer": Door(Verb.VIEW, OUTLET, args=("customer",)),
    "customers:card": Door(Verb.VIEW, OUTLET, args=("customer",)),
    "customers:happened": Door(Verb.VIEW, OUTLET, args=("customer",)),
    "customers:change-customer": Door(Verb.CHANGE, OUTLET, args=("customer",)),
    "customers:set-address": Door(Verb.CHANGE, OUTLET, args=("customer",)),
    "customers:write-note": post(Verb.NOTE, OUTLET, "customer", data=lambda _t: {"body": "好"}),
    "customers:verify": post(Verb.VERIFY, OUTLET, "customer", data=lambda _t: {"verification": "VALID"}),
    "customers:add-point": Door(Verb.CHANGE, OUTLET, args=("customer",)),
    "customers:set-point-state": post(Verb.CHANGE, OUTLET, "customer", "point", data=lambda _t: {"state": "REACHED"}),
    "customers:make-main": post(Verb.CHANGE, OUTLET, "customer", "point"),
    "customers:reveal-point": post(Verb.REVEAL_PHONE, OUTLET, "customer", "point"),
    "customers:reveal-identity": post(Verb.REVEAL_IDENTITY, OUTLET, "customer"),
    "customers:relate": Door(Verb.RELATE, OUTLET, args=("customer",)),
    "customers:add-family-member": Door(Verb.CHANGE, OUTLET, args=("customer",)),
    "customers:remove-family-member": post(Verb.CHANGE, OUTLET, "customer", "relative"),
    "customers:associate": Door(Verb.CHANGE, OUTLET, args=("customer",)),
    "customers:dissociate": post(Verb.CHANGE, OUTLET, "customer", "association"),
}
STANDARD = {
    "valid_from": "2099-01-01", "complete": 20, "valid": 20, "fresh": 20, "unique": 20, "proven": 20, "fresh_days": 100,
    "stale_days": 200, "fields": [{"kind": "PERSON", "field": "PHONE", "binding": "REQUIRED", "weight": 10}],
}  # fmt: skip
NEW = {"name": "走廊", "mobile": "13700000001"}
OPERATIONS = {
    "guanxi_customers_api_list_customers": call(Verb.VIEW),
    "guanxi_customers_api_get_customer": call(Verb.VIEW, OUTLET),
    "guanxi_customers_api_add_customer": call(Verb.ADD, OUTLET, lambda t: {**NEW, "outlet_id": t.outlet}),
    "guanxi_customers_api_change_customer": call(Verb.CHANGE, OUTLET, lambda _t: {"hobbies": "钓鱼"}),
    "guanxi_customers_api_add_point": call(
        Verb.CHANGE, OUTLET, lambda _t: {"channel": "MOBILE", "value": "13700000002"}
    ),
    "guanxi_customers_api_reveal_point": call(Verb.REVEAL_PHONE, OUTLET),
    "guanxi_customers_api_relate": call(Verb.RELATE, EVERYWHERE, lambda t: {"outlet_id": t.second_outlet}),
    "guanxi_customers_api_write_note": call(Verb.NOTE, OUTLET, lambda _t: {"body": "好"}),
    "guanxi_customers_api_list_addresses": call(Verb.VIEW, OUTLET),
    "guanxi_customers_api_set_address": call(Verb.CHANGE, OUTLET, lambda _t: {"province": "31", "city": "3101"}),
    "guanxi_customers_api_list_attachments": call(Verb.VIEW, OUTLET),
    "guanxi_customers_api_attach": call(Verb.NOTE, OUTLET, lambda _t: {"name": "a.pdf", "content": "JVBERi0xLjc="}),
    "guanxi_customers_api_get_attachment": call(Verb.VIEW, OUTLET),
    "guanxi_customers_api_detach": call(Verb.NOTE, OUTLET),
    "guanxi_customers_api_list_associations": call(Verb.VIEW, OUTLET),
    "guanxi_customers_api_associate": call(
        Verb.CHANGE, OUTLET, lambda t: {"other_id": t.second_customer, "tie": "CONTACT"}
    ),
    "guanxi_customers_api_dissociate": call(Verb.CHANGE, OUTLET),
    "guanxi_customers_api_list_family": call(Verb.VIEW, OUTLET),
    "guanxi_customers_api_add_family_member": call(
        Verb.CHANGE, OUTLET, lambda _t: {"kin": "CHILD", "month": 6, "day": 1}
    ),
    "guanxi_customers_api_remove_family_member": call(Verb.CHANGE, OUTLET),
    "guanxi_customers_api_list_notes": call(Verb.VIEW, OUTLET),
    "guanxi_customers_api_set_point_state": call(Verb.CHANGE, OUTLET, lambda _t: {"state": "REACHED"}),
    "guanxi_customers_api_make_main": call(Verb.CHANGE, OUTLET),
    "guanxi_customers_api_reveal_identity": call(Verb.REVEAL_IDENTITY, OUTLET),
    "guanxi_customers_api_verify": call(Verb.VERIFY, OUTLET, lambda _t: {"verification": "VALID"}),
    "guanxi_customers_api_change_relation": call(Verb.RELATE, OUTLET, lambda _t: {"tags": ["x"]}),
    "guanxi_customers_api_end_relation": call(Verb.RELATE, OUTLET, lambda _t: {"on": "2026-11-02"}),
    "guanxi_customers_api_get_standard": call(Verb.VIEW),
    "guanxi_customers_api_list_standards": call(Verb.VIEW),
    "guanxi_customers_api_publish_standard": call(Verb.PUBLISH_STANDARD, EVERYWHERE, lambda _t: STANDARD),
    "guanxi_customers_api_merge_customers": call(
        Verb.MERGE, OUTLET, lambda t: {"kept_id": t.customer, "gone_id": t.second_customer}
    ),
    "guanxi_customers_api_undo_merge": call(Verb.MERGE, OUTLET),
}
INSIDE = frozenset({"customers.export"})
PATH = {
    "customer_id": "customer", "point_id": "point", "merge_id": "merge", "attachment_id": "attachment",
    "association_id": "association", "relative_id": "relative", "relation_id": "relation", "kind": "address_kind",
}  # fmt: skip


def customer_at(outlet_id, name="走廊里的人", mobile="13700000009"):
    """Insert a customer of an outlet as the import does: relation first, then the record."""
    (pk,) = db.next_id("customers_customer")
    Relation.objects.create(customer_id=pk, outlet_id=outlet_id, category="OWNER", since=AT.date(), touched_at=AT)
    row = Customer(pk=pk, kind="PERSON", name=name, created_at=AT, touched_at=AT)
    row.save(force_insert=True)
    ContactPoint.objects.create(customer_id=pk, channel="MOBILE", value=mobile, is_primary=True, touched_at=AT)
    return row


def _file(row, outlet_id):
    return Attachment.objects.create(
        customer=row, outlet_id=outlet_id, name="a.pdf", content_type="application/pdf", size=8, content=b"%PDF-1.7",
        author_name="x", at=AT,
    )  # fmt: skip


def things(cast):
    """Return the things of customers that stand in paths, all at the outlet of the cast."""
    from guanxi.foundation import sealing

    row, second = customer_at(cast.outlet_id), customer_at(cast.outlet_id, "第二个", "13700000008")
    gone = customer_at(cast.outlet_id, "走了的", "13700000007")
    number = "11010519491231002X"
    Customer.objects.filter(pk=row.pk).update(identity_sealed=sealing.seal(number), identity_tail="002X")
    Customer.objects.filter(pk=gone.pk).update(merged_into=row.pk)
    facts = {
        "kind": "PERSON", "name": row.name, "gender": "", "born_on": None, "industry": "", "occupation": "",
        "hobbies": "", "preferred_channel": "", "identity_kind": "", "identity_tail": "002X",
    }  # fmt: skip
    sealed = Customer.objects.get(pk=row.pk).identity_sealed
    facts |= {"identity_sealed": bytes(sealed).hex(), "identity_digest": None}
    merge = Merge.objects.create(kept=row, gone=gone, at=AT, person_name="x", before=facts, after=facts, moved={})
    tie = Association.objects.create(customer=row, other=second, tie="HOUSEHOLD", touched_at=AT)
    relative = FamilyMember.objects.create(customer=row, kin="SPOUSE", month=5, day=12, noted_at=AT)
    return {
        "relative": relative.pk, "customer": row.pk, "second_customer": second.pk, "point": row.points.get().pk, "merge": merge.pk,
        "address_kind": "HOME", "attachment": _file(row, cast.outlet_id).pk,
        "relation": row.relations.get().pk, "association": tie.pk, "second_outlet": cast.other_outlet_id,
    }  # fmt: skip
