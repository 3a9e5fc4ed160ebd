"""Pages that show campaigns: the list, the ready-made kinds, one campaign."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.http import HttpResponseBase
from django.utils.translation import gettext as _

from guanxi.campaigns import policy, tables
from guanxi.campaigns.models import Campaign, Kind, Wave
from guanxi.campaigns.permissions import Verb
from guanxi.campaigns.queries import campaigns as queries
from guanxi.campaigns.queries import characteristics as groups
from guanxi.campaigns.queries import checks, counting, repeats
from guanxi.campaigns.queries import members as people
from guanxi.campaigns.states import STARTED, TONES, Group, Obstacle, State
from guanxi.foundation import clock, pages
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import Text
from guanxi.foundation.pages import Request
from guanxi.foundation.slots import Moment
from guanxi.foundation.tables import Listing, listing
from guanxi.messaging.models import Template
from guanxi.messaging.queries import templates
from guanxi.records import services as records


@dataclass(frozen=True)
class CampaignsPage:
    listing: Listing
    tones: dict[str, str]
    can_plan: bool
    can_redeem: bool
    can_export: bool


@dataclass(frozen=True)
class KindsPage:
    groups: Sequence[tuple[Text, list[Kind]]]


@dataclass(frozen=True)
class CampaignPage:
    """A campaign: what it says, how many it would address or has frozen, what happened, what this reader may do."""

    row: Campaign
    tone: str
    whom: list[str]
    waves: list[people.Line]
    skipped: Sequence[tuple[Text, int]]
    excluded: Sequence[tuple[Text, int]]
    stuck: Text
    counted: counting.Counted | None
    text: Template | None
    shares: Sequence[tuple[str, str]]
    moments: list[Moment]
    acts: frozenset[str]
    shows_money: bool
    repeated: Campaign | None


@dataclass(frozen=True)
class CharacteristicsPage:
    row: Campaign
    found: groups.Characteristics
    whom: list[str]
    fewest: int
    can_export: bool


@dataclass(frozen=True)
class MembersPage:
    row: Campaign
    listing: Listing
    can_export: bool


def campaigns(request: Request) -> HttpResponseBase:
    """The campaigns, the newest first."""
    actor = request.actor
    check(actor, Verb.VIEW)
    rows = queries.visible_to(actor).select_related("kind", "node")
    if request.GET.get("export"):
        file = records.export(actor=actor, verb=Verb.EXPORT, table=tables.CAMPAIGNS, rows=rows, asked=request.GET)
        return pages.download(file)
    found = listing(tables.CAMPAIGNS, rows, request.GET, actor)
    page = CampaignsPage(found, TONES, actor.can(Verb.PLAN), actor.can(Verb.RESPOND), actor.can(Verb.EXPORT))
    return pages.render(request, "campaigns/campaigns.html", page, block="list")


def kinds(request: Request) -> HttpResponseBase:
    """The ready-made kinds of campaigns, by group (DBM-02, SUP-01): where a new one begins."""
    check(request.actor, Verb.PLAN)
    order = list(Group)
    rows = sorted(queries.kinds(), key=lambda row: order.index(Group(row.group)))
    groups = [(Group(key).label, list(found)) for key, found in groupby(rows, key=lambda row: row.group)]
    return pages.render(request, "campaigns/kinds.html", KindsPage(groups))


def acts(actor: Actor, row: Campaign, *, may_repeat: bool) -> frozenset[str]:
    """Return what an actor may do with a campaign as it stands; ``may_repeat``: it may come again now."""
    plans, approves = actor.can(Verb.PLAN, row.node_id), actor.can(Verb.APPROVE, row.node_id)
    runs = actor.can(Verb.RUN, row.node_id)
    others = policy.may_approve(row.submitted_by_id, actor.user_id)
    fits = {
        "change": plans and policy.may_write(row.state),
        "submit": plans and policy.may_move(row.state, State.SUBMITTED),
        "cancel": plans and policy.may_move(row.state, State.CANCELLED),
        "approve": approves and others and row.state == State.SUBMITTED,
        "send_back": approves and row.state == State.SUBMITTED,
        "start": runs and row.state == State.APPROVED,
        "end": runs and row.state == State.RUNNING,
        "repeat": plans and may_repeat,
        "waits": approves and not others and row.state == State.SUBMITTED,
    }
    return frozenset(name for name, is_so in fits.items() if is_so)


def campaign(request: Request, pk: int) -> HttpResponseBase:
    """One campaign."""
    actor, at = request.actor, clock.now()
    check(actor, Verb.VIEW)
    row = queries.campaign(actor, pk)
    waves, has_started = queries.waves(row), row.state in STARTED
    repeated = repeats.follower(row) if has_started else None
    may_repeat = has_started and repeated is None and all(wave.done_at for wave in waves)
    texts = templates.newest([item.template for item in row.texts]) if row.template else {}
    page = CampaignPage(
        row=row, tone=TONES[row.state], whom=queries.whom(row), waves=people.by_wave(actor, row, waves),
        skipped=people.skipped(actor, row) if has_started else [],
        excluded=[(Obstacle(reason).label, many) for reason, many in row.excluded.items()],
        stuck=_stuck(row, waves),
        counted=None if row.state in {*STARTED, State.CANCELLED} else counting.count(actor, row, at),
        text=texts.get(row.template), moments=moments(row),
        shares=[
            (f"{item.letter} · {item.share} %", texts[item.template].name if item.template in texts else item.template)
            for item in row.texts
        ],
        acts=acts(actor, row, may_repeat=may_repeat), repeated=repeated,
        shows_money=actor.can(Verb.PLAN, row.node_id) or actor.can(Verb.APPROVE, row.node_id),
    )  # fmt: skip
    return pages.render(request, "campaigns/campaign.html", page)


def characteristics(request: Request, pk: int) -> HttpResponseBase:
    """What the group of a campaign is like (SUP-07, SUP-12), about or exactly."""
    actor, asked = request.actor, request.GET
    check(actor, Verb.VIEW)
    row = queries.campaign(actor, pk)
    found = groups.of(actor, row, clock.now(), is_exact=bool(asked.get("exact")))
    if asked.get("export"):
        lines = [(table, group) for table in found.tables for group in table.groups]
        file = records.export_figures(
            actor=actor, verb=Verb.EXPORT, table=tables.CHARACTERISTICS, rows=lines, asked=asked,
            said=[row.number, row.name, *queries.whom(row)],
        )  # fmt: skip
        return pages.download(file)
    page = CharacteristicsPage(row, found, queries.whom(row), policy.FEWEST, actor.can(Verb.EXPORT))
    return pages.render(request, "campaigns/characteristics.html", page)


def _stuck(row: Campaign, waves: Sequence[Wave]) -> Text:
    """Return why a running campaign cannot go out any more; nothing if it can."""
    if row.state != State.RUNNING:
        return ""
    wrong = checks.unfit(row, queries.planned(waves), min(wave.on for wave in waves))
    return wrong.message if wrong else ""


def members(request: Request, pk: int) -> HttpResponseBase:
    """Whom a campaign addresses or leaves out, and what each did."""
    actor = request.actor
    check(actor, Verb.VIEW)
    row = queries.campaign(actor, pk)
    rows = people.of_campaign(actor, row).select_related("outlet")
    if request.GET.get("export"):
        file = records.export(actor=actor, verb=Verb.EXPORT, table=tables.MEMBERS, rows=rows, asked=request.GET)
        return pages.download(file)
    page = MembersPage(row, listing(tables.MEMBERS, rows, request.GET, actor), actor.can(Verb.EXPORT))
    return pages.render(request, "campaigns/members.html", page, block="list")


def moments(row: Campaign) -> list[Moment]:
    """Return what happened to a campaign, oldest first."""
    steps = (
        (row.made_at, _("Campaign written"), row.made_by, "pencil"),
        (row.submitted_at, _("Submitted"), row.submitted_by, "send"),
        (row.approved_at, _("Approved"), row.approved_by, "check"),
        (row.started_at, _("Campaign started"), "", "play"),
        (row.ended_at, _("Ended"), "", "flag"),
    )
    return [Moment(at, title, "", who, sign, "blue") for at, title, who, sign in steps if at is not None]
