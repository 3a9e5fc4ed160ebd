"""What hangs on a customer over the API: addresses, files, notes, what he is to other customers."""

from typing import Any

from django.http import HttpResponse
from ninja import Router, Status

from guanxi.customers import panels, queries
from guanxi.customers.api.customers import nested
from guanxi.customers.api.shapes import (
    AddressIn,
    AddressOut,
    AttachmentOut,
    FamilyMemberIn,
    FamilyMemberOut,
    Key,
    KindName,
    NoteIn,
    NoteOut,
    TieIn,
    TieOut,
)
from guanxi.customers.services import attaching, family, noting, reaching, relating
from guanxi.foundation import clock, pages
from guanxi.foundation.rest import FILE_BODY, REFUSALS, ApiRequest, sent_file

router = Router()


@router.get("/{customer_id}/addresses", response={200: list[AddressOut], **REFUSALS}, summary="Where he lives or works")
def list_addresses(request: ApiRequest, customer_id: Key) -> Any:
    return queries.addresses(queries.customer(request.actor, customer_id))


@router.put("/{customer_id}/addresses/{kind}", response={200: AddressOut, **REFUSALS}, summary="Write an address")
def set_address(request: ApiRequest, customer_id: Key, kind: KindName, given: AddressIn) -> Any:
    return reaching.set_address(
        actor=request.actor, customer_id=customer_id, kind=kind, values=nested(given), at=clock.now()
    )


@router.get("/{customer_id}/attachments", response={200: list[AttachmentOut], **REFUSALS}, summary="His files")
def list_attachments(request: ApiRequest, customer_id: Key) -> Any:
    return queries.attachments(queries.customer(request.actor, customer_id))


@router.post(
    "/{customer_id}/attachments",
    response={201: AttachmentOut, **REFUSALS},
    summary="Add a file: PDF, picture, Word or Excel, at most 5 MB",
    openapi_extra=FILE_BODY,
)
def attach(request: ApiRequest, customer_id: Key) -> Any:
    name, content, _note = sent_file(request, attaching.LARGEST)
    made = attaching.attach(
        actor=request.actor, customer_id=customer_id, name=name, content=content, at=clock.now()
    )  # fmt: skip
    return Status(201, made)


@router.get("/attachments/{attachment_id}", response={200: None, **REFUSALS}, summary="One file")
def get_attachment(request: ApiRequest, attachment_id: Key) -> HttpResponse:
    held = queries.attachment(request.actor, attachment_id)
    return pages.download(pages.File(held.name, held.content_type, bytes(held.content)))


@router.delete("/attachments/{attachment_id}", response={204: None, **REFUSALS}, summary="Take a file away")
def detach(request: ApiRequest, attachment_id: Key) -> Any:
    attaching.detach(actor=request.actor, attachment_id=attachment_id)
    return Status(204, None)


@router.get("/{customer_id}/associations", response={200: list[TieOut], **REFUSALS}, summary="Whom he belongs to")
def list_associations(request: ApiRequest, customer_id: Key) -> Any:
    return [tie for tie, _other, _is_first in queries.associations(queries.customer(request.actor, customer_id))]


@router.post("/{customer_id}/associations", response={201: TieOut, **REFUSALS}, summary="Say what he is to another")
def associate(request: ApiRequest, customer_id: Key, given: TieIn) -> Any:
    made = relating.associate(
        actor=request.actor, customer_id=customer_id, other_id=given.other_id, tie=given.tie, at=clock.now()
    )
    return Status(201, made)


@router.delete("/{customer_id}/associations/{association_id}", response={204: None, **REFUSALS}, summary="Take it back")
def dissociate(request: ApiRequest, customer_id: Key, association_id: Key) -> Any:
    relating.dissociate(actor=request.actor, customer_id=customer_id, association_id=association_id)
    return Status(204, None)


@router.get("/{customer_id}/family", response={200: list[FamilyMemberOut], **REFUSALS}, summary="Family birthdays")
def list_family(request: ApiRequest, customer_id: Key) -> Any:
    row = queries.customer(request.actor, customer_id)
    return panels.family(row, queries.associations(row))


@router.post("/{customer_id}/family", response={201: FamilyMemberOut, **REFUSALS}, summary="Note a family birthday")
def add_family_member(request: ApiRequest, customer_id: Key, given: FamilyMemberIn) -> Any:
    member = family.NewMember(**given.dict())
    made = family.add_family_member(actor=request.actor, customer_id=customer_id, member=member, at=clock.now())
    return Status(201, panels.noted(made))


@router.delete("/{customer_id}/family/{relative_id}", response={204: None, **REFUSALS}, summary="Take a birthday back")
def remove_family_member(request: ApiRequest, customer_id: Key, relative_id: Key) -> Any:
    family.remove_family_member(actor=request.actor, customer_id=customer_id, member_id=relative_id)
    return Status(204, None)


@router.get("/{customer_id}/notes", response={200: list[NoteOut], **REFUSALS}, summary="The newest fifty notes")
def list_notes(request: ApiRequest, customer_id: Key) -> Any:
    return queries.notes(queries.customer(request.actor, customer_id))


@router.post("/{customer_id}/notes", response={201: NoteOut, **REFUSALS}, summary="Write a note")
def write_note(request: ApiRequest, customer_id: Key, given: NoteIn) -> Any:
    made = noting.write_note(actor=request.actor, customer_id=customer_id, body=given.body, at=clock.now())
    return Status(201, made)
