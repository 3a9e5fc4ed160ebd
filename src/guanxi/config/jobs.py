"""The timetable: every periodic job with its cron line (UTC)."""

from guanxi.foundation import jobs

TIMETABLE = (
    ("* * * * *", "jobs.take_up_lost"),
    ("* * * * *", "messaging.send"),
    ("* * * * *", "rescue.sweep"),
    ("* * * * *", "messaging.collect"),
    ("*/5 * * * *", "messaging.fetch_mails"),
    ("25 * * * *", "campaigns.send"),
    ("35 * * * *", "campaigns.invite"),
    ("50 18 * * *", "campaigns.count_results"),  # 02:50 in Shanghai
    ("55 18 * * *", "campaigns.repeat"),  # 02:55 in Shanghai
    ("17 * * * *", "records.forget_replies"),
    ("*/5 * * * *", "worklist.escalate"),
    ("*/15 * * * *", "worklist.tidy"),
    ("*/15 * * * *", "care.post"),
    ("20 18 * * *", "customers.grade_stale"),  # 02:20 in Shanghai
    ("10 19 * * *", "care.make_tasks"),  # 03:10 in Shanghai
    ("40 19 * * *", "care.gather"),  # 03:40 in Shanghai
    ("20 19 * * *", "care.make_rounds"),  # 03:20 in Shanghai
    ("40 18 * * *", "intake.forget"),  # 02:40 in Shanghai
    ("30 19 * * *", "crisis.watch"),  # 03:30 in Shanghai
    ("30 19 * * *", "complaints.draw_rechecks"),  # 03:30 in Shanghai
    ("40 19 * * *", "complaints.count_limits"),  # 03:40 in Shanghai
    ("10 18 * * *", "insight.night"),  # 02:10 in Shanghai
)

for _cron, _name in TIMETABLE:
    jobs.every(_cron, _name)
