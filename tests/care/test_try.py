import datetime
from guanxi.care.models import Rule, Decision, Draw
from guanxi.care.queries import matching, previews
from guanxi.care.queries import rules as queries
from guanxi.care.services import nightly
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM
import collections, time
def test_try(cast, acting):
    today=clock.today()
    for row in Rule.objects.order_by("code"):
        t=time.time()
        p=previews.preview(SYSTEM,row,today)
        print(row.code,p.today,p.week,p.total,p.is_past,round(time.time()-t,3), len(previews.who(SYSTEM,row,today,5)))
    Rule.objects.update(since=today-datetime.timedelta(days=40))
    t=time.time()
    print(nightly.make_tasks(actor=SYSTEM,day=today,at=clock.now()), time.time()-t)
    print(nightly.make_tasks(actor=SYSTEM,day=today,at=clock.now()), time.time()-t)
    from guanxi.worklist.models import Task
    print(collections.Counter(Task.objects.values_list("kind","role_id")))
    for x in Task.objects.filter(kind__startswith="care")[:5]: print(x.reason%x.values, x.due_at, x.key, x.note[:40], x.owner_id)
    print(collections.Counter(Decision.objects.values_list("code","result")))
    acting(cast.crm)
    for row in Rule.objects.order_by("code"):
        print(row.code, previews.preview(cast.crm,row,today).total)
    c=Decision.objects.filter(result="TASK").first()
    print(previews.plan(cast.crm,c.customer_id,today,10))
    for s in previews.why(cast.crm,c.rule,c.customer_id,today): print(s)
