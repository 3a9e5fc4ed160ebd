"""Files of owners and visits all the way in, against a bare COPY of the same bytes into one table.

The files are made here, the same each time, by DuckDB. Sizes: IMPORT_OWNERS (100,000) and IMPORT_VISITS (600,000).
Printed are the seconds of each phase, those of the processors in this process and in the database's behind them (a
busy machine lengthens only the first), and the largest memory of this process.
"""

import os
import resource
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import measure
from django.conf import settings
from django.db import connection

from guanxi.foundation import clock, columnar, db
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.columnar import literal, run
from guanxi.intake.models import Run
from guanxi.intake.services import checking, deriving, merging, receiving
from guanxi.intake.services.columns import simple
from guanxi.network.models import Node

OWNERS = int(os.environ.get("IMPORT_OWNERS", "100_000"))
VISITS = int(os.environ.get("IMPORT_VISITS", "600_000"))
PICK = "CREATE MACRO pick(l, i) AS l[1 + (hash(i) % len(l))::INT]"
BARE = "'LVB' || lpad((hash(i * 17) % 100000)::VARCHAR, 5, '0') || '00' || lpad(i::VARCHAR, 7, '0')"
OWNER = """
SELECT 'C' || lpad(i::VARCHAR, 8, '0') AS 客户编号,
  pick(['王','李','张','刘','陈','杨','赵','黄','周','吴','徐','孙','马','朱','胡','郭','何','林','罗','高'], i * 3 + 1)
    || pick(['小','建','志','晓','文','海','明','丽','秀','国','子','雨','思','俊','伟'], i * 5 + 2)
    || pick(['明','华','军','芳','娜','敏','静','强','磊','洋','艳','勇','杰','涛','超','霞','平','刚','玲',''],
         i * 11 + 3)
    AS 客户姓名,
  pick(['男','女'], i) AS 性别,
  pick(['138','139','136','150','186','177','133'], i) || lpad(i::VARCHAR, 8, '0') AS 移动电话,
  pick(['湖南省','上海市','浙江省','山东省','广东省'], i % 5) AS 省份,
  pick(['长沙市','上海市','杭州市','济南市','广州市'], i % 5) AS 城市,
  pick(['人民路','解放路','中山路','五一大道'], i) || (1 + i % 999) || '号' AS 详细地址,
  strftime(DATE '1950-01-01' + (hash(i * 13) % 20000)::INT, '%Y-%m-%d') AS 出生日期,
  pick(['湘','沪','浙','鲁','粤'], i % 5) || chr((65 + (i // 100000) % 8)::INT)
    || lpad((i % 100000)::VARCHAR, 5, '0') AS 车牌号,
  numbered(i) AS VIN码,
  pick(['A6','S5','X3'], i) AS 车型, pick(['白','黑','银','红'], i * 19) AS 颜色,
  strftime(DATE '2015-01-01' + (hash(i * 23) % 3000)::INT, '%Y-%m-%d') AS 购车日期,
  60000 + hash(i * 29) % 300000 AS 发票价, pick(['李娜','王强','张敏'], i * 31) AS 销售顾问
FROM range({size}) owner (i)
"""
VISIT = """
SELECT 'RO' || lpad(i::VARCHAR, 9, '0') AS 工单号,
  numbered(i % {cars}) AS VIN,
  pick(['首保','定期保养','小修','事故','索赔','钣金喷漆'], i * 7) AS 维修类别,
  strftime(DATE '2023-04-01' + ((i // {cars}) * 120 + hash(i * 3) % 90)::INT, '%Y-%m-%d') AS 进厂日期,
  5000 + (i // {cars}) * 7000 + hash(i * 5) % 5000 AS "行驶里程(KM)", hash(i * 11) % 900 AS 工时费,
  hash(i * 13) % 3000 AS 材料费, pick(['韩丽子','林超兰','郑霞超'], i) AS 服务顾问
FROM range({size}) visit (i)
"""


def results() -> Iterator[measure.Result]:
    """Yield both comparisons; the visits are of the owners' cars."""
    folder = Path(settings.MEDIA_ROOT) / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    for name, size, query in (("owners", OWNERS, OWNER), ("visits", VISITS, VISIT)):
        path = folder / f"{name}-{size}.csv"
        _make(path, query.format(size=size, cars=OWNERS))
        floor = _floor(path)
        ours, phases = _ours(path, name)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        said = ", ".join(f"{key} {wall:.1f} s (CPU {cpu:.1f})" for key, (wall, cpu) in phases.items())
        print(f"  {name} {size:,}: {said}; {peak} MB")
        yield measure.Result(f"import of {size:,} {name} / bare COPY", ours, floor)


def _make(path: Path, query: str) -> None:
    if path.exists():
        return
    with columnar.connected(path.parent) as duck:
        run(duck, PICK)
        run(duck, f"CREATE MACRO numbered(i) AS {_with_check_digit(BARE)}")
        run(duck, f"COPY ({query}) TO {literal(path.with_suffix('.new'))} (FORMAT csv, HEADER)")
    path.with_suffix(".new").rename(path)


def _with_check_digit(bare: str) -> str:
    """Return the expression of a VIN with the digit that its others call for (GB 16735)."""
    digit = simple._check(f"({bare})")  # noqa: SLF001 -- the one that the check uses
    return f"({bare})[1:8] || {digit} || ({bare})[10:17]"


def _floor(path: Path) -> float:
    """Return the seconds of a COPY of the same bytes into one table of texts."""
    with path.open("rb") as file:
        width = file.readline().count(b",") + 1
        file.seek(0)
        began = time.perf_counter()
        with db.scoped(SYSTEM), connection.cursor() as cursor:
            cursor.execute(f"CREATE TEMP TABLE bare ({', '.join(f'c{at} text' for at in range(width))}) ON COMMIT DROP")
            with cursor.cursor.copy("COPY bare FROM STDIN (FORMAT csv, HEADER)") as copy:
                while block := file.read(1 << 20):
                    copy.write(block)
        return time.perf_counter() - began


def _cpu() -> float:
    """Return the seconds of the processors that this process and its backend have used; without /proc ours alone."""
    stat = Path(f"/proc/{connection.connection.info.backend_pid}/stat")
    used = stat.read_text().rpartition(")")[2].split()[11:13] if stat.exists() else []
    return time.process_time() + sum(map(int, used)) / os.sysconf("SC_CLK_TCK")


def _ours(path: Path, kind: str) -> tuple[float, dict[str, tuple[float, float]]]:
    """Return the seconds from the file to the last row written, and those of each phase; then what follows in jobs."""
    phases: dict[str, tuple[float, float]] = {}

    def timed(name: str, act: Callable[[], Any]) -> Any:
        began = time.perf_counter()
        with db.scoped(SYSTEM):
            before = _cpu()
            done = act()
            used = _cpu() - before
        wall, cpu = phases.get(name, (0.0, 0.0))
        phases[name] = (wall + time.perf_counter() - began, cpu + used)
        return done

    made: Run = timed("receive", lambda: _receive(path))
    assert made.kind == kind
    moment: dict[str, Any] = {"at": clock.now(), "day": clock.today()}
    done: Run = timed("check", lambda: checking.check_run(actor=SYSTEM, run_id=made.pk, **moment))
    assert done.state == "CHECKED", done.problem
    timed("write", lambda: merging.start_merge(actor=SYSTEM, run_id=made.pk))
    done = timed("write", lambda: merging.merge_run(actor=SYSTEM, run_id=made.pk, **moment))
    assert done.state == "DONE", done.problem
    ours = sum(wall for wall, _used in phases.values())
    for first, last in done.counts.get("later", []):
        later = {"actor": SYSTEM, "run_id": made.pk, "first": first, "last": last, "at": moment["at"]}
        timed("words and quality, one worker", lambda later=later: deriving.derive_part(**later))
    return ours, phases


def _receive(path: Path) -> Run:
    place = Node.objects.get(code="YLHD001")
    with path.open("rb") as content:
        made = receiving.add_run(
            actor=SYSTEM,
            place_id=place.pk,
            source="BENCH",
            name=path.name,
            content=content,
            at=clock.now(),
            day=clock.today(),
        )
    return receiving.choose_columns(
        actor=SYSTEM, run_id=made.pk, sheet=0, header_row=1, kind=made.kind, mapping=made.mapping, at=clock.now()
    )
