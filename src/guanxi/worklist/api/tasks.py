"""Tasks and absences over the API."""

from ninja import Query, Router, Status

from guanxi.foundation import clock, paging
from guanxi.foundation.actor import check
from guanxi.foundation.rest import REFUSALS, ApiRequest
from guanxi.worklist.api import shapes
from guanxi.worklist.permissions import Verb
from guanxi.worklist.queries import people
from guanxi.worklist.queries import tasks as queries
from guanxi.worklist.services import absences, adding, sharing, working
from guanxi.worklist.states import LIVE

router = Router()


def _detail(request: ApiRequest, task_id: int) -> dict[str, object]:
    sheet = queries.sheet(request.actor, task_id)
    names = [field.alias or name for name, field in shapes.TaskOut.model_fields.items()]
    held = {name: getattr(sheet.task, name) for name in names}
    return held | {"attempts": sheet.attempts, "escalations": sheet.escalations}


@router.get("/tasks", response={200: shapes.TaskPage, **REFUSALS}, summary="List tasks")
def list_tasks(request: ApiRequest, query: Query[shapes.AskedTasks]) -> object:
    check(request.actor, Verb.VIEW)
    rows = queries.visible_to(request.actor)
    wanted = query.dict(exclude_none=True, exclude={"cursor", "limit", "state", "due_before"})
    if query.state:
        wanted["state__in"] = LIVE if query.state == "LIVE" else [query.state]
    if query.due_before:
        wanted["due_at__lt"] = query.due_before
    found = paging.take(rows.filter(**wanted), query.cursor, query.limit)
    return {"items": found.rows, "next": found.next}


@router.post("/tasks", response={201: shapes.TaskDetail, **REFUSALS}, summary="Write a task for a person")
def add_task(request: ApiRequest, body: shapes.TaskIn) -> object:
    subject = (body.subject.type, body.subject.id) if body.subject else None
    made = adding.add_by_hand(
        actor=request.actor, node_id=body.node_id, owner_id=body.owner_id, note=body.note, due_at=body.due_at,
        subject=subject, at=clock.now(),
    )  # fmt: skip
    return Status(201, _detail(request, made.pk))


@router.get("/tasks/{task_id}", response={200: shapes.TaskDetail, **REFUSALS}, summary="One task with its history")
def get_task(request: ApiRequest, task_id: int) -> object:
    check(request.actor, Verb.VIEW)
    return _detail(request, task_id)


@router.post("/tasks/{task_id}/claim", response={200: shapes.TaskDetail, **REFUSALS}, summary="Take a task up")
def claim(request: ApiRequest, task_id: int) -> object:
    working.claim(actor=request.actor, task_id=task_id)
    return _detail(request, task_id)


@router.post("/tasks/{task_id}/release", response={200: shapes.TaskOut, **REFUSALS}, summary="Give a task back")
def release(request: ApiRequest, task_id: int) -> object:
    return working.release(actor=request.actor, task_id=task_id)


@router.post("/tasks/{task_id}/attempt", response={200: shapes.TaskDetail, **REFUSALS}, summary="Write down an attempt")
def record_attempt(request: ApiRequest, task_id: int, body: shapes.AttemptIn) -> object:
    working.record_attempt(actor=request.actor, task_id=task_id, at=clock.now(), **body.dict())
    return _detail(request, task_id)


@router.post("/tasks/{task_id}/postpone", response={200: shapes.TaskDetail, **REFUSALS}, summary="Postpone a task")
def postpone(request: ApiRequest, task_id: int, body: shapes.PostponeIn) -> object:
    working.postpone(actor=request.actor, task_id=task_id, at=clock.now(), **body.dict())
    return _detail(request, task_id)


@router.post("/tasks/{task_id}/finish", response={200: shapes.TaskDetail, **REFUSALS}, summary="Finish a task")
def finish(request: ApiRequest, task_id: int, body: shapes.FinishIn) -> object:
    working.finish(actor=request.actor, task_id=task_id, ending=working.Ending(**body.dict()), at=clock.now())
    return _detail(request, task_id)


@router.post("/tasks/{task_id}/skip", response={200: shapes.TaskDetail, **REFUSALS}, summary="Leave a task undone")
def skip(request: ApiRequest, task_id: int, body: shapes.SkipIn) -> object:
    working.skip(actor=request.actor, task_id=task_id, reason=body.reason, at=clock.now())
    return _detail(request, task_id)


@router.post(
    "/tasks/{task_id}/assign", response={200: shapes.TaskDetail, **REFUSALS}, summary="Give a task to a person"
)
def assign_task(request: ApiRequest, task_id: int, body: shapes.AssigneeIn) -> object:
    sharing.assign(actor=request.actor, task_id=task_id, person_id=body.person_id, at=clock.now())
    return _detail(request, task_id)


@router.post("/places/{node_id}/share", response={200: shapes.Count, **REFUSALS}, summary="Share tasks out by load")
def assign_by_load(request: ApiRequest, node_id: int, body: shapes.ShareIn) -> object:
    count = sharing.assign_by_load(
        actor=request.actor, node_id=node_id, task_ids=body.task_ids, person_ids=body.person_ids, at=clock.now()
    )
    return {"count": count}


@router.post("/hand-over", response={200: shapes.Count, **REFUSALS}, summary="Hand open work over to a colleague")
def hand_over(request: ApiRequest, body: shapes.HandOverIn) -> object:
    return {"count": sharing.hand_over(actor=request.actor, at=clock.now(), **body.dict())}


@router.get("/absences", response={200: list[shapes.AbsenceOut], **REFUSALS}, summary="Present and coming absences")
def list_absences(request: ApiRequest) -> object:
    check(request.actor, Verb.WORK)
    return people.absences(request.actor, clock.today())


@router.post("/absences", response={201: shapes.AbsenceOut, **REFUSALS}, summary="Enter an absence")
def add_absence(request: ApiRequest, body: shapes.AbsenceIn) -> object:
    return Status(201, absences.add_absence(actor=request.actor, at=clock.now(), **body.dict()))


@router.post("/absences/{absence_id}/end", response={200: shapes.Count, **REFUSALS}, summary="End an absence")
def end_absence(request: ApiRequest, absence_id: int) -> object:
    return {"count": absences.end_absence(actor=request.actor, absence_id=absence_id, day=clock.today())}
