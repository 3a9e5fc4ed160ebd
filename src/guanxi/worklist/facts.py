"""What analysis may rely on: tasks about customers and how they ended, and the attempts at tasks."""

from guanxi.foundation.facts import Fact, plain

TASKS = Fact(
    "tasks",
    "worklist_task t",
    {
        **plain(id="BIGINT", kind="VARCHAR", key="VARCHAR", state="VARCHAR", outcome="VARCHAR"),
        "customer_id": ("BIGINT", "t.subject_id"),
    },
    where="t.subject_type = 'customer'",
    customer="t.subject_id",
)
ATTEMPTS = Fact("attempts", "worklist_attempt t", plain(id="BIGINT", task_id="BIGINT", outcome="VARCHAR"))
FACTS = (TASKS, ATTEMPTS)
