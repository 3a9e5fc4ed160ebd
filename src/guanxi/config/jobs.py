"""The timetable: every periodic job with its cron line (UTC)."""

from guanxi.foundation import jobs

TIMETABLE = (("17 * * * *", "records.forget_replies"),)

for _cron, _name in TIMETABLE:
    jobs.every(_cron, _name)
