"""Cautions of the last days: one in force, one that waits for a second person."""

import datetime

from guanxi.complaints.models import Complaint
from guanxi.complaints.services import cautioning
from guanxi.complaints.services.cautioning import NewCaution, Plan
from guanxi.config.demo.stories.stage import Stage, read
from guanxi.foundation import clock

PROPOSER, REVIEWER, OWNER = "callback", "gm", "crm"
REVIEWED = datetime.timedelta(hours=2)


def tell(stage: Stage) -> int:
    """Carry out the cautions of the file, each about whoever brought one of the complaints; return how many."""
    stories = read("cautions")["caution"]
    for story in stories:
        at = stage.moment(story["days"], story["time"])
        about = Complaint.objects.get(token=f"demo:{story['complaint']}")
        new = NewCaution(about.customer_id or 0, about.outlet_id, story["reason"], story["words"], about.pk)
        row = cautioning.propose_caution(actor=stage.actor(PROPOSER), new=new, at=at)
        if "plan" in story:
            day = clock.day_of(stage.at) + datetime.timedelta(days=story["ahead"])
            plan = Plan(story["plan"], stage.actor(OWNER).user_id, day)
            cautioning.review_caution(
                actor=stage.actor(REVIEWER), caution_id=row.pk, is_needed=True, words=story["review"], plan=plan,
                at=at + REVIEWED,
            )  # fmt: skip
    return len(stories)
