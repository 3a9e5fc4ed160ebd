"""Four weeks of rounds at the outlets of the demonstration. The same for the same day: every choice is a hash of the
outlet, the list, the item and the day.
"""

import datetime
from pathlib import Path

from guanxi.care.models import CheckList
from guanxi.care.services import mornings
from guanxi.config.demo.world import lists
from guanxi.foundation.actor import Actor

WEEKS = 4
FILE = Path(__file__).with_name("rounds.sql")
REMARKS = {
    "board": "看板黑屏，未显示维修进度",
    "catering": "咖啡机故障，茶点未补充",
    "staff": "客服人员临时离岗，无人接替",
    "media": "休息区无线网络连不上",
    "books_games": "杂志为上月旧刊，棋牌缺件",
    "rewards": "没有可兑换的奖品",
    "surveys": "本周未开展店内调查",
    "told_in_time": "两位等待交车的客户未回访",
}


def write(*, actor: Actor, day: datetime.date) -> None:
    """Write the rounds of the weeks before a day, in the caller's transaction: asked for as on each morning, but
    without tasks; then filed.
    """
    first = day - datetime.timedelta(weeks=WEEKS)
    CheckList.objects.update(since=first)
    for number in range(WEEKS * 7):
        mornings.ask_rounds(actor=actor, day=first + datetime.timedelta(days=number))
    rows = [{"item": item, "words": words} for item, words in REMARKS.items()]
    lists.table("demo_remark", "item text, words text", rows)
    lists.run(FILE.read_text(encoding="utf-8").replace("{today}", day.isoformat()))
