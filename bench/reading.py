"""An export of 50,000 owners loaded and normalised, against DuckDB alone reading the same file as text."""

import csv
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

import measure

from guanxi.foundation import columnar
from guanxi.foundation.values import identity, vins
from guanxi.intake.services import dealer_files, kinds, normalising, proposing, reading

ROWS = 50_000
HEADINGS = (
    "序号 客户编号 客户姓名 性别 证件号码 移动电话 固定电话 省份 城市 区县 详细地址 出生日期 "
    "车牌号 VIN码 车型 颜色 购车日期 发票价(元) 销售顾问 保险到期日"
)
SIGNS = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"


def _write(path: Path) -> None:
    """Write rows as dealer systems do: most cells plain, some in other forms."""
    chance = random.Random(7)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS.split())
        for number in range(ROWS):
            writer.writerow(_row(number, chance))


def _row(number: int, chance: random.Random) -> list[object]:
    day = f"{chance.randrange(2015, 2026)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}"
    days = [day, day.replace("-", "/"), day.replace("-", "")]
    mobile = f"1{chance.choice('3578')}{chance.randrange(10**9):09}"
    mobiles = [*[mobile] * 8, f"+86{mobile}", f"{mobile[:3]} {mobile[3:7]} {mobile[7:]}"]
    person = f"430102{day.replace('-', '')}{number % 1000:03}"
    vin = "LVB" + "".join(chance.choices(SIGNS, k=14))
    name = "".join(chance.choice(signs) for signs in ("王李张刘陈杨赵黄周吴", "伟芳娜敏静丽强磊", "勇艳杰娟涛明超秀"))
    prices = [chance.randrange(60_000, 400_000), f"{chance.randrange(60, 400) / 10}万"]
    return [
        number + 1, f"C{number:07}", name, chance.choice("男女"), person + identity.check_digit(person),
        chance.choice(mobiles), chance.choice(["", f"0731-8{chance.randrange(10**7):07}"]), "湖南省",
        chance.choice(["长沙市", "长沙"]), "岳麓区", f"某某路{chance.randrange(999)}号", day,
        f"湘A{chance.randrange(10**5):05}", vin[:8] + vins.check_digit(vin) + vin[9:], "车型A", "白",
        chance.choice(days), chance.choice(prices), "刘子建", day,
    ]  # fmt: skip


def results() -> Iterator[measure.Result]:
    """Yield the time of reading and normalising a whole file."""
    dealer_files.register_all()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "owners.csv"
        _write(path)
        sheet = reading.inspect(path, path.name).sheets[0]
        proposal = proposing.propose(sheet, kinds.kinds())
        assert proposal is not None

        def ours() -> None:
            with tempfile.TemporaryDirectory() as place, columnar.connected(Path(place)) as connection:
                reading.load(connection, path, sheet)
                normalising.normalise(connection, kinds.kind("owners"), proposal.mapping, sheet.header_row)

        def floor() -> None:
            with tempfile.TemporaryDirectory() as place, columnar.connected(Path(place), files=[path]) as connection:
                columnar.run(connection, f"CREATE TABLE raw AS FROM read_csv('{path}', all_varchar = true)")

        yield measure.compare(f"{ROWS:,} owners read and normalised / read as text", ours, floor)
